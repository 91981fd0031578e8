//! Applies the edits of a page to the text of a file: by the places of its values, so that comments and layout stay. Marks come
//! along as they are written. Use it as `#[cfg(test)] #[path = "../support/edit.rs"] mod edit;`.

use fleetlint::rule::page::{Edit, Step, Verb};
use fleetlint::source::Files;
use fleetlint::yaml::{Documents, Entry, Node, Value};

/// The text after all edits.
///
/// # Errors
/// An edit that fits nothing in the text, with its line.
pub(crate) fn apply_all(text: &str, edits: &[Edit]) -> Result<String, String> {
    edits
        .iter()
        .try_fold(text.to_owned(), |text, edit| apply(&text, edit).map_err(|why| format!("line {}: {why}", edit.line)))
}

fn apply(text: &str, edit: &Edit) -> Result<String, String> {
    if edit.verb == Verb::Append && edit.path.is_empty() {
        return Ok(format!("{text}---\n{}", indented(edit, 0).join("\n") + "\n"));
    }
    let documents = documents(text)?;
    let index = choose(&documents, edit.object.as_ref())?;
    let root = &documents[index];
    match (edit.verb, edit.path.as_slice()) {
        (Verb::Remove, []) => remove_document(text, index, documents.len()),
        (Verb::Remove, path) => {
            let removed = remove(text, root, path)?;
            match (&edit.mark, path) {
                (None, _) => Ok(removed),
                (Some(_), [_]) => Err("there is no key above it to be marked".into()),
                (Some(_), [above @ .., _]) => {
                    apply(&removed, &Edit { verb: Verb::Keep, path: above.to_vec(), ..edit.clone() })
                }
                (Some(_), []) => Err("a removed object cannot be marked".into()),
            }
        }
        (Verb::Keep, path) => {
            let place = Place::of(text, root, path)?;
            let mut lines = Lines::of(text);
            lines.mark(place.first, edit);
            Ok(lines.joined())
        }
        (Verb::Set, path) => set(text, root, path, edit),
        (Verb::Append, path) => append(text, root, path, edit),
    }
}

/// The objects of a file; the place of an empty document is kept.
fn documents(text: &str) -> Result<Vec<Node>, String> {
    let file = Files::default().add("".into(), None, "edited.yaml".to_owned(), text.into());
    let stream = Documents::default().of(&file);
    let documents = stream.documents.iter().map(|document| match document {
        Ok(document) => document.root.clone().ok_or_else(|| "a document of the file is empty".to_owned()),
        Err(why) => Err(format!("the file is not YAML: {}", why.message)),
    });
    documents.collect()
}

fn choose(documents: &[Node], object: Option<&(String, String)>) -> Result<usize, String> {
    let Some((kind, name)) = object else {
        return match documents {
            [_] => Ok(0),
            _ => {
                Err("the file has several objects: say which one, as in `set Kustomization/apps spec.path: ./apps`"
                    .into())
            }
        };
    };
    let is_meant = |root: &Node| {
        let text = |pointer: &str| root.at(pointer).and_then(Node::text);
        text("/kind") == Some(kind) && text("/metadata/name") == Some(name)
    };
    let mut found = documents.iter().enumerate().filter(|(_, root)| is_meant(root));
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        (None, _) => Err(format!("the file has no {kind} `{name}`")),
        _ => Err(format!("the file has two objects `{kind}/{name}`")),
    }
}

/// The lines that an entry or an item takes, and where its value stands.
struct Place<'a> {
    node: &'a Node,
    /// Where the key starts, or the item.
    start: usize,
    /// Where it ends.
    head: usize,
    first: usize,
    last: usize,
}

impl<'a> Place<'a> {
    fn of(text: &str, root: &'a Node, path: &[Step]) -> Result<Self, String> {
        let (step, above) = path.split_last().ok_or("a path is missing")?;
        let above = find(root, above).ok_or_else(|| missing(path))?;
        let (node, key) = match (&above.value, step) {
            (Value::Mapping(mapping), Step::Key(key)) => {
                let entry = mapping.entry(key).ok_or_else(|| missing(path))?;
                (&entry.value, &entry.key)
            }
            (Value::Sequence(items), Step::Index(index)) => {
                let item = items.get(*index).ok_or_else(|| missing(path))?;
                (item, item)
            }
            _ => return Err(missing(path)),
        };
        let start = start(key);
        let last = line_of(text, end(text, node).max(start + 1) - 1);
        Ok(Self { node, start, head: end(text, key), first: line_of(text, start), last })
    }
}

fn missing(path: &[Step]) -> String {
    let path = path.iter().map(|step| match step {
        Step::Key(key) if key.contains(['.', '/']) => format!("[\"{key}\"]"),
        Step::Key(key) => format!(".{key}"),
        Step::Index(index) => format!("[{index}]"),
    });
    format!("the file has no `{}`", path.collect::<String>().trim_start_matches('.'))
}

fn find<'a>(root: &'a Node, path: &[Step]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.items().get(*index),
    })
}

/// Where a value starts: a mapping with its first key.
fn start(node: &Node) -> usize {
    let own = node.origin.span.map(|span| span.start as usize);
    match &node.value {
        Value::Mapping(mapping) if !mapping.flow => mapping.entries.first().map(|entry| start(&entry.key)).or(own),
        _ => own,
    }
    .unwrap_or_default()
}

/// Where a value ends, without the line break.
fn end(text: &str, node: &Node) -> usize {
    let own = node.origin.span.map_or(0, |span| span.end as usize);
    let last = match &node.value {
        Value::Mapping(mapping) if !mapping.flow => {
            mapping.entries.last().map(|Entry { key, value }| end(text, key).max(end(text, value)))
        }
        Value::Sequence(items) if !node.is_flow() => items.last().map(|item| end(text, item)),
        _ => Some(own),
    };
    text[..last.unwrap_or(own)].trim_end().len()
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count()
}

/// A file as lines, to be changed.
struct Lines(Vec<String>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.lines().map(str::to_owned).collect())
    }

    fn joined(self) -> String {
        self.0.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
    }

    fn mark(&mut self, line: usize, edit: &Edit) {
        if let Some(mark) = &edit.mark {
            self.0[line].push_str(&format!(" {mark}"));
        }
    }
}

/// The column of a place, in bytes.
fn column(text: &str, offset: usize) -> usize {
    offset - text[..offset].rfind('\n').map_or(0, |index| index + 1)
}

/// The lines of a value below its key, behind a margin.
fn block(edit: &Edit, margin: usize) -> impl Iterator<Item = String> + '_ {
    let margin = " ".repeat(margin);
    edit.block.iter().map(move |line| if line.is_empty() { String::new() } else { format!("{margin}{line}") })
}

fn set(text: &str, root: &Node, path: &[Step], edit: &Edit) -> Result<String, String> {
    let Ok(place) = Place::of(text, root, path) else { return insert(text, root, path, edit) };
    let is_item = matches!(path.last(), Some(Step::Index(_)));
    let mut lines = Lines::of(text);
    if edit.block.is_empty() && place.node.as_scalar().is_some_and(|_| place.first == place.last) {
        let span = place.node.origin.span.ok_or("the value stands nowhere")?;
        let (from, to) = (column(text, span.start as usize), column(text, span.end as usize));
        let blank = if from == to && !is_item { " " } else { "" };
        lines.0[place.first].replace_range(from..to, &format!("{blank}{}", edit.inline));
        lines.mark(place.first, edit);
        return Ok(lines.joined());
    }
    if is_item {
        return Err("only an item that is one value can be set: set its fields".into());
    }
    let margin = column(text, place.start);
    let key_end = text[place.head..].find(':').map_or(text.len(), |colon| place.head + colon + 1);
    let head = &text[place.start - margin..key_end];
    let blank = if edit.inline.is_empty() { "" } else { " " };
    let new = std::iter::once(format!("{head}{blank}{}", edit.inline)).chain(block(edit, margin));
    lines.0.splice(place.first..=place.last, new.collect::<Vec<_>>());
    lines.mark(place.first, edit);
    Ok(lines.joined())
}

/// Sets a field that is not there: below the last line of the nearest mapping above it that is.
fn insert(text: &str, root: &Node, path: &[Step], edit: &Edit) -> Result<String, String> {
    if matches!(path.last(), Some(Step::Index(_))) {
        return Err("only `append` adds to a list".into());
    }
    let known = (0..path.len()).rev().find_map(|length| Some((length, find(root, &path[..length])?)));
    let (length, above) = known.ok_or("the file is empty")?;
    let mapping = above.as_mapping().filter(|mapping| !mapping.flow && !mapping.entries.is_empty());
    let mapping =
        mapping.ok_or("what should hold it is not a mapping with entries on lines of their own: set it as a whole")?;
    let first = mapping.entries.first().map_or(0, |entry| start(&entry.key));
    let margin = column(text, first);
    let mut new = Vec::new();
    for (depth, step) in path[length..].iter().enumerate() {
        let Step::Key(key) = step else { return Err("only `append` adds to a list".into()) };
        new.push(format!("{}{key}:", " ".repeat(margin + 2 * depth)));
    }
    let mark = line_of(text, end(text, above) - 1) + new.len();
    if let Some(last) = new.last_mut().filter(|_| !edit.inline.is_empty()) {
        last.push_str(&format!(" {}", edit.inline));
    }
    new.extend(block(edit, margin + 2 * (path.len() - length - 1)));
    let mut lines = Lines::of(text);
    let below = line_of(text, end(text, above) - 1) + 1;
    lines.0.splice(below..below, new);
    lines.mark(mark, edit);
    Ok(lines.joined())
}

fn append(text: &str, root: &Node, path: &[Step], edit: &Edit) -> Result<String, String> {
    let Some(list) = find(root, path) else {
        let item =
            if edit.inline.is_empty() { Vec::new() } else { vec![format!("  - {}{}", edit.inline, behind(edit))] };
        let mark = edit.mark.clone().filter(|_| edit.inline.is_empty());
        let block = edit.block.iter().cloned().chain(item).collect();
        return insert(text, root, path, &Edit { inline: String::new(), block, mark, ..edit.clone() });
    };
    let items =
        list.as_sequence().filter(|items| !items.is_empty()).ok_or("only a list with items can be appended to")?;
    let below = line_of(text, end(text, list) - 1) + 1;
    let mut lines = Lines::of(text);
    if list.is_flow() {
        let bracket = column(text, end(text, list) - 1);
        lines.0[below - 1].insert_str(bracket, &format!(", {}", edit.inline));
        lines.mark(below - 1, edit);
        return Ok(lines.joined());
    }
    let first = &lines.0[line_of(text, start(&items[0]))];
    let margin = first.len() - first.trim_start().len();
    let new: Vec<String> = match edit.block.first() {
        None => vec![format!("{}- {}{}", " ".repeat(margin), edit.inline, behind(edit))],
        Some(_) => indented(edit, margin),
    };
    lines.0.splice(below..below, new);
    Ok(lines.joined())
}

/// The lines of a value below its key, the first of them at a column.
fn indented(edit: &Edit, column: usize) -> Vec<String> {
    let own = edit.block.first().map_or(0, |line| line.len() - line.trim_start().len());
    let lines = edit.block.iter().map(|line| match line.get(own..) {
        Some(rest) if !rest.is_empty() => format!("{}{rest}", " ".repeat(column)),
        _ => String::new(),
    });
    lines.collect()
}

fn behind(edit: &Edit) -> String {
    edit.mark.as_ref().map(|mark| format!(" {mark}")).unwrap_or_default()
}

fn remove(text: &str, root: &Node, path: &[Step]) -> Result<String, String> {
    let place = Place::of(text, root, path)?;
    let above = find(root, &path[..path.len() - 1]).ok_or_else(|| missing(path))?;
    if above.is_flow() || above.as_mapping().is_some_and(|mapping| mapping.flow) {
        return Err("it stands in brackets: set the whole value".into());
    }
    if above.entries().len().max(above.items().len()) == 1 {
        return Err("nothing would be left beside it: remove or set what holds it".into());
    }
    let mut lines = Lines::of(text);
    let margin = column(text, place.start);
    let before = lines.0[place.first][..margin].to_owned();
    lines.0.drain(place.first..=place.last);
    if matches!(path.last(), Some(Step::Key(_))) && !before.trim().is_empty() {
        // The first key of an item: the next one takes its place behind the dash.
        let next = lines.0.get(place.first).and_then(|line| line.get(margin..)).unwrap_or_default();
        lines.0[place.first] = format!("{before}{next}");
    }
    Ok(lines.joined())
}

fn remove_document(text: &str, index: usize, count: usize) -> Result<String, String> {
    let mut parts: Vec<&str> = text.split("---\n").collect();
    if count == 1 || parts.len() != count {
        return Err("only one of several objects between `---` lines can be removed".into());
    }
    parts.remove(index);
    Ok(parts.join("---\n"))
}

mod cases {
    use fleetlint::rule::page::{Content, files};

    use super::apply_all;

    const TEXT: &str = "\
# Above.
kind: Kustomization
metadata:
  name: 'apps' # why
spec:
  # The list.
  dependsOn:
    - name: a
      namespace: b
    - name: c
  path: ./apps
  secrets: [x]
  patch: |
    one

    two
  # Below.
  prune: true
";

    fn edited(text: &str, edits: &str) -> Result<String, String> {
        let page = format!("```yaml edit\n# a.yaml\n{edits}\n```\n");
        let files = files(&page).map_err(|why| why.to_string())?;
        let [file] = files.as_slice() else { panic!("one block") };
        let Content::Edits(edits) = &file.content else { panic!("edits") };
        apply_all(text, edits)
    }

    /// Replaces one piece of [`TEXT`].
    #[track_caller]
    fn check(edits: &str, old: &str, new: &str) {
        assert_eq!(TEXT.matches(old).count(), 1, "{old}");
        assert_eq!(edited(TEXT, edits).unwrap(), TEXT.replace(old, new), "{edits}");
    }

    #[test]
    fn values_are_set() {
        check("set spec.path: ./x # <- here", "./apps\n", "./x # <- here\n");
        check("set metadata.name: x # <- here: x", "'apps' # why", "x # why # <- here: x");
        check("set spec.path:\n  a:\n    - b # <- here", " ./apps\n", "\n    a:\n      - b # <- here\n");
        check("set spec.patch: x", "patch: |\n    one\n\n    two\n", "patch: x\n");
        check("set spec.patch: |\n  x\n\n  y\n", "|\n    one\n\n    two\n", "|\n    x\n\n    y\n");
        check("set spec.dependsOn[1].name: d", "- name: c", "- name: d");
        check("set spec.secrets[0]: y", "[x]", "[y]");
        assert_eq!(edited("http://a: b\n", "set [\"http://a\"]:\n  c: d").unwrap(), "http://a:\n  c: d\n");
        check("set spec.secrets: [z] # <- here: z", "[x]", "[z] # <- here: z");
    }

    #[test]
    fn fields_are_added() {
        check("set spec.wait: true # <- here", "true\n", "true\n  wait: true # <- here\n");
        check("set metadata.labels[\"a.b/c\"]: d", "# why\n", "# why\n  labels:\n    a.b/c: d\n");
        check("set spec.dependsOn[1].namespace: d", "- name: c\n", "- name: c\n      namespace: d\n");
        check("set data: # <- here\n  a: b", "prune: true\n", "prune: true\ndata: # <- here\n  a: b\n");
    }

    #[test]
    fn items_are_appended() {
        check(
            "append spec.dependsOn:\n  - name: d\n    x: y # <- here",
            "- name: c\n",
            "- name: c\n    - name: d\n      x: y # <- here\n",
        );
        check(
            "append spec.dependsOn: {name: d} # <- here: d",
            "- name: c\n",
            "- name: c\n    - {name: d} # <- here: d\n",
        );
        check("append spec.secrets: y", "[x]", "[x, y]");
        check("append spec.more: y # <- here", "true\n", "true\n  more:\n    - y # <- here\n");
        check("append spec.more:\n  - y: z", "true\n", "true\n  more:\n    - y: z\n");
    }

    #[test]
    fn fields_and_items_are_removed() {
        check("remove spec.dependsOn", "  dependsOn:\n    - name: a\n      namespace: b\n    - name: c\n", "");
        check("remove spec.dependsOn[0]", "    - name: a\n      namespace: b\n", "");
        check("remove spec.dependsOn[0].name", "name: a\n      namespace", "namespace");
        check("remove spec.patch", "  patch: |\n    one\n\n    two\n", "");
        let marked = edited(TEXT, "remove spec.prune # <- here").unwrap();
        assert_eq!(marked, TEXT.replace("spec:\n", "spec: # <- here\n").replace("  prune: true\n", ""));
    }

    #[test]
    fn a_mark_changes_nothing() {
        check("keep metadata: # <- here", "metadata:\n", "metadata: # <- here\n");
        check("keep spec.dependsOn[1] # <- here: c", "name: c\n", "name: c # <- here: c\n");
    }

    #[test]
    fn objects_are_named_where_there_are_several() {
        let two = "kind: A\nmetadata:\n  name: x\n---\nkind: B\nmetadata:\n  name: x\n";
        let changed = "kind: A\nmetadata:\n  name: x\n---\nkind: B\nmetadata:\n  name: x\n  a: b\n";
        assert_eq!(edited(two, "set B/x metadata.a: b").unwrap(), changed);
        assert_eq!(edited(two, "remove A/x").unwrap(), "kind: B\nmetadata:\n  name: x\n");
        assert_eq!(edited(two, "remove B/x").unwrap(), "kind: A\nmetadata:\n  name: x\n");
    }

    #[test]
    fn objects_are_appended() {
        let appended = edited(TEXT, "append:\n  kind: A\n\n  spec: # <- here\n    a: b").unwrap();
        assert_eq!(appended, format!("{TEXT}---\nkind: A\n\nspec: # <- here\n  a: b\n"));
    }

    #[test]
    fn an_edit_that_fits_nothing_says_why() {
        let two = "kind: A\n---\nkind: B\n";
        let cases = [
            (
                two,
                "set spec.a: b",
                "line 3: the file has several objects: say which one, as in `set Kustomization/apps spec.path: ./apps`",
            ),
            (two, "# Why.\nset C/x spec.a: b", "line 4: the file has no C `x`"),
            (TEXT, "remove spec.wait", "line 3: the file has no `spec.wait`"),
            (TEXT, "keep spec.dependsOn[2].x # <- here", "line 3: the file has no `spec.dependsOn[2].x`"),
            (TEXT, "remove metadata.name", "line 3: nothing would be left beside it: remove or set what holds it"),
            (TEXT, "remove metadata # <- here", "line 3: there is no key above it to be marked"),
            (TEXT, "append spec.path: x", "line 3: only a list with items can be appended to"),
            (TEXT, "set spec.dependsOn[2]: x", "line 3: only `append` adds to a list"),
            (TEXT, "set spec.dependsOn[0]: x", "line 3: only an item that is one value can be set: set its fields"),
            (TEXT, "remove spec.secrets[0]", "line 3: it stands in brackets: set the whole value"),
            (
                TEXT,
                "remove Kustomization/apps",
                "line 3: only one of several objects between `---` lines can be removed",
            ),
            (
                "a: {}\n",
                "set a.b: c",
                "line 3: what should hold it is not a mapping with entries on lines of their own: set it as a whole",
            ),
            ("a: 'b\n", "set a: c", "line 3: the file is not YAML: this quote is never closed"),
        ];
        for (text, edits, expected) in cases {
            assert_eq!(edited(text, edits).unwrap_err(), expected, "{edits}");
        }
    }
}
