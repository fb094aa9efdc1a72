//! From one stage to the next: an application goes on with what it said before, those who decide see the way it has
//! come, and one that was chosen becomes a place.

mod become_place;
mod carry_on;
mod funnel;
mod stay;
mod way;

use design::Power;

use crate::ground::{Route, Who};

pub(crate) use carry_on::{go_on, open_next};
pub(crate) use stay::waiting;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/programmes/{programme}/funnel", Who::Anyone, funnel::page),
        Route::page("/programmes/{programme}/calls/{call}/carry-on", Who::SignedIn, carry_on::form),
        Route::action("/programmes/{programme}/calls/{call}/carry-on", Who::SignedIn, carry_on::save),
        // The page asks as well whether the viewer appoints to the role.
        Route::page("/programmes/{programme}/calls/{call}/stay", Who::May(Power::RunCalls), stay::page),
        Route::action("/programmes/{programme}/calls/{call}/stay", Who::May(Power::RunCalls), stay::save),
        Route::page("/programmes/{programme}/applications/{application}/way", Who::ApplicationReaders, way::page),
        Route::page("/programmes/{programme}/applications/{application}/place", Who::CallStaff, become_place::form),
        Route::action("/programmes/{programme}/applications/{application}/place", Who::CallStaff, become_place::save),
    ]
}
