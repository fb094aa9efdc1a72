//! What belongs to events as the tests of moving put it in: one row of each kind.

use sea_orm::EntityTrait;
use store::Write;
use tables::{
    CalendarFeedId, EntryId, FeedbackId, FormId, GatheringId, OriginId, SignUpId, calendar_feed, entry, feedback, form,
    gathering, origin, sign_up,
};

use crate::house::{Setting, new_id};

/// An event with somebody who comes and needs something, what was said of it, what came of it, and somebody's calendar.
pub async fn event_one(write: &mut Write, setting: &Setting) {
    let (programme_id, at, person_id) = (setting.id, write.at(), setting.author);
    let entry_id: EntryId = entry::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let form_id: FormId = form::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let set = gathering::Model {
        id: GatheringId(new_id()),
        programme_id,
        entry_id,
        begins_at: at,
        ends_at: at.plus_seconds(3600),
        mode: "both".into(),
        venue: "Tŷ – ŵ".into(),
        link: "https://example.org".into(),
        most: Some(30),
        agenda: "- One".into(),
        materials: String::new(),
        sequence: 2,
        changed_at: at,
        form_id: Some(form_id),
        reminded_at: Some(at),
        asked_at: None,
        cancelled_at: None,
        counted_at: None,
        wiped_at: None,
    };
    let gathering_id = write.insert(set).await.unwrap().id;
    let comes = sign_up::Model {
        id: SignUpId(new_id()),
        programme_id,
        gathering_id,
        person_id,
        mode: "in-person".into(),
        access_needs: "A ramp".into(),
        dietary_needs: "No nuts".into(),
        walked_in: false,
        signed_at: at,
        seated_at: Some(at),
        left_at: None,
        came: String::new(),
        place_id: Some(setting.places[0]),
        sector: "nhs".into(),
        answered: true,
    };
    write.insert(comes).await.unwrap();
    let said = feedback::Model {
        id: FeedbackId(write.silent_id()),
        programme_id,
        gathering_id,
        form_id,
        mode: "in-person".into(),
        answers: "{}".into(),
    };
    write.insert(said).await.unwrap();
    write.insert(origin::Model { id: OriginId(new_id()), programme_id, entry_id, of_entry: entry_id, at }).await.unwrap();
    let (id, token_hash) = (CalendarFeedId(new_id()), "abc".into());
    write.insert(calendar_feed::Model { id, token_hash, person_id, made_at: at, ended_at: None }).await.unwrap();
}
