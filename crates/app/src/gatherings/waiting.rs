//! What events ask of somebody today.

use sea_orm::entity::prelude::*;
use std::collections::HashMap;
use store::fault;
use tables::{GatheringId, sign_up};
use ui::parts::{Task, Tone};

use super::feedback::is_asked;
use super::found::{Event, counts, not_long_over, when};
use crate::ground::{Cx, Snapshot, Stop};

/// An event so near is told.
const SOON_SECONDS: i64 = 7 * 24 * 3600;
/// Whoever has not answered by then is not asked any more.
const ASKED_SECONDS: i64 = 60 * 24 * 3600;

/// What waits for the viewer in a programme: an event that they come to soon, one to say something of, and for those who run
/// events, what has to be set and noted.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let events = not_long_over(cx.read(), cx.viewer(), programme, cx.now().plus_seconds(-ASKED_SECONDS)).await?;
    let ids: Vec<GatheringId> = events.iter().filter_map(|event| Some(event.row.as_ref()?.id)).collect();
    let mut mine: HashMap<GatheringId, sign_up::Model> = HashMap::new();
    if let (Some(me), false) = (cx.viewer().person(), ids.is_empty()) {
        let found = sign_up::Entity::find()
            .filter(sign_up::COLUMN.person_id.eq(me))
            .filter(sign_up::COLUMN.programme_id.eq(programme.id))
            .all(cx.read())
            .await
            .map_err(fault("list what somebody signed up for"))?;
        mine.extend(found.into_iter().filter(counts).map(|row| (row.gathering_id, row)));
    }
    Ok(events.iter().filter_map(|event| task(cx, programme, event, &mine)).collect())
}

fn task(cx: &Cx, programme: &Snapshot, event: &Event<'_>, mine: &HashMap<GatheringId, sign_up::Model>) -> Option<Task> {
    let (now, home) = (cx.now(), event.href(programme));
    let told = |detail: &str, href: String, tone| {
        let due = event.row.as_ref().map(|row| row.begins_at.day().to_string());
        Some(Task { text: event.entry.title.clone(), href, detail: Some(detail.to_string()), due, tone })
    };
    let runs = || event.is_run_by(cx, programme);
    let Some(row) = &event.row else {
        let unset = event.is_agreed() && runs();
        return if unset {
            told("It is agreed. Say when and where it is.", format!("{home}/details"), Tone::Waiting)
        } else {
            None
        };
    };
    let mine = mine.get(&row.id);
    if event.is_agreed() && row.begins_at > now {
        let soon = row.begins_at.seconds_since(now) <= SOON_SECONDS;
        let mine = mine.filter(|_| soon)?;
        let seat = if mine.seated_at.is_some() { "You are signed up" } else { "You wait for a seat" };
        return told(&format!("{seat}: {}.", when(row)), home, Tone::Neutral);
    }
    if !event.is_over(now) {
        return None;
    }
    if runs() && row.counted_at.is_none() && now.seconds_since(row.ends_at) <= ASKED_SECONDS {
        return told("It is over. Note who came.", format!("{home}/attendance"), Tone::Waiting);
    }
    if runs() && event.is_agreed() {
        let step = format!("{}/entries/{}/steps/{}", programme.href(), event.entry.id, event.rule.held);
        return told("It is over. Say how it went, which closes it.", step, Tone::Waiting);
    }
    let asked = mine.is_some_and(|mine| !mine.answered && is_asked(row, mine)) && row.form_id.is_some();
    let still = now.seconds_since(row.ends_at) <= ASKED_SECONDS;
    if asked && still { told("Say how it was, in two minutes.", format!("{home}/feedback"), Tone::Waiting) } else { None }
}
