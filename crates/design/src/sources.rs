//! The documents that facts are taken from, as a reader would cite them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::tree::Tree;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub title: String,
    pub publisher: String,
    /// As the document gives it; missing where it gives none.
    pub date: Option<String>,
    /// Such as report or web page.
    pub kind: String,
    pub note: Option<String>,
}

/// All documents, by the key that citations use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sources(pub BTreeMap<String, Source>);

impl Sources {
    /// Reads `sources.toml`.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn read(path: &Path) -> Result<Self, Vec<Problem>> {
        let name = path.display().to_string();
        let text = crate::folder::text_of(path).map_err(|problem| vec![problem])?;
        Self::from_text(&name, &text)
    }

    /// Reads the text of a `sources.toml`.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let files = [(name.to_owned(), text.to_owned())];
        let (tree, mut problems) = Tree::parse(&files);
        let sources = tree.read::<Self>(|_| true, &mut problems);
        match sources {
            Some(sources) if problems.is_empty() => Ok(sources),
            _ => Err(problems),
        }
    }

    #[must_use]
    pub fn get(&self, document: &str) -> Option<&Source> {
        self.0.get(document)
    }
}
