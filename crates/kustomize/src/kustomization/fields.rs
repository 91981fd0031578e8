//! The fields of a kustomization file and their types (kustomize-semantics, section 1).

use super::shape::Shape::{self, Any, Boolean, Integer, List, Promoted, Struct, Text, TextMap};

const TEXTS: Shape = List(&Text);
const INNER_TEXT: Shape = Promoted(&Text);
const INNER_TEXTS: Shape = Promoted(&TEXTS);

/// The whole file.
pub(super) const KUSTOMIZATION: Shape = Struct(&[
    ("kind", INNER_TEXT),
    ("apiVersion", INNER_TEXT),
    ("metadata", Struct(OBJECT_META)),
    ("openapi", TextMap),
    ("namePrefix", Text),
    ("nameSuffix", Text),
    ("namespace", Text),
    ("commonLabels", TextMap),
    ("labels", List(&Struct(LABEL))),
    ("commonAnnotations", TextMap),
    ("patchesStrategicMerge", TEXTS),
    ("patchesJson6902", List(&Struct(PATCH))),
    ("patches", List(&Struct(PATCH))),
    ("images", List(&Struct(IMAGE))),
    ("imageTags", List(&Struct(IMAGE))),
    ("replacements", List(&Struct(REPLACEMENT))),
    ("replicas", List(&Struct(REPLICA))),
    ("vars", List(&Struct(VAR))),
    ("sortOptions", Struct(SORT_OPTIONS)),
    ("resources", TEXTS),
    ("components", TEXTS),
    ("crds", TEXTS),
    ("bases", TEXTS),
    ("configMapGenerator", List(&Struct(CONFIG_MAP))),
    ("secretGenerator", List(&Struct(SECRET))),
    ("helmGlobals", Struct(&[("chartHome", Text), ("configHome", Text)])),
    ("helmCharts", List(&Struct(HELM_CHART))),
    ("helmChartInflationGenerator", List(&Struct(HELM_CHART_ARGS))),
    ("generatorOptions", Struct(GENERATOR_OPTIONS)),
    ("configurations", TEXTS),
    ("generators", TEXTS),
    ("transformers", TEXTS),
    ("validators", TEXTS),
    ("buildMetadata", TEXTS),
]);

/// A file of `configurations`.
pub(super) const CONFIGURATION: Shape = Struct(&[
    ("namePrefix", FIELD_SPECS),
    ("nameSuffix", FIELD_SPECS),
    ("namespace", FIELD_SPECS),
    ("commonLabels", FIELD_SPECS),
    ("labels", FIELD_SPECS),
    ("templateLabels", FIELD_SPECS),
    ("commonAnnotations", FIELD_SPECS),
    ("nameReference", List(&Struct(NAME_REFERENCE))),
    ("varReference", FIELD_SPECS),
    ("images", FIELD_SPECS),
    ("replicas", FIELD_SPECS),
]);

const FIELD_SPECS: Shape = List(&Struct(FIELD_SPEC));

const NAME_REFERENCE: Fields =
    &[("group", INNER_TEXT), ("version", INNER_TEXT), ("kind", INNER_TEXT), ("fieldSpecs", FIELD_SPECS)];

type Fields = &'static [(&'static str, Shape)];

const OBJECT_META: Fields = &[("name", Text), ("namespace", Text), ("labels", TextMap), ("annotations", TextMap)];

const FIELD_SPEC: Fields =
    &[("group", INNER_TEXT), ("version", INNER_TEXT), ("kind", INNER_TEXT), ("path", Text), ("create", Boolean)];

const LABEL: Fields = &[
    ("pairs", TextMap),
    ("includeSelectors", Boolean),
    ("includeTemplates", Boolean),
    ("fields", List(&Struct(FIELD_SPEC))),
];

const SELECTOR: Fields = &[
    ("group", INNER_TEXT),
    ("version", INNER_TEXT),
    ("kind", INNER_TEXT),
    ("name", INNER_TEXT),
    ("namespace", INNER_TEXT),
    ("annotationSelector", Text),
    ("labelSelector", Text),
];

const PATCH: Fields = &[
    ("path", Text),
    ("patch", Text),
    ("target", Struct(SELECTOR)),
    ("options", Struct(&[("allowNameChange", Boolean), ("allowKindChange", Boolean)])),
];

const IMAGE: Fields = &[("name", Text), ("newName", Text), ("tagSuffix", Text), ("newTag", Text), ("digest", Text)];

const FIELD_OPTIONS: Fields = &[("delimiter", Text), ("index", Integer), ("encoding", Text), ("create", Boolean)];

const SOURCE: Fields = &[
    ("group", INNER_TEXT),
    ("version", INNER_TEXT),
    ("kind", INNER_TEXT),
    ("name", INNER_TEXT),
    ("namespace", INNER_TEXT),
    ("fieldPath", Text),
    ("options", Struct(FIELD_OPTIONS)),
];

const TARGET: Fields = &[
    ("select", Struct(SELECTOR)),
    ("reject", List(&Struct(SELECTOR))),
    ("fieldPaths", TEXTS),
    ("options", Struct(FIELD_OPTIONS)),
];

/// An entry of `replacements`.
const REPLACEMENT: Fields = &[
    ("source", Promoted(&Struct(SOURCE))),
    ("targets", Promoted(&List(&Struct(TARGET)))),
    ("sourceValue", INNER_TEXT),
    ("path", Text),
];

/// The configuration of a built-in plugin: the fields of all of them.
pub(super) const PLUGIN: Shape = Struct(&[
    ("metadata", Struct(OBJECT_META)),
    ("fieldSpecs", FIELD_SPECS),
    ("annotations", TextMap),
    ("labels", TextMap),
    ("imageTag", Struct(IMAGE)),
    ("replica", Struct(REPLICA)),
    ("prefix", Text),
    ("suffix", Text),
    ("unsetOnly", Boolean),
    ("setRoleBindingSubjects", Text),
    ("target", Struct(SELECTOR)),
    ("path", Text),
    ("patch", Text),
    ("jsonOp", Text),
    ("paths", TEXTS),
    ("patches", Text),
    ("options", Promoted(&Struct(PLUGIN_OPTIONS))),
    ("replacements", List(&Struct(REPLACEMENT))),
    ("namespace", INNER_TEXT),
    ("name", INNER_TEXT),
    ("behavior", INNER_TEXT),
    ("literals", INNER_TEXTS),
    ("files", INNER_TEXTS),
    ("envs", INNER_TEXTS),
    ("env", INNER_TEXT),
    ("type", INNER_TEXT),
    ("value", Text),
    ("targets", List(&Struct(VALUE_TARGET))),
    ("targetFilePath", Text),
    ("cloud", INNER_TEXT),
    ("kubernetesService", Promoted(&Struct(&[("name", Text), ("namespace", Text)]))),
    ("serviceAccount", Promoted(&Struct(&[("name", Text), ("projectId", Text)]))),
]);

/// A file that a `ValueAddTransformer` names.
pub(super) const VALUE_TARGETS: Shape = Struct(&[("targets", List(&Struct(VALUE_TARGET)))]);

const VALUE_TARGET: Fields = &[("selector", Struct(SELECTOR)), ("fieldPath", Text), ("filePathPosition", Integer)];

/// Of patches, and of generators.
const PLUGIN_OPTIONS: Fields = &[
    ("allowNameChange", Boolean),
    ("allowKindChange", Boolean),
    ("labels", TextMap),
    ("annotations", TextMap),
    ("disableNameSuffixHash", Boolean),
    ("immutable", Boolean),
];

/// A replacement in a file of its own.
pub(super) const REPLACEMENT_ENTRY: Shape =
    Struct(&[("source", Struct(SOURCE)), ("targets", List(&Struct(TARGET))), ("sourceValue", Text)]);

const REPLICA: Fields = &[("name", Text), ("count", Integer)];

const VAR: Fields = &[
    ("name", Text),
    (
        "objref",
        Struct(&[
            ("apiVersion", Text),
            ("group", INNER_TEXT),
            ("version", INNER_TEXT),
            ("kind", INNER_TEXT),
            ("name", Text),
            ("namespace", Text),
        ]),
    ),
    ("fieldref", Struct(&[("fieldPath", Text)])),
];

const SORT_OPTIONS: Fields =
    &[("order", Text), ("legacySortOptions", Struct(&[("orderFirst", TEXTS), ("orderLast", TEXTS)]))];

const GENERATOR_OPTIONS: Fields =
    &[("labels", TextMap), ("annotations", TextMap), ("disableNameSuffixHash", Boolean), ("immutable", Boolean)];

const CONFIG_MAP: Fields = &[
    ("namespace", INNER_TEXT),
    ("name", INNER_TEXT),
    ("behavior", INNER_TEXT),
    ("literals", INNER_TEXTS),
    ("files", INNER_TEXTS),
    ("envs", INNER_TEXTS),
    ("env", INNER_TEXT),
    ("options", Promoted(&Struct(GENERATOR_OPTIONS))),
];

const SECRET: Fields = &[
    ("namespace", INNER_TEXT),
    ("name", INNER_TEXT),
    ("behavior", INNER_TEXT),
    ("literals", INNER_TEXTS),
    ("files", INNER_TEXTS),
    ("envs", INNER_TEXTS),
    ("env", INNER_TEXT),
    ("options", Promoted(&Struct(GENERATOR_OPTIONS))),
    ("type", Text),
];

const HELM_CHART: Fields = &[
    ("name", Text),
    ("version", Text),
    ("repo", Text),
    ("releaseName", Text),
    ("namespace", Text),
    ("additionalValuesFiles", TEXTS),
    ("valuesFile", Text),
    ("valuesInline", Any),
    ("valuesMerge", Text),
    ("includeCRDs", Boolean),
    ("skipHooks", Boolean),
    ("apiVersions", TEXTS),
    ("kubeVersion", Text),
    ("nameTemplate", Text),
    ("skipTests", Boolean),
    ("debug", Boolean),
    ("devel", Boolean),
];

const HELM_CHART_ARGS: Fields = &[
    ("chartName", Text),
    ("chartVersion", Text),
    ("chartRepoUrl", Text),
    ("chartHome", Text),
    ("chartRepoName", Text),
    ("helmBin", Text),
    ("helmHome", Text),
    ("values", Text),
    ("valuesLocal", Any),
    ("valuesMerge", Text),
    ("releaseName", Text),
    ("releaseNamespace", Text),
    ("extraArgs", TEXTS),
];
