//! In which order clusters come up: small clusters as data (`testdata/order/cases.txt`), and what holds for all of them.
//!
//! A line of a case is a Kustomization: its name, then
//!
//! - `parent=NAME`: who applies it, the root by default; `after=NAME,…`; `wait`; `suspend`; `timeout=5m`; `check=NAME`, a
//!   Kustomization; `substitute=NAME`, a ConfigMap; `as=NAME`, a service account; `source=NAME`, a GitRepository;
//! - what it applies: `namespace:NAME`, `in:NAMESPACE` (a ConfigMap there), `crd:KIND`, `cr:KIND`, `config:NAME`,
//!   `account:NAME`, `git:NAME`, `policy:NAME` (of Kyverno), `chart:NAME` (a HelmRelease of that name and chart).
//!
//! Lines that begin with `=` say what is expected: `2: a b`, those that start in wave 2; `never: a`, those that never become
//! ready; `circle: a b`, the reconcilers of a circle in their order; `path: a 5m, b 3m`, the critical path.

#[cfg(test)]
mod cases {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write;
    use std::path::Path;

    use fleetlint::fleet::facets::order::{What, shown_duration};
    use fleetlint::fleet::{Cluster, Fleet, ReconcilerId};
    use fleetlint::run::{Request, Session};

    const INSTANCE: &str = "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec:\n  distribution: {version: 2.8.x, registry: ghcr.io/fluxcd}\n  sync:\n    kind: GitRepository\n    url: https://github.com/acme/home.git\n    ref: refs/heads/main\n    path: clusters/home\n";

    struct Case {
        title: String,
        lines: Vec<String>,
        expected: BTreeSet<String>,
    }

    fn cases() -> Vec<Case> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/order/cases.txt");
        let text = std::fs::read_to_string(path).unwrap();
        let case = |text: &str| {
            let mut lines = text.lines();
            let title = lines.next().unwrap().to_owned();
            let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
            let expected = lines.iter().filter_map(|line| line.strip_prefix("= ")).map(str::to_owned).collect();
            let lines = lines.iter().filter(|line| !line.starts_with('=')).map(|line| (*line).to_owned()).collect();
            Case { title, lines, expected }
        };
        text.split("## ").skip(1).map(case).collect()
    }

    /// The files of a case, by path.
    fn files(lines: &[String]) -> BTreeMap<String, String> {
        let mut files = BTreeMap::from([("clusters/home/flux-instance.yaml".to_owned(), INSTANCE.to_owned())]);
        for line in lines {
            let mut words = line.split(' ');
            let name = words.next().unwrap();
            let (mut folder, mut spec, mut objects) =
                ("clusters/home".to_owned(), String::new(), object("ConfigMap", name));
            let mut source = "flux-system";
            for word in words {
                match word.split_once(['=', ':']).unwrap_or((word, "")) {
                    ("parent", parent) => folder = parent.to_owned(),
                    ("after", others) => {
                        let others = others.split(',').map(|other| format!("    - name: {other}\n"));
                        write!(spec, "  dependsOn:\n{}", others.collect::<String>()).unwrap();
                    }
                    ("wait", _) => spec += "  wait: true\n",
                    ("suspend", _) => spec += "  suspend: true\n",
                    ("timeout", time) => writeln!(spec, "  timeout: {time}").unwrap(),
                    ("check", other) => write!(
                        spec,
                        "  healthChecks:\n    - apiVersion: kustomize.toolkit.fluxcd.io/v1\n      kind: Kustomization\n      name: {other}\n      namespace: flux-system\n"
                    )
                    .unwrap(),
                    ("substitute", config) => write!(
                        spec,
                        "  postBuild:\n    substituteFrom:\n      - kind: ConfigMap\n        name: {config}\n"
                    )
                    .unwrap(),
                    ("as", account) => writeln!(spec, "  serviceAccountName: {account}").unwrap(),
                    ("source", other) => source = other,
                    (kind, value) => objects += &applied(kind, value),
                }
            }
            let kustomization = format!(
                "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n  interval: 10m\n  path: ./{name}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: {source}}}\n{spec}"
            );
            *files.entry(format!("{folder}/{name}.yaml")).or_default() += &kustomization;
            files.insert(format!("{name}/objects.yaml"), objects);
        }
        files
    }

    fn object(kind: &str, name: &str) -> String {
        format!("---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: flux-system}}\n")
    }

    fn applied(kind: &str, value: &str) -> String {
        match kind {
            "namespace" => format!("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {value}}}\n"),
            "in" => format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: inside, namespace: {value}}}\n"),
            "crd" => format!(
                "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: {value}}}\nspec:\n  group: example.org\n  names: {{kind: {value}}}\n"
            ),
            "cr" => format!(
                "---\napiVersion: example.org/v1\nkind: {value}\nmetadata: {{name: one, namespace: flux-system}}\n"
            ),
            "config" => object("ConfigMap", value),
            "account" => object("ServiceAccount", value),
            "git" => format!(
                "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: {value}, namespace: flux-system}}\nspec:\n  interval: 1m\n  url: https://github.com/acme/home.git\n  ref: {{branch: main}}\n"
            ),
            "policy" => format!("---\napiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {{name: {value}}}\n"),
            "chart" => format!(
                "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: {value}, namespace: flux-system}}\nspec:\n  interval: 1h\n  chart:\n    spec:\n      chart: {value}\n      sourceRef: {{kind: HelmRepository, name: charts}}\n"
            ),
            other => panic!("nothing is called `{other}`"),
        }
    }

    fn fleet(lines: &[String]) -> Fleet {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files(lines) {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Session::default().fleet(&Request::of(folder.path())).unwrap().0
    }

    /// The reconcilers that a case is about: neither the root nor the instance.
    fn name(cluster: &Cluster, id: ReconcilerId) -> Option<String> {
        let (_, name) = cluster.reconciler(id).name();
        (!["flux", "flux-system"].contains(&name)).then(|| name.to_owned())
    }

    fn names(cluster: &Cluster, ids: impl IntoIterator<Item = ReconcilerId>) -> String {
        let mut names: Vec<String> = ids.into_iter().filter_map(|id| name(cluster, id)).collect();
        names.sort();
        names.join(" ")
    }

    /// What there is to say of a cluster, as the cases write it.
    fn described(cluster: &Cluster, with_path: bool) -> BTreeSet<String> {
        let order = cluster.order();
        let mut said = BTreeSet::new();
        for (index, wave) in order.waves().into_iter().enumerate() {
            let mut names = names(cluster, wave);
            // Charts come last, as the cases name them.
            let charts: Vec<&str> = names.split(' ').filter(|name| name.len() > 1).collect();
            let others: Vec<&str> = names.split(' ').filter(|name| name.len() == 1).collect();
            names = [charts, others].concat().join(" ");
            if !names.is_empty() {
                said.insert(format!("{}: {names}", index + 1));
            }
        }
        let never = names(cluster, order.never());
        if !never.is_empty() {
            said.insert(format!("never: {never}"));
        }
        for circle in order.circles() {
            let mut names: Vec<String> = Vec::new();
            for id in circle.steps.iter().filter_map(|step| step.what.reconciler()) {
                name(cluster, id)
                    .into_iter()
                    .filter(|name| !names.contains(name))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .for_each(|name| names.push(name));
            }
            assert!(circle.steps.iter().any(|step| step.why.place.is_some() && !matches!(step.what, What::Served(..))));
            said.insert(format!("circle: {}", names.join(" ")));
        }
        let path = order.critical_path().into_iter();
        let path: Vec<String> = path
            .filter_map(|timed| Some(format!("{} {}", name(cluster, timed.id)?, shown_duration(timed.timeout))))
            .collect();
        if with_path && !path.is_empty() {
            said.insert(format!("path: {}", path.join(", ")));
        }
        said
    }

    #[test]
    fn small_clusters_come_up_as_worked_out_by_hand() {
        let cases = cases();
        assert!(cases.len() >= 60, "{} cases", cases.len());
        let mut wrong = String::new();
        for case in cases {
            let with_path = case.expected.iter().any(|line| line.starts_with("path: "));
            let fleet = fleet(&case.lines);
            let found = described(&fleet.clusters[0], with_path);
            if found != case.expected {
                writeln!(wrong, "{}\n  expected: {:?}\n  found:    {found:?}", case.title, case.expected).unwrap();
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }

    /// The wave of each reconciler; what never starts comes after all others.
    fn waves(lines: &[String]) -> BTreeMap<String, u32> {
        let fleet = fleet(lines);
        let cluster = &fleet.clusters[0];
        let ids = (0..cluster.reconcilers.len()).map(ReconcilerId);
        let wave = |id| cluster.order().wave(id).unwrap_or(u32::MAX);
        ids.map(|id| (format!("{:?}", cluster.reconciler(id).name()), wave(id))).collect()
    }

    #[test]
    fn another_dependency_makes_nothing_earlier() {
        for case in cases().into_iter().filter(|case| case.lines.len() < 5) {
            let before = waves(&case.lines);
            for at in 0..case.lines.len() {
                // A second `dependsOn` would be a key that is there twice.
                if case.lines[at].contains("after=") || case.lines[at].contains("suspend") {
                    continue;
                }
                for other in case.lines.iter().map(|line| line.split(' ').next().unwrap()) {
                    let mut lines = case.lines.clone();
                    lines[at] += &format!(" after={other}");
                    for (name, wave) in waves(&lines) {
                        assert!(
                            wave >= before[&name],
                            "{}: {name} starts earlier after {other}: {lines:?}",
                            case.title
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn without_waits_everything_starts() {
        const NEEDS: [&str; 10] =
            ["after=", "wait", "check=", "in:", "cr:", "policy:", "substitute=", "as=", "source=", "suspend"];
        for case in cases() {
            let without = |line: &String| {
                let words = line.split(' ').filter(|word| !NEEDS.iter().any(|need| word.starts_with(need)));
                words.collect::<Vec<_>>().join(" ")
            };
            let lines: Vec<String> = case.lines.iter().map(without).collect();
            let fleet = fleet(&lines);
            let order = fleet.clusters[0].order();
            assert!(order.never().is_empty() && order.circles().is_empty(), "{}: {lines:?}", case.title);
        }
    }
}
