//! Whose days there are, as far as the viewer may see them.

use std::collections::{HashMap, HashSet};

use design::{Carry, Power};
use kernel::Days;
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use store::fault;
use tables::{AccountId, PersonId, PlaceId, appointment, person, place};

use crate::ground::{Cx, Snapshot, Stop};
use crate::ledger::days::{self, Asked, Share, Standing, Years, evenly};
use crate::people;

/// A consultant's days with a place in a year.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Nothing where none were ever allotted or used.
    pub account: Option<AccountId>,
    pub person: PersonId,
    pub name: String,
    pub place_id: PlaceId,
    pub place: String,
    pub slug: String,
    pub role: String,
    pub allotted: Days,
    pub used: Days,
    pub gone: Days,
    pub left: Days,
    /// What an even pace would have come to by today.
    pub expected: Days,
    pub mine: bool,
}

impl Row {
    pub fn share(&self, year: i32) -> Share {
        Share::With { person: self.person, place: self.place_id, role: self.role.clone(), year }
    }
    /// What is used, against an even pace.
    pub fn pace(&self) -> String {
        let over = self.used.checked_sub(self.allotted).filter(|over| *over > Days::ZERO);
        let ahead = self.used.quarters() - self.expected.quarters();
        if self.allotted == Days::ZERO && self.used == Days::ZERO {
            return "None are allotted".into();
        }
        // The year is over: nobody is behind any more.
        if self.expected == self.allotted && ahead < 0 {
            return format!("{} were not used", Days::from_quarters(-ahead));
        }
        match (over, ahead) {
            (Some(over), _) => format!("{over} over what was allotted"),
            (None, 0) => "At an even pace".into(),
            (None, 1..) => format!("{} ahead of an even pace", Days::from_quarters(ahead)),
            (None, _) => format!("{} behind an even pace", Days::from_quarters(-ahead)),
        }
    }
}

/// What the design says becomes of a role's days at a year's end.
pub(super) fn carry_of(programme: &Snapshot, role: &str) -> Carry {
    programme.programme.design.place_days().find(|line| line.role == role).map_or(Carry::Lapse, |line| line.carry)
}

/// Everybody's days with places in a year, those of the viewer first. Whoever holds such a role today stands there even
/// where nothing is allotted yet. A write reads through itself, so that it finds what others have just written.
pub(super) async fn in_year<C: ConnectionTrait>(cx: &Cx, read: &C, year: i32) -> Result<Vec<Row>, Stop> {
    let programme = cx.programme()?.clone();
    let asked = Asked { kind: days::WITH_PLACES, year: Some(year), ..Asked::default() };
    let standings = days::standings(read, &programme, &asked).await?;
    let mut rows = rows(cx, &programme, year, standings).await?;
    if year == Years::of(&programme).at(cx.today()) {
        let there: HashSet<_> = rows.iter().map(|r| (r.person, r.place_id, r.role.clone())).collect();
        let roles: Vec<String> = programme.programme.design.place_days().map(|line| line.role.clone()).collect();
        let holds = people::held_on(cx.today(), cx.now())
            .add(appointment::COLUMN.role.is_in(roles))
            .add(appointment::COLUMN.place_id.is_not_null());
        let slugs = places(cx, &programme).await?;
        for held in people::appointments(cx, holds, 10_000).await? {
            let Some((place_id, (place, slug))) = held.place_id.and_then(|id| Some((id, slugs.get(&id)?.clone()))) else {
                continue;
            };
            if there.contains(&(held.person_id, place_id, held.role.clone())) {
                continue;
            }
            let (none, mine) = (Days::ZERO, cx.viewer().person() == Some(held.person_id));
            rows.push(Row {
                account: None,
                person: held.person_id,
                name: held.name,
                place_id,
                place,
                slug,
                role: held.role,
                allotted: none,
                used: none,
                gone: none,
                left: none,
                expected: none,
                mine,
            });
        }
    }
    rows.retain(|row| row.mine || cx.viewer().may(Power::SeePeople, programme.id, Some(row.place_id)));
    rows.sort_by(|a, b| (!a.mine, &a.place, &a.name, a.person, &a.role).cmp(&(!b.mine, &b.place, &b.name, b.person, &b.role)));
    Ok(rows)
}

/// The viewer's own days this year, of any programme.
pub(super) async fn of_person(cx: &Cx, programme: &Snapshot) -> Result<Vec<Row>, Stop> {
    if programme.programme.design.place_days().next().is_none() {
        return Ok(Vec::new());
    }
    let year = Years::of(programme).at(cx.today());
    let asked = Asked { kind: days::WITH_PLACES, year: Some(year), person: Some(cx.person()?), place: None };
    let standings = days::standings(cx.read(), programme, &asked).await?;
    let mut rows = if standings.is_empty() { Vec::new() } else { rows(cx, programme, year, standings).await? };
    rows.sort_by(|a, b| (&a.place, &a.role).cmp(&(&b.place, &b.role)));
    Ok(rows)
}

async fn rows(cx: &Cx, programme: &Snapshot, year: i32, standings: Vec<Standing>) -> Result<Vec<Row>, Stop> {
    let mut of: Vec<PlaceId> = standings.iter().filter_map(|s| place_of(&s.share)).collect();
    of.sort_unstable();
    of.dedup();
    // Somebody's own are few; of many, all are as quick.
    let places = if of.len() <= 100 { named(cx, place::COLUMN.id.is_in(of)).await? } else { places(cx, programme).await? };
    let whose: HashSet<PersonId> = standings.iter().filter_map(|s| person_of(&s.share)).collect();
    let mut names: HashMap<PersonId, String> = HashMap::new();
    let whose: Vec<PersonId> = whose.into_iter().collect();
    for some in whose.chunks(900) {
        let found = person::Entity::find().filter(person::COLUMN.id.is_in(some.to_vec())).all(cx.read()).await;
        names.extend(found.map_err(fault("list people"))?.into_iter().map(|p| (p.id, p.name)));
    }
    let gone = Years::of(programme).gone(year, cx.today());
    let row = |s: Standing| {
        let Share::With { person, place: place_id, role, .. } = s.share else { return None };
        let (place, slug) = places.get(&place_id)?.clone();
        Some(Row {
            account: Some(s.account),
            person,
            name: names.get(&person)?.clone(),
            place_id,
            place,
            slug,
            role,
            allotted: s.allotted,
            used: s.used,
            gone: s.gone,
            left: s.left,
            expected: evenly(s.allotted, gone),
            mine: cx.viewer().person() == Some(person),
        })
    };
    Ok(standings.into_iter().filter_map(row).collect())
}

fn person_of(share: &Share) -> Option<PersonId> {
    match share {
        Share::With { person, .. } => Some(*person),
        Share::Staff { .. } => None,
    }
}

fn place_of(share: &Share) -> Option<PlaceId> {
    match share {
        Share::With { place, .. } => Some(*place),
        Share::Staff { .. } => None,
    }
}

/// Name and address of every place.
pub(super) async fn places(cx: &Cx, programme: &Snapshot) -> Result<HashMap<PlaceId, (String, String)>, Stop> {
    named(cx, place::COLUMN.programme_id.eq(programme.id)).await
}

async fn named(cx: &Cx, which: Expr) -> Result<HashMap<PlaceId, (String, String)>, Stop> {
    let found = place::Entity::find().filter(which).all(cx.read()).await;
    Ok(found.map_err(fault("list places"))?.into_iter().map(|p| (p.id, (p.name, p.slug))).collect())
}
