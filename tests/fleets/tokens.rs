//! Which list of permissions of a page belongs to which Secret.

mod cases {
    use fleetlint::run::{Request, Session};
    use fleetlint::tokens::KnownBy;

    use crate::fleet::Repositories;

    const INSTANCE: &str = "apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.8.x, registry: ghcr.io/fluxcd}
  sync: {kind: GitRepository, url: https://github.com/acme/fleet, ref: refs/heads/main, path: clusters/prod, pullSecret: git}
";

    /// How the token of the cluster is known from a page, and what is too much or missing.
    fn known(page: &str) -> (KnownBy, Vec<String>) {
        let repositories = Repositories::empty();
        repositories.write("fleet", "clusters/prod/flux.yaml", INSTANCE);
        repositories.write("fleet", "README.md", page);
        let (session, path) = (Session::default(), repositories.path("fleet"));
        let (sheet, _) = session.tokens(&Request::of(&path), None).unwrap();
        let [token] = sheet.tokens.as_slice() else { panic!("{:?}", sheet.tokens) };
        assert_eq!(token.secrets, ["flux-system/git"]);
        (token.known_by, token.missing.iter().chain(&token.unneeded).cloned().collect())
    }

    fn list(intro: &str, permissions: &[&str]) -> String {
        let items: String = permissions.iter().map(|permission| format!("- {permission}\n")).collect();
        format!("{intro}\n\n{items}\n")
    }

    fn command(url: &str, variable: &str) -> String {
        format!("```sh\nflux create secret git git --url={url} --username=git --password=${variable}\n```\n\n")
    }

    const TOKEN: &str = "Create a fine-grained token with these permissions:";
    const FLEET: &str = "https://github.com/${OWNER}/fleet";
    const HOST: &str = "https://github.com";

    #[test]
    fn a_list_belongs_to_the_command_of_its_section() {
        let page = "## Token\n\n".to_owned() + &list(TOKEN, &["Issues: Read-only"]) + &command(HOST, "T");
        let found = vec!["Contents: read".to_owned(), "Issues: read".to_owned()];
        assert_eq!(known(&page), (KnownBy::Page, found));
        let elsewhere =
            "## Token\n\n".to_owned() + &list(TOKEN, &["Issues: Read-only"]) + "## Later\n\n" + &command(HOST, "T");
        assert_eq!(known(&elsewhere), (KnownBy::Nobody, Vec::new()));
        let several = "## Token\n\n".to_owned()
            + &list(TOKEN, &["Issues: Read-only"])
            + &list(TOKEN, &["Contents: Read-only"])
            + &command(HOST, "T");
        assert_eq!(known(&several), (KnownBy::Nobody, Vec::new()));
    }

    #[test]
    fn a_list_belongs_to_the_command_with_its_variable() {
        let intro = "Create a token (`FLEET_TOKEN`) with these permissions:";
        let lists = "## Tokens\n\n".to_owned()
            + &list(intro, &["Contents: Read-only"])
            + "## Others\n\n"
            + &list(TOKEN, &["Issues: Read-only"]);
        assert_eq!(known(&(lists.clone() + &command(HOST, "FLEET_TOKEN"))), (KnownBy::Page, Vec::new()));
        let found = vec!["Contents: read".to_owned(), "Issues: read".to_owned()];
        assert_eq!(known(&(lists + &command(HOST, "OTHER_TOKEN"))), (KnownBy::Page, found));
    }

    #[test]
    fn a_list_belongs_to_the_command_for_its_repository() {
        let intro = |name: &str| format!("Create a token with these permissions for the `{name}` repository:");
        let lists = |first: &str, second: &str| {
            let first = list(&intro(first), &["Contents: Read-only"]);
            "## Tokens\n\n".to_owned() + &first + &list(&intro(second), &["Issues: Read-only"]) + "## Bootstrap\n\n"
        };
        assert_eq!(known(&(lists("fleet", "apps") + &command(FLEET, "T"))), (KnownBy::Page, Vec::new()));
        assert_eq!(known(&(lists("fleet", "fleet") + &command(FLEET, "T"))), (KnownBy::Nobody, Vec::new()));
        assert_eq!(known(&(lists("infra", "apps") + &command(FLEET, "T"))), (KnownBy::Nobody, Vec::new()));
    }

    #[test]
    fn two_lists_about_one_secret_say_nothing() {
        let first = "## One\n\n".to_owned() + &list(TOKEN, &["Contents: Read-only"]) + &command(HOST, "T");
        let second = "## Two\n\n".to_owned() + &list(TOKEN, &["Issues: Read-only"]) + &command(HOST, "T");
        assert_eq!(known(&(first + &second)), (KnownBy::Nobody, Vec::new()));
    }
}
