//! How groups reflect: each answers alone, then all who take part see the answers together and write what they make of them.
//! What somebody answered is read by them alone, and what a group said by that group; nobody else is told that there is anything.

mod alone;
mod given;
mod group;
mod list;
mod open;
mod tally;
mod together;
mod waiting;
mod write;

use design::{Framework, Group};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PlaceId, ReflectionRoundId, place, reflection_round};

use crate::ground::{Act, Answer, Cx, Draft, Route, Snapshot, Stop, Who};

pub(crate) use given::{Given, Instead};
pub(crate) use group::kept as kept_as_shown;
pub(crate) use tally::any_answer;
pub(crate) use waiting::waiting;

/// So many have to have finished before anybody sees anything: of two, each would know what the other said.
pub(crate) const FEWEST: usize = 3;

pub(crate) fn routes() -> Vec<Route> {
    // Those who take part; the pages look themselves, and tell everybody else that there is no such page.
    const HERE: Who = Who::InProgramme;
    vec![
        Route::page("/programmes/{programme}/reflections", HERE, list::of_programme),
        Route::action("/programmes/{programme}/reflections", HERE, open::save),
        Route::page("/programmes/{programme}/places/{place}/reflections", HERE, list::of_place),
        Route::action("/programmes/{programme}/places/{place}/reflections", HERE, open::save),
        Route::page("/programmes/{programme}/reflections/{round}", HERE, page),
        Route::action("/programmes/{programme}/reflections/{round}", HERE, save),
        Route::page("/programmes/{programme}/reflections/{round}/write", HERE, write::form),
        Route::action("/programmes/{programme}/reflections/{round}/write", HERE, write::save),
    ]
}

/// A round, as somebody who takes part in it finds it.
struct Round {
    row: reflection_round::Model,
    framework: Framework,
    place: Option<place::Model>,
}

impl Round {
    /// The round that the path names, if the viewer takes part in it.
    async fn find(cx: &Cx) -> Result<Self, Stop> {
        let programme = cx.programme()?.clone();
        let id: ReflectionRoundId = cx.param("round").parse().map_err(|_| Stop::Missing)?;
        let of_programme = reflection_round::COLUMN.programme_id.eq(programme.id);
        let row = reflection_round::Entity::find_by_id(id).filter(of_programme).one(cx.read()).await;
        let row = row.map_err(fault("load a round of reflection"))?.ok_or(Stop::Missing)?;
        let framework = programme.programme.design.framework(&row.framework).ok_or(Stop::Missing)?.clone();
        if !takes_part(cx, &programme, &framework, row.place_id) {
            return Err(Stop::Missing);
        }
        let place = match row.place_id {
            Some(id) => place::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a place"))?,
            None => None,
        };
        Ok(Self { row, framework, place })
    }
    fn href(&self, programme: &Snapshot) -> String {
        href(programme, self.row.id)
    }
    /// “How we work together, round 2”.
    fn name(&self) -> String {
        format!("{}, round {}", self.framework.name, self.row.number)
    }
    /// Nobody has seen anything yet, and it goes on.
    fn is_open(&self) -> bool {
        is_open(&self.row)
    }
    /// A page of this round, with the way back.
    fn draft(&self, programme: &Snapshot, title: String) -> Draft {
        let draft = Draft::new(title).crumb(&programme.name, programme.href());
        let all = "Reflection";
        match &self.place {
            Some(place) => {
                let home = format!("{}/places/{}", programme.href(), place.slug);
                draft.crumb(&place.name, &home).crumb(all, format!("{home}/reflections"))
            }
            None => draft.crumb(all, format!("{}/reflections", programme.href())),
        }
    }
}

fn href(programme: &Snapshot, id: ReflectionRoundId) -> String {
    format!("{}/reflections/{id}", programme.href())
}

fn is_open(row: &reflection_round::Model) -> bool {
    row.revealed_at.is_none() && row.ended_at.is_none()
}

/// Whether the viewer is in the group that reflects: of this place, or where there is none, of the programme.
fn takes_part(cx: &Cx, programme: &Snapshot, framework: &Framework, place: Option<PlaceId>) -> bool {
    (framework.each == Group::Place) == place.is_some()
        && cx.viewer().held_in(programme.id).any(|held| held.reflects(framework, place))
}

/// Whether the viewer opens rounds of this group and shows their answers.
fn opens(cx: &Cx, programme: &Snapshot, framework: &Framework, place: Option<PlaceId>) -> bool {
    let held = cx.viewer().held_in(programme.id);
    held.filter(|held| held.reflects(framework, place)).any(|held| framework.opens.contains(&held.role))
}

/// `/programmes/{programme}/reflections/{round}`
async fn page(cx: Cx) -> Answer {
    let round = Round::find(&cx).await?;
    match round.row.revealed_at {
        Some(at) => together::page(&cx, &round, at).await,
        None => alone::page(&cx, &round).await,
    }
}

async fn save(act: Act) -> Answer {
    let round = Round::find(&act).await?;
    match act.form.get("do") {
        "reveal" => open::reveal(act, round).await,
        "close" => open::close(act, round).await,
        _ => alone::save(act, round).await,
    }
}
