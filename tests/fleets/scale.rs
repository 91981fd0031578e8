//! What a run costs as fleets grow, counted in looks at entries, scalars and objects: no clock, so always the same.

#[path = "../../benches/trees/parts.rs"]
mod parts;
#[path = "../../benches/trees/platform.rs"]
mod platform;
#[path = "../../benches/trees/tenants.rs"]
mod tenants;

use std::path::Path;

use fleetlint::run::{Request, Session};
use fleetlint::triage::Selection;
use fleetlint::yaml::visits::visits;

use platform::{Platform, Values};

/// The looks of a run over a fleet, on one thread, and how many objects it saw.
fn cost(path: &Path) -> (u64, usize) {
    let run = || {
        let before = visits();
        let request = Request::of(path);
        let report = Session::default().check(&request, &Selection::default(), None).unwrap();
        (visits() - before, report.summary.objects)
    };
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(run)
}

#[test]
fn twice_the_tenants_cost_at_most_twice_and_a_bit() {
    let cost = |tenants: usize| {
        let folder = tempfile::tempdir().unwrap();
        tenants::write(folder.path(), tenants).unwrap();
        let (cost, objects) = cost(folder.path());
        assert_eq!(objects, tenants * 5 + 3);
        cost
    };
    let costs: Vec<u64> = [100, 200, 400].into_iter().map(cost).collect();
    for pair in costs.windows(2) {
        assert!(pair[1] * 10 <= pair[0] * 22, "{costs:?}");
    }
}

#[test]
fn clusters_with_the_values_of_others_cost_little() {
    let cost = |clusters: usize, values: Values| {
        let folder = tempfile::tempdir().unwrap();
        platform::write(folder.path(), Platform { clusters, tenants: 4, objects: 500, values }).unwrap();
        let (cost, objects) = cost(folder.path());
        // Beside what files hold, each cluster has a declared Secret for each tenant, and one for Flux itself.
        assert_eq!(objects, clusters * (4 * 507 + 6));
        cost
    };
    let [few, many] = [5, 10].map(|clusters| cost(clusters, Values::OfEnvironment));
    assert!(many * 10 < few * 13, "{few} {many}");
    // Values of their own are put in only where somebody looks.
    let own = cost(10, Values::OfCluster);
    assert!(own * 10 < many * 13, "{many} {own}");
}
