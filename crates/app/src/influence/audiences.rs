//! Audiences: whom the programme wants to reach, what reached them and when, and whom nobody has reached yet.

use std::collections::HashMap;

use design::InfluencePart;
use kernel::{Days, Fault};
use tables::EntryId;
use ui::table::{Cell, Table};
use ui::{Html, html, words};

use super::followed::{self, Followed, Taken, under};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};
use crate::ledger::days;

pub(super) async fn body(cx: &Cx, programme: &Snapshot) -> Result<Option<Html>, Fault> {
    let all = followed::of(cx, programme, InfluencePart::Audience).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let (reached, others): (Vec<&Followed<'_>>, Vec<&Followed<'_>>) = all.iter().partition(|one| one.took(&one.mark.done));
    let not_yet: Vec<&Followed<'_>> = others.into_iter().filter(|one| one.listed.matter.open).collect();
    let time = match entries::sees_staff_time(cx, programme) {
        true => Some(days::staff_used(cx.read(), &all.iter().map(|one| one.listed.matter.entry_id).collect::<Vec<_>>()).await?),
        false => None,
    };
    let (reached, not_yet) =
        (reached_table(programme, &reached, time.as_ref()), not_yet_table(cx, programme, &not_yet, time.as_ref()));
    Ok(Some(html(maud! {
        (reached)
        (not_yet)
        (super::cut(all.len()))
    })))
}

/// What was said back, which the last part of the step asks for; all of it where the step has no parts.
fn said_back(one: &Followed<'_>, taken: &Taken) -> String {
    let parts = one.kind.step(&taken.key).map(|rule| rule.parts.as_slice()).unwrap_or_default();
    parts.last().and_then(|part| under(&taken.text, parts, &part.key)).unwrap_or_else(|| taken.text.clone())
}

/// The time of the staff that went into each, for those who see it.
type Time<'a> = Option<&'a HashMap<EntryId, Days>>;

const TIME: &str = "Staff days";

fn time_of(one: &Followed<'_>, time: Time<'_>) -> Option<Cell> {
    let used = time?.get(&one.listed.matter.entry_id);
    Some(used.map_or_else(|| Cell::no_number("none logged"), |days| Cell::number(days.number())))
}

fn reached_table(programme: &Snapshot, reached: &[&Followed<'_>], time: Time<'_>) -> Html {
    if reached.is_empty() {
        return html(maud! { p { "Nobody has been reached yet." } });
    }
    let rows = reached.iter().map(|one| {
        let times: Vec<&Taken> = one.taken(&one.mark.done).collect();
        let last = times.last();
        let cells = vec![
            Cell::link(&one.href(programme), &one.listed.title).head(),
            Cell::text(one.place()),
            Cell::number(times.len()),
            last.map_or_else(Cell::not_stated, |taken| Cell::day(taken.on)),
            last.map_or_else(Cell::not_stated, |taken| Cell::html(words::snippet(&said_back(one, taken), &[]))),
            Cell::text(one.stands()),
        ];
        cells.into_iter().chain(time_of(one, time)).collect()
    });
    let headers = ["Audience", "For", "Times reached", "Last on", "What was said back then", "Stands"];
    let headers: Vec<&str> = headers.into_iter().chain(time.map(|_| TIME)).collect();
    Table::new("Who was reached, and what they said back", &headers, rows.collect()).html()
}

fn not_yet_table(cx: &Cx, programme: &Snapshot, not_yet: &[&Followed<'_>], time: Time<'_>) -> Html {
    if not_yet.is_empty() {
        return html("");
    }
    let rows = not_yet.iter().map(|one| {
        let silent = cx.today().days_since(one.listed.matter.opened_on).max(0);
        let cells = vec![
            Cell::link(&one.href(programme), &one.listed.title).head(),
            Cell::text(one.place()),
            Cell::day(one.listed.matter.opened_on),
            Cell::text(if silent == 1 { "1 day".to_string() } else { format!("{silent} days") }),
        ];
        cells.into_iter().chain(time_of(one, time)).collect()
    });
    let headers = ["Audience", "For", "Named on", "Not reached for"];
    let headers: Vec<&str> = headers.into_iter().chain(time.map(|_| TIME)).collect();
    Table::new("Whom nobody has reached yet", &headers, rows.collect()).html()
}
