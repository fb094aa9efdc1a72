//! Where an entry came from: the round of reflection that it was written from, told to those who take part in that.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{entry, reflection_link, reflection_round};
use ui::Html;

use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};

pub(super) async fn shown(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, Fault> {
    let nothing = || ui::html("");
    let design = &programme.programme.design;
    if design.frameworks.is_empty() {
        return Ok(nothing());
    }
    let found = reflection_link::Entity::find().filter(reflection_link::COLUMN.entry_id.eq(entry.id)).one(cx.read()).await;
    let Some(link) = found.map_err(fault("look where an entry came from"))? else { return Ok(nothing()) };
    let found = reflection_round::Entity::find_by_id(link.round_id).one(cx.read()).await;
    let Some(round) = found.map_err(fault("load a round of reflection"))? else { return Ok(nothing()) };
    let framework = design.framework(&round.framework).filter(|f| cx.held().any(|held| held.reflects(f, round.place_id)));
    let Some(framework) = framework else { return Ok(nothing()) };
    let href = format!("{}/reflections/{}", programme.href(), round.id);
    Ok(ui::html(maud! { p { "It came out of " a href=(&href) { (&framework.name) ", round " (round.number) } "." } }))
}
