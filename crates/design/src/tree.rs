//! The files of a design as one tree of tables that remembers where everything stands, so that a check made on the
//! finished design can still say file, line and column.

use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use crate::quoted::place_of;
use crate::words::{did_you_mean, list_of, readable};
use crate::{Problem, values};

/// Gives up on a file in which almost everything is wrong.
const ENOUGH: usize = 100;

/// One step on the way to a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Key(&'a str),
    Item(usize),
}
impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}
impl From<usize> for Step<'_> {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

/// The way to a value: `at!["roles", 2, "may", 0]`.
macro_rules! at {
    ($($step:expr),* $(,)?) => { [$($crate::tree::Step::from($step)),*] };
}
pub(crate) use at;

/// All files together. The texts count as one long text, so that a position in it says which file it is in.
pub(crate) struct Tree<'t> {
    files: &'t [(String, String)],
    root: DeTable<'t>,
}

impl<'t> Tree<'t> {
    /// Reads the texts, and says what in them is not TOML or stands twice.
    pub fn parse(files: &'t [(String, String)]) -> (Self, Vec<Problem>) {
        let mut tree = Self { files, root: DeTable::new() };
        let mut problems = Vec::new();
        let mut start = 0;
        for (_, text) in files {
            let (table, errors) = DeTable::parse_recoverable(text);
            for error in errors.into_iter().take(ENOUGH) {
                let at = start + error.span().map_or(0, |s| s.start);
                problems.push(tree.problem_at(
                    at,
                    format!("This is not TOML: {}", error.message()),
                    "Check quotation marks, brackets and equals signs here",
                ));
            }
            for (key, value) in shifted_table(table.into_inner(), start) {
                if tree.root.contains_key(key.get_ref().as_ref()) {
                    let what = format!("‘{}’ stands in two files", key.get_ref());
                    problems.push(tree.problem_at(key.span().start, what, "Keep it in one of them"));
                } else {
                    tree.root.insert(key, value);
                }
            }
            start += text.len() + 1;
        }
        (tree, problems)
    }

    /// The top-level tables that `keep` wants, as a value. Where one list item is wrong it is said and left out, so
    /// that the next is looked at too; nothing is returned then.
    pub fn read<T: DeserializeOwned>(&self, keep: impl Fn(&str) -> bool, problems: &mut Vec<Problem>) -> Option<T> {
        let wanted = self.root.iter().filter(|(key, _)| keep(key.get_ref()));
        let mut root: DeTable<'_> = wanted.map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut sound = true;
        for _ in 0..ENOUGH {
            let document = Spanned::new(0..0, root.clone());
            match T::deserialize(toml::de::Deserializer::from(document)) {
                Ok(value) => return sound.then_some(value),
                Err(error) => {
                    let span = error.span().filter(|s| s.end > 0);
                    if !sound && span.is_none() {
                        // Something is missing that has just been left out.
                        return None;
                    }
                    sound = false;
                    let (what, instead) = explain(error.message());
                    let position = span.as_ref().map_or_else(|| self.beginning(), |s| s.start);
                    problems.push(self.problem_at(position, what, instead));
                    if !span.is_some_and(|s| remove_around(&mut root, s.start)) {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Something wrong at the end of this way, or as near to it as there is anything.
    pub fn problem(&self, way: &[Step<'_>], what: impl Into<String>, instead: impl Into<String>) -> Problem {
        self.problem_at(self.position(way), what, instead)
    }

    /// Something wrong within the text at the end of this way, so many bytes from its beginning; at the text itself
    /// where the byte cannot be found.
    pub fn problem_inside(&self, way: &[Step<'_>], offset: usize, what: &str, instead: &str) -> Problem {
        let start = self.position(way);
        let mut skipped = 0;
        let written = self.files.iter().find_map(|(_, text)| {
            let here = start.checked_sub(skipped)?;
            skipped += text.len() + 1;
            text.get(here..)
        });
        let further = written.and_then(|written| place_of(written, offset)).unwrap_or(0);
        self.problem_at(start + further, what, instead)
    }

    /// Every text that stands under this key, alone or in a list, however deep, with its position.
    pub fn texts_under(&self, key: &str) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        visit(&self.root, &mut |name, value| {
            if let (true, DeValue::String(text)) = (name == key, value.get_ref()) {
                found.push((value.span().start, text.as_ref()));
            }
        });
        found
    }

    /// The name of every list of tables, however deep, with each item's key or slug and its position.
    pub fn keyed_lists(&self) -> Vec<(&str, Vec<(usize, &str)>)> {
        let mut found = Vec::new();
        visit(&self.root, &mut |name, value| {
            if let DeValue::Array(items) = value.get_ref() {
                found.push((name, items.iter().filter_map(own_key).collect()));
            }
        });
        found
    }

    /// Something wrong at a position of the long text.
    pub fn problem_at(&self, position: usize, what: impl Into<String>, instead: impl Into<String>) -> Problem {
        let (what, instead) = (what.into(), instead.into());
        let mut start = 0;
        for (file, text) in self.files {
            if position <= start + text.len() {
                let before = text.get(..position - start).unwrap_or(text);
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                return Problem { file: file.clone(), line, column, what, instead };
            }
            start += text.len() + 1;
        }
        let file = self.files.first().map_or_else(String::new, |(file, _)| file.clone());
        Problem { file, line: 1, column: 1, what, instead }
    }

    /// Where to point for what stands nowhere: the beginning of `programme.toml`, or else of the first file.
    fn beginning(&self) -> usize {
        let mut start = 0;
        for (file, text) in self.files {
            if file.rsplit(['/', '\\']).next() == Some("programme.toml") {
                return start;
            }
            start += text.len() + 1;
        }
        0
    }

    fn position(&self, way: &[Step<'_>]) -> usize {
        let Some((Step::Key(first), rest)) = way.split_first() else { return self.beginning() };
        let Some((key, mut value)) = self.root.get_key_value(*first) else { return self.beginning() };
        let mut position = key.span().start;
        if !matches!(value.get_ref(), DeValue::Array(items) if items.iter().all(|i| i.get_ref().is_table())) {
            position = value.span().start;
        }
        for step in rest {
            let next = match step {
                Step::Key(key) => value.get_ref().get(*key),
                Step::Item(item) => value.get_ref().get(*item),
            };
            let Some(next) = next else { break };
            value = next;
            position = value.span().start;
        }
        position
    }
}

/// Visits every value of a tree with its key; items of a list with the key of the list.
fn visit<'s>(table: &'s DeTable<'s>, each: &mut dyn FnMut(&'s str, &'s Spanned<DeValue<'s>>)) {
    fn value<'s>(name: &'s str, found: &'s Spanned<DeValue<'s>>, each: &mut dyn FnMut(&'s str, &'s Spanned<DeValue<'s>>)) {
        each(name, found);
        match found.get_ref() {
            DeValue::Table(inner) => visit(inner, each),
            DeValue::Array(items) => items.iter().for_each(|item| value(name, item, each)),
            _ => {}
        }
    }
    for (name, found) in table {
        value(name.get_ref(), found, each);
    }
}

fn own_key<'s>(item: &'s Spanned<DeValue<'_>>) -> Option<(usize, &'s str)> {
    let value = item.get_ref().get("key").or_else(|| item.get_ref().get("slug"))?;
    Some((value.span().start, value.get_ref().as_str()?))
}

fn shifted_table(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    let moved = |span: std::ops::Range<usize>| span.start + by..span.end + by;
    table.into_iter().map(|(key, value)| (Spanned::new(moved(key.span()), key.into_inner()), shifted(value, by))).collect()
}

fn shifted(value: Spanned<DeValue<'_>>, by: usize) -> Spanned<DeValue<'_>> {
    let span = value.span().start + by..value.span().end + by;
    let inner = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(shifted_table(table, by)),
        DeValue::Array(items) => DeValue::Array(items.into_iter().map(|item| shifted(item, by)).collect()),
        other => other,
    };
    Spanned::new(span, inner)
}

/// Takes out the smallest top-level thing that a position is in: a list item or a whole entry.
fn remove_around(root: &mut DeTable<'_>, position: usize) -> bool {
    let found = root.iter().find(|(key, value)| key.span().contains(&position) || holds(value, position));
    let Some(key) = found.map(|(key, _)| key.get_ref().to_string()) else { return false };
    if let Some(DeValue::Array(items)) = root.get_mut(key.as_str()).map(Spanned::get_mut)
        && items.iter().any(|item| holds(item, position))
    {
        *items = items.iter().filter(|item| !holds(item, position)).cloned().collect();
        return true;
    }
    root.remove(key.as_str()).is_some()
}

fn holds(value: &Spanned<DeValue<'_>>, position: usize) -> bool {
    let span = value.span();
    span.contains(&position)
        || span.start == position
        || match value.get_ref() {
            DeValue::Table(table) => table.iter().any(|(k, v)| k.span().contains(&position) || holds(v, position)),
            DeValue::Array(items) => items.iter().any(|item| holds(item, position)),
            _ => false,
        }
}

/// Says in plain words what the reader of TOML says in its own.
fn explain(message: &str) -> (String, String) {
    if let Some((what, instead)) = message.split_once(values::INSTEAD) {
        return (what.to_owned(), instead.to_owned());
    }
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match quoted[..] {
        [key, ref known @ ..] if message.starts_with("unknown field") => {
            (format!("There is no key ‘{key}’ here"), did_you_mean(key, known.iter().copied()))
        }
        [key, ref known @ ..] if message.starts_with("unknown variant") => {
            (format!("‘{key}’ is not a word that this design language knows"), did_you_mean(key, known.iter().copied()))
        }
        [key] if message.starts_with("missing field") => (format!("‘{key}’ is missing here"), format!("Write {key} = …")),
        _ => match message.strip_prefix("invalid type: ").and_then(|m| m.split_once(", expected ")) {
            Some((found, wanted)) => (format!("{} cannot stand here", readable(found)), format!("Write {}", list_of(wanted))),
            None => (message.to_owned(), String::new()),
        },
    }
}
