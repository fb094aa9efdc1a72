//! Reads, checks and compares programme designs.
//!
//! A programme is data: one folder of TOML files per programme. [`Programme::read`] turns a folder into a checked
//! [`Programme`], or says everything that is wrong with it, each [`Problem`] with file, line and column.
//! No programme, funder or place is named in code.

mod check;
mod choice;
mod compare;
mod contents;
mod design;
mod folder;
mod history;
mod notes;
mod people;
mod problem;
mod sources;
mod tree;
mod values;
mod words;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use compare::{Difference, compare};
pub use design::{
    Call, Claim, Component, ComponentKind, DaysLine, Design, Gate, MoneyLine, NOT_STATED, Need, PLACES, Part, Per, Phase,
    PlaceNeed, PlaceRule, ReviewPoint, Sector, Sponsor, Stage, StatedTotal, Statement, Status,
};
pub use history::{Award, Event, EventKind, History, Organisation, Place, Resource};
pub use people::{Circle, EntryKind, Flow, Power, Role, Scope, Side};
pub use problem::Problem;
pub use sources::{Source, Sources};
pub use values::{Approx, BadApprox, Citation};

/// The top-level keys of a design's files that belong to its history.
const HISTORY: [&str; 5] = ["organisations", "places", "awards", "events", "resources"];

/// A programme: how it is meant to work, and what is public about its past.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    pub design: Design,
    pub history: History,
}

impl Programme {
    /// Reads and checks a folder. The programme's slug is the folder's name.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn read(dir: &Path, sources: &Sources) -> Result<Self, Vec<Problem>> {
        let files = folder::toml_files(dir)?;
        let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
        let slug = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::from_files(&slug, &files, sources).map_err(|mut problems| {
            for problem in problems.iter_mut().filter(|p| p.file.is_empty()) {
                problem.file = dir.display().to_string();
            }
            problems
        })
    }

    /// Reads and checks the files of a folder, each given as name and text. Which file says what is up to their
    /// writer; no key may stand in two of them.
    ///
    /// # Errors
    /// Everything that is wrong in them, by file and line.
    pub fn from_files(slug: &str, files: &[(String, String)], sources: &Sources) -> Result<Self, Vec<Problem>> {
        let (tree, mut problems) = tree::Tree::parse(files);
        if problems.is_empty() {
            let design = tree.read::<Design>(|key| !HISTORY.contains(&key), &mut problems);
            let history = tree.read::<History>(|key| HISTORY.contains(&key), &mut problems);
            if let (Some(mut design), Some(history)) = (design, history) {
                check::slug(slug, &mut design, &tree, &mut problems);
                let programme = Self { design, history };
                check::all(&programme, sources, &tree, &mut problems);
                if problems.is_empty() {
                    return Ok(programme);
                }
            }
        }
        let order = |file: &str| files.iter().position(|(name, _)| name == file);
        problems.sort_by(|a, b| (order(&a.file), a).cmp(&(order(&b.file), b)));
        problems.dedup();
        Err(problems)
    }

    /// The whole programme as text that is the same for the same programme: canonical JSON.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A readable summary: what `check` prints.
    #[must_use]
    pub fn contents(&self) -> String {
        contents::of(self)
    }

    /// What is worth knowing and yet no error: sources that disagree, sums that differ from what is stated,
    /// questions that two components would ask.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        notes::of(self)
    }
}
