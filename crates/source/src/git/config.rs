//! What `.git/config` says about remotes. It is read as text: nothing is included, nothing runs, nothing else counts.

use std::path::Path;

use gix::config::File;
use gix::config::file::Metadata;
use gix::config::file::init::Options;

use super::super::read::regular_file;

/// The settings that tell what a clone holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Settings {
    /// In the order of the file.
    pub remotes: Vec<Remote>,
    pub is_bare: bool,
    /// `extensions.objectFormat`, where it is not `sha1`.
    pub has_other_hash: bool,
}

/// `[remote "name"]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Remote {
    pub name: String,
    pub urls: Vec<String>,
    /// Refspecs, as written.
    pub fetch: Vec<String>,
    /// `tagOpt`: `--no-tags`, `--tags`.
    pub tags: Option<String>,
}

/// The settings of a repository; none where the file is missing or no configuration.
pub(in super::super) fn read(common: &Path) -> Settings {
    let mut settings = Settings::default();
    let Ok(bytes) = regular_file(&common.join("config")) else { return settings };
    let Ok(file) = File::from_bytes_no_includes(&bytes, Metadata::api(), Options::default()) else { return settings };
    for section in file.sections() {
        let header = section.header();
        let values = |key: &str| section.values(key).into_iter().map(|value| value.to_string()).collect::<Vec<_>>();
        let last = |key: &str| values(key).pop();
        match (header.name().to_string().to_ascii_lowercase().as_str(), header.subsection_name()) {
            ("core", None) => settings.is_bare |= last("bare").is_some_and(|value| is_true(&value)),
            ("extensions", None) => {
                settings.has_other_hash |= last("objectFormat").is_some_and(|format| format != "sha1");
            }
            ("remote", Some(name)) => {
                let remote = settings.remote(&name.to_string());
                remote.urls.extend(values("url"));
                remote.fetch.extend(values("fetch"));
                remote.tags = last("tagOpt").or(remote.tags.take());
            }
            _ => {}
        }
    }
    // What only sets other things about a remote does not make one.
    settings.remotes.retain(|remote| !remote.urls.is_empty() || !remote.fetch.is_empty());
    settings
}

impl Settings {
    /// The remote of a name, which may be set in several sections.
    fn remote(&mut self, name: &str) -> &mut Remote {
        let index = self.remotes.iter().position(|remote| remote.name == name).unwrap_or_else(|| {
            self.remotes.push(Remote { name: name.to_owned(), ..Remote::default() });
            self.remotes.len() - 1
        });
        &mut self.remotes[index]
    }
}

fn is_true(value: &str) -> bool {
    ["true", "yes", "on", "1"].contains(&value.to_ascii_lowercase().as_str())
}
