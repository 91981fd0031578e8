//! Facts from what is not a manifest: each with the text that it points at.

mod cases {
    use std::sync::Arc;

    use fleetlint::repository::{
        Action, Command, CreatedObject, ObjectKind, Repositories, Unread, ValueSource, Written,
    };
    use fleetlint::source::{Checkout, Files, Reference, SourceArgument, Sources};
    use fleetlint::yaml::{Documents, Span};

    use crate::fleet::Repositories as Folders;

    /// Repositories at hand, and the files that places are in.
    struct World<'a> {
        repositories: Repositories<'a>,
        files: &'a Files,
    }

    impl World<'_> {
        /// The text at a place.
        fn text(&self, span: Span) -> String {
            let file = self.files.get(span.file);
            file.text().unwrap()[span.start as usize..span.end as usize].to_owned()
        }

        /// `line:column` and the text at a place.
        fn place(&self, span: Span) -> String {
            let position = self.files.get(span.file).position(span.start);
            format!("{}:{} {}", position.line, position.column, self.text(span))
        }

        /// A text with its place, if they differ, and what is not known of it.
        fn written(&self, written: &Written) -> String {
            let at = self.text(written.place);
            let at = if at == written.text { String::new() } else { format!(" at `{at}`") };
            let unread: String = written.unread.iter().map(|unread| format!(" {unread:?}")).collect();
            format!("{}{unread}{at}", written.text)
        }

        fn object(&self, object: &CreatedObject) -> String {
            let key = |key: &fleetlint::repository::Key| {
                let value = match &key.value {
                    ValueSource::Elsewhere(unread) => format!("{unread:?}"),
                    other => format!("{other:?}"),
                };
                format!("{}={value}", key.name)
            };
            let keys: Vec<String> = object.keys.iter().map(key).collect();
            let more = if object.has_more_keys { " …" } else { "" };
            let printed = if object.is_printed { " printed" } else { "" };
            let (namespace, name) = (&object.namespace, &object.name);
            let namespace = match namespace.unread.as_slice() {
                [] => namespace.text.to_string(),
                [unread] => format!("{unread:?}"),
                _ => "?".to_owned(),
            };
            format!(
                "{:?} {} {namespace}/{} [{}{more}]{printed}",
                object.kind,
                object.form,
                self.written(name),
                keys.join(" ")
            )
        }

        fn command(&self, command: &Command) -> String {
            let action = match &command.action {
                Action::Create(object) => self.object(object),
                Action::Store(stored) => format!("store {} {:?}", self.written(&stored.name), stored.value),
                Action::Bootstrap(bootstrap) => {
                    let options = ["owner", "repository", "url", "branch", "path"].iter();
                    let options =
                        options.filter_map(|name| Some(format!("{name}={}", self.written(bootstrap.option(name)?))));
                    format!("bootstrap {} {}", bootstrap.provider.text, options.collect::<Vec<_>>().join(" "))
                }
                Action::Change(change) => {
                    let forced = if change.is_forced { " forced" } else { "" };
                    let shown = |written: &Written| match written.text.as_str() {
                        "" => format!("{:?}", written.unread),
                        _ => self.written(written),
                    };
                    format!("{:?} {} -> {}{forced}", change.kind, shown(&change.from), shown(&change.to))
                }
                Action::SetOptions(options) => format!("set {}", options.join(" ")),
                Action::Assign(names) => format!("assign {}", names.join(" ")),
                Action::Unread(unread) => format!("unread {unread:?}"),
            };
            let position = self.files.get(command.place.file).position(command.place.start);
            let condition = if command.is_condition { " condition" } else { "" };
            let piped = command.piped_into.as_ref().map(|program| format!(" | {}", program.text)).unwrap_or_default();
            format!("{}:{} {action}{condition}{piped}", position.line, position.column)
        }

        fn commands(&self) -> Vec<String> {
            let commands = self.repositories.fleet().commands();
            commands.map(|(path, command)| format!("{path}:{}", self.command(command))).collect()
        }

        fn unread(&self) -> Vec<String> {
            let unread = self.repositories.fleet().unread().iter();
            unread.map(|it| format!("{} {:?}", it.path, it.why)).collect()
        }
    }

    fn open<T>(contents: &[(&str, &[u8])], ask: impl FnOnce(World<'_>) -> T) -> T {
        let folders = Folders::empty();
        std::fs::create_dir_all(folders.path("fleet")).unwrap();
        for (path, bytes) in contents {
            let path = folders.path("fleet").join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let files = Arc::new(Files::default());
        let checkout = Checkout::open(&files, &folders.path("fleet")).unwrap();
        let sources = Sources::new(&files, &[]).unwrap();
        let documents = Documents::default();
        let repositories = Repositories::new(&checkout, &sources, &documents, Box::new(Vec::new));
        ask(World { repositories, files: &files })
    }

    fn commands(path: &str, text: &str) -> Vec<String> {
        let prefix = format!("{path}:");
        let all = open(&[(path, text.as_bytes())], |world| world.commands());
        all.into_iter().map(|command| command.strip_prefix(&prefix).unwrap().to_owned()).collect()
    }

    #[test]
    fn secrets_that_flux_creates() {
        let text = "flux create secret git flux-system \\\n  --url=https://github.com/${GITHUB_OWNER}/fleet \\\n  --username=git --password=$TOKEN\n\
            flux -n apps create secret git ssh-key --url ssh://git@github.com/acme/apps\n\
            flux create secret git open --url \"$URL\"\n\
            flux create secret oci 'auth' --url ghcr.io -u flux -p \"${PULL_TOKEN:-none}\"\n\
            flux create secret helm charts --username=a --password=hunter2 --ca-crt-file=./ca.crt --export > x.yaml\n\
            flux create secret tls certs --tls-crt-file=a --tls-key-file=b\n\
            flux create secret githubapp app --app-id=1 --app-installation-id=2 --app-private-key=./key.pem\n\
            flux create secret receiver hook --type=github --hostname=x\n\
            flux create secret notation cfg --trust-policy-file=p.json --ca-cert-file=ca.pem\n\
            flux create secret git\n";
        let context = "Secret git flux-system/";
        assert_eq!(
            commands("bootstrap.sh", text),
            [
                &format!("1:1 {context}flux-system [username=Literal password=Variable(\"TOKEN\")]"),
                "4:1 Secret git apps/ssh-key [identity=Generated identity.pub=Generated known_hosts=Generated]",
                &format!("5:1 {context}open [ …]"),
                "6:1 Secret oci flux-system/auth [.dockerconfigjson=Variable(\"PULL_TOKEN\")]",
                "7:1 Secret helm flux-system/charts [username=Literal password=Literal ca.crt=File] printed",
                "8:1 Secret tls flux-system/certs [tls.crt=File tls.key=File]",
                "9:1 Secret githubapp flux-system/app [githubAppID=Literal githubAppInstallationID=Literal \
                 githubAppPrivateKey=File]",
                "10:1 Secret receiver flux-system/hook [token=Generated]",
                "11:1 Secret notation flux-system/cfg [trustpolicy.json=File …]",
            ]
        );
    }

    #[test]
    fn variables_that_may_hold_secrets() {
        let text = "export GITHUB_TOKEN=<PAT> OWNER=acme\nGITHUB_TOKEN=x flux create secret git a --password=$GITHUB_TOKEN\nread -rs PASSWORD\nPATH_TO=1\nA_PAT=$(op read x)\n";
        assert_eq!(
            commands("a.sh", text),
            [
                "1:1 assign GITHUB_TOKEN",
                "2:16 Secret git flux-system/a [ …]",
                "3:1 assign PASSWORD",
                "5:1 assign A_PAT",
            ]
        );
    }

    #[test]
    fn objects_that_kubectl_creates() {
        let text = "kubectl -n redis create secret generic redis-auth --from-literal=password=\"$(pwgen 20)\" --from-literal user=x\n\
            kubectl create secret -n eso generic 1p --from-file=1password-credentials.json=/dev/stdin --from-file ./dir/age.agekey\n\
            kubectl create secret generic all --from-env-file=.env --dry-run=client -o yaml | kubectl apply -f -\n\
            kubectl create secret generic folder --from-file=certs/ -nprod\n\
            kubectl create secret docker-registry pull --docker-server=ghcr.io --docker-username=x --docker-password=<your token>\n\
            kubectl create configmap info --from-literal=ENVIRONMENT=prod --namespace flux-system\n\
            kubectl create secret tls web --cert=a --key=b -n '{{.NS}}'\n\
            kubectl create secret generic \"${NAME}-auth\" -n a --from-literal=\"$KEY=1\"\n\
            kubectl get secret generic x\n\
            flux-operator create secret basic-auth git -n flux-system --username=git --password-stdin\n\
            flux-operator create secret sops age --age-key-file=a\n";
        let make = commands("Makefile.local", &text.replace('$', "$$"));
        let make: Vec<String> = make.iter().map(|it| it.replace(" at `$${NAME}-auth`", "")).collect();
        assert_eq!(make, commands("make.sh", text), "a recipe of make says the same with `$$`");
        assert_eq!(
            commands("make.sh", text),
            [
                "1:1 Secret generic redis/redis-auth [password=Output user=Literal]",
                "2:1 Secret generic eso/1p [1password-credentials.json=File age.agekey=File]",
                "3:1 Secret generic ContextNamespace/all [ …] printed | kubectl",
                "3:83 unread Manifest",
                "4:1 Secret generic prod/folder [ …]",
                "5:1 Secret docker-registry ContextNamespace/pull [.dockerconfigjson=Placeholder(\"your token\")]",
                "6:1 ConfigMap  flux-system/info [ENVIRONMENT=Literal]",
                "7:1 Secret tls Expression(\".NS\")/web [tls.crt=File tls.key=File]",
                "8:1 Secret generic a/${NAME}-auth Variable(\"NAME\") [ …]",
                "10:1 Secret basic-auth flux-system/git [username=Literal password=Stdin]",
                "11:1 Secret sops flux-system/age [ …]",
            ]
        );
    }

    #[test]
    fn branches_that_commands_change() {
        let text = "git push\n\
            git push --force-with-lease origin HEAD:refs/heads/production\n\
            git push -u origin main\n\
            git push origin +main:prod \"HEAD:${BRANCH:-x}\"\n\
            git push origin --delete old\n\
            git -C repo merge --no-ff origin/main\n\
            if ! gh pr create -R x/y --base production --head main --fill-first 2>&1 | tee log; then\n  exit 1\nfi\n\
            gh pr create --fill || true\n\
            gh secret set FLUX_TOKEN --repo acme/fleet --body \"$TOKEN\" < /dev/null\n\
            gh pr list --base x\n";
        assert_eq!(
            commands("a.sh", text),
            [
                "1:1 Push [CheckedOutBranch] -> [CheckedOutBranch]",
                "2:1 Push HEAD -> production at `refs/heads/production` forced",
                "3:1 Push main -> main",
                "4:1 Push main at `+main` -> prod forced",
                "4:1 Push HEAD -> ${BRANCH:-x} Variable(\"BRANCH\")",
                "5:1 Delete [CheckedOutBranch] -> old",
                "6:1 Merge origin/main -> [CheckedOutBranch]",
                "7:6 PullRequest main -> production condition | tee",
                "10:1 PullRequest [CheckedOutBranch] -> [DefaultBranch] condition",
                "11:1 store FLUX_TOKEN Elsewhere(Variable(\"TOKEN\"))",
            ]
        );
    }

    const PAGE: &str = "# Fleet\n\nRun `flux create secret git inline --url=https://x --username=a --password=b` first.\n\n\
        1. Create it:\n\n   ```bash\n   $ flux create secret git item \\\n       --url=https://github.com \\\n       --username=git --password=$T\n   ```\n\
        \n   > quoted\n   > ~~~\n   > kubectl create secret generic quoted -n a\n   > ~~~\n\n\
        - tabbed\n\n\t\tkubectl create secret generic tabbed -n b\n\n\
        ```yaml\nrun: kubectl create secret generic yaml -n c\n```\n\n\
        <!-- `kubectl create secret generic comment -n d`\nkubectl -->\n\n\
        text\n    kubectl create secret generic lazy -n e\n\n\
        ````console {title=x}\n```\nkubectl create secret generic nested -n f\n````\n\
        as if created by `kubectl create secret docker-registry`\n\
        ```sh\nflux bootstrap github --owner=acme --repository fleet --branch=main --path ./clusters/prod --personal\n";

    #[test]
    fn commands_in_a_page() {
        let found = [
            "3:6 Secret git flux-system/inline [username=Literal password=Literal]",
            "8:6 Secret git flux-system/item [username=Literal password=Variable(\"T\")]",
            "15:6 Secret generic a/quoted []",
            "20:3 Secret generic b/tabbed []",
            "34:1 Secret generic f/nested []",
            "38:1 bootstrap github owner=acme repository=fleet branch=main path=./clusters/prod",
        ];
        assert_eq!(commands("README.md", PAGE), found);
        let windows = commands("README.md", &PAGE.replace('\n', "\r\n"));
        assert_eq!(windows, found);
        let marked = commands("README.md", &format!("\u{feff}{PAGE}"));
        assert_eq!(marked, found);
    }

    #[test]
    fn what_is_written_has_its_place() {
        let text = "> ```sh\n> flux create secret git a \\\n>   --label=x/y=z --url='https://u:p@github.com' \\\n>   --password=\"$P\" --username git\n";
        open(&[("docs/é.md", text.as_bytes())], |world| {
            let (_, command) = world.repositories.fleet().commands().next().unwrap();
            let Action::Create(object) = &command.action else { panic!("{command:?}") };
            assert_eq!(world.place(object.name.place), "2:26 a");
            assert_eq!(world.written(object.url.as_ref().unwrap()), "https://github.com at `https://u:p@github.com`");
            assert_eq!(world.place(object.username.as_ref().unwrap().place), "4:32 git");
            assert_eq!((object.labels[0].0.as_str(), object.labels[0].1.text.as_str()), ("x/y", "z"));
            let password = object.keys.iter().find(|key| key.name == "password").unwrap();
            assert_eq!(world.place(password.place), "4:5 --password=\"$P\"");
            assert_eq!(world.place(password.value_place.unwrap()), "4:17 $P");
            assert!(world.text(command.place).ends_with("--username git"));
        });
    }

    #[test]
    fn permissions_that_a_page_demands() {
        let text = "## Flux GitHub PAT for `infra`\n\nCreate a fine-grained personal access token (`FLUX_TOKEN`) with\n\
            the following permissions for the `d1-infra` and `acme/d1-apps` repositories:\n\n\
            - `Administration` -> `Access: Read-only`\n- **Commit statuses**: Read and write\n- Contents (read/write)\n\
            - _Pull requests_ — read & write (for previews)\n- Nothing else: read\n\n\
            ### Another token\n\n| Permission | Access |\n|---|---|\n| Contents | Read and write |\n| Metadata | Read-only |\n| Issues | No access |\n\n\
            The summary of the PAT:\n\n* Read access to metadata\n* Read and Write access to code, commit statuses, and pull requests\n\n\
            ## Team\n\n- Contents: read\n- Read-only access to the `d1-fleet` repository\n\n\
            Use a classic token with the `repo` and `read:org` scopes, not `main`.\n\nScopes of the token:\n\n- `workflow`: to push\n- repo (full control)\n- main\n";
        open(&[("README.md", text.as_bytes())], |world| {
            let runbook = &world.repositories.fleet().runbooks()[0];
            let shown = runbook.permissions.iter().map(|list| {
                let permissions = list.permissions.iter().map(|it| format!("{}:{}", it.name, it.level.as_str()));
                let scopes = list.scopes.iter().map(|scope| scope.text.to_string());
                let repositories: Vec<String> = list.repositories.iter().map(|it| world.written(it)).collect();
                let heading = list.heading.as_ref().map(|heading| heading.text.to_string()).unwrap_or_default();
                let token = list.token.as_ref().map(|token| world.written(token)).unwrap_or_default();
                let all: Vec<String> = permissions.chain(scopes).collect();
                format!("{heading}|{token}|{}|{}", repositories.join(" "), all.join(" "))
            });
            assert_eq!(
                shown.collect::<Vec<_>>(),
                [
                    "Flux GitHub PAT for infra|FLUX_TOKEN|d1-infra acme/d1-apps|administration:read statuses:write \
                     contents:write pull_requests:write",
                    "Another token|||contents:write metadata:read",
                    "Another token|||metadata:read contents:write statuses:write pull_requests:write",
                    "Team|||repo read:org",
                    "Team|||workflow repo",
                ]
            );
            let first = &runbook.permissions[0];
            assert_eq!(world.place(first.permissions[1].place), "7:3 **Commit statuses**: Read and write");
            assert!(world.place(first.place).starts_with("3:1 Create a fine-grained"));
        });
    }

    const WORKFLOW: &str = "name: Update Production\non:\n  workflow_dispatch:\n  schedule:\n  - cron: 0 9 * * 1\n  push:\n    branches: [main, 'release/*']\n\
        permissions: read-all\nenv: {API_TOKEN: abcdef, REGION: eu}\njobs:\n  update:\n    runs-on: ubuntu-latest\n    permissions:\n      pull-requests: write\n      contents: none\n\
        \x20   environment: {name: prod}\n    steps:\n    - uses: actions/checkout@v4\n      with:\n        ref: ${{ github.ref_name }}\n        token: ${{ secrets.BOT_TOKEN }}\n\
        \x20   - name: promote\n      run: |\n        if ! gh pr create --base production --head main 2>&1 | tee logs.txt; then\n          exit 1\n        fi\n        git push origin HEAD:${{ inputs.branch }}\n\
        \x20     env:\n        GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n        NEXT: ${{ github.token }}\n\
        \x20   - uses: peter-evans/create-pull-request@67ccf781d68cd99b580ae25a5c18a1cc84ffff1f\n      with: {base: production, branch: auto}\n\
        \x20   - run: git push\n      shell: pwsh\n    - {run: git push origin a:b, shell: bash}\n    - uses: acme/deploy@v1\n\
        \x20 call:\n    uses: acme/shared/.github/workflows/x.yml@main\n    secrets: inherit\n  own:\n    uses: ./.github/workflows/y.yml\n";

    #[test]
    fn a_workflow() {
        open(&[(".github/workflows/update.yaml", WORKFLOW.as_bytes())], |world| {
            let workflow = &world.repositories.fleet().workflows()[0];
            let triggers: Vec<&str> = workflow.triggers.iter().map(|trigger| trigger.event.as_str()).collect();
            assert_eq!(triggers, ["workflow_dispatch", "schedule", "push"]);
            let branches = workflow.triggers[2].filter("branches").unwrap();
            assert_eq!(
                branches.iter().map(|it| world.written(it)).collect::<Vec<_>>(),
                ["main", "release/* at `'release/*'`"]
            );
            assert_eq!(workflow.triggers[1].filter("cron").unwrap()[0].text, "0 9 * * 1");
            assert_eq!(world.place(workflow.triggers[2].place), "6:3 push");
            let [update, call, own] = workflow.jobs.as_slice() else { panic!("{:?}", workflow.jobs) };
            let allows = |job, permission, level| workflow.access_of(job).unwrap().allows(permission, level);
            let (read, write) = (fleetlint::credentials::Permission::Read, fleetlint::credentials::Permission::Write);
            assert_eq!(allows(update, "pull_requests", write), Some(true));
            assert_eq!((allows(update, "contents", read), allows(update, "issues", read)), (Some(false), Some(false)));
            assert_eq!((allows(call, "contents", read), allows(call, "contents", write)), (Some(true), Some(false)));
            assert_eq!(world.place(update.place), "11:3 update");
            assert_eq!(update.environment.as_ref().unwrap().text, "prod");
            assert_eq!(call.unread, Some(Unread::Workflow("acme/shared/.github/workflows/x.yml@main".into())));
            assert_eq!(
                (own.unread.clone(), own.calls.as_ref().unwrap().text.as_str()),
                (None, "./.github/workflows/y.yml")
            );
            let secrets: Vec<String> =
                workflow.secrets.iter().map(|it| format!("{} {}", it.name, world.place(it.place))).collect();
            assert_eq!(
                secrets,
                [
                    "BOT_TOKEN 21:20 secrets.BOT_TOKEN",
                    "GITHUB_TOKEN 29:23 secrets.GITHUB_TOKEN",
                    "GITHUB_TOKEN 30:19 github.token"
                ]
            );
            let env: Vec<(&str, &str)> =
                workflow.env.iter().map(|(key, value)| (key.as_str(), value.text.as_str())).collect();
            assert_eq!(env, [("API_TOKEN", ""), ("REGION", "eu")]);
        });
    }

    #[test]
    fn steps_of_a_workflow() {
        open(&[(".github/workflows/update.yaml", WORKFLOW.as_bytes())], |world| {
            let steps = &world.repositories.fleet().workflows()[0].jobs[0].steps;
            let checkout = &steps[0];
            assert_eq!(checkout.uses.as_ref().unwrap().reference.as_deref(), Some("v4"));
            let reference = checkout.input("ref").unwrap();
            assert_eq!(reference.only_unread(), Some(&Unread::Expression("github.ref_name".into())));
            let promote: Vec<String> = steps[1].commands.iter().map(|it| world.command(it)).collect();
            assert_eq!(
                promote,
                [
                    "24:14 PullRequest main -> production condition | tee",
                    "27:9 Push HEAD -> ${{ inputs.branch }} Expression(\"inputs.branch\")"
                ]
            );
            assert!(!steps[1].has_pipefail() && steps[4].has_pipefail());
            assert!(steps[2].uses.as_ref().unwrap().is_pinned() && !checkout.uses.as_ref().unwrap().is_pinned());
            let change = steps[2].changes().next().unwrap();
            assert_eq!((change.from.text.as_str(), change.to.text.as_str()), ("auto", "production"));
            assert_eq!((steps[3].commands.len(), steps[3].unread.clone()), (0, Some(Unread::Shell("pwsh".into()))));
            assert_eq!(steps[4].commands.len(), 1);
            assert_eq!(steps[5].unread, Some(Unread::Workflow("acme/deploy@v1".into())));
        });
    }

    #[test]
    fn scripts_of_other_tools() {
        let task = "version: '3'\ntasks:\n  up:\n    cmds:\n    - kubectl create secret generic -n {{.NS}} {{.C}}-vars --from-env-file=/dev/stdin\n    - task: other\n    - |\n      # why\n      kubectl create secret generic b -n x\n";
        assert_eq!(
            commands("Taskfile.yml", task),
            ["5:7 Secret generic Expression(\".NS\")/{{.C}}-vars Expression(\".C\") [ …]", "9:7 Secret generic x/b []"]
        );
        let just =
            "up name:\n    @kubectl create secret generic {{name}} -n x\n    -kubectl create secret generic b -n y\n";
        assert_eq!(
            commands("justfile", just),
            ["2:6 Secret generic x/{{name}} Expression(\"name\") []", "3:6 Secret generic y/b []"]
        );
        let make = "secret:\n\t@kubectl create secret generic $(NAME) -n $${NS} --from-literal=a=$(shell x y)\n";
        assert_eq!(
            commands("Makefile", make),
            ["2:3 Secret generic Variable(\"NS\")/$(NAME) Variable(\"NAME\") [a=Output]"]
        );
        let heredoc = "cat <<EOF | kubectl apply -f -\nkubectl create secret generic no -n a\nEOF\ncat <<-'END' > x\n\tkubectl create secret generic no -n a\n\tEND\nkubectl create secret generic yes -n a # kubectl create secret generic no -n a\n";
        assert_eq!(commands("x.bash", heredoc), ["1:13 unread Manifest", "7:1 Secret generic a/yes []"]);
    }

    #[test]
    fn what_is_not_read_is_named() {
        let contents: &[(&str, &[u8])] = &[
            (".github/workflows/broken.yml", b"on: [push\njobs: {}\n"),
            (".github/workflows/list.yml", b"- a\n"),
            (".gitlab-ci.yml", b"a: b\n"),
            (".circleci/config.yml", b"a: b\n"),
            ("docs/x.md", b"\xff\xfe\xff"),
            ("docs/y.md", &[b'a'; 5 * 1024 * 1024]),
            ("action.yml", b"runs: {using: node20}\n"),
            ("charts/action.yml", b"a: b\n"),
        ];
        let unread = open(contents, |world| world.unread());
        assert_eq!(
            unread,
            [
                ".circleci/config.yml Pipeline(\"CircleCI\")",
                ".github/workflows/broken.yml Syntax",
                ".github/workflows/list.yml Syntax",
                ".gitlab-ci.yml Pipeline(\"GitLab CI\")",
                "charts/action.yml Syntax",
                "docs/x.md NotText",
                "docs/y.md TooLarge",
            ]
        );
    }

    #[test]
    fn what_creates_an_object() {
        let text = "flux create secret oci auth --url=x --username=a --password=b\nkubectl create secret generic auth\n\
            kubectl create secret generic -n flux-system $NAME\nkubectl create secret generic -n flux-system web-$NAME\n\
            kubectl create cm -n flux-system auth\n";
        open(&[("a.sh", text.as_bytes())], |world| {
            let lines = |kind, namespace, name| {
                let found = world.repositories.created(kind, namespace, name).into_iter();
                let line = |span: Span| world.files.get(span.file).position(span.start).line;
                found.map(|it| (line(it.command.place), it.is_certain)).collect::<Vec<_>>()
            };
            assert_eq!(lines(ObjectKind::Secret, "flux-system", "auth"), [(1, true), (2, false), (3, false)]);
            assert_eq!(lines(ObjectKind::Secret, "flux-system", "web-a"), [(3, false), (4, false)]);
            assert_eq!(lines(ObjectKind::Secret, "apps", "auth"), [(2, false)]);
            assert_eq!(lines(ObjectKind::ConfigMap, "flux-system", "auth"), [(5, true)]);
        });
    }

    #[test]
    fn secrets_in_files_are_known() {
        let script = "flux create secret git a --url=https://x --username=me --password='p w'\n\
            kubectl create secret generic b --from-literal=k=v1 --from-literal=l=$V\n\
            flux bootstrap git --url=https://x --password v2\ngh secret set A -b v3\nkubectl create cm c --from-literal=a=b\n";
        let workflow = "env: {API_TOKEN: v4, REGION: eu, OTHER_TOKEN: \"${{ secrets.A }}\"}\non: push\njobs: {}\n";
        let contents = [("a.sh", script), (".github/workflows/a.yml", workflow), ("plain.yaml", "password: v5\n")];
        let contents = contents.map(|(path, text)| (path, text.as_bytes()));
        open(&contents, |world| {
            let checkout = world.repositories.fleet();
            let documents = Documents::default();
            let found = |path: &str| {
                let file = checkout.tree.file(path).unwrap();
                let spans = fleetlint::repository::secrets_in(&file, &documents).into_iter();
                spans.map(|span| world.text(span)).collect::<Vec<_>>()
            };
            assert_eq!(found("a.sh"), ["p w", "v1", "v2", "v3"]);
            assert_eq!(found(".github/workflows/a.yml"), ["v4"]);
            assert_eq!(found("plain.yaml"), Vec::<String>::new());
        });
    }

    #[test]
    fn other_repositories_are_read_at_what_the_fleet_reads() {
        let folders = Folders::empty();
        folders.write("fleet", "README.md", "`git push origin fleet`\n");
        let workflow: &[(&str, &str)] =
            &[(".github/workflows/a.yml", "on: push\njobs: {}\n"), ("README.md", "`git push origin x`")];
        crate::git::repository(&folders.path("apps"), &[("main", &[("a", "b")]), ("production", workflow)]);
        let files = Arc::new(Files::default());
        let checkout = Checkout::open(&files, &folders.path("fleet")).unwrap();
        let url = "https://git.example/acme/apps".to_owned();
        let given = SourceArgument { url: url.clone(), path: folders.path("apps"), revision: None };
        let sources = Sources::new(&files, &[given]).unwrap();
        let documents = Documents::default();
        let branch = |name: &str| Reference::Branch(name.into());
        let named = || {
            let missing = "https://user:pass@git.example/acme/infra".to_owned();
            vec![(url.clone(), branch("production")), (url.clone(), branch("main")), (missing, branch("main"))]
        };
        let repositories = Repositories::new(&checkout, &sources, &documents, Box::new(named));
        let names: Vec<(&str, Option<&str>, usize, usize)> = repositories
            .iter()
            .map(|it| (&*it.tree.repository, it.tree.revision.as_deref(), it.workflows().len(), it.commands().count()))
            .collect();
        let expected = [("fleet", None, 0, 1), ("apps", Some("main"), 0, 0), ("apps", Some("production"), 1, 1)];
        assert_eq!(names, expected);
        assert_eq!(repositories.unavailable(), ["https://git.example/acme/infra"]);
        let compared = repositories.others()[0].compare("main", "production").unwrap();
        assert_eq!((compared.merge_bases.len(), compared.since_merge_base.paths.len()), (0, 2));
    }
}
