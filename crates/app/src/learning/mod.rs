//! What is learned: passages of what people wrote, what they are about in words that all share, and how that differs from
//! place to place and from one time to another.

mod compare;
mod counts;
mod excerpt;
mod excerpts;
mod keeping;
mod table;
mod theme;
mod themes;
mod vocabulary;

use design::Power;

use crate::ground::{Cx, Route, Snapshot, Stop, Who};

pub(crate) fn routes() -> Vec<Route> {
    const HERE: Who = Who::InProgramme;
    vec![
        Route::page("/programmes/{programme}/entries/{entry}/excerpts", Who::Readers, excerpts::page),
        Route::action("/programmes/{programme}/entries/{entry}/excerpts", Who::Readers, excerpts::save),
        Route::page("/programmes/{programme}/entries/{entry}/excerpts/compare", Who::Readers, compare::page),
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

/// What is marked in an entry that everybody reads is for those in the programme all the same.
fn inside(cx: &Cx) -> Result<(), Stop> {
    cx.held().next().map(|_| ()).ok_or(Stop::Missing)
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
