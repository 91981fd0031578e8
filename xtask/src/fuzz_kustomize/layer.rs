//! A tree of kustomizations: bases, overlays and components, each with a few random features.

use std::collections::BTreeMap;

use super::feature::{Feature, Features};
use super::objects::{Object, object};
use super::rng::Rng;
use super::text::{Y, flow, write};
use super::values::{NAMES, OTHER_NAMES, nasty};

/// The files of a tree by path; the root of the build is `top`.
pub(crate) type Files = BTreeMap<String, String>;

/// A folder at work.
pub(crate) struct Layer<'a> {
    pub(crate) rng: &'a mut Rng,
    pub(crate) files: &'a mut Files,
    pub(crate) folder: String,
    pub(crate) kustomization: Y,
    /// What this layer can refer to.
    pub(crate) objects: Vec<Object>,
    pub(crate) odd: bool,
    made: usize,
}

/// Makes the tree of a seed.
pub(crate) fn make(seed: u64, features: &Features) -> Files {
    let mut rng = Rng::new(seed);
    let mut files = Files::new();
    let shape = if features.has(Feature::Layers) { rng.below(7) } else { 0 };
    let base = |rng: &mut Rng, files: &mut Files, name: &str, names: &[&str]| {
        layer(rng, files, name, &[], Some(names), features, false)
    };
    match shape {
        0 => drop(layer(&mut rng, &mut files, "top", &[], Some(NAMES), features, false)),
        1 | 2 => {
            let objects = base(&mut rng, &mut files, "base", NAMES);
            let own: Option<&[&str]> = rng.chance(50).then_some(OTHER_NAMES);
            layer(&mut rng, &mut files, "top", &[("base", objects)], own, features, false);
        }
        3 => {
            let first = base(&mut rng, &mut files, "base", NAMES);
            let names = if rng.chance(80) { OTHER_NAMES } else { NAMES };
            let second = base(&mut rng, &mut files, "base2", names);
            layer(&mut rng, &mut files, "top", &[("base", first), ("base2", second)], None, features, false);
        }
        4 => {
            let objects = base(&mut rng, &mut files, "base", NAMES);
            let own: Option<&[&str]> = rng.chance(50).then_some(OTHER_NAMES);
            let middle = layer(&mut rng, &mut files, "mid", &[("base", objects)], own, features, false);
            layer(&mut rng, &mut files, "top", &[("mid", middle)], None, features, false);
        }
        5 => {
            let objects = base(&mut rng, &mut files, "base", NAMES);
            component(&mut rng, &mut files, &objects, features);
            layer(&mut rng, &mut files, "top", &[("base", objects), ("comp", Vec::new())], None, features, false);
        }
        _ => {
            let objects = base(&mut rng, &mut files, "base", NAMES);
            let mut left = layer(&mut rng, &mut files, "left", &[("base", objects.clone())], None, features, true);
            let right = layer(&mut rng, &mut files, "right", &[("base", objects)], None, features, true);
            left.extend(right.iter().cloned());
            layer(&mut rng, &mut files, "top", &[("left", left), ("right", right)], None, features, false);
        }
    }
    files
}

fn component(rng: &mut Rng, files: &mut Files, objects: &[Object], features: &Features) {
    let own: Option<&[&str]> = rng.chance(50).then_some(OTHER_NAMES);
    layer(rng, files, "comp", &[("", objects.to_vec())], own, features, false);
}

/// Writes one folder. `children` are named with what they hold; a child without a name is what a component works on.
fn layer(
    rng: &mut Rng,
    files: &mut Files,
    folder: &str,
    children: &[(&str, Vec<Object>)],
    own: Option<&[&str]>,
    features: &Features,
    renames: bool,
) -> Vec<Object> {
    let odd = features.has(Feature::Odd) && rng.chance(50);
    let mut layer = Layer {
        rng,
        files,
        folder: folder.to_owned(),
        kustomization: Y::Map(Vec::new()),
        objects: Vec::new(),
        odd,
        made: 0,
    };
    let mut resources = Vec::new();
    for (name, objects) in children {
        layer.objects.extend(objects.iter().cloned());
        match *name {
            "" => {}
            "comp" => layer.kustomization.set("components", Y::List(vec![Y::scalar("../comp")])),
            name => resources.push(Y::scalar(format!("../{name}"))),
        }
    }
    if let Some(names) = own {
        layer.resources(names, features, &mut resources);
    }
    let key = if features.has(Feature::Legacy) && layer.rng.chance(4) { "bases" } else { "resources" };
    if !resources.is_empty() {
        let key = if resources.iter().any(|entry| matches!(entry, Y::Scalar(text) if text.ends_with("yaml"))) {
            "resources"
        } else {
            key
        };
        layer.kustomization.set(key, Y::List(resources));
    }
    if renames {
        let prefix = Y::scalar(format!("{folder}-"));
        layer.kustomization.set("namePrefix", prefix);
    }
    let is_base = own.is_some() && children.is_empty();
    let count = if is_base { layer.rng.below(3) } else { layer.rng.between(1, 3) };
    for _ in 0..count {
        features.add(&mut layer);
    }
    layer.finish()
}

impl Layer<'_> {
    /// Writes a file of this folder under a new name, and names it.
    pub(crate) fn file(&mut self, stem: &str, extension: &str, text: String) -> String {
        self.made += 1;
        let name = format!("{stem}{}.{extension}", self.made);
        self.files.insert(format!("{}/{name}", self.folder), text);
        name
    }

    /// A document as text, in one of many styles.
    pub(crate) fn text(&mut self, value: &Y) -> String {
        if self.odd
            && self.rng.chance(5)
            && let Some(json) = flow(value, true)
        {
            return json + "\n";
        }
        write(value, self.odd, self.rng)
    }

    /// Appends to a list of the kustomization.
    pub(crate) fn push(&mut self, key: &str, item: Y) {
        let mut items = match self.kustomization.get(key) {
            Some(Y::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        items.push(item);
        self.kustomization.set(key, Y::List(items));
    }

    /// Some object that this layer sees.
    pub(crate) fn any_object(&mut self) -> Option<Object> {
        self.rng.one(&self.objects).cloned()
    }

    fn resources(&mut self, names: &[&str], features: &Features, resources: &mut Vec<Y>) {
        let mut seen: Vec<(String, String, Option<String>)> = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            let mut documents = Vec::new();
            for _ in 0..self.rng.between(1, 3) {
                let object = object(self.rng, names);
                let id = (object.kind.clone(), object.name.clone(), object.namespace.clone());
                if seen.contains(&id) && !self.rng.chance(3) {
                    continue;
                }
                seen.push(id);
                documents.push(object.value.clone());
                self.objects.push(object);
            }
            if features.has(Feature::Lists) && self.rng.chance(8) {
                documents = self.listed(documents);
            }
            let text = self.documents(&documents);
            let name = self.file("r", "yaml", text);
            resources.push(Y::scalar(name));
        }
    }

    fn listed(&mut self, mut documents: Vec<Y>) -> Vec<Y> {
        let kind = self.rng.pick(&["List", "List", "ConfigMapList", "WidgetList"]);
        let last = documents.pop();
        let mut list =
            Y::map(vec![("apiVersion", Y::scalar("v1")), ("kind", Y::scalar(kind)), ("items", Y::List(documents))]);
        if self.rng.chance(20) {
            list.set("metadata", Y::map(vec![("resourceVersion", nasty(self.rng))]));
        }
        std::iter::once(list).chain(last).collect()
    }

    /// A stream of documents.
    pub(crate) fn documents(&mut self, documents: &[Y]) -> String {
        let mut text = String::new();
        if self.odd && self.rng.chance(15) {
            text.push_str(self.rng.pick(&[
                "---\n",
                "# head\n",
                "\n",
                "\u{feff}",
                "---\n---\n",
                "# head\n---\n",
                "--- # c\n",
            ]));
        }
        for (index, document) in documents.iter().enumerate() {
            if index > 0 {
                text.push_str(if self.odd && self.rng.chance(10) {
                    self.rng.pick(&["---\n# c\n---\n", "...\n---\n", "--- \n", "---\n\n"])
                } else {
                    "---\n"
                });
            }
            let document = self.text(document);
            text.push_str(&document);
        }
        if self.odd && self.rng.chance(6) {
            text = text.replace('\n', "\r\n");
        }
        if self.odd && self.rng.chance(4) {
            text = text.trim_end().to_owned();
        }
        text
    }

    fn finish(mut self) -> Vec<Object> {
        if self.folder == "comp" {
            self.kustomization.set("apiVersion", Y::scalar("kustomize.config.k8s.io/v1alpha1"));
            self.kustomization.set("kind", Y::scalar("Component"));
        } else if self.rng.chance(20) {
            self.kustomization.set("apiVersion", Y::scalar("kustomize.config.k8s.io/v1beta1"));
            self.kustomization.set("kind", Y::scalar("Kustomization"));
        }
        let kustomization = std::mem::replace(&mut self.kustomization, Y::Map(Vec::new()));
        let text = write(&kustomization, self.odd, self.rng);
        let name = if self.odd && self.rng.chance(5) {
            self.rng.pick(&["Kustomization", "kustomization.yml"])
        } else {
            "kustomization.yaml"
        };
        self.files.insert(format!("{}/{name}", self.folder), text);
        self.objects
    }
}
