//! Variables: findings are at the expression, whatever it is written in.

mod cases {
    use fleetlint::locate::Location;
    use fleetlint::run::{Request, Session};
    use fleetlint::triage::Selection;

    use crate::fleet::Repositories;

    const FLEET: &str = "fleet";

    const SYNC: &str = "apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: https://github.com/acme/fleet, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  path: ./clusters/prod
  prune: true\n  decryption: {provider: sops, secretRef: {name: sops-age}}
  interval: 1h
  sourceRef: {kind: GitRepository, name: flux-system}
";

    const APP: &str = "apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec:
  path: ./app
  prune: true
  interval: 1h
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: {substitute: {CITY: bonn}}
";

    /// A cluster that runs this release of Flux, whose Kustomization `app` builds these files.
    fn fleet(flux: &str, app: &str, files: &[(&str, &str)]) -> Repositories {
        let repositories = Repositories::empty();
        let version = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n  labels:\n    \
                       app.kubernetes.io/part-of: flux\n    app.kubernetes.io/version: VERSION\n";
        let version = version.replace("VERSION", flux);
        repositories.write(FLEET, "clusters/prod/flux-system/gotk-components.yaml", &version);
        repositories.write(FLEET, "clusters/prod/flux-system/gotk-sync.yaml", SYNC);
        repositories.write(FLEET, "clusters/prod/app.yaml", app);
        files.iter().for_each(|(path, text)| repositories.write(FLEET, path, text));
        repositories
    }

    /// The findings as `file:line:column-end message; help`, related places below them.
    fn told(repositories: &Repositories) -> Vec<String> {
        let session = Session::default();
        let path = repositories.path(FLEET);
        let report = session.check(&Request::of(&path), &Selection::default(), None).unwrap();
        let at = |place: &fleetlint::finding::Place| {
            let at = place.span().map(|span| Location::of(span, &session.files));
            at.map_or_else(String::new, |at| format!("{}:{}:{}-{}", at.file, at.line, at.column, at.end_column))
        };
        let shown = report.findings.iter().map(|finding| {
            let related: String =
                finding.related.iter().map(|(place, label)| format!("\n  {} {label}", at(place))).collect();
            format!("{} {}{related}", at(&finding.place), finding.message)
        });
        shown.collect()
    }

    const REFUSED: &str = "is not defined: Flux 2.9 and later refuse the substitution";

    fn config_map(data: &str) -> String {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c, namespace: default}}\ndata:\n{data}")
    }

    #[test]
    fn each_variable_is_named_at_its_own_place() {
        let text = config_map(
            "  a: x ${ONE} ${CITY} ${TWO}\n  b: |\n    # \u{e9} ${THREE}\n\n      ${FOUR}\n  c: \"\\\"${FIVE}\\\"\"\n  \
             d: 'it''s ${SIX}'\n  e: >-\n    one\n    ${SEVEN:=${EIGHT}}\n",
        );
        let found = told(&fleet("v2.9.2", APP, &[("app/c.yaml", &text)]));
        let at = [
            ("5:8-14", "ONE"),
            ("5:23-29", "TWO"),
            ("7:9-17", "THREE"),
            ("9:7-14", "FOUR"),
            ("10:9-16", "FIVE"),
            ("11:13-19", "SIX"),
            ("14:14-22", "EIGHT"),
        ];
        assert_eq!(found, at.map(|(at, name)| format!("app/c.yaml:{at} variable `{name}` {REFUSED}")));
    }

    #[test]
    fn an_expression_in_an_inline_patch_is_found_there() {
        let patch = "  patches:\n  - patch: |\n      - op: add\n        path: /data/script\n        value: |\n          \
                     cp ${SHARD} /new\n    target: {kind: ConfigMap}\n";
        let app = format!("{APP}{patch}");
        let found = told(&fleet("v2.9.2", &app, &[("app/c.yaml", &config_map("  a: b\n"))]));
        assert_eq!(found, [format!("clusters/prod/app.yaml:15:14-22 variable `SHARD` {REFUSED}")]);
    }

    #[test]
    fn an_expression_in_a_generated_file_is_found_there() {
        let kustomization = "configMapGenerator:\n- name: c\n  namespace: default\n  files: [values.yaml]\n  literals:\n  \
                             - TOWN=to ${TOWN}\n  envs: [app.env]\n";
        let files = [
            ("app/kustomization.yaml", kustomization),
            ("app/values.yaml", "# | first\r\nregion: ${CITY}\r\nzone: ${ZONE}\r\n"),
            ("app/app.env", "# none\nROAD=the ${ROAD}\n"),
        ];
        let found = told(&fleet("v2.9.2", APP, &files));
        let at = [
            ("app/app.env:2:10-17", "ROAD"),
            ("app/kustomization.yaml:6:13-20", "TOWN"),
            ("app/values.yaml:3:7-14", "ZONE"),
        ];
        assert_eq!(found, at.map(|(at, name)| format!("{at} variable `{name}` {REFUSED}")));
    }

    /// In strict mode nothing but the variable is wrong. Before, it is what breaks the object.
    #[test]
    fn a_variable_without_a_value_that_breaks_the_object_is_the_defect() {
        let text = "apiVersion: acme.example/v1\nkind: Database\nmetadata: {name: d, namespace: default}\nspec:\n  \
                    count: ${N}\n  image: ghcr.io/acme/db:${TAG}\n";
        let found = |flux| told(&fleet(flux, APP, &[("app/c.yaml", text)]));
        let refused = [("5:10-14", "N"), ("6:26-32", "TAG")];
        assert_eq!(found("v2.9.2"), refused.map(|(at, name)| format!("app/c.yaml:{at} variable `{name}` {REFUSED}")));
        let broken = "variable `TAG` is not defined: without a value, the object is not valid YAML";
        assert_eq!(found("v2.8.3"), [format!("app/c.yaml:6:26-32 {broken}")]);
    }

    /// The values of the Secret are encrypted, its keys are not.
    #[test]
    fn a_misspelt_variable_is_one_finding_that_names_the_right_one() {
        let app = APP.replace("substitute: {CITY: bonn}", "substituteFrom: [{kind: Secret, name: settings}]");
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: settings, namespace: flux-system}\nstringData:\n  \
                      SECRET_DOMAIN: ENC[AES256_GCM,data:eA==,type:str]\nsops: {version: 3.10.2}\n";
        let files =
            [("clusters/prod/settings.yaml", secret), ("app/c.yaml", &config_map("  host: app.${SECRET_DOMIAN}\n"))];
        let repositories = fleet("v2.9.2", &app, &files);
        assert_eq!(told(&repositories), [format!("app/c.yaml:5:13-29 variable `SECRET_DOMIAN` {REFUSED}")]);
        let session = Session::default();
        let path = repositories.path(FLEET);
        let report = session.check(&Request::of(&path), &Selection::default(), None).unwrap();
        let help = report.findings[0].help.as_deref().unwrap();
        assert!(help.starts_with("did you mean `${SECRET_DOMAIN}`? "), "{help}");
    }

    #[test]
    fn all_that_fails_in_a_script_is_named_at_once() {
        let script = "#!/bin/sh\n# ${#titles[@]} ${1:-all}\nname=\"${titles[0]//_/ }\"\necho \"${t%%.*}\"\n";
        let kustomization = "configMapGenerator:\n- name: c\n  namespace: default\n  files: [nightly.sh]\n";
        let files = [("app/kustomization.yaml", kustomization), ("app/nightly.sh", script)];
        let expected = "app/nightly.sh:2:3-16 variable substitution failed: bad substitution in `${#titles[@]}`
  app/nightly.sh:3:7-24 this one fails too: missing closing brace
  app/nightly.sh:4:7-15 this one fails too: variable `t` is not defined";
        assert_eq!(told(&fleet("v2.9.2", APP, &files)), [expected]);
    }
}
