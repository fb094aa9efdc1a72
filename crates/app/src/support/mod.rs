//! Days: what consultants have for their places and how they stand, and the time of the programme's own staff. The days
//! themselves stand in the ledger; what is logged with an entry is logged where the entry is.

mod agree;
mod agreements;
mod allot;
mod matching;
mod overview;
mod plan;
mod shares;
mod skills;
mod staff;
mod year_end;

pub(crate) use agreements::{kinds_in, waiting as agreements_waiting};

use design::Power;
use kernel::Days;

use crate::ground::{Cx, Route, Snapshot, Stop, Who};
use crate::ledger::NotPosted;
use crate::ledger::days::Years;

/// Who allots: whoever runs the programme, and whoever leads those who support its places.
const ALLOT: Who = Who::MayAny(&[Power::RunProgramme, Power::ManagePeople]);
/// The place says what it needs, or who manages the programme's people says it for the place.
const NEEDS: Who = Who::MayAny(&[Power::DescribePlace, Power::ManagePeople]);
/// Who sees the time of the staff: whoever works for the whole programme with others.
const STAFF: Who = Who::MayAny(&[Power::RunProgramme, Power::SeePeople]);

pub(crate) fn routes() -> Vec<Route> {
    const PLAN: Who = Who::May(Power::RunProgramme);
    vec![
        // Their words are entries: who does not read those is told of no agreement.
        Route::page("/programmes/{programme}/places/{place}/agreements", Who::InProgramme, agreements::list),
        Route::page("/programmes/{programme}/places/{place}/agreements/new", Who::May(Power::WriteEntries), agree::form),
        Route::action("/programmes/{programme}/places/{place}/agreements/new", Who::May(Power::WriteEntries), agree::save),
        Route::page("/programmes/{programme}/places/{place}/agreements/{agreement}", Who::InProgramme, agreements::show),
        Route::action("/programmes/{programme}/places/{place}/agreements/{agreement}", Who::InProgramme, agreements::sign),
        Route::page("/programmes/{programme}/skills", Who::InProgramme, skills::mine),
        Route::action("/programmes/{programme}/skills", Who::InProgramme, skills::save_mine),
        Route::page("/programmes/{programme}/places/{place}/skills", NEEDS, skills::needs),
        Route::action("/programmes/{programme}/places/{place}/skills", NEEDS, skills::save_needs),
        Route::page("/programmes/{programme}/match", ALLOT, matching::page),
        Route::page("/programmes/{programme}/days", Who::InProgramme, overview::page),
        Route::page("/programmes/{programme}/days.csv", Who::InProgramme, overview::csv),
        Route::page("/programmes/{programme}/days/allot", ALLOT, allot::form),
        Route::action("/programmes/{programme}/days/allot", ALLOT, allot::save),
        Route::page("/programmes/{programme}/days/change", ALLOT, allot::change_form),
        Route::action("/programmes/{programme}/days/change", ALLOT, allot::change),
        Route::page("/programmes/{programme}/days/year-end", ALLOT, year_end::form),
        Route::action("/programmes/{programme}/days/year-end", ALLOT, year_end::save),
        Route::page("/programmes/{programme}/days/staff", STAFF, staff::page),
        Route::action("/programmes/{programme}/days/staff", STAFF, staff::log),
        Route::action("/programmes/{programme}/days/staff/take-back", STAFF, staff::take_back),
        Route::page("/programmes/{programme}/days/staff/plan", PLAN, plan::form),
        Route::action("/programmes/{programme}/days/staff/plan", PLAN, plan::save),
    ]
}

/// What the viewer has left with each of their places this year, in a sentence each.
pub(crate) async fn left_this_year(cx: &Cx, programme: &Snapshot) -> Result<Vec<String>, Stop> {
    let mine = shares::of_person(cx, programme).await?;
    let said = |row: &shares::Row| match row.left {
        left if left < Days::ZERO => format!("{} more than allotted used with {} this year", positive(left), row.place),
        left => format!("{left} left with {} this year", row.place),
    };
    Ok(mine.iter().map(said).collect())
}

fn positive(days: Days) -> Days {
    Days::from_quarters(days.quarters().saturating_abs())
}

/// The year that the address asks for; this one where it asks for none.
fn year_asked(cx: &Cx, years: Years) -> i32 {
    let asked = cx.query("year").parse().ok().filter(|year| (1..=9998).contains(year));
    asked.unwrap_or_else(|| years.at(cx.today()))
}

/// What the ledger refuses, as a page that says why.
fn stop(not: NotPosted) -> Stop {
    match not {
        NotPosted::Fault(fault) => fault.into(),
        NotPosted::Refused(why) => Stop::Refused {
            status: axum::http::StatusCode::CONFLICT,
            title: "Nothing was changed".into(),
            why: format!("{why}."),
            next: None,
        },
    }
}

/// Why something was done, as typed: it stands in the ledger for ever.
fn check_why(why: &str, wrong: &mut kernel::Invalid) {
    match why.chars().count() {
        0 => wrong.add("why", "Say why, in a few words"),
        1..=500 => {}
        _ => wrong.add("why", "Shorten this to 500 characters"),
    }
}
