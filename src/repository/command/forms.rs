//! Which keys a Secret has that a command creates: by the sub-command and its flags (flux 2.9, flux-operator 0.59,
//! kubectl 1.34).

/// The program that creates an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tool {
    Flux,
    FluxOperator,
    Kubectl,
}

/// A sub-command that creates a Secret.
#[derive(Debug)]
pub(super) struct Form {
    pub tool: Tool,
    pub name: &'static str,
    /// The key that the value of each flag is stored under.
    pub flags: &'static [(&'static str, &'static str)],
    /// The keys that are there in any case.
    pub always: &'static [&'static str],
    /// Other flags decide about keys, too, that are not known here.
    pub has_more: bool,
}

const TLS: &[(&str, &str)] = &[
    ("tls-crt-file", "tls.crt"),
    ("cert-file", "tls.crt"),
    ("tls-key-file", "tls.key"),
    ("key-file", "tls.key"),
    ("ca-crt-file", "ca.crt"),
    ("ca-file", "ca.crt"),
];

const USERNAME: (&str, &str) = ("username", "username");
const PASSWORD: (&str, &str) = ("password", "password");
const PASSWORD_STDIN: (&str, &str) = ("password-stdin", "password");

const HELM: &[(&str, &str)] = &[
    USERNAME,
    PASSWORD,
    ("tls-crt-file", "tls.crt"),
    ("cert-file", "tls.crt"),
    ("tls-key-file", "tls.key"),
    ("key-file", "tls.key"),
    ("ca-crt-file", "ca.crt"),
    ("ca-file", "ca.crt"),
];

const GITHUB_APP: &[(&str, &str)] = &[
    ("app-id", "githubAppID"),
    ("app-installation-id", "githubAppInstallationID"),
    ("app-installation-owner", "githubAppInstallationOwner"),
    ("app-private-key", "githubAppPrivateKey"),
    ("app-private-key-file", "githubAppPrivateKey"),
    ("app-base-url", "githubAppBaseURL"),
];

const DOCKER: &[(&str, &str)] = &[("password", ".dockerconfigjson"), ("password-stdin", ".dockerconfigjson")];

const SSH: &[(&str, &str)] = &[
    ("private-key-file", "identity"),
    ("public-key-file", "identity.pub"),
    ("knownhosts-file", "known_hosts"),
    PASSWORD,
    PASSWORD_STDIN,
];

/// Over HTTPS.
pub(super) const GIT_HTTPS: Form = Form {
    tool: Tool::Flux,
    name: "git",
    flags: &[USERNAME, PASSWORD, ("bearer-token", "bearerToken"), ("ca-crt-file", "ca.crt"), ("ca-file", "ca.crt")],
    always: &[],
    has_more: false,
};

/// Over SSH: the keys are generated.
pub(super) const GIT_SSH: Form = Form {
    tool: Tool::Flux,
    name: "git",
    flags: &[("private-key-file", "identity"), ("password", "password")],
    always: &["identity", "identity.pub", "known_hosts"],
    has_more: false,
};

const fn form(
    tool: Tool,
    name: &'static str,
    flags: &'static [(&'static str, &'static str)],
    always: &'static [&'static str],
) -> Form {
    Form { tool, name, flags, always, has_more: false }
}

const fn open(tool: Tool, name: &'static str, flags: &'static [(&'static str, &'static str)]) -> Form {
    Form { tool, name, flags, always: &[], has_more: true }
}

const FORMS: &[Form] = &[
    form(Tool::Flux, "helm", HELM, &[]),
    form(Tool::Flux, "oci", DOCKER, &[".dockerconfigjson"]),
    form(Tool::Flux, "tls", TLS, &[]),
    form(Tool::Flux, "proxy", &[("address", "address"), USERNAME, PASSWORD], &[]),
    form(Tool::Flux, "githubapp", GITHUB_APP, &[]),
    open(Tool::Flux, "notation", &[("trust-policy-file", "trustpolicy.json")]),
    form(Tool::Flux, "receiver", &[("token", "token")], &["token"]),
    form(Tool::FluxOperator, "basic-auth", &[USERNAME, PASSWORD, PASSWORD_STDIN], &["username", "password"]),
    form(Tool::FluxOperator, "githubapp", GITHUB_APP, &[]),
    form(Tool::FluxOperator, "proxy", &[("address", "address"), USERNAME, PASSWORD, PASSWORD_STDIN], &["address"]),
    form(Tool::FluxOperator, "registry", DOCKER, &[".dockerconfigjson"]),
    open(Tool::FluxOperator, "sops", &[]),
    form(Tool::FluxOperator, "ssh", SSH, &["identity", "known_hosts"]),
    form(Tool::FluxOperator, "tls", TLS, &[]),
    form(
        Tool::FluxOperator,
        "web-config",
        &[("client-secret", "config.yaml"), ("client-secret-stdin", "config.yaml")],
        &["config.yaml"],
    ),
    open(Tool::Kubectl, "generic", &[]),
    form(Tool::Kubectl, "tls", &[("cert", "tls.crt"), ("key", "tls.key")], &["tls.crt", "tls.key"]),
    form(Tool::Kubectl, "docker-registry", &[("docker-password", ".dockerconfigjson")], &[".dockerconfigjson"]),
];

/// The form of a sub-command. What is not known may have any keys.
pub(super) fn of(tool: Tool, name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.tool == tool && form.name == name)
}
