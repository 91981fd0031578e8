//! The layouts that are known.

/// The layout of a fleet, which sets defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// FluxInstance, runtime-info and `tenants/`, sources in Git.
    D1,
    /// The same shape with OCI sources.
    D2,
    /// `flux bootstrap`: gotk-sync.
    Bootstrap,
    /// Anything else: one repository, relative paths.
    Monorepo,
}

impl ProfileKind {
    /// All of them, as the configuration lists them.
    pub const ALL: [Self; 4] = [Self::D1, Self::D2, Self::Bootstrap, Self::Monorepo];

    /// The word of the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::D1 => "d1",
            Self::D2 => "d2",
            Self::Bootstrap => "bootstrap",
            Self::Monorepo => "monorepo",
        }
    }
}
