//! Credentials in URLs: user info, and what query parameters say.

use super::assert_silent;
use super::planted::{Way, kustomization, way};

const SPELLINGS: [&str; 13] = [
    "https://me:@S@@example.com/acme/apps",
    "https://@S@@example.com/acme/apps",
    "https://@S@:x-oauth-basic@example.com/acme/apps.git",
    "https://example.com/acme/apps?access_token=@S@",
    "https://example.com/acme/apps?ref=main&private_token=@S@#x",
    "ssh://git:@S@@example.com/acme/apps",
    "https://me:p@@S@@example.com/acme/apps",
    "https://me:/@S@@example.com/acme/apps",
    "https:me:@S@@example.com/acme/apps",
    "me:@S@@example.com/acme/apps",
    "me:@S@@example.com:acme/apps.git",
    "//me:@S@@example.com/acme/apps",
    "https://me:@S@ @example.com/acme/apps",
];

/// A fleet for some of the spellings: which ones, the name decides.
fn each(name: &str, make: impl Fn(&str, Way) -> Way) -> Vec<Way> {
    let turn = name.len() % 3;
    let chosen = SPELLINGS.iter().enumerate().filter(|(index, _)| index % 3 == turn).map(|(_, url)| url);
    chosen.map(|url| make(url, way(format!("{name} {url}")).apps("").file("apps/x.yaml", NOTHING))).collect()
}

const NOTHING: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: flux-system}\ndata: {}\n";

#[test]
fn credentials_of_the_configuration_are_in_no_output() {
    let config = |text: &'static str| move |url: &str, way: Way| way.file("fleetlint.yaml", text.replace("URL", url));
    let mut ways = each("a source that matches nothing", config("sources:\n  'URL': .\n"));
    ways.extend(each("a source without a folder", config("sources:\n  'URL': nowhere\n")));
    ways.extend(each("an external source", config("sources:\n  'URL': {external: true, path: x}\n")));
    ways.extend(each("a source that is given twice", config("sources:\n  'URL': .\n  'URL/': .\n  'URL.git': .\n")));
    ways.extend(each("a source without a path", config("sources:\n  'URL': {}\n")));
    ways.extend(each("a source with an odd path", config("sources:\n  'URL': {path: [x], revison: main}\n")));
    ways.extend(each("a source with an odd revision", config("sources:\n  'URL': {path: ., revision: 'a:b'}\n")));
    ways.extend(each("a broken configuration", config("sources:\n  'URL': [\n  'URL': {\n")));
    ways.extend(each(
        "a token of the configuration",
        config("tokens:\n  - {name: 'URL', secrets: 'URL'}\nnokey: 'URL'\n"),
    ));
    assert_silent(ways);
}

#[test]
fn credentials_of_the_command_line_are_in_no_output() {
    let argument = |argument: &'static str| {
        move |url: &str, way: Way| {
            let given = argument.replace("URL", url);
            way.with(&["--source", &given])
        }
    };
    let mut ways = each("--source that matches nothing", argument("URL=."));
    ways.extend(each("--source without a folder", argument("URL=nowhere")));
    ways.extend(each("--source with an odd revision", argument("URL=.@a:b")));
    ways.extend(each("--source with a missing revision", argument("URL=.@nowhere")));
    ways.extend(each("--source without a path", argument("URL=")));
    ways.extend(each("--source without anything", argument("URL")));
    let twice = |url: &str, way: Way| way.with(&["--source", &format!("{url}=."), "--source", &format!("{url}=.")]);
    ways.extend(each("--source that is given twice", twice));
    ways.extend(each("--cluster", |url, way| way.with(&["--cluster", url])));
    ways.extend(each("--root", |url, way| way.with(&["--root", url])));
    ways.extend(each("--repository", |url, way| way.with(&["--repository", url])));
    ways.extend(each("--format", |url, way| way.with(&["--format", url])));
    ways.extend(each("--config", |url, way| way.with(&["--config", url])));
    ways.extend(each("an option that is none", |url, way| way.with(&["--sourcee", url])));
    assert_silent(ways);
}

#[test]
fn credentials_of_remote_resources_are_in_no_output() {
    let built =
        |text: &'static str| move |url: &str, way: Way| way.file("apps/kustomization.yaml", text.replace("URL", url));
    let mut ways = each("a remote resource", built("resources: ['URL', x.yaml]\n"));
    ways.extend(each("a remote component", built("components: ['URL']\nresources: [x.yaml]\n")));
    ways.extend(each("a remote patch", built("patches: [{path: 'URL'}]\nresources: [x.yaml]\n")));
    ways.extend(each(
        "a remote file of a generator",
        built("configMapGenerator: [{name: a, files: ['URL']}]\nresources: [x.yaml]\n"),
    ));
    ways.extend(each("a remote resource with Git", built("resources: ['git::URL//sub?ref=main', 'URL//x', x.yaml]\n")));
    ways.extend(each("a chart", built("helmCharts: [{name: a, repo: 'URL'}]\nresources: [x.yaml]\n")));
    ways.extend(each("a folder that is missing", built("resources: ['./URL', x.yaml]\n")));
    ways.extend(each("a path of a Kustomization", |url, way| {
        way.file("clusters/prod/more.yaml", kustomization("more", &format!("'{url}'"), ""))
    }));
    assert_silent(ways);
}

#[test]
fn credentials_of_sources_are_in_no_output() {
    let source = |kind: &'static str| {
        move |url: &str, way: Way| {
            let source = format!(
                "apiVersion: source.toolkit.fluxcd.io/v1\nkind: {kind}\nmetadata: {{name: more, namespace: flux-system}}\nspec:\n  interval: 1h\n  url: '{url}'\n  ref: {{branch: nowhere}}\n---\n"
            );
            let reads = kustomization("more", "x", "")
                .replace("{kind: GitRepository, name: flux-system}", &format!("{{kind: {kind}, name: more}}"));
            way.file("clusters/prod/more.yaml", source + &reads)
        }
    };
    let mut ways = each("a GitRepository", source("GitRepository"));
    ways.extend(each("an OCIRepository", source("OCIRepository")));
    ways.extend(each("a Bucket", source("Bucket")));
    ways.extend(each("the sync of an instance", |url, way| {
        way.file("clusters/prod/flux.yaml", format!("apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: flux, namespace: flux-system}}\nspec:\n  distribution: {{version: 2.9.x, registry: ghcr.io/fluxcd}}\n  sync: {{kind: GitRepository, url: '{url}', ref: refs/heads/main, path: clusters/prod}}\n"))
    }));
    ways.extend(each("two syncs of an instance", |url, way| {
        let instance = |name: &str, reference: &str| format!("apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n  distribution: {{version: 2.9.x, registry: ghcr.io/fluxcd}}\n  sync: {{kind: GitRepository, url: '{url}', ref: refs/heads/{reference}, path: clusters/prod}}\n");
        way.file("clusters/prod/flux.yaml", instance("flux", "main")).file("clusters/dev/flux.yaml", instance("flux", "dev"))
    }));
    ways.extend(each("the annotation of an object", |url, way| {
        way.file("apps/x.yaml", format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: flux-system}}\ndata:\n  url: {url}\n  url: {url}/b\n"))
    }));
    assert_silent(ways);
}
