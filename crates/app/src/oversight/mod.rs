//! Keeping an eye on the whole: signs of how places are doing, when somebody has to look, what the programme rests on and
//! what was considered, who needs to know what; and packs made for those who follow, who decide or who ask.

mod advisory;
mod ask;
mod asked;
mod briefing;
mod digest;
mod groups;
mod handover;
mod markers;
mod needs;
mod pack;
mod readings;
mod review;
mod statements;
mod tipping;

use design::Power;

pub(crate) use digest::waiting as digests_waiting;
pub(crate) use readings::{round as marker_round, round_before as marker_round_before};
pub(crate) use review::START as REVIEW_START;
pub use tipping::look_for_silence;
pub(crate) use tipping::{reached_by as tipping_reached, waiting as tipping_waiting};

use ui::Html;
use ui::parts::{self, FilterGroup, FilterOption};

use crate::ground::{Cx, Route, Who};

/// The pages of oversight, one beside the other.
pub(crate) fn pages(cx: &Cx) -> Html {
    parts::filters(&[group(cx)])
}

fn group(cx: &Cx) -> FilterGroup {
    let label = "Oversight".to_string();
    let Ok(programme) = cx.programme() else { return FilterGroup { label, options: Vec::new() } };
    let design = &programme.programme.design;
    let groups = cx.held().any(|h| h.place.is_none() && programme.role_may(&h.role, Power::SeePeople));
    let writes = cx.viewer().may_somewhere(Power::WriteEntries, programme.id);
    let influence = writes && design.kinds.iter().any(|kind| kind.influence.is_some());
    let all = [
        (true, "Who needs what", "needs"),
        (true, "What it rests on", "statements"),
        (!design.tipping.is_empty(), "Tipping points", "tipping-points"),
        (true, "Design review", "review"),
        (true, "Briefing", "briefing"),
        (true, "Handover", "handover"),
        (groups, "Who is missing, who left", "groups"),
        (influence, "Influence", "influence"),
    ];
    let option = |(_, text, end): (bool, &str, &str)| {
        let href = format!("{}/{end}", programme.href());
        FilterOption { text: text.into(), current: cx.path() == href, href, count: None }
    };
    FilterGroup { label, options: all.into_iter().filter(|(show, ..)| *show).map(option).collect() }
}

pub(crate) fn routes() -> Vec<Route> {
    const RUN: Who = Who::May(Power::RunProgramme);
    const PEOPLE: Who = Who::MayAny(&[Power::SeePeople]);
    vec![
        // Those who sit in an advisory group; the page looks itself.
        Route::page("/advisory", Who::SignedIn, advisory::page),
        // Those who read markers, and those who are told of tipping points; the pages look themselves.
        Route::page("/programmes/{programme}/places/{place}/markers", Who::InProgramme, markers::page),
        Route::action("/programmes/{programme}/places/{place}/markers", Who::InProgramme, markers::save),
        Route::page("/programmes/{programme}/tipping-points", Who::InProgramme, tipping::page),
        Route::page("/programmes/{programme}/tipping-points/{reached}", Who::InProgramme, tipping::form),
        Route::action("/programmes/{programme}/tipping-points/{reached}", Who::InProgramme, tipping::save),
        Route::page("/programmes/{programme}/needs", Who::InProgramme, needs::page),
        Route::page("/programmes/{programme}/places/{place}/ask", Who::May(Power::WriteEntries), ask::form),
        Route::action("/programmes/{programme}/places/{place}/ask", Who::May(Power::WriteEntries), ask::save),
        Route::page("/programmes/{programme}/statements", Who::InProgramme, statements::list),
        Route::page("/programmes/{programme}/statements/{statement}", Who::InProgramme, statements::show),
        Route::action("/programmes/{programme}/statements/{statement}", Who::InProgramme, statements::save),
        Route::page("/programmes/{programme}/review", Who::InProgramme, review::page),
        Route::action("/programmes/{programme}/review", RUN, review::save),
        Route::page("/programmes/{programme}/groups", PEOPLE, groups::page),
        Route::page("/programmes/{programme}/places/{place}/handover", Who::InProgramme, handover::of_place),
        Route::page("/programmes/{programme}/handover", Who::InProgramme, handover::of_programme),
        Route::page("/programmes/{programme}/places/{place}/briefing", Who::InProgramme, briefing::of_place),
        Route::page("/programmes/{programme}/briefing", Who::InProgramme, briefing::of_programme),
        Route::page("/programmes/{programme}/places/{place}/digest", Who::May(Power::WriteEntries), digest::form),
        Route::action("/programmes/{programme}/places/{place}/digest", Who::May(Power::WriteEntries), digest::save),
    ]
}
