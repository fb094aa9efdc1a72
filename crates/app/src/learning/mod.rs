//! What is learned: passages of what people wrote, what they are about in words that all share, and how that differs from
//! place to place and from one time to another.

mod answered;
mod compare;
mod counts;
mod excerpt;
mod excerpts;
mod giving;
mod keeping;
mod kept;
mod margin;
mod source;
mod speaks;
mod table;
mod theme;
mod themes;
mod vocabulary;

use std::collections::HashSet;

use design::Power;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, JoinType, QuerySelect};
use store::fault;
use tables::{MarkId, entry, mark};

use crate::ground::{App, Cx, Route, Snapshot, Stop, Who};

pub(crate) use counts::themes_read;
pub(crate) use excerpt::{Quotable, quotable, quotable_by_theme, quotable_for};
pub(crate) use margin::margin;
pub(crate) use vocabulary::{Vocabulary, named_themes};

/// Reads what the tables of themes count into memory: with 200,000 excerpts that takes seconds, once after a start.
///
/// # Errors
/// Where the database does not answer.
pub async fn read_ahead(app: &App) -> Result<(), Fault> {
    app.memory::<kept::Counted>().read_ahead(app.db()).await
}

pub(crate) fn routes() -> Vec<Route> {
    const HERE: Who = Who::InProgramme;
    vec![
        Route::page("/programmes/{programme}/entries/{entry}/excerpts", Who::Readers, excerpts::page),
        Route::action("/programmes/{programme}/entries/{entry}/excerpts", Who::Readers, excerpts::save),
        Route::page("/programmes/{programme}/entries/{entry}/excerpts/compare", Who::Readers, compare::page),
        Route::page("/programmes/{programme}/applications/{application}/excerpts", Who::ApplicationReaders, answered::page),
        Route::action("/programmes/{programme}/applications/{application}/excerpts", Who::ApplicationReaders, answered::save),
        Route::page(
            "/programmes/{programme}/applications/{application}/excerpts/compare",
            Who::ApplicationReaders,
            answered::compare,
        ),
        // Whoever reads the entry reads its excerpts; the pages look themselves.
        Route::page("/programmes/{programme}/excerpts/{excerpt}", HERE, excerpt::page),
        Route::action("/programmes/{programme}/excerpts/{excerpt}", HERE, excerpt::save),
        // Those who write in the programme, for words that all of them share.
        Route::page("/programmes/{programme}/themes", HERE, themes::page),
        Route::action("/programmes/{programme}/themes", Who::May(Power::KeepThemes), themes::save),
        Route::page("/programmes/{programme}/themes/{theme}", HERE, theme::page),
        Route::action("/programmes/{programme}/themes/{theme}", Who::May(Power::KeepThemes), keeping::save),
        Route::page("/programmes/{programme}/theme-table", HERE, table::page),
    ]
}

/// What is marked in an entry that everybody reads is for those who write in the programme all the same.
fn inside(cx: &Cx) -> Result<(), Stop> {
    let programme = cx.programme()?;
    cx.viewer().may_somewhere(Power::WriteEntries, programme.id).then_some(()).ok_or(Stop::Missing)
}

/// Excerpts that others see too, of versions that stood where the viewer reads: moving an entry does not open its past. It
/// goes with [`crate::entries::readable`].
fn open_marks(cx: &Cx, programme: &Snapshot) -> Condition {
    let reach = cx.viewer().reach(programme).into_iter().filter(|r| !r.circles.is_empty());
    let stood = Expr::col((mark::Entity, mark::Column::CircleId)).equals((entry::Entity, entry::Column::CircleId));
    let within = reach.fold(Condition::any().add(stood), |any, reach| {
        let circles = Condition::all().add(mark::COLUMN.circle_id.is_in(reach.circles));
        any.add(circles.add_option(reach.place.map(|p| entry::COLUMN.place_id.eq(p))))
    });
    Condition::all().add(mark::COLUMN.shown_at.is_not_null()).add(mark::COLUMN.removed_at.is_null()).add(within)
}

/// The themes are kept for the whole programme.
fn keeps(cx: &Cx, programme: &Snapshot) -> bool {
    cx.viewer().may(Power::KeepThemes, programme.id, None)
}

/// Lets those through who write in the programme.
fn takes_part(cx: &Cx, programme: &Snapshot) -> Result<(), Stop> {
    match cx.viewer().may_somewhere(Power::WriteEntries, programme.id) {
        true => Ok(()),
        false => Err(Stop::forbidden("This is for those who learn here", "Your role reads no excerpts and gives no themes.")),
    }
}

/// Of these excerpts those that the viewer may read.
pub(crate) async fn seen(cx: &Cx, programme: &Snapshot, marks: Vec<MarkId>) -> Result<HashSet<MarkId>, Fault> {
    if marks.is_empty() || inside(cx).is_err() {
        return Ok(HashSet::new());
    }
    let in_entry = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
    let found = mark::Entity::find()
        .select_only()
        .column(mark::Column::Id)
        .join(JoinType::InnerJoin, in_entry.into())
        .filter(mark::COLUMN.id.is_in(marks))
        .filter(open_marks(cx, programme))
        .filter(crate::entries::in_reach(cx.viewer(), programme));
    let found: Vec<MarkId> = found.into_tuple().all(cx.read()).await.map_err(fault("list excerpts"))?;
    Ok(found.into_iter().collect())
}
