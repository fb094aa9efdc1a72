//! What becomes of an application, in words; and what its writers are told of it, once everybody is.

use kernel::Fault;
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

/// What those who write an application are told: no reasons, no scores, no names.
pub(super) struct Told {
    outcome: Outcome,
    conditions: String,
    feedback: String,
}

/// Nothing before it was told to all.
pub(super) async fn told(cx: &Cx, applied: &Applied) -> Result<Option<Told>, Fault> {
    if applied.mine.is_none() || applied.call.released_at.is_none() || applied.row.state != SUBMITTED {
        return Ok(None);
    }
    let found: Option<(String, String, String)> = decision::Entity::find()
        .select_only()
        .columns([decision::Column::Outcome, decision::Column::Conditions, decision::Column::Feedback])
        .filter(decision::COLUMN.application_id.eq(applied.row.id))
        .filter(decision::COLUMN.counts_at.is_not_null())
        .filter(decision::COLUMN.replaced_at.is_null())
        .order_by_desc(decision::Column::Id)
        .into_tuple()
        .one(cx.read())
        .await
        .map_err(fault("load a decision"))?;
    Ok(found.and_then(|(outcome, conditions, feedback)| Some(Told { outcome: Outcome::of(&outcome)?, conditions, feedback })))
}

impl Told {
    pub(super) fn section(&self) -> Html {
        html(maud! {
            (parts::section("decision", "The decision", maud! {
                p { strong { (self.outcome.said_to_applicants()) } }
                @if !self.conditions.is_empty() { h3 { "Conditions" } (words::markdown(&self.conditions)) }
                h3 { "Feedback" }
                (words::markdown(&self.feedback))
            }))
        })
    }
}
