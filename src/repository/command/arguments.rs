//! Flags and positional arguments, as the command lines of Go programs have them.

use crate::repository::shell::Word;

/// Flags without a value, of kubectl, flux, flux-operator, gh and git. All others have one, after `=` or in the next word.
const SWITCHES: &[&str] = &[
    "--abort",
    "--age-key-stdin",
    "--all",
    "--allow-empty",
    "--allow-missing-template-keys",
    "--allow-unrelated-histories",
    "--append-hash",
    "--atomic",
    "--autostash",
    "--client-secret-rnd",
    "--client-secret-stdin",
    "--continue",
    "--delete",
    "--disable-compression",
    "--draft",
    "--dry-run",
    "--export",
    "--ff",
    "--ff-only",
    "--fill",
    "--fill-first",
    "--fill-verbose",
    "--follow-tags",
    "--force",
    "--force-conflicts",
    "--force-with-lease",
    "--gpg-key-stdin",
    "--help",
    "--immutable",
    "--insecure-skip-tls-verify",
    "--match-server-version",
    "--mirror",
    "--network-policy",
    "--no-commit",
    "--no-edit",
    "--no-ff",
    "--no-maintainer-edit",
    "--no-squash",
    "--no-tags",
    "--no-verify",
    "--password-stdin",
    "--personal",
    "--porcelain",
    "--private",
    "--progress",
    "--prune",
    "--quiet",
    "--quit",
    "--read-write-key",
    "--reconcile",
    "--save-config",
    "--server-side",
    "--set-upstream",
    "--show-managed-fields",
    "--signoff",
    "--silent",
    "--squash",
    "--tags",
    "--token-auth",
    "--validate",
    "--verbose",
    "--warnings-as-errors",
    "--watch-all-namespaces",
    "--web",
];

/// A flag with its value.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    /// In its long form, without dashes.
    pub name: String,
    /// `None` for a switch, and where the command ends.
    pub value: Option<Word>,
    /// All of it as it is written; its value may be another word.
    pub word: Word,
}

/// The arguments of a command.
#[derive(Debug, Default)]
pub(super) struct Arguments<'a> {
    /// What is not a flag, in order.
    pub positional: Vec<&'a Word>,
    /// In order; a flag may be repeated.
    pub flags: Vec<Flag>,
}

impl<'a> Arguments<'a> {
    /// Tells flags from other arguments. `short` has the long form of each short flag; of those without a value it begins
    /// with `-`. `source` is the text of the snippet.
    pub(super) fn read(words: &'a [Word], short: &[(&str, &str)], source: &str) -> Self {
        let mut arguments = Self::default();
        let mut ahead = words.iter().peekable();
        while let Some(word) = ahead.next() {
            if word.text == "--" {
                arguments.positional.extend(ahead);
                break;
            }
            if !word.text.starts_with('-') || word.text == "-" {
                arguments.positional.push(word);
                continue;
            }
            let mut flag = flag(word, short, source);
            let takes_next = flag.value.is_none() && !is_switch(&flag.name, word, short);
            if takes_next && ahead.peek().is_some_and(|next| !next.text.starts_with('-') || next.text == "-") {
                flag.value = ahead.next().cloned();
            }
            arguments.flags.push(flag);
        }
        arguments
    }

    /// The value of a flag; of several the last one.
    pub(super) fn value(&self, name: &str) -> Option<&Word> {
        self.flags.iter().rev().find(|flag| flag.name == name).and_then(|flag| flag.value.as_ref())
    }

    /// Whether a switch is on.
    pub(super) fn has(&self, name: &str) -> bool {
        let flag = self.flags.iter().rev().find(|flag| flag.name == name);
        flag.is_some_and(|flag| flag.value.as_ref().is_none_or(|value| !value.is("false")))
    }

    /// Whether the positional arguments begin with these words.
    pub(super) fn starts_with(&self, words: &[&str]) -> bool {
        words.len() <= self.positional.len() && self.positional.iter().zip(words).all(|(word, text)| word.is(text))
    }
}

fn flag(word: &Word, short: &[(&str, &str)], source: &str) -> Flag {
    let name = word.text.split('=').next().unwrap_or_default();
    let long = |name: &str| {
        let known = short.iter().find(|(short, _)| *short == name);
        known.map_or(name, |(_, long)| long.trim_start_matches('-')).to_owned()
    };
    if word.text.starts_with("--") {
        return Flag { name: name[2..].to_owned(), value: word.after_equals(source), word: word.clone() };
    }
    // `-nflux-system`, `-n=flux-system`, `-n flux-system`
    let letter = word.text.char_indices().nth(2).map_or(word.text.len(), |(index, _)| index);
    let (letter, rest) = word.text.split_at(letter);
    let is_known = short.iter().any(|(short, long)| *short == letter && !long.starts_with('-'));
    let value = match word.after_equals(source) {
        Some(value) if rest.starts_with('=') => Some(value),
        _ if rest.is_empty() || !is_known => None,
        _ => {
            let start = (word.range.start + letter.len()).min(word.range.end);
            Some(Word { text: rest.to_owned(), range: start..word.range.end, ..word.clone() })
        }
    };
    Flag { name: long(letter), value, word: word.clone() }
}

fn is_switch(name: &str, word: &Word, short: &[(&str, &str)]) -> bool {
    if word.text.starts_with("--") {
        return SWITCHES.iter().any(|switch| switch.trim_start_matches('-') == name);
    }
    // Short flags that are not known are taken for switches: `-v`, `-vf`.
    let letter: String = word.text.chars().take(2).collect();
    short.iter().find(|(short, _)| *short == letter).is_none_or(|(_, long)| long.starts_with('-'))
}
