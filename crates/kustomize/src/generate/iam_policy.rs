//! `IAMPolicyGenerator`: the ServiceAccount that goes with one of Google's clouds.

use fleetlint_source::Files;
use fleetlint_yaml::problem::{Problem, ProblemKind};
use fleetlint_yaml::{Node, Origin, Span, Value, parse};

use super::super::resource::Resource;

/// The object of a configuration. kustomize writes its values into a YAML text and reads that.
pub(in super::super) fn iam_policy(config: &Node, place: Option<Span>) -> Result<Resource, Problem> {
    let fail = |message: String, place| Err(Problem::new(ProblemKind::KustomizeFailed, message, place));
    let field = |part: &str, key: &str| config.get(part).and_then(|part| part.get(key));
    let text = |node: Option<&Node>| node.and_then(Node::text).unwrap_or_default().to_owned();
    let cloud = config.get("cloud");
    if text(cloud) != "gke" {
        let message = format!("cloud provider `{}` is not supported: kustomize knows `gke` only", text(cloud));
        return fail(message, cloud.and_then(Node::place).or(place));
    }
    let (account, project) = (field("serviceAccount", "name"), field("serviceAccount", "projectId"));
    let (name, namespace) = (field("kubernetesService", "name"), field("kubernetesService", "namespace"));
    let mut yaml = format!(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n    \
         iam.gke.io/gcp-service-account: {}@{}.iam.gserviceaccount.com\n  name: {}\n",
        text(account),
        text(project),
        text(name)
    );
    if !text(namespace).is_empty() {
        yaml.push_str(&format!("\n  namespace: {}", text(namespace)));
    }
    let id = Files::default().add("".into(), None, String::new(), Vec::new()).id;
    let mut root = match parse::file(&yaml, id).documents.into_iter().next() {
        Some(Ok(document)) => document.root.unwrap_or_else(|| Node::mapping(Vec::new(), Origin::default())),
        Some(Err(problem)) => return fail(format!("the values do not render valid YAML: {}", problem.message), place),
        None => return fail("the values do not render valid YAML".to_owned(), place),
    };
    let origin = Origin::of(place);
    put(&mut root, &origin);
    let written: [(&[&str], Option<&Node>); 3] = [
        (&["metadata", "name"], name),
        (&["metadata", "namespace"], namespace),
        (&["metadata", "annotations", "iam.gke.io/gcp-service-account"], account),
    ];
    for (path, value) in written {
        let made = path.iter().try_fold(&mut root, |node, key| node.get_mut(key));
        if let (Some(made), Some(value)) = (made, value) {
            made.origin = value.origin.clone().with_patch(place);
        }
    }
    Ok(Resource::new(root, place))
}

fn put(node: &mut Node, origin: &Origin) {
    node.origin = origin.clone();
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(|item| put(item, origin)),
        Value::Mapping(mapping) => mapping.entries.iter_mut().for_each(|entry| {
            put(&mut entry.key, origin);
            put(&mut entry.value, origin);
        }),
    }
}
