//! What `fleetlint tokens` shows.

use super::{Request, RunError, Session};
use crate::fleet::Discovery;
use crate::report::tokens::redacted;
use crate::repository::{Others, Repositories};
use crate::tokens::{Sheet, Tokens};

impl Session {
    /// What each token of a fleet is used for, or those of one cluster, and how the clusters were found.
    pub fn tokens(&self, request: &Request<'_>, cluster: Option<&str>) -> Result<(Sheet, Discovery), RunError> {
        let read = self.read(request)?;
        let fleet = &read.fleet;
        let cluster = cluster.filter(|_| fleet.discovery.blocked.is_none());
        let only = cluster.map(|name| fleet.cluster(name)).transpose()?;
        let others: Others<'_> = Box::new(|| fleet.other_repositories());
        let repositories = Repositories::new(&read.checkout, &read.sources, &self.documents, others);
        let sheet = Tokens::of(fleet, &repositories).sheet(only.map(|cluster| cluster.name.as_str()));
        let redactor = self.redactor(fleet);
        let mut discovery = fleet.discovery.clone();
        redactor.discovery(&mut discovery);
        Ok((redacted(sheet, &redactor), discovery))
    }
}
