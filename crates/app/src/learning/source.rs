//! What an excerpt is a passage of.

use kernel::Day;
use tables::{PlaceId, entry};

use crate::calls::Evidence;
use crate::ground::Snapshot;

/// An entry, or an application with what it answers.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Entry(Box<entry::Model>),
    Application(Evidence),
}

impl Source {
    pub fn name(&self) -> &str {
        match self {
            Self::Entry(entry) => &entry.title,
            Self::Application(application) => &application.name,
        }
    }
    /// Its page; its excerpts stand below it.
    pub fn href(&self, programme: &Snapshot) -> String {
        match self {
            Self::Entry(entry) => format!("{}/entries/{}", programme.href(), entry.id),
            Self::Application(application) => format!("{}/applications/{}", programme.href(), application.id),
        }
    }
    /// When it happened, or was submitted.
    pub fn on(&self) -> Day {
        match self {
            Self::Entry(entry) => entry.happened_on,
            Self::Application(application) => application.submitted_on,
        }
    }
    pub fn place(&self) -> Option<PlaceId> {
        match self {
            Self::Entry(entry) => entry.place_id,
            Self::Application(application) => application.place,
        }
    }
    pub fn entry(&self) -> Option<&entry::Model> {
        match self {
            Self::Entry(entry) => Some(entry),
            Self::Application(_) => None,
        }
    }
}
