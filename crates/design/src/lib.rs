//! Reads, checks and compares programme designs.
//!
//! A programme is data: one folder of TOML files per programme. [`Programme::read`] turns a folder into a checked
//! [`Programme`], or says everything that is wrong with it, each [`Problem`] with file, line and column.
//! No programme, funder or place is named in code.

mod awards;
mod call;
mod check;
mod choice;
mod compare;
mod contents;
mod design;
mod folder;
mod form;
mod form_text;
mod frameworks;
mod gatherings;
mod history;
mod matters;
mod money;
mod notes;
mod peers;
mod people;
mod problem;
mod quoted;
mod review;
mod sources;
mod tree;
mod values;
mod words;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use awards::{BudgetLine, ChangeKind, ChangeRule};
pub use call::{Call, Criterion, Stage};
pub use compare::{Difference, compare};
pub use design::{
    Claim, Component, ComponentKind, Design, Gate, NOT_STATED, Need, PLACES, Part, Phase, PlaceNeed, PlaceRule, ReviewPoint,
    Sector, Sponsor, Statement, Status,
};
pub use form::DesignForm;
pub use frameworks::{Framework, Group};
pub use gatherings::{Gathering, MOST_NEEDS_DAYS};
pub use history::{Award, Event, EventKind, History, Organisation, Place, Resource};
pub use matters::{
    AgreementRule, AgreementSide, CallsFor, Each, Influence, InfluencePart, Marker, Skill, StepRule, TextPart, TippingPoint,
    VoiceAnswer, Voices,
};
pub use money::{Carry, DaysLine, MoneyLine, Per, StatedTotal};
pub use peers::{PeerPart, Peers};
pub use people::{Circle, EntryKind, Flow, OutputRule, Power, Role, Scope, Side};
pub use problem::Problem;
pub use review::{Consideration, considerations};
pub use sources::{Source, Sources};
pub use values::{Approx, BadApprox, Citation};

/// The top-level keys of a design's files that belong to its history.
const HISTORY: [&str; 5] = ["organisations", "places", "awards", "events", "resources"];

/// A file's name and what it says.
type Text = (String, String);

/// A programme: how it is meant to work, what is public about its past, and the forms it asks people to fill in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    pub design: Design,
    pub history: History,
    /// What is asked of people, by file name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<DesignForm>,
}

impl Programme {
    /// Reads and checks a folder. The programme's slug is the folder's name.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn read(dir: &Path, sources: &Sources) -> Result<Self, Vec<Problem>> {
        let files = folder::toml_files(dir)?;
        let forms = folder::form_files(dir)?;
        let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
        let slug = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::from_texts(&slug, &files, &forms, sources).map_err(|mut problems| {
            for problem in problems.iter_mut().filter(|p| p.file.is_empty()) {
                problem.file = dir.display().to_string();
            }
            problems
        })
    }

    /// Reads and checks the files of a folder, each given as name and text. Which file says what is up to their
    /// writer; no key may stand in two of them. A file within a folder `forms` is a form.
    ///
    /// # Errors
    /// Everything that is wrong in them, by file and line.
    pub fn from_files(slug: &str, files: &[(String, String)], sources: &Sources) -> Result<Self, Vec<Problem>> {
        let (forms, files): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|(name, _)| folder::is_form(name));
        Self::from_texts(slug, &files, &forms, sources)
    }

    fn from_texts(slug: &str, files: &[Text], forms: &[Text], sources: &Sources) -> Result<Self, Vec<Problem>> {
        let keys: Vec<&str> = forms.iter().map(|(name, _)| folder::form_key(name)).collect();
        let (mut read, mut problems) = (Vec::new(), Vec::new());
        for ((name, text), key) in forms.iter().zip(&keys) {
            match DesignForm::read(name, text, Some(key)) {
                Ok(form) => read.push(form),
                Err(wrong) => problems.extend(wrong),
            }
        }
        let (tree, mut found) = tree::Tree::parse(files);
        if found.is_empty() {
            let design = tree.read::<Design>(|key| !HISTORY.contains(&key), &mut found);
            let history = tree.read::<History>(|key| HISTORY.contains(&key), &mut found);
            if let (Some(mut design), Some(history)) = (design, history) {
                check::slug(slug, &mut design, &tree, &mut found);
                let programme = Self { design, history, forms: read };
                check::all(&programme, &keys, sources, &tree, &mut found);
                if problems.is_empty() && found.is_empty() {
                    return Ok(programme);
                }
            }
        }
        problems.extend(found);
        let order = |file: &str| files.iter().chain(forms).position(|(name, _)| name == file);
        problems.sort_by(|a, b| (order(&a.file), a).cmp(&(order(&b.file), b)));
        problems.dedup();
        Err(problems)
    }

    /// The form with this key.
    #[must_use]
    pub fn form(&self, key: &str) -> Option<&DesignForm> {
        self.forms.iter().find(|f| f.form.key == key)
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
