//! From words to commands.

use super::{Dialect, Lexer, ShellCommand, Token, Word};

/// Words before a command that are not its program.
const KEYWORDS: [&str; 8] = ["then", "else", "do", "{", "time", "sudo", "command", "exec"];

/// The same, and the command is a condition.
const CONDITIONS: [&str; 5] = ["if", "elif", "while", "until", "!"];

/// The prompts of a terminal that people copy.
const PROMPTS: [&str; 3] = ["$", "%", "❯"];

/// No command of interest has more words.
const WORD_LIMIT: usize = 1_000;

/// The commands of a text, in its order.
pub(in super::super) fn read(text: &str, dialect: Dialect) -> Vec<ShellCommand> {
    let mut lexer = Lexer::new(text, dialect);
    let (mut commands, mut current) = (Vec::new(), ShellCommand::default());
    let mut has_condition = false;
    while let Some(token) = lexer.next() {
        match token {
            Token::Word(word) => add(&mut current, word, &mut has_condition),
            Token::Pipe => {
                current.is_condition |= has_condition;
                current.is_piped = true;
                finish(&mut commands, &mut current);
            }
            Token::Condition => {
                current.is_condition = true;
                finish(&mut commands, &mut current);
                has_condition = false;
            }
            Token::End => {
                current.is_condition |= has_condition;
                finish(&mut commands, &mut current);
                has_condition = false;
            }
        }
    }
    current.is_condition |= has_condition;
    finish(&mut commands, &mut current);
    commands
}

fn add(current: &mut ShellCommand, word: Word, has_condition: &mut bool) {
    if !current.words.is_empty() {
        if current.words.len() < WORD_LIMIT {
            current.words.push(word);
        }
        return;
    }
    let is_keyword = |words: &[&str]| !word.is_quoted && words.contains(&word.text.as_str());
    if is_keyword(&CONDITIONS) {
        *has_condition = true;
    } else if is_assignment(&word) {
        current.assignments.push(word);
    } else if !is_keyword(&KEYWORDS) && !is_keyword(&PROMPTS) {
        // A recipe of make that is not shown, or may fail.
        let text = word.text.trim_start_matches(['@', '-', '+']);
        if !text.is_empty() {
            let skipped = word.text.len() - text.len();
            let range = word.range.start + skipped..word.range.end;
            current.words.push(Word { text: text.to_owned(), range, ..word });
        }
    }
}

/// `NAME=value` before a command.
fn is_assignment(word: &Word) -> bool {
    let name = word.text.split_once('=').map(|(name, _)| name.trim_end_matches('+'));
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.is_some_and(|name| !name.is_empty() && name.chars().all(is_part))
}

fn finish(commands: &mut Vec<ShellCommand>, current: &mut ShellCommand) {
    let done = std::mem::take(current);
    if !done.words.is_empty() || !done.assignments.is_empty() {
        commands.push(done);
    }
}
