//! Whatever people write is an entry in one circle. This slice holds the one way to read entries, the forms that
//! write, change and share them, their history, and search.

mod addressed;
mod agreed;
mod board;
mod change;
mod compose;
mod days;
mod from_round;
mod history;
mod layers;
mod listing;
mod matters;
mod meetings;
mod origins;
mod parts;
mod photographs;
mod proposals;
mod quoted;
mod readers;
mod reading;
mod record;
mod search;
mod share;
mod show;
mod step;
mod unheard;
mod voices;
mod withdraw;

pub(crate) use withdraw::{is_gone, with_consent};

use design::Power;
use sea_orm::EntityTrait;
use store::fault;
use tables::{entry, place};

use crate::ground::{Cx, Route, Who};

pub(crate) use agreed::{AgreedFlow, flows_of, in_force, ways};
pub(crate) use board::waiting as matters_waiting;
pub(crate) use change::{Revised, earlier, revise};
pub(crate) use compose::{Offer as EntryOffer, Typed as EntryTyped, fields as entry_fields, may_record, offers, words_fields};
pub(crate) use days::sees_staff_time;
pub(crate) use history::texts as texts_of;
pub(crate) use listing::{Asked, Listed as EntryListed, byline, cards, cards_across, list};
pub(crate) use matters::{
    About, Listed as MatterListed, Wanted as MattersWanted, list as matters, may_step, of_entry as matter_of,
    open as open_matter, stands, state as matter_state, steps as matter_steps, takes as takes_step, waits_for,
};
pub(crate) use origins::{FIELD as CAME_OF, came_of, note as note_origin};
pub(crate) use parts::{came_text, joined};
pub(crate) use proposals::waiting as proposals_waiting;
pub(crate) use quoted::{end_consents, take_back_quotation};
pub(crate) use readers::{who_reads, who_reads_entry};
pub(crate) use reading::{find, in_reach, readable, reads};
pub(crate) use record::{may_edit, plain_offers, record as record_entry};
pub(crate) use unheard::waiting as voices_waiting;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/search", Who::Anyone, search::page),
        Route::page("/programmes/{programme}/entries", Who::InProgramme, listing::of_programme),
        Route::page("/programmes/{programme}/places/{place}/entries", Who::Anyone, listing::of_place),
        Route::page("/programmes/{programme}/entries/new", Who::May(Power::WriteEntries), record::form),
        Route::action("/programmes/{programme}/entries/new", Who::May(Power::WriteEntries), record::save),
        Route::page("/programmes/{programme}/places/{place}/entries/new", Who::May(Power::WriteEntries), record::form),
        Route::action("/programmes/{programme}/places/{place}/entries/new", Who::May(Power::WriteEntries), record::save),
        Route::page("/programmes/{programme}/entries/{entry}", Who::Readers, show::page),
        Route::page("/programmes/{programme}/entries/{entry}/history", Who::Readers, history::page),
        Route::page("/programmes/{programme}/entries/{entry}/change", Who::Author, change::form),
        Route::action("/programmes/{programme}/entries/{entry}/change", Who::Author, change::save),
        Route::page("/programmes/{programme}/entries/{entry}/days", Who::Author, days::form),
        Route::action("/programmes/{programme}/entries/{entry}/days", Who::Author, days::save),
        Route::page("/programmes/{programme}/entries/{entry}/photographs", Who::Author, photographs::form),
        Route::action("/programmes/{programme}/entries/{entry}/photographs", Who::Author, photographs::save).taking_files(),
        Route::page("/programmes/{programme}/entries/{entry}/photographs/{photograph}", Who::Readers, photographs::image),
        Route::page("/programmes/{programme}/matters", Who::InProgramme, board::of_programme),
        Route::page("/programmes/{programme}/places/{place}/matters", Who::InProgramme, board::of_place),
        Route::page("/programmes/{programme}/places/{place}/meetings", Who::InProgramme, meetings::page),
        Route::page("/programmes/{programme}/entries/{entry}/steps/{step}", Who::Steppers, step::form),
        Route::action("/programmes/{programme}/entries/{entry}/steps/{step}", Who::Steppers, step::save),
        Route::page("/programmes/{programme}/entries/{entry}/voice", Who::Readers, voices::form),
        Route::action("/programmes/{programme}/entries/{entry}/voice", Who::Readers, voices::save),
        Route::page("/programmes/{programme}/entries/{entry}/withdraw", Who::Readers, withdraw::form),
        Route::action("/programmes/{programme}/entries/{entry}/withdraw", Who::Readers, withdraw::save),
        // Those who are asked, and those who read what it is taken from; the page looks itself.
        Route::page("/programmes/{programme}/proposals/{proposal}", Who::InProgramme, proposals::page),
        Route::action("/programmes/{programme}/proposals/{proposal}", Who::InProgramme, proposals::save),
        Route::page("/programmes/{programme}/entries/{entry}/share", Who::Sharers, share::form),
        Route::action("/programmes/{programme}/entries/{entry}/share", Who::Sharers, share::save),
    ]
}

/// The place that an entry is about.
async fn place_of(cx: &Cx, entry: &entry::Model) -> Result<Option<place::Model>, kernel::Fault> {
    let Some(id) = entry.place_id else { return Ok(None) };
    place::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a place"))
}
