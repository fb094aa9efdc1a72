//! Assessing: who reads which application, what each makes of it alone, and where they differ. What an assessor gave is
//! read through `marks.rs` (a whole call) and `sheets.rs` (one application); both leave out what the viewer must not see.

mod allocation;
mod assess;
mod assessors;
mod brings;
mod change;
mod conflicts;
mod leave;
mod marks;
mod moderation;
mod people;
mod plan;
mod reading_list;
mod sheets;

use design::Power;

use crate::ground::{Route, Who};

pub(crate) use allocation::give_out;
pub(crate) use marks::{Summary, summary};
pub(crate) use moderation::tenths;
pub(crate) use people::able;
pub(crate) use reading_list::waiting;
pub(crate) use sheets::scores_of;

/// Whoever may be near to an application without writing it.
const NEAR: Who = Who::MayAny(&[Power::RunCalls, Power::Decide, Power::Assess]);

pub(crate) fn routes() -> Vec<Route> {
    use Who::{Assessors, Choosers, Choosing, May};
    const RUNS: Who = May(Power::RunCalls);
    vec![
        Route::page("/programmes/{programme}/calls/{call}/assessors", RUNS, assessors::page),
        Route::action("/programmes/{programme}/calls/{call}/assessors", RUNS, assessors::save),
        Route::page("/programmes/{programme}/calls/{call}/assessors/{assessor}/leave", RUNS, leave::page),
        Route::action("/programmes/{programme}/calls/{call}/assessors/{assessor}/leave", RUNS, leave::save),
        Route::page("/programmes/{programme}/calls/{call}/conflicts", NEAR, conflicts::page),
        Route::page("/programmes/{programme}/calls/{call}/conflicts/declare", NEAR, conflicts::declare_form),
        Route::action("/programmes/{programme}/calls/{call}/conflicts/declare", NEAR, conflicts::declare),
        Route::action("/programmes/{programme}/calls/{call}/conflicts/{conflict}/end", RUNS, conflicts::end),
        Route::page("/programmes/{programme}/calls/{call}/allocation", RUNS, allocation::page),
        Route::action("/programmes/{programme}/calls/{call}/allocation", RUNS, allocation::save),
        Route::page("/programmes/{programme}/calls/{call}/allocation/preview", RUNS, allocation::preview),
        Route::action("/programmes/{programme}/calls/{call}/allocation/hand", RUNS, allocation::by_hand_save),
        Route::page("/programmes/{programme}/calls/{call}/reading", May(Power::Assess), reading_list::page),
        Route::page("/programmes/{programme}/calls/{call}/reading/you", May(Power::Assess), brings::page),
        Route::action("/programmes/{programme}/calls/{call}/reading/you", May(Power::Assess), brings::save),
        Route::page("/programmes/{programme}/calls/{call}/moderation", Choosing, moderation::page),
        Route::page("/programmes/{programme}/calls/{call}/moderation.csv", Choosing, moderation::csv),
        Route::page("/programmes/{programme}/applications/{application}/assess", Assessors, assess::page),
        Route::action("/programmes/{programme}/applications/{application}/assess", Assessors, assess::save),
        Route::action("/programmes/{programme}/applications/{application}/assess/change", Assessors, change::save),
        Route::page("/programmes/{programme}/applications/{application}/scores", Choosers, sheets::page),
    ]
}
