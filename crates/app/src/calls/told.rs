//! What becomes of an application, in words; and what its writers are told of it, once everybody is.

use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::decision;
use ui::parts::{self, Tone};
use ui::{Html, html, words};

use super::reading::{Applied, SUBMITTED};
use crate::ground::Cx;
use crate::ground::html::*;

/// What the sponsors can say to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Chosen,
    Reserve,
    NotChosen,
    /// Not chosen, and asked to stay in the learning network.
    Network,
}

impl Outcome {
    pub const ALL: [Self; 4] = [Self::Chosen, Self::Reserve, Self::NotChosen, Self::Network];

    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }
    pub const fn key(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Reserve => "reserve",
            Self::NotChosen => "not-chosen",
            Self::Network => "network",
        }
    }
    pub const fn words(self) -> &'static str {
        match self {
            Self::Chosen => "Chosen",
            Self::Reserve => "Reserve",
            Self::NotChosen => "Not chosen",
            Self::Network => "Not chosen, asked to stay in the learning network",
        }
    }
    const fn said_to_applicants(self) -> &'static str {
        match self {
            Self::Chosen => "Your application was chosen.",
            Self::Reserve => "Your application is in reserve: it follows if one of those chosen cannot go on.",
            Self::NotChosen => "Your application was not chosen.",
            Self::Network => "Your application was not chosen. You are asked to stay in the learning network.",
        }
    }
    pub fn tag(self) -> Html {
        let tone = match self {
            Self::Chosen => Tone::Good,
            Self::Reserve => Tone::Waiting,
            Self::NotChosen | Self::Network => Tone::Neutral,
        };
        parts::tag(self.words(), tone)
    }
}

/// The decisions that count: each sponsor who decides has assented, and no other has taken their place.
pub(crate) fn counting() -> Select<decision::Entity> {
    decision::Entity::find().filter(decision::COLUMN.counts_at.is_not_null()).filter(decision::COLUMN.replaced_at.is_null())
}

/// What those who write an application are told: no reasons, no scores, no names.
pub(super) struct Told {
    now: Said,
    /// What they were told before it was decided anew, the newest first, and until when that stood.
    before: Vec<(Said, Moment)>,
}

struct Said {
    outcome: Outcome,
    conditions: String,
    feedback: String,
}

/// Nothing before it was told to all.
pub(super) async fn told(cx: &Cx, applied: &Applied) -> Result<Option<Told>, Fault> {
    let Some(told_at) = applied.call.released_at else { return Ok(None) };
    if applied.mine.is_none() || applied.row.state != SUBMITTED {
        return Ok(None);
    }
    let found: Vec<(String, String, String, Option<Moment>)> = decision::Entity::find()
        .select_only()
        .columns([
            decision::Column::Outcome,
            decision::Column::Conditions,
            decision::Column::Feedback,
            decision::Column::ReplacedAt,
        ])
        .filter(decision::COLUMN.application_id.eq(applied.row.id))
        .filter(decision::COLUMN.counts_at.is_not_null())
        .order_by_desc(decision::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("load a decision"))?;
    let (mut now, mut before) = (None, Vec::new());
    for (outcome, conditions, feedback, replaced) in found {
        let Some(outcome) = Outcome::of(&outcome) else { continue };
        let said = Said { outcome, conditions, feedback };
        match replaced {
            None => now = Some(said),
            // What was replaced before anybody was told was never said to them.
            Some(at) if at > told_at => before.push((said, at)),
            Some(_) => {}
        }
    }
    Ok(now.map(|now| Told { now, before }))
}

impl Said {
    fn body(&self) -> Html {
        html(maud! {
            p { strong { (self.outcome.said_to_applicants()) } }
            @if !self.conditions.is_empty() { h3 { "Conditions" } (words::markdown(&self.conditions)) }
            h3 { "Feedback" }
            (words::markdown(&self.feedback))
        })
    }
}

impl Told {
    pub(super) fn section(&self) -> Html {
        parts::section(
            "decision",
            "The decision",
            maud! {
                (self.now.body())
                @for (said, until) in &self.before {
                    (parts::details(&format!("What you were told before, until {until}"), said.body()))
                }
            },
        )
    }
}
