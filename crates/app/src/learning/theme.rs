//! One theme: what belongs to it, its excerpts as far as the viewer may read them, and what was done to it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, MarkId, ThemeId, entry, mark, mark_theme, person, place, theme, theme_change};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::answered::{self, Answered};
use super::counts::{QUARTER, quarter_name, quarter_of};
use super::excerpts::{self, Excerpt};
use super::source::Source;
use super::vocabulary::Vocabulary;
use super::{keeps, open_marks, takes_part, themes};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Form, Snapshot, Stop};

const PAGE: u64 = 25;
/// Further ones are moved after these.
const SPLIT: u64 = 50;

const SAID: &[(&str, &str)] =
    &[("saved", "Saved. How it was stays below."), ("split", "Split. This is the new theme, with the excerpts you chose.")];

/// An excerpt with what it is from.
struct Found {
    excerpt: Excerpt,
    source: Source,
    place: Option<String>,
}

/// Which excerpts of a theme are looked for.
#[derive(Debug, Clone, Default)]
struct Wanted {
    place: Option<String>,
    quarter: Option<i64>,
    after: Option<MarkId>,
    limit: u64,
}

pub(super) fn named(cx: &Cx, vocabulary: &Vocabulary) -> Result<theme::Model, Stop> {
    let id: ThemeId = cx.param("theme").parse().map_err(|_| Stop::Missing)?;
    vocabulary.find(id).cloned().ok_or(Stop::Missing)
}

/// `/programmes/{programme}/themes/{theme}`
pub(super) async fn page(cx: Cx) -> Answer {
    shown(&cx, None, &Invalid::default()).await
}

pub(super) async fn shown(cx: &Cx, typed: Option<&Form>, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    takes_part(cx, &programme)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let theme = named(cx, &vocabulary)?;
    let home = format!("{}/themes/{}", programme.href(), theme.id);
    let asked = |name: &str| Some(cx.query(name).to_string()).filter(|q| !q.is_empty());
    let wanted = Wanted {
        place: asked("place"),
        quarter: cx.query("quarter").parse().ok(),
        after: cx.query("after").parse().ok(),
        limit: PAGE + 1,
    };
    let mut found = excerpts_of(cx, &programme, &vocabulary.under(theme.id), &wanted).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = found.last().filter(|_| more).map(|last| {
        let place = wanted.place.as_ref().map(|p| format!("&place={p}")).unwrap_or_default();
        let quarter = wanted.quarter.map(|q| format!("&quarter={q}")).unwrap_or_default();
        format!("{home}?after={}{place}{quarter}", last.excerpt.row.id)
    });
    let history = history(cx, &theme).await?;
    let keeps = keeps(cx, &programme) && theme.ended_at.is_none();
    let keeping = if keeps { keeping(cx, &programme, &vocabulary, &theme, typed, wrong).await? } else { html("") };
    let narrowed = wanted.place.is_some() || wanted.quarter.is_some();
    let me = cx.viewer().person();
    let named_place = wanted.place.as_deref().map(|slug| match slug {
        "-" => "the programme as a whole",
        slug => found.iter().find_map(|one| one.place.as_deref()).unwrap_or(slug),
    });
    let draft = Draft::new(&theme.name).crumb(&programme.name, programme.href());
    let draft = draft.crumb("Themes", format!("{}/themes", programme.href())).done(cx, SAID).invalid(wrong);
    Ok(draft.lead(theme.about.clone()).page(
        cx,
        maud! {
            @if theme.ended_at.is_some() {
                p { strong { "It is no longer offered." } @if let Some(into) = theme.merged_into { " It became a part of " a href={ (programme.href()) "/themes/" (into.to_string()) } { (vocabulary.name(into)) } "." } }
            }
            @if theme.parent_id.is_some() { p { (vocabulary.path(theme.id)) } }
            (parts::section("excerpts", "Its excerpts", maud! {
                p class="muted" {
                    "Those that you may read" @if narrowed { ", narrowed" }
                    @if let Some(place) = named_place { " to those of " (place) }
                    @if let Some(quarter) = wanted.quarter { " in " (quarter_name(quarter)) }
                    ". " @if narrowed { a href=(&home) { "Show all" } }
                }
                @if found.is_empty() { p { "None." } }
                @for one in &found {
                    div class="theme-excerpt" {
                        (excerpts::one(&programme, &vocabulary, &one.excerpt, None, me))
                        p class="entry-by" {
                            "From " @if one.source.entry().is_none() { "the application " } a href={ (one.source.href(&programme)) "/excerpts" } { (one.source.name()) }
                            ", " (one.source.on().to_string()) @if let Some(place) = &one.place { ", " (place) }
                        }
                    }
                }
                @if let Some(next) = &next { p { a href=(next) rel="next" { "More excerpts" } } }
            }))
            (keeping)
            (history)
        },
    ))
}

/// So many of the newest excerpts of these themes, each with what it is from.
pub(super) async fn newest(
    cx: &Cx,
    programme: &Snapshot,
    themes: &[ThemeId],
    limit: u64,
) -> Result<Vec<(Source, Excerpt)>, Fault> {
    let found = excerpts_of(cx, programme, themes, &Wanted { limit, ..Wanted::default() }).await?;
    Ok(found.into_iter().map(|one| (one.source, one.excerpt)).collect())
}

/// Excerpts of these themes that others see too, the newest first: of entries and of applications, as far as the viewer reads those.
async fn excerpts_of(cx: &Cx, programme: &Snapshot, themes: &[ThemeId], wanted: &Wanted) -> Result<Vec<Found>, Fault> {
    let mut ids = of_entries(cx, programme, themes, wanted).await?;
    ids.extend(of_applications(cx, programme, themes, wanted).await?);
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    ids.dedup();
    ids.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    let rows = mark::Entity::find().filter(mark::COLUMN.id.is_in(ids)).order_by_desc(mark::Column::Id);
    let rows = rows.all(cx.read()).await.map_err(fault("load excerpts of a theme"))?;
    let entries = entry::Entity::find()
        .filter(entry::COLUMN.id.is_in(rows.iter().filter_map(|r| r.entry_id)))
        .filter(entries::readable(cx.viewer(), programme))
        .order_by_asc(entry::Column::Id);
    let entries = entries.all(cx.read()).await.map_err(fault("load what excerpts are of"))?;
    let mut answered: HashMap<ApplicationId, Option<Answered>> = HashMap::new();
    let mut found = Vec::new();
    for row in rows {
        let (excerpt, source) = if let Some(id) = row.application_id {
            let of = match answered.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(Answered::load(cx, programme, id).await?),
            };
            let Some(of) = of else { continue };
            (of.read(cx, vec![row]).await?.pop(), Source::Application(of.evidence.clone()))
        } else {
            let entry = entries.iter().find(|e| Some(e.id) == row.entry_id && !entries::is_gone(e));
            let Some(entry) = entry else { continue };
            (excerpts::read(cx, programme, entry, vec![row]).await?.pop(), Source::Entry(Box::new(entry.clone())))
        };
        found.extend(excerpt.map(|excerpt| Found { excerpt, source, place: None }));
    }
    let places = place::Entity::find()
        .filter(place::COLUMN.id.is_in(found.iter().filter_map(|f| f.source.place())))
        .all(cx.read())
        .await
        .map_err(fault("list places"))?;
    for one in &mut found {
        one.place = places.iter().find(|p| Some(p.id) == one.source.place()).map(|p| p.name.clone());
    }
    Ok(found)
}

/// Which excerpts of entries, without the texts: none is carried along only to be sorted.
async fn of_entries(cx: &Cx, programme: &Snapshot, themes: &[ThemeId], wanted: &Wanted) -> Result<Vec<MarkId>, Fault> {
    let of = mark::Entity::belongs_to(mark_theme::Entity).from(mark::Column::Id).to(mark_theme::Column::MarkId);
    let in_entry = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
    let at = entry::Entity::belongs_to(place::Entity).from(entry::Column::PlaceId).to(place::Column::Id);
    let quarter = wanted.quarter.map(|q| Expr::cust(QUARTER).eq(q));
    mark::Entity::find()
        .select_only()
        .column(mark::Column::Id)
        .distinct()
        .join(JoinType::InnerJoin, of.into())
        .join(JoinType::InnerJoin, in_entry.into())
        .join(JoinType::LeftJoin, at.into())
        .filter(mark_theme::COLUMN.programme_id.eq(programme.id))
        .filter(mark_theme::COLUMN.theme_id.is_in(themes.iter().copied()))
        .filter(mark_theme::COLUMN.ended_at.is_null())
        .filter(open_marks(cx, programme))
        .filter(entries::readable(cx.viewer(), programme))
        .filter(
            Condition::all()
                .add_option(wanted.place.as_ref().map(|slug| match slug.as_str() {
                    "-" => entry::COLUMN.place_id.is_null(),
                    slug => place::COLUMN.slug.eq(slug),
                }))
                .add_option(quarter)
                .add_option(wanted.after.map(|id| mark::COLUMN.id.lt(id))),
        )
        .order_by_desc(mark::Column::Id)
        .limit(wanted.limit)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list excerpts of a theme"))
}

/// Which excerpts of applications. There are few, so they are narrowed here.
async fn of_applications(cx: &Cx, programme: &Snapshot, themes: &[ThemeId], wanted: &Wanted) -> Result<Vec<MarkId>, Fault> {
    let place = match wanted.place.as_deref() {
        None | Some("-") => None,
        Some(slug) => {
            let of =
                place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id)).filter(place::COLUMN.slug.eq(slug));
            match of.one(cx.read()).await.map_err(fault("load a place"))? {
                Some(place) => Some(place.id),
                None => return Ok(Vec::new()),
            }
        }
    };
    let given = answered::given(cx, programme).await?;
    let wanted = given.into_iter().filter(|g| {
        themes.contains(&g.theme)
            && (wanted.place.is_none() || g.evidence.place == place)
            && wanted.quarter.is_none_or(|q| quarter_of(g.evidence.submitted_on) == q)
            && wanted.after.is_none_or(|id| g.mark < id)
    });
    Ok(wanted.map(|g| g.mark).collect())
}

/// The theme's own excerpts that the viewer can split off.
pub(super) async fn own(cx: &Cx, theme: ThemeId) -> Result<Vec<MarkId>, Stop> {
    let programme = cx.programme()?.clone();
    let found = excerpts_of(cx, &programme, &[theme], &Wanted { limit: SPLIT, ..Wanted::default() }).await?;
    Ok(found.into_iter().map(|one| one.excerpt.row.id).collect())
}

async fn history(cx: &Cx, theme: &theme::Model) -> Result<Html, Fault> {
    let changes = theme_change::Entity::find()
        .filter(theme_change::COLUMN.theme_id.eq(theme.id))
        .order_by_desc(theme_change::Column::At)
        .order_by_desc(theme_change::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list what was done to a theme"))?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(changes.iter().map(|c| c.person_id)));
    let people: HashMap<_, _> =
        people.all(cx.read()).await.map_err(fault("list people"))?.into_iter().map(|p| (p.id, p.name)).collect();
    let rows = changes.iter().map(|c| {
        let who = people.get(&c.person_id).map_or("", String::as_str);
        vec![
            Cell::day(c.at.day()).head(),
            Cell::text(&c.what),
            Cell::text(&c.was),
            Cell::text(&c.now),
            Cell::text(&c.why),
            Cell::text(who),
        ]
    });
    let headers = ["When", "What was done", "It was", "It is", "Why", "Who"];
    let table = Table::new("What was done to this theme", &headers, rows.collect()).quiet().html();
    Ok(html(maud! { (parts::section("history", "What was done to it", &table)) }))
}

/// The forms by which a theme is changed.
async fn keeping(
    cx: &Cx,
    programme: &Snapshot,
    vocabulary: &Vocabulary,
    theme: &theme::Model,
    typed: Option<&Form>,
    wrong: &Invalid,
) -> Result<Html, Stop> {
    let home = format!("{}/themes/{}", programme.href(), theme.id);
    let doing = typed.map_or("", |t| t.get("do"));
    let none = (Form::default(), Invalid::default());
    let sent = |what: &str| if doing == what { (typed.unwrap_or(&none.0), wrong) } else { (&none.0, &none.1) };
    let begun = Form::with(vec![
        ("name".into(), theme.name.clone()),
        ("about".into(), theme.about.clone()),
        ("parent".into(), theme.parent_id.map(|id| id.to_string()).unwrap_or_default()),
    ]);
    let (worded, worded_wrong) = if doing == "word" { sent("word") } else { (&begun, &none.1) };
    let (merged, merged_wrong) = sent("merge");
    let (split, split_wrong) = sent("split");
    let others: Vec<Choice> = std::iter::once(Choice::new("", "Choose"))
        .chain(vocabulary.choices().into_iter().filter(|c| c.value != theme.id.to_string()))
        .collect();
    let wanted = Wanted { limit: SPLIT, ..Wanted::default() };
    let own: Vec<Choice> = excerpts_of(cx, programme, &[theme.id], &wanted)
        .await?
        .iter()
        .map(|one| {
            let id = one.excerpt.row.id.to_string();
            let words: String = one.excerpt.words.as_deref().unwrap_or("Of an earlier version").chars().take(160).collect();
            let mut choice = Choice::new(id, words).hint(one.source.name().to_string());
            choice.checked = split.all("excerpt").any(|e| e == choice.value);
            choice
        })
        .collect();
    Ok(html(maud! {
        (parts::section("word", "Word it anew, or move it", form::form(&home, &cx.form_keys(), maud! {
            (form::hidden("do", "word"))
            (themes::fields(vocabulary, Some(theme.id), worded, worded_wrong, "Save the theme"))
        })))
        @if others.len() > 1 || doing == "merge" {
            (parts::details_open("Merge it into another", doing == "merge", form::form(&home, &cx.form_keys(), maud! {
                (form::hidden("do", "merge"))
                (form::select(Field::new("into", "Into which").value(merged.get("into")).error(merged_wrong.of("into")), &others))
                (form::text(Field::new("merge_why", "Why they are one").value(merged.get("merge_why")).error(merged_wrong.of("merge_why"))))
                (form::secondary_button("Merge it"))
            })))
        }
        @if own.len() > 1 || doing == "split" {
            (parts::details_open("Split some off", doing == "split", form::form(&home, &cx.form_keys(), maud! {
                (form::hidden("do", "split"))
                (form::text(Field::new("split_name", "The new theme").value(split.get("split_name")).error(split_wrong.of("split_name"))))
                (form::long_text(Field::new("split_about", "What belongs to the new one").value(split.get("split_about")).error(split_wrong.of("split_about")), 2))
                (form::checkboxes(Field::new("excerpt", "Excerpts that belong to the new one").error(split_wrong.of("excerpt")), &own))
                (form::secondary_button("Split it"))
            })))
        }
        (parts::details_open("End it", false, form::form(&home, &cx.form_keys(), maud! {
            (form::hidden("do", "end"))
            p { "Excerpts that have it keep it. Nobody is offered it any more." }
            (form::warning_button("End this theme"))
        })))
    }))
}
