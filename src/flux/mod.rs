//! What Flux does between a source and the objects it applies.
