//! Tokens as pages declare them: a list says what a token may do, a command says which Secret holds it.
//!
//! The two belong together if the page leaves no doubt: the list names the variable that the command stores, or the
//! repository that the command's URL names, or is the only list of the section that holds the command.

use smol_str::{SmolStr, format_smolstr};

use crate::credentials::Token;
use crate::repository::{
    Action, Command, CreatedObject, ObjectKind, PermissionList, Repositories, Runbook, Unread, ValueSource,
};
use crate::source::url;

/// The keys that hold tokens.
const TOKEN_KEYS: [&str; 3] = ["password", "bearerToken", "token"];

/// The tokens that pages declare, those of the fleet's own repository first. A Secret that two lists are about is left out:
/// nobody can tell which one holds.
pub(super) fn declared(repositories: &Repositories<'_>, owner: Option<&str>) -> Vec<Token> {
    let pages = repositories.iter().flat_map(|repository| repository.runbooks());
    let mut tokens: Vec<Token> = pages.flat_map(|page| of_page(page, owner)).collect();
    let all: Vec<(SmolStr, SmolStr)> = tokens.iter().flat_map(|token| token.secrets.clone()).collect();
    for token in &mut tokens {
        token.secrets.retain(|secret| all.iter().filter(|other| *other == secret).count() == 1);
    }
    tokens.retain(|token| !token.secrets.is_empty());
    tokens
}

fn of_page(page: &Runbook, owner: Option<&str>) -> Vec<Token> {
    let lists = page.permissions.iter().filter(|list| !list.permissions.is_empty());
    lists.map(|list| token(page, list, owner)).filter(|token| !token.secrets.is_empty()).collect()
}

/// The token of a list, with the Secrets that hold it.
fn token(page: &Runbook, list: &PermissionList, owner: Option<&str>) -> Token {
    let stored = page.commands.iter().filter_map(|command| match &command.action {
        Action::Create(object) if object.kind == ObjectKind::Secret => Some((command, object)),
        _ => None,
    });
    let stored = stored.filter(|(command, object)| belongs(page, list, command, object));
    let stored: Vec<&CreatedObject> = stored.map(|(_, object)| object).collect();
    let variable = stored.iter().find_map(|object| variable(object));
    let mut token = Token::named(list.token.as_ref().map(|it| it.text.clone()).or(variable).unwrap_or_default());
    (token.place, token.is_of_runbook) = (Some(list.place), true);
    for object in stored {
        let secret = object.namespace.text().zip(object.name.text()).map(|(ns, name)| (ns.into(), name.into()));
        let is_new = |secret: &(SmolStr, SmolStr)| !token.secrets.contains(secret);
        let new: Option<(SmolStr, SmolStr)> = secret.filter(is_new);
        token.secrets.extend(new);
    }
    if token.name.is_empty() {
        token.name = token.secrets.first().map(|(_, name)| name.clone()).unwrap_or_default();
    }
    for permission in &list.permissions {
        token.permission_places.insert(permission.name.clone(), permission.place);
        let known = token.permissions.entry(permission.name.clone()).or_insert(permission.level);
        *known = (*known).max(permission.level);
    }
    let repositories = list.repositories.iter().filter_map(|it| full_name(&it.text, owner));
    token.repositories = repositories.collect();
    // One name that is not understood, and what it reaches is not known.
    if token.repositories.len() < list.repositories.len() {
        token.repositories.clear();
    }
    token
}

/// `owner/name`; where a page names no owner, it is the fleet's.
fn full_name(written: &str, owner: Option<&str>) -> Option<SmolStr> {
    match (written.split_once('/'), owner) {
        (Some(_), _) => Some(written.into()),
        (None, Some(owner)) => Some(format_smolstr!("{owner}/{written}")),
        (None, None) => None,
    }
}

/// Whether a list says what the token of a command may do.
fn belongs(page: &Runbook, list: &PermissionList, command: &Command, object: &CreatedObject) -> bool {
    if let (Some(named), Some(variable)) = (&list.token, variable(object)) {
        return named.text == variable;
    }
    let others = || page.permissions.iter().filter(|other| !std::ptr::eq(*other, list));
    let names =
        |list: &PermissionList, name: &str| list.repositories.iter().any(|it| url::last_segment(&it.text) == name);
    if let Some(name) = repository(object) {
        return names(list, &name) && !others().any(|other| names(other, &name));
    }
    let section = page.section_of(list.place);
    let is_alone = !others().any(|other| page.section_of(other.place) == section);
    is_alone && section == page.section_of(command.place) && list.place.start < command.place.start
}

/// The variable that a command stores as a token.
pub(super) fn variable(object: &CreatedObject) -> Option<SmolStr> {
    let mut keys = object.keys.iter().filter(|key| TOKEN_KEYS.contains(&key.name.as_str()));
    keys.find_map(|key| match &key.value {
        ValueSource::Elsewhere(Unread::Variable(name)) => Some(name.clone()),
        _ => None,
    })
}

/// The name of the repository that the URL of a command ends with; `None` for the URL of a host, and where it is not known.
fn repository(object: &CreatedObject) -> Option<SmolStr> {
    let url = object.url.as_ref()?;
    let path = url.text.split_once("://").map_or(url.text.as_str(), |(_, rest)| rest);
    let name = url::last_segment(path);
    (path.matches('/').count() >= 2 && !name.contains(['$', '{', '<'])).then(|| name.into())
}
