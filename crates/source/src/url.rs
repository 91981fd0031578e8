//! URLs of repositories, compared and named without what a mirror or a protocol adds.

use smol_str::SmolStr;

/// What two spellings of a URL share: without scheme, user, the scheme's own port, `.git` and
/// trailing `/`; the host in lower case; `git@host:owner/x` is `host/owner/x`. What is normal stays as it is.
pub fn normalize(url: &str) -> String {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let (authority, path) = rest.split_once('/').map_or((rest, None), |(authority, path)| (authority, Some(path)));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, first) = if scheme.is_empty() { scp_host(host) } else { (without_default_port(scheme, host), None) };
    let path: Vec<&str> = first.into_iter().chain(path).collect();
    let host = host.to_lowercase();
    let joined = if path.is_empty() { host } else { format!("{host}/{}", path.join("/")) };
    without_ending(&joined).to_owned()
}

/// Forges that do not tell repositories apart by case.
const ANY_CASE: [&str; 3] = ["github.com", "gitlab.com", "bitbucket.org"];

/// What is equal for URLs of one repository: as [`normalize`], and in lower case where the host does
/// not tell case apart. To compare, not to show.
pub fn key(url: &str) -> String {
    let normal = normalize(url);
    let host = normal.split(['/', ':']).next().unwrap_or_default();
    if ANY_CASE.contains(&host) { normal.to_lowercase() } else { normal }
}

/// Whether two URLs are those of one repository.
pub fn same(left: &str, right: &str) -> bool {
    key(left) == key(right)
}

/// Whether two URLs are those of one repository, where one of them is known to be the fleet's own: case does not matter
/// then, whatever the host (discovery, R0).
pub fn same_in_any_case(left: &str, right: &str) -> bool {
    normalize(left).to_lowercase() == normalize(right).to_lowercase()
}

/// A URL without user and password, to show it.
pub fn without_user(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) if user_info(url).is_some() => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{}://{host}{path}", scheme.trim_start())
        }
        _ => url.to_owned(),
    }
}

/// `owner/name` as GitHub means it: the last two segments of a URL's path; `None` where it has fewer.
pub fn owner_and_name(url: &str) -> Option<(SmolStr, SmolStr)> {
    let normal = normalize(url);
    let (_, path) = normal.split_once('/')?;
    let (before, name) = path.rsplit_once('/')?;
    let owner = before.rsplit('/').next().unwrap_or(before);
    (!owner.is_empty() && !name.is_empty()).then(|| (owner.into(), name.into()))
}

/// User and password that are in a URL, which has to have a scheme; `None` where it names no user.
pub fn user_info(url: &str) -> Option<(&str, Option<&str>)> {
    let (_, rest) = url.trim().split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (info, _) = authority.rsplit_once('@')?;
    Some(info.split_once(':').map_or((info, None), |(user, password)| (user, Some(password))))
}

/// The repository's name: the last segment of a URL or path, without `.git`.
pub fn last_segment(url: &str) -> &str {
    let url = without_ending(url.trim());
    url.rsplit(['/', ':']).next().unwrap_or(url)
}

/// `host:owner` as host and first segment of the path; `host:22` is a port and stays.
fn scp_host(authority: &str) -> (&str, Option<&str>) {
    match authority.split_once(':') {
        Some((host, first)) if !first.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(first)),
        Some((host, "")) => (host, None),
        _ => (authority, None),
    }
}

fn without_default_port<'a>(scheme: &str, host: &'a str) -> &'a str {
    let port = match scheme.to_ascii_lowercase().as_str() {
        "https" | "oci" => ":443",
        "http" => ":80",
        "ssh" | "git+ssh" => ":22",
        _ => return host,
    };
    host.strip_suffix(port).unwrap_or(host)
}

fn without_ending(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    let bare = url.strip_suffix(".git").filter(|rest| !rest.is_empty() && !rest.ends_with('/'));
    bare.unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_repository_are_one() {
        let spellings = [
            "https://github.com/Acme/fleet",
            "https://github.com/Acme/fleet.git",
            "https://GitHub.com/Acme/fleet.git/",
            "https://token:x@y@github.com:443/Acme/fleet",
            "ssh://git@github.com/Acme/fleet.git",
            "ssh://git@github.com:22/Acme/fleet",
            "git@github.com:Acme/fleet.git",
            "github.com:Acme/fleet",
            "github.com/Acme/fleet",
            " oci://github.com/Acme/fleet ",
        ];
        for spelling in spellings {
            assert_eq!(normalize(spelling), "github.com/Acme/fleet", "{spelling}");
        }
    }

    #[test]
    fn case_matters_where_the_host_tells_it_apart() {
        for host in ["github.com", "GitLab.com", "bitbucket.org"] {
            assert!(same(&format!("https://{host}/Acme/Fleet"), &format!("git@{host}:acme/fleet.git")), "{host}");
        }
        assert_eq!(key("https://github.com:8443/Acme/Fleet"), "github.com:8443/acme/fleet");
        assert!(!same("https://git.example/Acme/fleet", "https://git.example/acme/fleet"));
        assert!(same("https://git.Example/acme/fleet", "ssh://git@git.example/acme/fleet"));
        assert!(!same("https://github.com.example/A", "https://github.com.example/a"));
        assert!(same_in_any_case("https://git.example/Acme/fleet", "git@git.example:acme/Fleet.git"));
    }

    #[test]
    fn users_are_left_out_where_urls_are_shown() {
        assert_eq!(without_user("https://me:pass@git.example/a@b"), "https://git.example/a@b");
        assert_eq!(without_user("git@git.example:a/b"), "git@git.example:a/b");
        assert_eq!(without_user("ssh://git@git.example"), "ssh://git.example");
    }

    #[test]
    fn users_and_passwords_are_found() {
        assert_eq!(user_info("https://me:pa:ss@github.com/a/b"), Some(("me", Some("pa:ss"))));
        assert_eq!(user_info("ssh://git@github.com/a/b@c"), Some(("git", None)));
        assert_eq!(user_info("https://github.com/a/b@c:d"), None);
        assert_eq!(user_info("git@github.com:a/b"), None);
    }

    #[test]
    fn normal_urls_stay() {
        let normals =
            ["h.example:8443/a/b", "h.example", "", "/srv/git/fleet", "h/a/b/c", "host.example:22/x", "h/a/.git"];
        for normal in normals {
            assert_eq!(normalize(normal), normal);
        }
        assert_eq!(normalize("https://h.example:8443/a/b.git"), "h.example:8443/a/b");
        assert_eq!(normalize("git@h:x.git"), "h/x");
        assert_eq!(normalize("file:///srv/git/fleet.git"), "/srv/git/fleet");
    }

    #[test]
    fn names_owner_and_repository() {
        let names = |url| owner_and_name(url).map(|(owner, name)| format!("{owner} {name}"));
        assert_eq!(names("https://github.com/acme/fleet.git").as_deref(), Some("acme fleet"));
        assert_eq!(names("git@github.com:acme/fleet").as_deref(), Some("acme fleet"));
        assert_eq!(names("ssh://git@gitlab.example:2222/a/b/c").as_deref(), Some("b c"));
        assert_eq!(names("https://github.com/fleet"), None);
        assert_eq!(names("github.com"), None);
        assert_eq!(names(""), None);
    }

    #[test]
    fn names_the_repository() {
        let cases = [
            ("https://github.com/acme/fleet.git/", "fleet"),
            ("git@host:fleet.git", "fleet"),
            ("/srv/fleet", "fleet"),
            ("fleet", "fleet"),
            ("h/a/.git", ".git"),
            ("", ""),
        ];
        for (url, name) in cases {
            assert_eq!(last_segment(url), name, "{url}");
        }
    }
}
