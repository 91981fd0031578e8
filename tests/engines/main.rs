//! The engines: files, YAML, kustomize, Flux.

#[cfg(test)]
mod flux_build;
#[cfg(test)]
mod flux_cases;
#[cfg(test)]
mod flux_resource_set;
#[cfg(test)]
mod flux_substitute;
#[cfg(test)]
mod flux_template;
#[cfg(test)]
mod flux_validate;
#[cfg(test)]
mod json_schemas;
#[cfg(test)]
mod kustomize_bad_input;
#[cfg(test)]
mod kustomize_build;
#[cfg(test)]
mod kustomize_missing;
#[cfg(test)]
mod kustomize_origin;
#[cfg(test)]
mod kustomize_origin_property;
#[cfg(test)]
mod source_artifact;
#[cfg(test)]
mod source_clone;
#[cfg(test)]
mod source_disk;
#[cfg(test)]
mod source_git;
#[cfg(test)]
mod source_history;
#[cfg(test)]
mod source_mapping;
#[cfg(test)]
mod source_tracked;
#[cfg(test)]
mod yaml_comments;
#[cfg(test)]
mod yaml_errors;
#[cfg(test)]
mod yaml_fuzz;
#[cfg(test)]
mod yaml_granit;
#[cfg(test)]
mod yaml_print;
#[cfg(test)]
mod yaml_spans;

#[cfg(test)]
#[path = "../support/git.rs"]
mod git;

#[cfg(test)]
#[path = "../support/git_history.rs"]
mod git_history;

#[cfg(test)]
#[path = "../support/index.rs"]
mod index;
#[cfg(test)]
#[path = "../support/symlink.rs"]
mod symlink;
#[cfg(test)]
#[path = "../support/update.rs"]
mod update;
