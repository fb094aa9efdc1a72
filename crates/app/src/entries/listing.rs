//! Lists of entries, the newest first: a place's timeline, and all of a programme that the viewer may read.

use std::borrow::Cow;

use hypertext::Renderable;
use kernel::{Day, Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, EntryId, PlaceId, appointment, entry, person, place};
use ui::parts::{self, EntryCard, FilterGroup, FilterOption};
use ui::{Html, html};

use super::readers::shape;
use super::reading::{in_reach, readable};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

/// Entries on one page. Fewer than in other lists: each brings its text, and an old phone lays all of them out.
const PAGE: usize = 25;
/// The beginning of a text. To count letters, PostgreSQL walks through them: a text that is not very long costs less as it
/// is, on the way here as well.
const START: &str = "CASE WHEN octet_length(entries.text) <= 3000 THEN entries.text ELSE substr(entries.text, 1, 240) END";

/// An entry as a list shows it, with the beginning of its text.
#[derive(Debug)]
pub(crate) struct Listed {
    pub id: EntryId,
    pub place_name: Option<String>,
    pub circle_id: CircleId,
    pub kind: String,
    pub title: String,
    pub start: String,
    pub happened_on: Day,
    pub changed_at: Moment,
    pub author: String,
    pub role: String,
    pub source_id: Option<EntryId>,
}

/// A row of [`columns`], in their order: reading by position is several times as quick as by name, fifty rows a page.
type Row = (EntryId, CircleId, String, String, Day, Moment, Option<EntryId>, String, String, String, Option<String>);

impl From<Row> for Listed {
    fn from((id, circle_id, kind, title, happened_on, changed_at, source_id, start, author, role, place_name): Row) -> Self {
        Self { id, place_name, circle_id, kind, title, start, happened_on, changed_at, author, role, source_id }
    }
}

/// What a list is asked for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub place: Option<PlaceId>,
    pub kind: Option<String>,
    pub circle: Option<CircleId>,
    /// Only older than this entry of this day: where the page before ended.
    pub before: Option<(Day, EntryId)>,
    /// Only what changed after this moment, the newest change first.
    pub changed_after: Option<Moment>,
    /// Only these.
    pub only: Option<Vec<EntryId>>,
    /// More of the text than its start.
    pub whole_text: bool,
    pub limit: u64,
}

/// The entries of a programme that the viewer may read and that were asked for.
///
/// For one place, the index of that place is short enough to walk. For the whole programme each circle of the viewer
/// is asked on its own, by an index of its own, and the answers are put together: whoever is in few circles would
/// otherwise wait while the database walks past everybody else's entries.
pub(crate) async fn list(cx: &Cx, programme: &Snapshot, asked: &Asked) -> Result<Vec<Listed>, Fault> {
    if asked.place.is_some() || asked.only.is_some() {
        return branch(cx, programme, asked, Condition::all()).await;
    }
    let mut found: Vec<Listed> = Vec::new();
    for part in branches(cx, programme) {
        for listed in branch(cx, programme, asked, part).await? {
            if found.iter().all(|f| f.id != listed.id) {
                found.push(listed);
            }
        }
    }
    match asked.changed_after {
        Some(_) => found.sort_by_key(|l| std::cmp::Reverse((l.changed_at, l.id))),
        None => found.sort_by_key(|l| std::cmp::Reverse((l.happened_on, l.id))),
    }
    found.truncate(usize::try_from(asked.limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// One condition for each place of the viewer, and one for each circle that reaches the whole programme.
fn branches(cx: &Cx, programme: &Snapshot) -> Vec<Condition> {
    use entry::COLUMN as E;
    let flows = &programme.programme.design.flows;
    let shared_from = |circle: CircleId| programme.circle(circle).is_some_and(|c| flows.iter().any(|f| f.from == c.key));
    let mut parts = Vec::new();
    for reach in cx.viewer().reach(programme) {
        match reach.place {
            Some(place) => parts.push(Condition::all().add(E.place_id.eq(place))),
            None => {
                for circle in reach.circles {
                    parts.push(Condition::all().add(E.circle_id.eq(circle)));
                    if shared_from(circle) {
                        parts.push(Condition::all().add(E.source_circle_id.eq(circle)));
                    }
                }
            }
        }
    }
    parts
}

/// What one index holds of it. Whatever the part says, only what the viewer may read comes back.
async fn branch(cx: &Cx, programme: &Snapshot, asked: &Asked, part: Condition) -> Result<Vec<Listed>, Fault> {
    use entry::COLUMN as E;
    let older = asked.before.map(|(day, id)| {
        Condition::any().add(E.happened_on.lt(day)).add(Condition::all().add(E.happened_on.eq(day)).add(E.id.lt(id)))
    });
    let wanted = Condition::all()
        .add(if asked.only.is_some() { in_reach(cx.viewer(), programme) } else { readable(cx.viewer(), programme) })
        .add(part)
        .add_option(asked.place.map(|p| E.place_id.eq(p)))
        .add_option(asked.kind.as_ref().map(|k| E.kind.eq(k.clone())))
        .add_option(asked.circle.map(|c| E.circle_id.eq(c)))
        .add_option(older)
        .add_option(asked.only.as_ref().map(|ids| E.id.is_in(ids.clone())))
        .add_option(asked.changed_after.map(|m| E.changed_at.gt(m)));
    let query = columns(asked).filter(wanted);
    let ordered = match (&asked.only, asked.changed_after) {
        // Whoever names the entries knows their order.
        (Some(_), _) => query,
        (None, Some(_)) => query.order_by_desc(entry::Column::ChangedAt),
        (None, None) => query.order_by_desc(entry::Column::HappenedOn),
    };
    let rows: Vec<Row> = ordered
        .order_by_desc(entry::Column::Id)
        .limit(asked.limit)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list entries"))?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// What a list shows of an entry, with the names that go with it. The place's name is left out of the list of one place.
fn columns(asked: &Asked) -> Select<entry::Entity> {
    let start = if asked.whole_text { "entries.text" } else { START };
    let person = entry::Entity::belongs_to(person::Entity).from(entry::Column::AuthorId).to(person::Column::Id).into();
    let held =
        entry::Entity::belongs_to(appointment::Entity).from(entry::Column::AppointmentId).to(appointment::Column::Id).into();
    let place = entry::Entity::belongs_to(place::Entity).from(entry::Column::PlaceId).to(place::Column::Id).into();
    let query = entry::Entity::find()
        .select_only()
        .columns([
            entry::Column::Id,
            entry::Column::CircleId,
            entry::Column::Kind,
            entry::Column::Title,
            entry::Column::HappenedOn,
            entry::Column::ChangedAt,
            entry::Column::SourceId,
        ])
        .column_as(Expr::cust(start), "start")
        .column_as(person::Column::Name, "author")
        .column_as(appointment::Column::Role, "role")
        .join(JoinType::InnerJoin, person)
        .join(JoinType::InnerJoin, held);
    match asked.place {
        Some(_) => query.column_as(Expr::cust("NULL"), "place_name"),
        None => query.column_as(place::Column::Name, "place_name").join(JoinType::LeftJoin, place),
    }
}

/// Entries as cards, with where and when; `words` are marked where they stand.
pub(crate) fn cards<'a>(
    programme: &'a Snapshot,
    entries: &'a [Listed],
    words: &'a [&'a str],
    say_place: bool,
) -> impl Renderable + 'a {
    parts::timeline(entries.iter().map(move |entry| card(programme, entry, words, say_place)))
}

/// Entries of several programmes as cards, each with its programme.
pub(crate) fn cards_across<'a>(entries: &'a [(&'a Snapshot, Listed)]) -> impl Renderable + 'a {
    parts::timeline(entries.iter().map(|(programme, entry)| {
        let card = card(programme, entry, &[], true);
        EntryCard { when: format!("{} · {}", card.when, programme.name), ..card }
    }))
}

fn card<'a>(programme: &'a Snapshot, listed: &'a Listed, words: &[&str], say_place: bool) -> EntryCard<'a> {
    let mut when = listed.happened_on.to_string();
    if let Some(place) = listed.place_name.as_deref().filter(|_| say_place) {
        when = format!("{when} · {place}");
    }
    EntryCard {
        kind: programme.kind_name(&listed.kind),
        title: &listed.title,
        href: format!("{}/entries/{}", programme.href(), listed.id),
        when,
        author: byline(&listed.author, programme.role_name(&listed.role)),
        circle: programme.circle_name(listed.circle_id),
        shape: programme.circle(listed.circle_id).map(shape).unwrap_or_default(),
        snippet: Some(ui::words::snippet(&listed.start, words)),
        extract: listed.source_id.is_some(),
    }
}

/// A name with the role, unless the name already says it.
pub(crate) fn byline<'a>(name: &'a str, role: &str) -> Cow<'a, str> {
    let says_it = match name.get(..role.len()) {
        Some(start) if role.is_ascii() && start.is_ascii() => start.eq_ignore_ascii_case(role),
        _ => name.to_lowercase().starts_with(&role.to_lowercase()),
    };
    if says_it { name.into() } else { format!("{name}, {role}").into() }
}

/// `/programmes/{programme}/entries`
pub(super) async fn of_programme(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let body = listed(&cx, &programme, None, &format!("{}/entries", programme.href())).await?;
    let page = Draft::new("Entries").lead("Everything people wrote in this programme that you may read, the newest first.");
    Ok(page.crumb(&programme.name, programme.href()).page(&cx, body))
}

/// `/programmes/{programme}/places/{place}/entries`
pub(super) async fn of_place(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let home = format!("{}/places/{}", programme.href(), place.slug);
    let body = listed(&cx, &programme, Some(&place), &format!("{home}/entries")).await?;
    let page = Draft::new(format!("Timeline of {}", place.name))
        .lead("What people wrote about this place that you may read, the newest first.");
    Ok(page.crumb(&programme.name, programme.href()).crumb(&place.name, home).page(&cx, body))
}

async fn listed(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>, base: &str) -> Result<Html, Fault> {
    let circle = cx.query("circle");
    let asked = Asked {
        place: place.map(|p| p.id),
        kind: Some(cx.query("kind").to_string()).filter(|k| !k.is_empty()),
        circle: programme.circle_id(circle),
        before: before(cx.query("before")),
        limit: PAGE as u64 + 1,
        ..Asked::default()
    };
    let mut entries = list(cx, programme, &asked).await?;
    let older = (entries.len() > PAGE).then(|| entries[PAGE - 1].happened_on.iso() + "." + &entries[PAGE - 1].id.to_string());
    entries.truncate(PAGE);
    let narrowed = asked.kind.is_some() || asked.circle.is_some() || asked.before.is_some();
    let filters = parts::filters(&filter_groups(cx, programme, base));
    let record = place.filter(|p| super::may_record(cx, Some(p.id))).map(|_| format!("{base}/new"));
    let kept: String = [("kind", cx.query("kind")), ("circle", circle)]
        .iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|(n, v)| format!("&{n}={v}"))
        .collect();
    Ok(html(maud! {
        @if let Some(record) = &record { (ui::form::button_link("Record an entry", record)) }
        (filters)
        @if entries.is_empty() && narrowed {
            p { "Nothing here matches. " a href=(base) { "Show everything" } "." }
        } @else if entries.is_empty() {
            (parts::empty_state(
                "Nothing to read here yet",
                "Sessions, reflections, minutes and stories stand here once people record them in a circle that you are in.",
                record.as_deref().map(|href| ("Record the first entry", href)),
            ))
        } @else {
            h2 class="govuk-visually-hidden" { "The newest first" }
            (cards(programme, &entries, &[], place.is_none()))
        }
        @if let Some(older) = &older {
            p class="older" { a href={ (base) "?before=" (older) (&kept) } rel="next" { "Older entries" } }
        }
    }))
}

/// Where the page before ended: the day, a full stop, the entry.
fn before(text: &str) -> Option<(Day, EntryId)> {
    let (day, id) = text.split_once('.')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

fn filter_groups(cx: &Cx, programme: &Snapshot, base: &str) -> Vec<FilterGroup> {
    let design = &programme.programme.design;
    let reach = cx.viewer().reach(programme);
    let mine = |key: &str| programme.circle_id(key).is_some_and(|id| reach.iter().any(|r| r.circles.contains(&id)));
    let circles: Vec<(&str, &str)> =
        design.circles.iter().filter(|c| mine(&c.key)).map(|c| (c.key.as_str(), c.name.as_str())).collect();
    let kinds: Vec<(&str, &str)> = design.kinds.iter().map(|k| (k.key.as_str(), k.name.as_str())).collect();
    vec![group(cx, base, "Kind", "kind", &kinds, "circle"), group(cx, base, "Circle", "circle", &circles, "kind")]
}

fn group(cx: &Cx, base: &str, label: &str, name: &str, options: &[(&str, &str)], other: &str) -> FilterGroup {
    let chosen = cx.query(name);
    let kept = if cx.query(other).is_empty() { String::new() } else { format!("&{other}={}", cx.query(other)) };
    let all = FilterOption {
        text: "All".into(),
        href: format!("{base}?{}", kept.trim_start_matches('&')),
        current: chosen.is_empty(),
        count: None,
    };
    let rest = options.iter().map(|(key, text)| FilterOption {
        text: (*text).to_string(),
        href: format!("{base}?{name}={key}{kept}"),
        current: chosen == *key,
        count: None,
    });
    FilterGroup { label: label.to_string(), options: std::iter::once(all).chain(rest).collect() }
}
