//! What is learnt on its way to others: an output is an entry that several write together, that quotes people and is signed
//! off by the places that it is about. Nobody's words are shown to anybody who may not read where they are from, unless
//! whoever said them agrees, and only as long as they do.

mod asks;
mod consents;
mod library;
pub(crate) mod made_up;
mod names;
mod piece;
mod pipeline;
mod plan;
mod publish;
mod quote;
mod show;
mod sign;
mod start;
mod write;
mod yours;

use std::sync::Arc;

use design::{EntryKind, OutputRule};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PlaceId, entry, output};

use crate::ground::{Cx, Held, Route, Snapshot, Stop, Who};

pub(crate) use asks::waiting;

pub(crate) fn routes() -> Vec<Route> {
    const HERE: Who = Who::InProgramme;
    let mut routes = vec![
        Route::page("/programmes/{programme}/outputs", HERE, pipeline::page),
        Route::page("/programmes/{programme}/outputs/new", HERE, start::form),
        Route::action("/programmes/{programme}/outputs/new", HERE, start::save),
        Route::page("/programmes/{programme}/outputs/{entry}", Who::Readers, show::page),
        Route::action("/programmes/{programme}/outputs/{entry}", Who::Readers, plan::save),
        Route::page("/programmes/{programme}/outputs/{entry}/write", Who::Readers, write::form),
        Route::action("/programmes/{programme}/outputs/{entry}/write", Who::Readers, write::save),
        Route::page("/programmes/{programme}/outputs/{entry}/quote", Who::Readers, quote::form),
        Route::action("/programmes/{programme}/outputs/{entry}/quote", Who::Readers, quote::save),
        Route::page("/programmes/{programme}/outputs/{entry}/publish", Who::Readers, publish::page),
        Route::action("/programmes/{programme}/outputs/{entry}/publish", Who::Readers, publish::save),
        // Those who sign off for a place, whether or not they read where it is written; the page looks itself.
        Route::page("/programmes/{programme}/sign-off/{output}", HERE, sign::page),
        Route::action("/programmes/{programme}/sign-off/{output}", HERE, sign::save),
        // Whoever is quoted, wherever they belong by now.
        Route::page("/your-words", Who::SignedIn, yours::list),
        Route::page("/your-words/{quotation}", Who::SignedIn, yours::page),
        Route::action("/your-words/{quotation}", Who::SignedIn, yours::save),
    ];
    routes.extend(library::routes());
    routes
}

/// How far an output has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idea,
    Draft,
    /// With the people who are quoted and the places that it is about.
    Asking,
    Published,
    Withdrawn,
}

impl State {
    const ALL: [Self; 5] = [Self::Idea, Self::Draft, Self::Asking, Self::Published, Self::Withdrawn];

    const fn key(self) -> &'static str {
        match self {
            Self::Idea => "idea",
            Self::Draft => "draft",
            Self::Asking => "asking",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }
    const fn name(self) -> &'static str {
        match self {
            Self::Idea => "An idea",
            Self::Draft => "Being written",
            Self::Asking => "With those it is about",
            Self::Published => "Published",
            Self::Withdrawn => "Withdrawn",
        }
    }
    fn of(row: &output::Model) -> Self {
        Self::ALL.into_iter().find(|s| s.key() == row.state).unwrap_or(Self::Draft)
    }
    /// Nothing more is expected of it.
    const fn is_over(self) -> bool {
        matches!(self, Self::Published | Self::Withdrawn)
    }
}

/// An output that the viewer may read, with the rule of its kind.
struct Output {
    programme: Arc<Snapshot>,
    entry: entry::Model,
    row: output::Model,
    rule: OutputRule,
}

impl Output {
    fn state(&self) -> State {
        State::of(&self.row)
    }
    fn text(&self) -> piece::Text<'_> {
        piece::Text::of(&self.entry, &self.row)
    }
    fn href(&self) -> String {
        format!("{}/outputs/{}", self.programme.href(), self.entry.id)
    }
    /// The places that it is said to be about, its own first.
    fn about(&self) -> Vec<PlaceId> {
        about(&self.row, &self.entry)
    }
}

/// The places that an output is said to be about, the one it is written in first.
fn about(row: &output::Model, entry: &entry::Model) -> Vec<PlaceId> {
    let more = row.about.split(' ').filter_map(|id| id.parse().ok());
    let mut all: Vec<PlaceId> = entry.place_id.into_iter().chain(more).collect();
    let mut seen = Vec::new();
    all.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    all
}

/// The rule of a kind of output.
fn rule_of<'a>(programme: &'a Snapshot, kind: &str) -> Option<(&'a EntryKind, &'a OutputRule)> {
    let kind = programme.programme.design.kind(kind)?;
    Some((kind, kind.output.as_ref()?))
}

/// The output that the path names by its entry.
async fn named(cx: &Cx) -> Result<Output, Stop> {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let rule = rule_of(&programme, &entry.kind).map(|(_, rule)| rule.clone()).ok_or(Stop::Missing)?;
    let row = of_entry(cx.read(), &entry).await?.ok_or(Stop::Missing)?;
    Ok(Output { programme, entry, row, rule })
}

async fn of_entry(db: &impl ConnectionTrait, entry: &entry::Model) -> Result<Option<output::Model>, Fault> {
    // What was shared of an output is an extract like any other.
    let found = output::Entity::find().filter(output::COLUMN.entry_id.eq(entry.id));
    found.one(db).await.map_err(fault("load an output"))
}

/// The role in which the viewer writes an output together with the others who do.
fn writer<'a>(cx: &'a Cx, output: &Output) -> Option<&'a Held> {
    let kind = output.programme.programme.design.kind(&output.entry.kind)?;
    let circle = output.programme.circle(output.entry.circle_id)?;
    let writes = |h: &&Held| kind.writers.contains(&h.role) && circle.writers.contains(&h.role);
    cx.held().find(|h| writes(h) && h.reaches(output.entry.place_id))
}

/// Lets those through who write an output.
fn writes<'a>(cx: &'a Cx, output: &Output) -> Result<&'a Held, Stop> {
    writer(cx, output).ok_or_else(|| {
        Stop::forbidden("Others write this", "You can read it, and comment on any passage of it under “In the margin”.")
    })
}

/// Whether the viewer may publish it, once everybody has agreed.
fn publishes(cx: &Cx, output: &Output) -> bool {
    cx.held().any(|h| output.rule.published_by.contains(&h.role) && h.reaches(output.entry.place_id))
}
