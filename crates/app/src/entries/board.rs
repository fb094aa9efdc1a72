//! Matters side by side: what is open, for how long, and who is expected to say something; and across places, how many
//! stand where. Everything here is counted and listed from what the viewer may read.

use design::EntryKind;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{FromQueryResult, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{PlaceId, entry, matter, place};
use ui::parts::{self, FilterGroup, FilterOption, Page, Task, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::matters::{self, Listed, Wanted, stands, waits_for};
use super::reading::readable;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};

const PAGE: u64 = 50;

/// `/programmes/{programme}/matters`
pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let home = format!("{}/matters", programme.href());
    let body = board(&cx, &programme, None, &home).await?;
    let lead = "What waits for an answer or an outcome, in what you may read: challenges, experiments, actions, questions.";
    Ok(Draft::new("Matters").lead(lead).crumb(&programme.name, programme.href()).page(&cx, body))
}

/// `/programmes/{programme}/places/{place}/matters`
pub(super) async fn of_place(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let there = format!("{}/places/{}", programme.href(), place.slug);
    let body = board(&cx, &programme, Some(&place), &format!("{there}/matters")).await?;
    let draft = Draft::new(format!("Matters of {}", place.name))
        .lead("What waits for an answer or an outcome here, and what came of the rest.");
    Ok(draft.crumb(&programme.name, programme.href()).crumb(&place.name, there).page(&cx, body))
}

async fn board(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>, home: &str) -> Result<Html, Stop> {
    let kinds: Vec<&EntryKind> = programme.programme.design.kinds.iter().filter(|k| k.is_matter()).collect();
    let kind = kinds.iter().find(|k| k.key == cx.query("kind"));
    let open = cx.query("state") != "closed";
    let counts = counts(cx, programme, place).await?;
    let here = counts.iter().filter(|c| c.open == open && kind.is_none_or(|k| k.key == c.kind));
    let all = u64::try_from(here.map(|c| c.count).sum::<i64>()).unwrap_or(0);
    let of = all.div_ceil(PAGE).max(1);
    let number = cx.query("page").parse::<u64>().unwrap_or(1).clamp(1, of);
    let wanted = Wanted {
        open: Some(open),
        kind: kind.map(|k| k.key.clone()),
        place: place.map(|p| p.id),
        offset: (number - 1) * PAGE,
        limit: PAGE,
        ..Wanted::default()
    };
    let found = matters::list(cx, programme, wanted).await?;
    let pages = Page {
        number: usize::try_from(number).unwrap_or(1),
        of: usize::try_from(of).unwrap_or(1),
        base_href: address(home, kind.map_or("", |k| &k.key), if open { "" } else { "closed" }),
    };
    let patterns = patterns(cx, programme, place, &counts).await?;
    let ranked = match place.filter(|_| open) {
        Some(place) => super::voices::ranked(cx, programme, place).await?,
        None => html(""),
    };
    let table = table(cx, programme, &found, place.is_none(), open);
    let record = place.filter(|p| super::may_record(cx, Some(p.id)));
    Ok(html(maud! {
        @if let Some(place) = record {
            (ui::form::button_link("Record an entry", &format!("{}/places/{}/entries/new", programme.href(), place.slug)))
        }
        (parts::filters(&filters(cx, &kinds, home)))
        @if found.is_empty() {
            p { "There is nothing here. Challenges, experiments, actions and questions stand here when you are among their readers." }
        } @else {
            (table)
            (parts::pagination(&pages))
        }
        (ranked)
        (patterns)
    }))
}

/// The board narrowed to a kind and a state, either of which may be empty.
fn address(home: &str, kind: &str, state: &str) -> String {
    format!("{home}?kind={kind}&state={state}")
}

fn filters(cx: &Cx, kinds: &[&EntryKind], home: &str) -> Vec<FilterGroup> {
    let (kind, state) = (cx.query("kind"), if cx.query("state") == "closed" { "closed" } else { "" });
    let option = |text: &str, (k, s): (&str, &str)| FilterOption {
        text: text.into(),
        href: address(home, k, s),
        current: k == kind && s == state,
        count: None,
    };
    let all = std::iter::once(option("All", ("", state))).chain(kinds.iter().map(|k| option(&k.name, (&k.key, state))));
    vec![
        FilterGroup { label: "Kind".into(), options: all.collect() },
        FilterGroup { label: "State".into(), options: vec![option("Open", (kind, "")), option("Closed", (kind, "closed"))] },
    ]
}

fn days(n: i64) -> String {
    if n == 1 { "1 day".into() } else { format!("{n} days") }
}

fn table(cx: &Cx, programme: &Snapshot, found: &[Listed], say_place: bool, open: bool) -> Html {
    let design = &programme.programme.design;
    let rows = found.iter().map(|one| {
        let row = &one.matter;
        let late = row.due_on.is_some_and(|due| open && due < cx.today());
        let mut cells = vec![
            Cell::link(&format!("{}/entries/{}", programme.href(), one.entry), &one.title).head(),
            Cell::text(programme.kind_name(&row.kind)),
        ];
        if say_place {
            cells.push(match (&one.place, &one.place_slug) {
                (Some(name), Some(slug)) => Cell::link(&format!("{}/places/{slug}/matters", programme.href()), name),
                _ => Cell::text("The programme"),
            });
        }
        cells.push(Cell::text(stands(design.kind(&row.kind), row)));
        cells.push(Cell::text(days(cx.today().days_since(row.opened_on).max(0))));
        cells.push(Cell::text(days(cx.today().days_since(row.moved_at.day()).max(0))));
        if open {
            cells.push(match &one.to {
                Some(to) => Cell::text(format!("{to} ({})", waits_for(programme, row))),
                None => Cell::text(waits_for(programme, row)),
            });
            cells.push(match row.due_on {
                Some(due) if late => Cell::html(maud! { (due.to_string()) " " (parts::tag("late", Tone::Warning)) }),
                Some(due) => Cell::day(due),
                None => Cell::text("—"),
            });
        }
        cells
    });
    let mut headers = vec!["What", "Kind"];
    if say_place {
        headers.push("Place");
    }
    headers.extend(["Stands", "Age", "Silent for"]);
    if open {
        headers.extend(["Waits for", "Expected by"]);
    }
    Table::new(if open { "Open matters" } else { "Closed matters" }, &headers, rows.collect()).quiet().html()
}

/// How many stand the same way.
#[derive(Debug, FromQueryResult)]
struct Count {
    place_id: Option<PlaceId>,
    kind: String,
    state: String,
    open: bool,
    count: i64,
}

/// How many of a kind stand how in which place, in what the viewer may read.
async fn counts(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>) -> Result<Vec<Count>, Fault> {
    use matter::Column::{EntryId, Kind, Open, PlaceId, State};
    let link = matter::Entity::belongs_to(entry::Entity).from(EntryId).to(entry::Column::Id);
    let query = matter::Entity::find()
        .select_only()
        .columns([PlaceId, Kind, State, Open])
        .column_as(Expr::cust("COUNT(*)"), "count")
        .join(JoinType::InnerJoin, link.into())
        .filter(matter::COLUMN.programme_id.eq(programme.id))
        .filter(readable(cx.viewer(), programme))
        .group_by(PlaceId)
        .group_by(Kind)
        .group_by(State)
        .group_by(Open);
    let query = match place {
        Some(place) => query.filter(matter::COLUMN.place_id.eq(place.id)),
        None => query,
    };
    query.into_model::<Count>().all(cx.read()).await.map_err(fault("count matters"))
}

/// How many stand where, place by place: what keeps coming back, and where it goes quiet.
async fn patterns(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>, counts: &[Count]) -> Result<Html, Fault> {
    if counts.is_empty() {
        return Ok(html(""));
    }
    let places: Vec<PlaceId> = counts.iter().filter_map(|c| c.place_id).collect();
    let places = place::Entity::find()
        .filter(place::COLUMN.id.is_in(places))
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list places"))?;
    let mut rows: Vec<(Option<PlaceId>, &str)> = places.iter().map(|p| (Some(p.id), p.name.as_str())).collect();
    if counts.iter().any(|c| c.place_id.is_none()) {
        rows.push((None, "The programme"));
    }
    let kinds = programme.programme.design.kinds.iter();
    let tables: Vec<Html> = kinds.filter_map(|kind| standing(kind, counts, &rows)).collect();
    let title = if place.is_some() { "How many stand where" } else { "Across places" };
    Ok(html(maud! {
        (parts::section("patterns", title, maud! {
            p class="muted" { "In what you may read." }
            @for table in &tables { (table) }
        }))
    }))
}

/// How many of one kind stand how, place by place; nothing where there is none of it.
fn standing(kind: &EntryKind, counts: &[Count], rows: &[(Option<PlaceId>, &str)]) -> Option<Html> {
    let number = |place: Option<PlaceId>, state: &str| {
        let of = counts.iter().filter(|c| c.place_id == place && c.kind == kind.key && c.state == state);
        of.map(|c| c.count).sum::<i64>()
    };
    let states = std::iter::once(("", "open")).chain(kind.steps.iter().map(|s| (s.key.as_str(), s.stands.as_str())));
    let states: Vec<(&str, &str)> =
        states.filter(|(key, _)| counts.iter().any(|c| c.kind == kind.key && c.state == *key)).collect();
    let row = |(id, name): &(Option<PlaceId>, &str)| {
        let numbers: Vec<i64> = states.iter().map(|(key, _)| number(*id, key)).collect();
        let cells = numbers.iter().map(|n| if *n == 0 { Cell::no_number("none") } else { Cell::number(n) });
        numbers.iter().any(|n| *n > 0).then(|| std::iter::once(Cell::text(name).head()).chain(cells).collect::<Vec<_>>())
    };
    let rows: Vec<Vec<Cell>> = rows.iter().filter_map(row).collect();
    let headers: Vec<&str> = std::iter::once("Place").chain(states.iter().map(|(_, words)| *words)).collect();
    (!rows.is_empty()).then(|| Table::new(&kind.name, &headers, rows).html())
}

/// What waits for the viewer's answer, for their Today.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    const SOME: u64 = 50;
    let mut found = matters::waiting(cx, programme, SOME + 1).await?;
    let more = found.len() as u64 > SOME;
    found.truncate(usize::try_from(SOME).unwrap_or(usize::MAX));
    let design = &programme.programme.design;
    let tasks = found.iter().map(|one| {
        let row = &one.matter;
        let next: Vec<&str> = design
            .kind(&row.kind)
            .map(|k| k.awaited(matters::state(row)))
            .unwrap_or_default()
            .iter()
            .filter(|s| cx.viewer().held_in(programme.id).any(|h| s.by.contains(&h.role)))
            .map(|s| s.name.as_str())
            .collect();
        let late = row.due_on.is_some_and(|due| due < cx.today());
        let place = one.place.as_deref().unwrap_or(&programme.name);
        Task {
            text: one.title.clone(),
            href: format!("{}/entries/{}", programme.href(), one.entry),
            detail: Some(format!(
                "{} of {place}, {}. Next: {}.",
                programme.kind_name(&row.kind),
                stands(design.kind(&row.kind), row),
                next.join(", or ")
            )),
            due: row.due_on.map(|due| format!("by {due}")),
            tone: if late { Tone::Warning } else { Tone::Waiting },
        }
    });
    let rest = more.then(|| Task {
        text: "More matters wait for you".into(),
        href: format!("{}/matters", programme.href()),
        detail: Some(format!("These are the {SOME} that are due first.")),
        due: None,
        tone: Tone::Waiting,
    });
    Ok(tasks.chain(rest).collect())
}
