//! What fields hold.

/// What a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Type {
    /// Its children are listed.
    Object,
    /// Keys that are not listed; its only child `{}` stands for each value.
    Map,
    /// Its only child `[]` stands for each item.
    List,
    #[default]
    String,
    Integer,
    Number,
    Boolean,
    /// A Go duration in hours, minutes, seconds, milliseconds: `1h30m`.
    Duration,
    /// A quantity of Kubernetes: `100Mi`.
    Quantity,
    /// A time as RFC 3339 has it.
    Time,
    IntOrString,
    /// Anything: what is below it is not listed.
    Any,
}

impl Type {
    /// The type by its name in the tables; `String` for what is none.
    pub(super) fn parse(name: &str) -> Self {
        match name {
            "object" => Self::Object,
            "map" => Self::Map,
            "list" => Self::List,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "duration" => Self::Duration,
            "quantity" => Self::Quantity,
            "time" => Self::Time,
            "int-or-string" => Self::IntOrString,
            "any" => Self::Any,
            _ => Self::String,
        }
    }
}
