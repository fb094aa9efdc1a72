//! Asks for backing: a place asks a sponsor to use its name or its power. The tally is the same for both sides, so that
//! nobody can say later that they never thought of the power they had.

use std::collections::{BTreeMap, HashMap};

use design::{EntryKind, InfluencePart};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{PersonId, PlaceId, appointment, place};
use ui::parts::{self, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::followed::{self, Followed};
use super::tally::{COUNTED, Tally};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};

const ANYBODY: &str = "Nobody in particular";

pub(super) async fn body(cx: &Cx, programme: &Snapshot, places: &[place::Model]) -> Result<Option<Html>, Fault> {
    let asks = followed::of(cx, programme, InfluencePart::Backing).await?;
    let Some(first) = asks.first() else { return Ok(None) };
    let whom = whom(cx, programme, &asks).await?;
    let (by_whom, by_place) = (by_whom(cx, &asks, &whom), by_place(cx, programme, places, &asks));
    let never = never(cx, programme, places, &asks);
    let open: Vec<&Followed<'_>> = asks.iter().filter(|ask| ask.listed.matter.open).collect();
    let closed = asks.len() - open.len();
    let open = open_asks(cx, programme, &open, &whom);
    let others = format!("{}/matters?kind={}&state=closed", programme.href(), first.kind.key);
    Ok(Some(html(maud! {
        p { "Counted from what you may read: those who are asked see all asks, a place sees its own. Silent is an ask on which the next word was due before today." }
        (by_whom)
        (by_place)
        @if !never.is_empty() { p { "Have asked for nothing: " (&never) "." } }
        (super::cut(asks.len()))
        (open)
        @if closed > 0 { p { a href=(&others) { "What came of those that are closed" } } }
    })))
}

/// What the tally calls those who were asked: the sponsor that they speak for, or else their role.
async fn whom(cx: &Cx, programme: &Snapshot, asks: &[Followed<'_>]) -> Result<HashMap<PersonId, String>, Fault> {
    let people: Vec<PersonId> = asks.iter().filter_map(|ask| ask.listed.matter.to_person).collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut roles: Vec<&str> = asks.iter().flat_map(|ask| &ask.kind.addressed_to).map(String::as_str).collect();
    roles.sort_unstable();
    roles.dedup();
    let held: Vec<(PersonId, String, Option<String>)> = appointment::Entity::find()
        .select_only()
        .columns([appointment::Column::PersonId, appointment::Column::Role, appointment::Column::Sponsor])
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.person_id.is_in(people))
        .filter(appointment::COLUMN.role.is_in(roles))
        .order_by_asc(appointment::Column::CreatedAt)
        .order_by_asc(appointment::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who was asked for backing"))?;
    let sponsors = &programme.programme.design.sponsors;
    let named = held.into_iter().map(|(person, role, sponsor)| {
        let sponsor = sponsors.iter().find(|s| Some(&s.key) == sponsor.as_ref());
        (person, sponsor.map_or_else(|| programme.role_name(&role).to_string(), |s| s.name.clone()))
    });
    Ok(named.collect())
}

fn asked<'w>(ask: &Followed<'_>, whom: &'w HashMap<PersonId, String>) -> &'w str {
    match ask.listed.matter.to_person {
        None => ANYBODY,
        Some(person) => whom.get(&person).map_or("Somebody who has left", String::as_str),
    }
}

fn headers(of: &'static str) -> Vec<&'static str> {
    std::iter::once(of).chain(COUNTED).collect()
}

fn by_whom(cx: &Cx, asks: &[Followed<'_>], whom: &HashMap<PersonId, String>) -> Html {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut all = Tally::default();
    for ask in asks {
        tallies.entry(asked(ask, whom)).or_default().add(ask, cx.today());
        all.add(ask, cx.today());
    }
    let rows = tallies.iter().map(|(name, tally)| tally.row(Cell::text(name).head()));
    let headers = headers("Who was asked");
    Table::new("Who was asked, and what became of it", &headers, rows.collect()).foot(all.row(Cell::text("All").head())).html()
}

fn by_place(cx: &Cx, programme: &Snapshot, places: &[place::Model], asks: &[Followed<'_>]) -> Html {
    let mut tallies: BTreeMap<Option<PlaceId>, Tally> = BTreeMap::new();
    for ask in asks {
        tallies.entry(ask.listed.matter.place_id).or_default().add(ask, cx.today());
    }
    let of_places = places.iter().filter_map(|place| {
        let tally = tallies.get(&Some(place.id))?;
        let href = format!("{}/places/{}/matters", programme.href(), place.slug);
        Some(tally.row(Cell::link(&href, &place.name).head()))
    });
    let of_none = tallies.get(&None).map(|tally| tally.row(Cell::text("The programme").head()));
    let headers = headers("Place");
    Table::new("Who asked, and what became of it", &headers, of_places.chain(of_none).collect()).html()
}

/// Whether the viewer reads what every place asks, and not only some.
fn reads_all(cx: &Cx, programme: &Snapshot, kind: &EntryKind) -> bool {
    let reach = cx.viewer().reach(programme);
    let everywhere = |circle| reach.iter().any(|r| r.place.is_none() && r.circles.contains(&circle));
    kind.circles.iter().filter_map(|key| programme.circle_id(key)).all(everywhere)
}

/// The places that have asked for nothing; left out for those who would not know.
fn never(cx: &Cx, programme: &Snapshot, places: &[place::Model], asks: &[Followed<'_>]) -> String {
    if !programme.programme.design.influences(InfluencePart::Backing).all(|(kind, _)| reads_all(cx, programme, kind)) {
        return String::new();
    }
    let asks_here = |place: &&place::Model| asks.iter().any(|ask| ask.listed.matter.place_id == Some(place.id));
    let names: Vec<&str> = places.iter().filter(|place| !asks_here(place)).map(|place| place.name.as_str()).collect();
    names.join(", ")
}

fn open_asks(cx: &Cx, programme: &Snapshot, open: &[&Followed<'_>], whom: &HashMap<PersonId, String>) -> Html {
    if open.is_empty() {
        return html(maud! { p { "None is open." } });
    }
    let rows = open.iter().map(|ask| {
        let matter = &ask.listed.matter;
        vec![
            Cell::link(&ask.href(programme), &ask.listed.title).head(),
            Cell::text(ask.place()),
            Cell::text(asked(ask, whom)),
            Cell::day(matter.opened_on),
            Cell::text(ask.stands()),
            Cell::text(entries::waits_for(programme, matter)),
            match matter.due_on {
                Some(due) if ask.is_late(cx.today()) => {
                    Cell::html(maud! { (due.to_string()) " " (parts::tag("silent", Tone::Warning)) })
                }
                Some(due) => Cell::day(due),
                None => Cell::text("—"),
            },
        ]
    });
    let headers = ["Open ask", "Place", "Who was asked", "Asked on", "Stands", "Waits for", "Expected by"];
    Table::new("What is open, the oldest first", &headers, rows.collect()).html()
}
