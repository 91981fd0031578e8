//! `flux bootstrap`: it installs Flux on a cluster and lets it sync a folder of a repository.

use smol_str::SmolStr;

use super::Reader;
use super::arguments::Arguments;
use crate::repository::shell::Word;
use crate::repository::written::Written;
use crate::yaml::Span;

/// Flags whose values are secret.
const SECRET: [&str; 2] = ["password", "token"];

/// A command that bootstraps a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// `github`, `gitlab`, `git`, …
    pub provider: Written,
    /// Its flags by their names; of repeated ones the last. Secrets are left out.
    options: Vec<(SmolStr, Written)>,
    /// The flags that are on.
    switches: Vec<SmolStr>,
    /// Secrets that are written here, which no output may show.
    pub(super) secrets: Vec<Span>,
}

impl Bootstrap {
    /// The value of a flag: `owner`, `repository`, `url`, `branch`, `path`, `namespace`, `secret-name`. Where it is not
    /// there, flux takes its own default.
    pub fn option(&self, name: &str) -> Option<&Written> {
        self.options.iter().rev().find(|(flag, _)| flag == name).map(|(_, value)| value)
    }

    /// Whether a switch is on: `token-auth`, `personal`, `read-write-key`.
    pub fn is_on(&self, name: &str) -> bool {
        self.switches.iter().any(|flag| flag == name)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn bootstrap(self, words: &'a [Word]) -> Option<Bootstrap> {
        const SHORT: &[(&str, &str)] =
            &[("-n", "namespace"), ("-u", "username"), ("-p", "password"), ("-s", "-silent")];
        let arguments = Arguments::read(words, SHORT, &self.snippet.text);
        if !arguments.starts_with(&["bootstrap"]) {
            return None;
        }
        let provider = self.written(arguments.positional.get(1)?);
        let shown = arguments.flags.iter().filter(|flag| !SECRET.contains(&flag.name.as_str()));
        let options = shown.filter_map(|flag| Some((flag.name.as_str().into(), self.written(flag.value.as_ref()?))));
        let options = options.collect();
        let switches = arguments.flags.iter().filter(|flag| arguments.has(&flag.name));
        let switches = switches.filter(|flag| flag.value.as_ref().is_none_or(|value| value.is("true")));
        let hidden = arguments.flags.iter().filter(|flag| SECRET.contains(&flag.name.as_str()));
        let literal = hidden.filter_map(|flag| flag.value.as_ref()).filter(|value| value.unread.is_empty());
        Some(Bootstrap {
            provider,
            options,
            switches: switches.map(|flag| flag.name.as_str().into()).collect(),
            secrets: literal.map(|value| self.snippet.span(value.range.clone())).collect(),
        })
    }
}
