//! From symbols to texts: where a finding is in its file, and what names its defect from run to run.

mod defect;
mod location;

pub use defect::fingerprints;
pub use location::Location;
