//! Events at which a programme's people learn together: shaped by those who come, set for a day, signed up to, held and looked
//! back on. An event is an entry with steps; what stands here is when and where, who comes, and what they said of it.

mod attendance;
mod calendar;
mod compare;
mod details;
mod feedback;
mod feeds;
mod found;
mod list;
mod needs;
mod propose;
mod seats;
mod show;
mod sign_up;
mod small;
mod tend;
mod waiting;

use crate::ground::{Route, Who};

pub use tend::tend_gatherings;
pub(crate) use waiting::waiting;

/// In which way somebody takes part, as rows and forms call it.
pub(crate) const IN_PERSON: &str = "in-person";
pub(crate) const ONLINE: &str = "online";
pub(crate) const BOTH: &str = "both";

pub(crate) fn routes() -> Vec<Route> {
    const HERE: Who = Who::InProgramme;
    vec![
        Route::page("/programmes/{programme}/gatherings", HERE, list::page),
        Route::page("/programmes/{programme}/gatherings.ics", HERE, feeds::of_programme),
        Route::page("/programmes/{programme}/gathering-feedback", HERE, compare::page),
        Route::page("/programmes/{programme}/gatherings/new", HERE, propose::form),
        Route::action("/programmes/{programme}/gatherings/new", HERE, propose::save),
        // Whoever reads the entry reads when and where it is; the pages ask who runs it, and who came.
        Route::page("/programmes/{programme}/gatherings/{entry}", Who::Readers, show::page),
        Route::page("/programmes/{programme}/gatherings/{entry}/event.ics", Who::Readers, feeds::of_event),
        Route::page("/programmes/{programme}/gatherings/{entry}/details", Who::Readers, details::form),
        Route::action("/programmes/{programme}/gatherings/{entry}/details", Who::Readers, details::save),
        Route::page("/programmes/{programme}/gatherings/{entry}/sign-up", Who::Readers, sign_up::form),
        Route::action("/programmes/{programme}/gatherings/{entry}/sign-up", Who::Readers, sign_up::save),
        Route::page("/programmes/{programme}/gatherings/{entry}/attendance", Who::Readers, attendance::form),
        Route::action("/programmes/{programme}/gatherings/{entry}/attendance", Who::Readers, attendance::save),
        Route::page("/programmes/{programme}/gatherings/{entry}/feedback", Who::Readers, feedback::form),
        Route::action("/programmes/{programme}/gatherings/{entry}/feedback", Who::Readers, feedback::save),
        Route::page("/calendar", Who::SignedIn, feeds::page),
        Route::action("/calendar", Who::SignedIn, feeds::make),
        // The secret in it says whose it is.
        Route::page("/calendar/{feed}", Who::Anyone, feeds::of_person),
    ]
}

/// How somebody takes part, as people say it.
fn mode_words(mode: &str) -> &'static str {
    match mode {
        ONLINE => "online",
        BOTH => "in a room and online",
        _ => "in a room",
    }
}
