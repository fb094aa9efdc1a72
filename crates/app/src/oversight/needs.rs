//! The map of who needs to know what: what is met, met elsewhere, asked twice, met by nobody. As the design says it, and as
//! it stands in what the viewer may read.

use std::collections::{BTreeMap, BTreeSet};

use design::{Component, Design, Need, PLACES};
use kernel::{Day, Fault};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use store::fault;
use tables::{CircleId, PlaceId, entry, place};
use ui::table::{Cell, Table};
use ui::{html, parts};

use super::asked;
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

/// How a need is met by the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// One component asks, and somebody supplies it.
    Met,
    /// The places are asked, though another component supplies it.
    Elsewhere,
    /// Two components ask the places for it.
    Twice,
    Nobody,
}

impl Supply {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Elsewhere => "met elsewhere: ask them instead of the places",
            Self::Twice => "asked twice of the places",
            Self::Nobody => "met by nobody",
        }
    }
}

/// What the design says of a need: before launch it is a check of the design.
pub(super) fn by_design(design: &Design, of: &Component, need: &Need) -> Supply {
    let asks = |c: &Component| c.needs.iter().any(|n| n.key == need.key && n.from.iter().any(|f| f == PLACES));
    let supplied = design.components.iter().any(|c| c.key != of.key && c.supplies.contains(&need.key));
    let from_places = need.from.iter().any(|f| f == PLACES);
    match () {
        () if from_places && design.components.iter().filter(|c| asks(c)).count() > 1 => Supply::Twice,
        () if from_places && supplied => Supply::Elsewhere,
        () if from_places || supplied => Supply::Met,
        () => Supply::Nobody,
    }
}

/// Roles that work in a component.
fn roles_of<'a>(design: &'a Design, component: &'a str) -> impl Iterator<Item = &'a str> {
    design.roles.iter().filter(move |r| r.component.as_deref() == Some(component)).map(|r| r.key.as_str())
}

/// Whether entries of a kind may stand in a circle.
fn written_in(design: &Design, kind: &str, circle: &str) -> bool {
    design.kind(kind).is_some_and(|k| k.circles.iter().any(|c| c == circle))
}

/// Who supplies a need, as people say it.
pub(super) fn suppliers(design: &Design, need: &Need) -> String {
    let name = |key: &String| match key.as_str() {
        PLACES => "the places".to_string(),
        key => design.component(key).map_or_else(|| key.to_string(), |c| c.name.clone()),
    };
    if need.from.is_empty() { "nobody".into() } else { need.from.iter().map(name).collect::<Vec<_>>().join(", ") }
}

type Latest = (PlaceId, String, CircleId, Day);

/// The last day on which each kind was written of each place in each circle, in what the viewer may read.
async fn latest(cx: &Cx, programme: &Snapshot, kinds: &BTreeSet<&str>, since: Day) -> Result<Vec<Latest>, Fault> {
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    entry::Entity::find()
        .select_only()
        .columns([entry::Column::PlaceId, entry::Column::Kind, entry::Column::CircleId])
        .column_as(Expr::cust("MAX(happened_on)"), "last")
        .filter(entries::readable(cx.viewer(), programme))
        .filter(entry::COLUMN.place_id.is_not_null())
        .filter(entry::COLUMN.kind.is_in(kinds.iter().copied()))
        .filter(entry::COLUMN.happened_on.gte(since))
        .group_by(entry::Column::PlaceId)
        .group_by(entry::Column::Kind)
        .group_by(entry::Column::CircleId)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("look what is known"))
}

/// Without a limit of its own, a need is told by what is no older than two years.
const FRESH: i64 = 730;

/// `/programmes/{programme}/needs`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    let all: Vec<(&Component, &Need)> = design.components.iter().flat_map(|c| c.needs.iter().map(move |n| (c, n))).collect();
    let kinds: BTreeSet<&str> = all.iter().flat_map(|(_, n)| n.kinds.iter().map(String::as_str)).collect();
    let fresh = |need: &Need| need.fresh_days.map_or(FRESH, i64::from);
    let oldest = all.iter().map(|(_, n)| fresh(n)).max().unwrap_or(FRESH);
    let latest = latest(&cx, &programme, &kinds, cx.today().plus_days(-oldest)).await?;
    let places = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id));
    let places = places.count(cx.read()).await.map_err(fault("count places"))?;
    let asked = asked_of_places(&cx, &programme).await?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let rows = all.iter().map(|(component, need)| {
        let met = by_design(design, component, need);
        *counts.entry(met.words()).or_default() += 1;
        let reads = |circle: CircleId| {
            let readers = programme.circle(circle).map(|c| (c.public, c.readers.as_slice()));
            readers.is_some_and(|(public, readers)| {
                public || roles_of(design, &component.key).any(|r| readers.iter().any(|x| x == r))
            })
        };
        let since = cx.today().plus_days(-fresh(need));
        let known: BTreeSet<PlaceId> = latest
            .iter()
            .filter(|(_, kind, circle, on)| need.kinds.contains(kind) && *on >= since && reads(*circle))
            .map(|(place, ..)| *place)
            .collect();
        let in_view = |c: &&design::Circle| {
            let mine = c.public || cx.held().any(|h| c.readers.contains(&h.role));
            mine && (c.public || roles_of(design, &component.key).any(|r| c.readers.iter().any(|x| x == r)))
        };
        let in_view = design.circles.iter().any(|c| in_view(&c) && need.kinds.iter().any(|k| written_in(design, k, &c.key)));
        let known = match need.kinds.is_empty() {
            true => "not told by entries".to_string(),
            false if !in_view => "not for you to read".to_string(),
            false => format!("{} of {places} places", known.len()),
        };
        vec![
            Cell::text(&need.what).head(),
            Cell::text(&component.name),
            Cell::text(need.how_often.as_deref().unwrap_or("not stated")),
            Cell::text(suppliers(design, need)),
            Cell::text(met.words()),
            Cell::text(known),
        ]
    });
    let headers = ["What", "Who needs it", "How often", "From whom", "By the design", "Known now"];
    let table = Table::new("Needs and sources", &headers, rows.collect()).quiet().html();
    let sums: Vec<String> = counts.iter().map(|(words, n)| format!("{n} {words}")).collect();
    let lead = "Who needs to know what, where it comes from, and whether anyone has it already. “Known now” counts places of which something fresh stands where those who need it read, in what you may read.";
    let note = html(maud! { p { "By the design: " (sums.join("; ")) "." } });
    Ok(Draft::new("Who needs to know what").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            (super::pages(&cx))
            (parts::section("map", "The map", maud! { (note) (table) }))
            (asked)
            p { "Whoever is about to ask a place sees on its page “Ask something” what is known to them already, and who may know." }
        },
    ))
}

/// The places of which the most was asked this quarter.
async fn asked_of_places(cx: &Cx, programme: &Snapshot) -> Result<ui::Html, Fault> {
    const SOME: usize = 50;
    let mut all: Vec<_> = asked::this_quarter(cx, programme, None).await?.into_iter().collect();
    all.sort_by_key(|(id, asked)| (std::cmp::Reverse(asked.all()), *id));
    let more = all.len() > SOME;
    all.truncate(SOME);
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(all.iter().map(|(id, _)| *id)));
    let places = places.all(cx.read()).await.map_err(fault("list places"))?;
    let rows = all.iter().filter_map(|(id, asked)| {
        let place = places.iter().find(|p| p.id == *id)?;
        Some(vec![
            Cell::link(&format!("{}/places/{}", programme.href(), place.slug), &place.name).head(),
            Cell::number(asked.questions),
            Cell::number(asked.reports),
            Cell::number(asked.meetings),
        ])
    });
    let rows: Vec<_> = rows.collect();
    let table = (!rows.is_empty()).then(|| {
        let headers = ["Place", "Questions", "Reports about money", "Meetings"];
        Table::new("The most asked of first, in what you may read", &headers, rows).quiet().html()
    });
    Ok(html(maud! {
        (parts::section("time", "Time asked of places this quarter", maud! {
            @if let Some(table) = &table { (table) } @else { p { "Nothing was asked this quarter that you may read." } }
            @if more { p { "These are the " (SOME) " of which the most was asked." } }
        }))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(key: &str, needs: &[(&str, &[&str])], supplies: &[&str]) -> Component {
        let need = |(key, from): &(&str, &[&str])| Need {
            key: (*key).into(),
            what: (*key).into(),
            from: from.iter().map(ToString::to_string).collect(),
            how_often: None,
            kinds: Vec::new(),
            fresh_days: None,
            sources: Vec::new(),
        };
        Component {
            key: key.into(),
            name: key.into(),
            kind: design::ComponentKind::Grants,
            led_by: Vec::new(),
            about: String::new(),
            test_and_learn: None,
            needs: needs.iter().map(need).collect(),
            supplies: supplies.iter().map(ToString::to_string).collect(),
            sources: Vec::new(),
        }
    }

    #[test]
    fn a_need_is_met_met_elsewhere_asked_twice_or_met_by_nobody() {
        let grants = component(
            "grants",
            &[("progress", &["places"]), ("voices", &["places"]), ("stories", &["places"]), ("luck", &[])],
            &[],
        );
        let support = component("support", &[("voices", &["places"])], &["progress"]);
        let design = Design { components: vec![grants, support], ..Design::default() };
        let met: Vec<Supply> = design.components[0].needs.iter().map(|n| by_design(&design, &design.components[0], n)).collect();
        assert_eq!(met, [Supply::Elsewhere, Supply::Twice, Supply::Met, Supply::Nobody]);
    }
}
