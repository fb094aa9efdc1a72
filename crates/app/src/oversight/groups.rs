//! Who is missing in which place, by the design's rule; and what changed when people left: who followed, how long nobody
//! did, what was still open with them, and whether it went quiet.

use std::collections::BTreeMap;

use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, QuerySelect};
use store::fault;
use tables::{PersonId, PlaceId, appointment, entry, matter};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::people::{self, Named};
use crate::places;

/// Who left longer ago is history.
const BACK_DAYS: i64 = 365;
/// So many days before and after somebody left are compared.
const AROUND_DAYS: i64 = 90;
/// So long before somebody leaves, whoever follows may have begun.
const TAKING_OVER_DAYS: i64 = 60;
/// As many as anybody looks through.
const MOST: u64 = 100;

/// `/programmes/{programme}/groups`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let missing = missing(&cx, &programme).await?;
    let left = left(&cx, &programme).await?;
    let lead = "Who must be part of a place and is not, and what changed when people left.";
    Ok(Draft::new("Who is missing, who left").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            (super::pages(&cx))
            (parts::section("missing", "Who is missing", &missing))
            (parts::section("left", "Who left in the last year", &left))
        },
    ))
}

async fn missing(cx: &Cx, programme: &Snapshot) -> Result<Html, Fault> {
    let design = &programme.programme.design;
    let Some(rule) = &design.place_rule else {
        return Ok(html(maud! { p { "The design does not say who must be part of a place." } }));
    };
    let found = places::all(cx, programme).await?;
    let members = places::members(cx, programme, None).await?;
    let ids: Vec<PlaceId> = found.iter().map(|p| p.id).collect();
    let mut sectors: BTreeMap<PlaceId, Vec<String>> = BTreeMap::new();
    for (id, partner) in places::partners_of_all(cx.read(), &ids).await? {
        sectors.entry(id).or_default().push(partner.organisation.sector);
    }
    let mut whole = 0;
    let rows: Vec<Vec<Cell>> = found
        .iter()
        .filter_map(|place| {
            let here = members.get(&place.id).map_or(&[][..], Vec::as_slice);
            let lacks = places::missing(design, rule, here, sectors.get(&place.id).map_or(&[][..], Vec::as_slice));
            if lacks.is_empty() {
                whole += 1;
                return None;
            }
            Some(vec![
                Cell::link(&format!("{}/places/{}#people", programme.href(), place.slug), &place.name).head(),
                Cell::number(places::size(design, rule, here)),
                Cell::html(maud! { ul class="govuk-list" { @for one in &lacks { li { (one) } } } }),
            ])
        })
        .collect();
    let short = rows.len();
    let table = (short > 0)
        .then(|| Table::new("Places that lack somebody", &["Place", "Members", "What is missing"], rows).quiet().html());
    Ok(html(maud! {
        p { strong { "The programme asks: " } (&rule.text) }
        p { (whole) " of " (whole + short) @if whole + short == 1 { " place lacks nobody." } @else { " places lack nobody." } }
        @if let Some(table) = &table { (table) }
    }))
}

/// When somebody's role ended.
fn ended(n: &Named) -> Option<Day> {
    let early = n.ended_at.map(kernel::Moment::day);
    early.into_iter().chain(n.to_day).min().filter(|day| *day >= n.from_day)
}

async fn left(cx: &Cx, programme: &Snapshot) -> Result<Html, Stop> {
    let since = cx.today().plus_days(-BACK_DAYS);
    let over = Condition::any()
        .add(Condition::all().add(appointment::COLUMN.to_day.gte(since)).add(appointment::COLUMN.to_day.lt(cx.today())))
        .add(
            Condition::all().add(appointment::COLUMN.ended_at.gte(since.start())).add(appointment::COLUMN.ended_at.lte(cx.now())),
        );
    let mut gone = people::appointments(cx, over, MOST).await?;
    if gone.is_empty() {
        return Ok(html(maud! { p { "Nobody did." } }));
    }
    gone.sort_by_key(|n| std::cmp::Reverse(ended(n)));
    let roles: Vec<&str> = gone.iter().map(|n| n.role.as_str()).collect();
    let same = Condition::all().add(appointment::COLUMN.role.is_in(roles));
    let others = people::appointments(cx, same, 5_000).await?;
    let open = open_with(cx, programme, &gone).await?;
    let written = written(cx, programme, since.plus_days(-AROUND_DAYS)).await?;
    let rows = gone.iter().filter_map(|n| {
        let on = ended(n)?;
        let count = |from: Day, to: Day| {
            let here = written.iter().filter(|(place, day, _)| *place == n.place_id && *day > from && *day <= to);
            here.map(|(.., n)| *n).sum::<i64>()
        };
        let after = on.plus_days(AROUND_DAYS).min(cx.today());
        Some(vec![
            Cell::link(&format!("{}/people/{}", programme.href(), n.person_id), &n.name).head(),
            Cell::text(programme.role_name(&n.role)),
            Cell::text(n.place.as_deref().unwrap_or("The whole programme")),
            Cell::day(on),
            Cell::text(followed(cx, n, on, &others)),
            Cell::number(open.get(&n.person_id).copied().unwrap_or(0)),
            Cell::text(format!("{} before, {} since", count(on.plus_days(-AROUND_DAYS), on), count(on, after))),
        ])
    });
    let headers = ["Who", "Role", "For", "Left on", "Followed by", "Open matters still with them", "Entries in 90 days"];
    let table = Table::new("What changed when people left, in what you may read", &headers, rows.collect()).quiet().html();
    Ok(html(maud! {
        (table)
        @if gone.len() as u64 == MOST { p { "These are " (MOST) " of them." } }
    }))
}

/// Who holds the role after somebody, and how long nobody did.
fn followed(cx: &Cx, n: &Named, on: Day, others: &[Named]) -> String {
    let same = |o: &&Named| o.id != n.id && o.role == n.role && o.place_id == n.place_id;
    let still = |o: &&Named| ended(o).is_none_or(|end| end > on);
    // Who was there long before does not follow; who came to take over may have come a little earlier.
    let came = |o: &&Named| o.from_day > on.plus_days(-TAKING_OVER_DAYS);
    let next =
        others.iter().filter(same).filter(still).filter(came).filter(|o| o.person_id != n.person_id).min_by_key(|o| o.from_day);
    match next {
        None => {
            let rest = others.iter().filter(same).filter(still).filter(|o| o.person_id != n.person_id).count();
            match (rest, cx.today().days_since(on)) {
                (0, 1) => "nobody, for 1 day".into(),
                (0, days) => format!("nobody, for {days} days"),
                (1, _) => "nobody; 1 other holds the role".into(),
                (rest, _) => format!("nobody; {rest} others hold the role"),
            }
        }
        Some(next) => match next.from_day.days_since(on) {
            gap if gap > 1 => format!("{}, after {gap} days", next.name),
            _ => format!("{}, at once", next.name),
        },
    }
}

/// How many open matters are with each of these people still, in what the viewer may read.
async fn open_with(cx: &Cx, programme: &Snapshot, gone: &[Named]) -> Result<BTreeMap<PersonId, i64>, Fault> {
    let link = matter::Entity::belongs_to(entry::Entity).from(matter::Column::EntryId).to(entry::Column::Id);
    let found: Vec<(Option<PersonId>, i64)> = matter::Entity::find()
        .select_only()
        .column(matter::Column::ToPerson)
        .column_as(Expr::cust("COUNT(*)"), "count")
        .join(sea_orm::JoinType::InnerJoin, link.into())
        .filter(entries::readable(cx.viewer(), programme))
        .filter(matter::COLUMN.open.eq(true))
        .filter(matter::COLUMN.to_person.is_in(gone.iter().map(|n| n.person_id)))
        .group_by(matter::Column::ToPerson)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count matters of who left"))?;
    Ok(found.into_iter().filter_map(|(who, n)| Some((who?, n))).collect())
}

/// How much was written on which day about which place, in what the viewer may read.
async fn written(cx: &Cx, programme: &Snapshot, since: Day) -> Result<Vec<(Option<PlaceId>, Day, i64)>, Fault> {
    entry::Entity::find()
        .select_only()
        .columns([entry::Column::PlaceId, entry::Column::HappenedOn])
        .column_as(Expr::cust("COUNT(*)"), "count")
        .filter(entries::readable(cx.viewer(), programme))
        .filter(entry::COLUMN.happened_on.gte(since))
        .group_by(entry::Column::PlaceId)
        .group_by(entry::Column::HappenedOn)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("count what was written"))
}
