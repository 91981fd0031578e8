//! The facets of the cluster that a rule looks at: see [`crate::fleet::facets`].

use smol_str::SmolStr;

use super::RuleContext;
use crate::fleet::existence::Existence;
use crate::fleet::facets::credentials::Credentials;
use crate::fleet::facets::graph::Graph;
use crate::fleet::facets::order::Order;
use crate::fleet::facets::rbac::Rbac;
use crate::fleet::facets::sources::Sources;
use crate::fleet::facets::tenancy::Tenancy;
use crate::fleet::facets::variables::Variables;
use crate::object::Object;

impl<'a> RuleContext<'a> {
    /// Who applies what, who waits for whom.
    pub fn graph(self) -> Graph<'a> {
        self.cluster.graph()
    }

    /// In which order a new cluster comes up.
    pub fn order(self) -> Order<'a> {
        self.cluster.order()
    }

    /// Who is bound to what.
    pub fn rbac(self) -> Rbac<'a> {
        self.cluster.rbac()
    }

    /// Sources, who reads them, who pushes to them.
    pub fn sources(self) -> Sources<'a> {
        self.cluster.sources()
    }

    /// Whose is what.
    pub fn tenancy(self) -> Tenancy<'a> {
        self.fleet.tenancy(self.cluster)
    }

    /// The tenant that an object of the cluster belongs to.
    pub fn tenant_of(self, object: &Object) -> Option<SmolStr> {
        let owner = self.tenancy().owner(self.cluster.get(&object.id)?);
        owner.tenant().map(SmolStr::from)
    }

    /// What the cluster promises, and what its objects use.
    pub fn variables(self) -> Variables<'a> {
        self.fleet.variables(self.cluster)
    }

    /// Which Secret, which token.
    pub fn credentials(self) -> Credentials<'a> {
        self.fleet.credentials(self.cluster)
    }

    /// What is on the cluster, and what may be there although the graph does not hold it.
    pub fn existence(self) -> Existence<'a> {
        self.cluster.existence()
    }
}
