//! Commands that create Secrets and ConfigMaps. Which keys they have is kept, and where each value comes from; no value is.

use smol_str::SmolStr;

use super::arguments::{Arguments, Flag};
use super::forms::{self, Form, Tool};
use super::{Action, Reader};
use crate::repository::shell::Word;
use crate::repository::written::{Unread, Written};
use crate::yaml::Span;

/// The namespace of flux and flux-operator without `--namespace`.
const FLUX_NAMESPACE: &str = "flux-system";

const SHORT: &[(&str, &str)] = &[
    ("-n", "namespace"),
    ("-u", "username"),
    ("-p", "password"),
    ("-f", "filename"),
    ("-o", "output"),
    ("-k", "kustomize"),
    ("-l", "selector"),
];

/// What is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    Secret,
    ConfigMap,
}

/// An object that a command creates on a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedObject {
    pub kind: ObjectKind,
    pub tool: Tool,
    /// The sub-command: `git`, `generic`; empty for a ConfigMap.
    pub form: SmolStr,
    pub namespace: Written,
    pub name: Written,
    /// Its keys, as far as the command says them.
    pub keys: Vec<Key>,
    /// It may have more keys than these.
    pub has_more_keys: bool,
    /// Keys and values of its labels.
    pub labels: Vec<(SmolStr, Written)>,
    /// What the credentials are for: `--url`, `--docker-server`.
    pub url: Option<Written>,
    pub username: Option<Written>,
    /// It is printed (`--export`, `--dry-run`), and applied only if something else does it.
    pub is_printed: bool,
}

/// A key of a Secret or ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub name: SmolStr,
    pub value: ValueSource,
    /// The flag that gives its value; the command, where none does.
    pub place: Span,
    /// The value itself, which no output may show if it is a literal.
    pub value_place: Option<Span>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueSource {
    /// It is written here.
    Literal,
    /// A file of the machine where the command runs.
    File,
    /// The program makes it.
    Generated,
    /// A variable, an expression, the output of a command.
    Elsewhere(Unread),
}

/// A secret that `gh secret set` stores at GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSecret {
    pub name: Written,
    /// `None`: that of the folder.
    pub repository: Option<Written>,
    pub environment: Option<Written>,
    pub organization: Option<Written>,
    pub value: ValueSource,
    /// The value itself, which no output may show if it is a literal.
    pub value_place: Option<Span>,
}

impl<'a> Reader<'a> {
    /// What `create secret` and `create configmap` create, and what `apply` of a text that is made on the way may.
    pub(super) fn created(self, tool: Tool, words: &'a [Word]) -> Vec<Action> {
        let arguments = Arguments::read(words, SHORT, &self.snippet.text);
        let reads = |file: &Word| file.is("-") || file.unread.contains(&Unread::Output) || file.text == "/dev/stdin";
        let applies = [["apply"], ["create"], ["replace"]].iter().any(|verb| arguments.starts_with(verb));
        if tool == Tool::Kubectl && applies && arguments.value("filename").is_some_and(reads) {
            return vec![Action::Unread(Unread::Manifest)];
        }
        self.object(tool, &arguments).map(Action::Create).into_iter().collect()
    }

    fn object(self, tool: Tool, arguments: &Arguments<'a>) -> Option<CreatedObject> {
        let is_config_map = tool == Tool::Kubectl
            && (arguments.starts_with(&["create", "configmap"]) || arguments.starts_with(&["create", "cm"]));
        let (kind, form, name) = match is_config_map {
            true => (ObjectKind::ConfigMap, "", arguments.positional.get(2)?),
            false if arguments.starts_with(&["create", "secret"]) => {
                let form = arguments.positional.get(2).filter(|form| form.unread.is_empty())?;
                (ObjectKind::Secret, form.text.as_str(), arguments.positional.get(3)?)
            }
            false => return None,
        };
        let url = ["url", "docker-server", "server"].iter().find_map(|flag| arguments.value(flag));
        let known = if is_config_map { forms::of(tool, "generic") } else { self.form(tool, form, arguments) };
        let (mut keys, mut has_more_keys) = (self.keys(known, arguments), known.is_none_or(|form| form.has_more));
        if known.is_some_and(|form| form.name == "generic") {
            has_more_keys = arguments.flags.iter().any(names_unknown_keys);
            keys.extend(arguments.flags.iter().filter_map(|flag| self.own_key(flag)));
        }
        Some(CreatedObject {
            kind,
            tool,
            form: form.into(),
            namespace: self.namespace(tool, arguments),
            name: self.written(name),
            keys,
            has_more_keys,
            labels: self.labels(arguments),
            url: url.map(|word| self.written(word)),
            username: ["username", "docker-username"]
                .iter()
                .find_map(|it| arguments.value(it))
                .map(|it| self.written(it)),
            is_printed: arguments.has("export")
                || arguments.value("dry-run").map_or(arguments.has("dry-run"), |it| !it.is("none")),
        })
    }

    /// What decides about the keys. A Secret for Git has those of the scheme of its URL.
    fn form(self, tool: Tool, name: &str, arguments: &Arguments<'a>) -> Option<&'static Form> {
        if (tool, name) != (Tool::Flux, "git") {
            return forms::of(tool, name);
        }
        let url = arguments.value("url").map(|url| url.text.as_str()).unwrap_or_default();
        match url {
            _ if url.starts_with("ssh:") || arguments.value("private-key-file").is_some() => Some(&forms::GIT_SSH),
            _ if url.starts_with("http") => Some(&forms::GIT_HTTPS),
            // `--username` is for HTTPS only.
            _ => arguments.value("username").or(arguments.value("bearer-token")).map(|_| &forms::GIT_HTTPS),
        }
    }

    fn keys(self, form: Option<&Form>, arguments: &Arguments<'a>) -> Vec<Key> {
        let Some(form) = form else { return Vec::new() };
        let mut keys: Vec<Key> = Vec::new();
        for flag in &arguments.flags {
            let Some((_, key)) = form.flags.iter().find(|(name, _)| *name == flag.name) else { continue };
            let is_new = !keys.iter().any(|known| known.name == *key);
            keys.extend(is_new.then(|| self.key(key, flag, flag.value.as_ref())));
        }
        let missing: Vec<&&str> =
            form.always.iter().filter(|key| !keys.iter().any(|known| known.name == **key)).collect();
        let generated = |key: &&&str| Key {
            name: (**key).into(),
            value: ValueSource::Generated,
            place: self.place(),
            value_place: None,
        };
        keys.extend(missing.iter().map(generated));
        keys
    }

    /// `--from-literal=KEY=VALUE`, `--from-file=[KEY=]PATH`.
    fn own_key(self, flag: &Flag) -> Option<Key> {
        let value = flag.value.as_ref()?;
        match flag.name.as_str() {
            "from-literal" => {
                let (name, _) = value.text.split_once('=').filter(|(name, _)| is_known(name))?;
                Some(self.key(name, flag, value.after_equals(&self.snippet.text).as_ref()))
            }
            "from-file" => {
                let (name, path) = value.text.split_once('=').unwrap_or(("", &value.text));
                let base = path.rsplit('/').next().unwrap_or(path);
                let name = if name.is_empty() { base } else { name };
                is_known(name).then(|| Key {
                    value: ValueSource::File,
                    value_place: None,
                    ..self.key(name, flag, None)
                })
            }
            _ => None,
        }
    }

    fn key(self, name: &str, flag: &Flag, value: Option<&Word>) -> Key {
        let is_file = flag.name.ends_with("-file") || matches!(flag.name.as_str(), "cert" | "key" | "app-private-key");
        let source = match value {
            _ if flag.name.ends_with("-stdin") => ValueSource::Elsewhere(Unread::Stdin),
            _ if is_file => ValueSource::File,
            Some(value) => source_of(value),
            None => ValueSource::Elsewhere(Unread::Files),
        };
        Key {
            name: name.into(),
            value: source,
            place: self.snippet.span(flag.word.range.clone()),
            value_place: value.map(|value| self.snippet.span(value.inside(&self.snippet.text))),
        }
    }

    fn namespace(self, tool: Tool, arguments: &Arguments<'a>) -> Written {
        match (arguments.value("namespace"), tool) {
            (Some(word), _) => self.written(word),
            (None, Tool::Kubectl) => Written::elsewhere(Unread::ContextNamespace, self.place()),
            (None, Tool::Flux | Tool::FluxOperator) => Written::known(FLUX_NAMESPACE, self.place()),
        }
    }

    fn labels(self, arguments: &Arguments<'a>) -> Vec<(SmolStr, Written)> {
        let values = arguments.flags.iter().filter(|flag| matches!(flag.name.as_str(), "label" | "labels"));
        let pairs = values.filter_map(|flag| flag.value.as_ref()).flat_map(|value| {
            let written = self.written(value);
            let pairs = value.text.split(',').filter_map(|pair| pair.split_once('='));
            let pair =
                move |(key, value): (&str, &str)| (key.into(), Written { text: value.into(), ..written.clone() });
            pairs.map(pair).collect::<Vec<_>>()
        });
        pairs.collect()
    }

    /// `gh secret set NAME`.
    pub(super) fn stored(self, words: &'a [Word]) -> Option<StoredSecret> {
        const SHORT: &[(&str, &str)] = &[
            ("-b", "body"),
            ("-e", "env"),
            ("-o", "org"),
            ("-R", "repo"),
            ("-a", "app"),
            ("-f", "env-file"),
            ("-v", "visibility"),
        ];
        let arguments = Arguments::read(words, SHORT, &self.snippet.text);
        if !arguments.starts_with(&["secret", "set"]) {
            return None;
        }
        let written = |flag: &str| arguments.value(flag).map(|word| self.written(word));
        Some(StoredSecret {
            name: self.written(arguments.positional.get(2)?),
            repository: written("repo"),
            environment: written("env"),
            organization: written("org"),
            value: arguments.value("body").map_or(ValueSource::Elsewhere(Unread::Stdin), source_of),
            value_place: arguments.value("body").map(|body| self.snippet.span(body.range.clone())),
        })
    }
}

/// Where the text of a word comes from: a word that is only partly a literal is decided elsewhere.
fn source_of(value: &Word) -> ValueSource {
    value.unread.first().map_or(ValueSource::Literal, |unread| ValueSource::Elsewhere(unread.clone()))
}

/// Whether the name of a key is all that is written.
fn is_known(name: &str) -> bool {
    !name.is_empty() && !name.contains(['$', '{', '<', '`'])
}

/// Whether a flag of `kubectl create secret generic` brings keys that it does not name.
fn names_unknown_keys(flag: &Flag) -> bool {
    let value = flag.value.as_ref();
    match flag.name.as_str() {
        "from-env-file" => true,
        // A folder, or a name that is not known.
        "from-file" => value.is_some_and(|it| {
            let path = it.text.split_once('=').map_or(it.text.as_str(), |(_, path)| path);
            !it.text.contains('=') && (path.ends_with('/') || path == "." || path.contains(['$', '{', '<']))
        }),
        "from-literal" => value.is_none_or(|it| !is_known(it.text.split('=').next().unwrap_or_default())),
        _ => false,
    }
}
