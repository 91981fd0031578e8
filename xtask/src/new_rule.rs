//! `cargo xtask new-rule FAMILY/NAME`: a page, a file and a line in the registry, for a rule that compiles and finds nothing yet.
//!
//! What is still to be written says `TODO`, and `cargo test --test rules` fails until none is left.

use std::fs;
use std::path::Path;

/// The family whose rules are not files of their own: stages find its problems, `mod.rs` only names them.
const NAMED_PROBLEMS: &str = "build";

/// The file of a rule, as `src/rule/template.rs` has it: compiled with the tests, so that what is written compiles, too.
const CODE: &str = include_str!("../../src/rule/template.rs");

/// Where the registry begins and ends, in `src/rules/mod.rs`.
const REGISTRY: (&str, &str) = ("pub const RULES: &[&Rule] = &[\n", "];\n");

/// Writes the files below the root of the repository, and returns their paths.
///
/// # Errors
/// No id of a rule, a rule that is there already, a family that has no such files, a file that cannot be read or written.
pub(crate) fn create(root: &Path, id: &str) -> Result<Vec<String>, String> {
    let rule = NewRule::parse(id)?;
    let mut files = vec![(rule.page_file(), rule.page()), (rule.code_file(), rule.code())];
    if let Some((file, _)) = files.iter().find(|(file, _)| root.join(file).exists()) {
        return Err(format!("{file} is there already"));
    }
    let family_file = format!("src/rules/{}/mod.rs", rule.family_module());
    let is_new_family = !root.join(&family_file).exists();
    let family = if is_new_family {
        "//! TODO: what the rules of this family have in common.\n\n".to_owned()
    } else {
        read(root, &family_file)?
    };
    files.push((family_file, with_module(&family, "pub(super) mod ", &rule.module())));
    let registry = "src/rules/mod.rs";
    let mut text = read(root, registry)?;
    if is_new_family {
        text = with_module(&text, "mod ", &rule.family_module());
    }
    files.push((registry.to_owned(), rule.registered(&text)?));
    for (file, text) in &files {
        write(root, file, text)?;
    }
    Ok(files.into_iter().map(|(file, _)| file).collect())
}

/// What to do next, for the terminal.
pub(crate) fn next(id: &str, files: &[String]) -> String {
    let files: String = files.iter().map(|file| format!("wrote {file}\n")).collect();
    format!(
        "{files}\nWrite the page, then the function; this says what is still to be done:\n  PAGE={id} cargo test --test rules\n\
         and this records what the examples report, and all that is generated:\n  UPDATE=1 TRYCMD=overwrite cargo test\n"
    )
}

/// The two parts of an id.
struct NewRule<'a> {
    family: &'a str,
    name: &'a str,
}

impl<'a> NewRule<'a> {
    fn parse(id: &'a str) -> Result<Self, String> {
        let is_word = |part: &str| part.starts_with(|c: char| c.is_ascii_lowercase()) && part != "mod";
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let parts = id.split_once('/').filter(|(family, name)| {
            [family, name].iter().all(|part| is_word(part) && part.chars().all(is_plain) && !part.ends_with('-'))
        });
        match parts {
            Some((NAMED_PROBLEMS, _)) => Err(format!(
                "family `{NAMED_PROBLEMS}` names problems of the stages: add one to src/rules/{NAMED_PROBLEMS}/mod.rs"
            )),
            Some((family, name)) => Ok(Self { family, name }),
            None => Err(format!(
                "`{id}` is no id of a rule: FAMILY/NAME, in lower case with hyphens, the name says the bad pattern"
            )),
        }
    }

    fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    fn family_module(&self) -> String {
        self.family.replace('-', "_")
    }

    fn page_file(&self) -> String {
        format!("rules/{}/{}.md", self.family, self.name)
    }

    fn code_file(&self) -> String {
        format!("src/rules/{}/{}.rs", self.family_module(), self.module())
    }

    fn page(&self) -> String {
        PAGE.replace("FAMILY", self.family).replace("NAME", self.name)
    }

    fn code(&self) -> String {
        let page = format!("page: include_str!(\"../../../{}\")", self.page_file());
        let code = CODE.replace("FAMILY/NAME", &format!("{}/{}", self.family, self.name));
        code.replace("page: \"\"", &page).replace("VERSION", env!("CARGO_PKG_VERSION"))
    }

    /// The registry with the rule, after the others of its family, else at the end.
    fn registered(&self, text: &str) -> Result<String, String> {
        let (before, rest) = text.split_once(REGISTRY.0).ok_or("src/rules/mod.rs has no `RULES`")?;
        let (rules, after) = rest.split_once(REGISTRY.1).ok_or("`RULES` in src/rules/mod.rs has no end")?;
        let mut lines: Vec<String> = rules.lines().map(str::to_owned).collect();
        let family = format!("    &{}::", self.family_module());
        let place = lines.iter().rposition(|line| line.starts_with(&family)).map_or(lines.len(), |last| last + 1);
        lines.insert(place, format!("{family}{}::RULE,", self.module()));
        Ok(format!("{before}{}{}\n{}{after}", REGISTRY.0, lines.join("\n"), REGISTRY.1))
    }
}

/// A file with one more module, the modules sorted.
fn with_module(text: &str, keyword: &str, name: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let first = lines.iter().position(|line| module(line).is_some()).unwrap_or(lines.len());
    let behind = lines[first..].iter().take_while(|line| module(line).is_some_and(|module| module < name)).count();
    lines.insert(first + behind, format!("{keyword}{name};"));
    lines.join("\n") + "\n"
}

/// The name of the module that a line declares.
fn module(line: &str) -> Option<&str> {
    let (visibility, name) = line.split_once("mod ")?;
    let is_declared = visibility.is_empty() || visibility.starts_with("pub");
    name.strip_suffix(';').filter(|_| is_declared)
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|why| format!("{file} cannot be read: {why}"))
}

fn write(root: &Path, file: &str, text: &str) -> Result<(), String> {
    let path = root.join(file);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|why| format!("{file} cannot be written: {why}"))
}

const PAGE: &str = r#"# FAMILY/NAME

TODO: what is wrong, in one sentence.

## What it finds

TODO: what exactly is found, and which place a finding has. The last paragraph says what is not reported.

## Why it matters

TODO: what happens on the cluster, and why nobody sees it in time.

## Bad

### TODO: the defect, in a few words

```yaml edit base=d1
# clusters/prod-us/apps-tenant.yaml
set spec.interval: 5m # <- here
```

## Good

### TODO: the same, done right

```yaml edit base=d1
# clusters/prod-us/apps-tenant.yaml
set spec.interval: 6h
```

## Options

none

## References

- TODO: [title](https://fluxcd.io/flux/)
"#;
