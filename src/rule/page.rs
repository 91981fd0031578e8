//! The page of a rule: documentation, `fleetlint explain`, and test, in one.
