//! Whether a report has colors.

use clap::ValueEnum;

/// What `--color` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether to use colors, where the report goes to a terminal or not. What a user says counts more than what the
    /// terminal can; no more than yes.
    pub(super) fn uses_color(self, is_terminal: bool) -> bool {
        let is_forced = || forces_color("FORCE_COLOR").or_else(|| forces_color("CLICOLOR_FORCE")).unwrap_or_default();
        let can =
            || is_terminal && anstyle_query::clicolor().unwrap_or(true) && anstyle_query::term_supports_ansi_color();
        let uses = match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                !anstyle_query::no_color() && forces_color("FORCE_COLOR") != Some(false) && (is_forced() || can())
            }
        };
        if uses && is_terminal {
            // Consoles of Windows have to be asked.
            anstyle_query::windows::enable_ansi_colors();
        }
        uses
    }
}

/// What a variable says that demands colors, if it is set.
fn forces_color(variable: &str) -> Option<bool> {
    let value = std::env::var_os(variable).filter(|value| !value.is_empty())?;
    Some(value != "0" && value != "false")
}
