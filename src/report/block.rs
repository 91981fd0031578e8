//! One headline with its excerpt, drawn by miette.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles,
};

use super::Style;
use super::excerpt::Excerpt;
use crate::finding::Severity;

/// A finding, or another place that it names.
#[derive(Debug)]
pub(super) struct Headline {
    /// Stands before the message, coloured by severity.
    pub prefix: String,
    pub severity: Severity,
    pub message: String,
    pub help: Option<String>,
    pub excerpt: Option<Excerpt>,
}

impl Headline {
    /// The block as text, indented by two columns. Lines are not wrapped: terminals do that, and `grep` sees whole messages.
    pub(super) fn render(&self, style: Style) -> String {
        let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let prefix = || self.prefix.clone();
        let characters = ThemeCharacters { error: prefix(), warning: prefix(), advice: prefix(), ..characters };
        let styles = if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_links(false)
            .with_wrap_lines(false)
            .with_context_lines(1)
            .without_cause_chain()
            .without_syntax_highlighting();
        let mut text = String::new();
        // Writing to a string fails only where miette cannot read the excerpt: the headline is there by then.
        let _ = handler.render_report(&mut text, self);
        text
    }
}

impl fmt::Display for Headline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Headline {}

impl Diagnostic for Headline {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        Some(Box::new(excerpt.labels.iter().cloned()))
    }
}
