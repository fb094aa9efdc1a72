//! What a browser's form sent, or what an answer looks like in one: names with their texts.

use std::collections::BTreeMap;

/// Fields by name. A page fills its boxes from here, whether they hold what was just typed or what was saved before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(BTreeMap<String, Sent>);

/// The texts under one name, and where among all names it came first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Sent {
    place: usize,
    texts: Vec<String>,
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut fields = Self::default();
        for (name, text) in pairs {
            fields.add(name, text);
        }
        fields
    }
}

impl Fields {
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) {
        let place = self.0.len();
        let sent = self.0.entry(name.into()).or_insert_with(|| Sent { place, texts: Vec::new() });
        sent.texts.push(text.into());
    }
    /// The first text under this name, without white space around it; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).and_then(|s| s.texts.first()).map_or("", |t| t.trim())
    }
    /// Every text under this name that is not empty.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flat_map(|s| &s.texts).map(|t| t.trim()).filter(|t| !t.is_empty())
    }
    /// Whether this text stands under this name: whether a box is ticked.
    #[must_use]
    pub fn has(&self, name: &str, text: &str) -> bool {
        self.all(name).any(|t| t == text)
    }
    /// Whether anything was sent under this name, or under a name that begins with it and a full stop.
    #[must_use]
    pub fn sent(&self, name: &str) -> bool {
        self.0.contains_key(name) || self.under(name).next().is_some()
    }
    /// What comes next in the names under this one, in the order in which they were sent: the line ids of a budget,
    /// the rows of a group.
    #[must_use]
    pub fn steps(&self, name: &str) -> Vec<&str> {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (rest, sent) in self.under(name) {
            let step = rest.split('.').next().unwrap_or(rest);
            let place = first.entry(step).or_insert(sent.place);
            *place = sent.place.min(*place);
        }
        let mut steps: Vec<(usize, &str)> = first.into_iter().map(|(step, place)| (place, step)).collect();
        steps.sort_unstable();
        steps.into_iter().map(|(_, step)| step).collect()
    }
    fn under(&self, name: &str) -> impl Iterator<Item = (&str, &Sent)> {
        let prefix = format!("{name}.");
        let length = prefix.len();
        // The character after the full stop is the slash.
        let end = format!("{name}/");
        self.0.range(prefix..end).map(move |(name, sent)| (&name[length..], sent))
    }
}
