//! What is public about a programme's past: places, organisations, awards and events, each with its source.

use kernel::Money;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{Approx, Citation, Sector, Statement};

/// The public history of a programme. Every fact in it names its source; what no source gives is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    #[serde(default)]
    pub organisations: Vec<Organisation>,
    #[serde(default)]
    pub places: Vec<Place>,
    #[serde(default)]
    pub awards: Vec<Award>,
    #[serde(default)]
    pub events: Vec<Event>,
    #[serde(default)]
    pub resources: Vec<Resource>,
}

/// An organisation that takes part in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub key: String,
    pub name: String,
    /// Missing where no source states it.
    pub sector: Option<Sector>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// A partnership and where it works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub slug: String,
    pub name: String,
    /// The organisation that leads, where a source names one.
    pub lead: Option<String>,
    /// The other organisations that a source names.
    #[serde(default)]
    pub partners: Vec<String>,
    /// Our summary of the partnership's own words about the problem.
    pub problem: Option<Statement>,
    /// Our summary of the partnership's own words about what it wants.
    pub vision: Option<Statement>,
    /// What it did.
    #[serde(default)]
    pub work: Vec<Statement>,
    pub from: Option<Approx>,
    pub to: Option<Approx>,
    /// The phases of the design that it took part in.
    #[serde(default)]
    pub phases: Vec<String>,
    pub phase_note: Option<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// Money awarded to a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    pub place: String,
    pub phase: Option<String>,
    #[serde(with = "crate::values::amount")]
    pub amount: Money,
    /// The source gives the most it can be, not what it was.
    #[serde(default)]
    pub up_to: bool,
    /// Where given, these add up to the amount.
    #[serde(default, with = "crate::values::amounts")]
    pub instalments: Vec<Money>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

choice! {
    /// What kind of thing an event is.
    EventKind {
        Launch = "launch", "launch";
        Call = "call", "call";
        Chosen = "chosen", "choice of places";
        Phase = "phase", "phase";
        Gate = "gate", "gate";
        Publication = "publication", "publication";
        Evaluation = "evaluation", "evaluation";
        Support = "support", "support";
        Oversight = "oversight", "oversight";
        /// Something outside the programme that changed its course.
        Shock = "shock", "shock from outside";
    }
}

/// Something that happened, with a date where a source gives one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub key: String,
    pub title: String,
    pub text: String,
    pub kind: EventKind,
    /// Missing where no source gives a date.
    pub from: Option<Approx>,
    pub to: Option<Approx>,
    /// The place it happened in, where it was one.
    pub place: Option<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
    /// How the sources differ about it.
    pub disagrees: Option<String>,
}

/// Something published that others can learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    pub title: String,
    pub publisher: Option<String>,
    /// Such as report, storybook, guide or framework.
    pub kind: String,
    pub about: Option<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}
