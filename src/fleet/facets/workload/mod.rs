//! Pods, and what creates them.

use crate::object::Object;
use crate::yaml::Node;

/// The kinds of Kubernetes itself that create pods: group and kind.
pub const KINDS: &[(&str, &str)] = &[
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("apps", "ReplicaSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
    ("", "Pod"),
];

/// The pod that an object is or creates, and where it is in the object, as a JSON pointer.
pub fn pod_of(object: &Object) -> Option<(&Node, &'static str)> {
    let spec = object.at("/spec")?;
    match object.id.kind.as_str() {
        "Pod" => Some((spec, "/spec")),
        "CronJob" => {
            let template = spec.get("jobTemplate")?.get("spec")?.get("template")?;
            Some((template.get("spec")?, "/spec/jobTemplate/spec/template/spec"))
        }
        _ => Some((object.at("/spec/template/spec")?, "/spec/template/spec")),
    }
}
