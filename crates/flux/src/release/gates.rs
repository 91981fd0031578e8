//! Feature gates of the controllers: `--feature-gates=NAME=true,OTHER=false`.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// The argument that sets them. Given several times, it adds to what was set before.
const ARGUMENT: &str = "--feature-gates=";

/// The gates that somebody sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureGates {
    set: BTreeMap<SmolStr, bool>,
}

impl FeatureGates {
    /// The gates among the arguments of a controller, the later ones over the earlier ones. What is no boolean as Go reads
    /// it sets nothing: the controller would not start.
    pub fn of_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let values = arguments.into_iter().filter_map(|argument| argument.trim().strip_prefix(ARGUMENT));
        let pairs = values.flat_map(|values| values.split(',')).filter_map(|pair| pair.split_once('='));
        let set = pairs.filter_map(|(name, value)| Some((name.trim().into(), boolean(value.trim())?)));
        Self { set: set.collect() }
    }

    /// What a gate is set to; `None` where nobody sets it.
    pub fn get(&self, gate: &str) -> Option<bool> {
        self.set.get(gate).copied()
    }
}

/// `strconv.ParseBool`.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_counts() {
        let arguments =
            ["--log-level=info", "--feature-gates=A=true,B=0", "--feature-gates=A=False", "--feature-gates=C=no"];
        let gates = FeatureGates::of_arguments(arguments);
        assert_eq!(["A", "B", "C", "D"].map(|gate| gates.get(gate)), [Some(false), Some(false), None, None]);
    }
}
