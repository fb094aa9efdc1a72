//! The library's front: search, facets with counts, a list or a storybook, and what the programmes published elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Fault;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use store::search::{fold, folded};
use tables::programme;
use ui::form::{self, Field};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::{Html, html};

use super::quotations;
use super::shelf::{Light, shelf};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::outputs::piece;

const PAGE: usize = 20;
/// So many values of a facet are offered.
const VALUES: usize = 15;

/// What the library is asked for. Every part stands in the address.
struct Asked {
    words: String,
    /// Facets: name and value.
    narrowed: Vec<(&'static str, String)>,
    storybook: bool,
    page: usize,
}

const FACETS: [(&str, &str); 5] =
    [("kind", "Kind"), ("topic", "Topic"), ("place", "Place"), ("programme", "Programme"), ("year", "Year")];

impl Asked {
    fn of(cx: &Cx) -> Self {
        let narrowed = FACETS.iter().map(|(name, _)| (*name, cx.query(name).to_string())).filter(|(_, v)| !v.is_empty());
        Self {
            words: cx.query("q").chars().take(200).collect(),
            narrowed: narrowed.collect(),
            storybook: cx.query("view") == "storybook",
            page: cx.query("page").parse().unwrap_or(1).clamp(1, 10_000),
        }
    }
    fn value(&self, facet: &str) -> Option<&str> {
        self.narrowed.iter().find(|(name, _)| *name == facet).map(|(_, v)| v.as_str())
    }
    /// The address with one part changed.
    fn href(&self, name: &str, value: &str) -> String {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let view = if self.storybook { "storybook" } else { "" };
        let kept = [("q", self.words.as_str()), ("view", view)];
        let kept = kept.into_iter().chain(self.narrowed.iter().map(|(n, v)| (*n, v.as_str())));
        let all = kept.filter(|(n, _)| *n != name).chain(std::iter::once((name, value)));
        let parts: Vec<String> = all.filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", encoded(v))).collect();
        if parts.is_empty() { "/library".into() } else { format!("/library?{}", parts.join("&")) }
    }
}

/// A publication's values of a facet.
fn values(light: &Light, facet: &str, kind: &str) -> Vec<String> {
    match facet {
        "kind" => vec![kind.to_string()],
        "topic" => light.topics().map(str::to_string).collect(),
        "place" => light.places().map(str::to_string).collect(),
        "programme" => vec![light.programme_slug.clone()],
        _ => vec![light.published_on.year().to_string()],
    }
}

/// A publication with the name of its kind.
struct Shelved {
    light: Arc<Light>,
    kind: String,
}

/// `/library`
pub(super) async fn page(cx: Cx) -> Answer {
    let asked = Asked::of(&cx);
    let programmes = programmes(&cx).await?;
    let practice = asked.value("programme").filter(|slug| programmes.iter().any(|p| p.slug == **slug && p.practice));
    let all: Vec<Shelved> = shelf(&cx, &asked.words, practice)
        .await?
        .into_iter()
        .map(|light| {
            let kind = programmes.iter().find(|p| p.id == light.programme_id).map(|p| p.kind_name(&light.kind).to_string());
            Shelved { kind: kind.unwrap_or_else(|| light.kind.clone()), light }
        })
        .collect();
    let fits = |one: &Shelved, but: &str| {
        asked.narrowed.iter().filter(|(name, _)| *name != but).all(|(name, v)| values(&one.light, name, &one.kind).contains(v))
    };
    let found: Vec<&Shelved> = all.iter().filter(|one| fits(one, "")).collect();
    let facets = facets(&asked, &programmes, |facet| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for one in all.iter().filter(|one| fits(one, facet)) {
            for value in values(&one.light, facet, &one.kind) {
                *counts.entry(value).or_default() += 1;
            }
        }
        counts
    });
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = asked.page.min(pages);
    let shown: Vec<&Shelved> = found.iter().skip((page - 1) * PAGE).take(PAGE).copied().collect();
    let stories = if asked.storybook { stories(&cx, &shown).await? } else { Vec::new() };
    let references = references(&asked, &programmes);
    Ok(frame(&cx, &asked, found.len()).page(
        &cx,
        maud! {
            (search(&asked))
            p class="not-on-paper" { a href=(asked.href("view", if asked.storybook { "" } else { "storybook" })) { @if asked.storybook { "Show it as a list" } @else { "Read it as a storybook" } } }
            @if !all.is_empty() { (parts::filters(&facets)) }
            @if found.is_empty() {
                @if all.is_empty() && asked.words.is_empty() {
                    (parts::empty_state("Nothing is published here yet", "What places and those who support them learn stands here once everybody it is about has agreed.", None))
                } @else { p { "Nothing here matches. " a href="/library" { "Show everything" } "." } }
            } @else if asked.storybook {
                @for story in &stories { (story) }
            } @else {
                h2 class="govuk-visually-hidden" { "Published" }
                ul class="govuk-list library" { @for one in &shown { li { (card(one, &asked)) } } }
            }
            (parts::pagination(&Page { number: page, of: pages, base_href: asked.href("page", "") }))
            @if cx.app().settings.demonstration && practice.is_none() {
                @for p in programmes.iter().filter(|p| p.practice) {
                    p class="muted" { "What is made up stands apart: " a href=(asked.href("programme", &p.slug)) { "the library of " (&p.name) } "." }
                }
            }
            (references)
            p class="muted not-on-paper" { "Follow what is published: " a href="/library/feed.atom" { "Atom" } ", " a href="/library/feed.rss" { "RSS" } ". Both carry titles and summaries." }
        },
    ))
}

fn frame(cx: &Cx, asked: &Asked, found: usize) -> Draft {
    let lead = match found {
        0 => "What partnerships have learnt, for everybody.".to_string(),
        1 => "What partnerships have learnt, for everybody: one publication.".to_string(),
        n => format!("What partnerships have learnt, for everybody: {n} publications."),
    };
    let title = if asked.storybook { "Storybook" } else { "Library" };
    let feed = format!("{}/library/feed.atom", cx.app().settings.address);
    Draft::new(title)
        .lead(lead)
        .head(html(maud! { link rel="alternate" type="application/atom+xml" title="Library" href=(&feed); }))
}

fn search(asked: &Asked) -> Html {
    let hint = "Titles, texts, topics and places. What people are quoted with is not searched: they can take it back.";
    html(maud! {
        div class="not-on-paper" { (form::asking_form("/library", maud! {
            (form::text(Field::new("q", "Search the library").hint(hint).value(&asked.words)))
            @if asked.storybook { (form::hidden("view", "storybook")) }
            @for (name, value) in &asked.narrowed { (form::hidden(name, value)) }
            (form::button("Search"))
        })) }
    })
}

fn facets(asked: &Asked, programmes: &[Arc<Snapshot>], counts: impl Fn(&str) -> BTreeMap<String, usize>) -> Vec<FilterGroup> {
    let group = |(name, label): &(&'static str, &'static str)| {
        let counts = counts(name);
        let chosen = asked.value(name);
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| if *name == "year" { b.cmp(a) } else { a.cmp(b) }));
        values.truncate(VALUES);
        let text = |value: &str| match *name {
            "programme" => programmes.iter().find(|p| p.slug == value).map_or(value.to_string(), |p| p.name.clone()),
            _ => value.to_string(),
        };
        let all = FilterOption { text: "All".into(), href: asked.href(name, ""), current: chosen.is_none(), count: None };
        let options = values.iter().map(|(value, count)| FilterOption {
            text: text(value),
            href: asked.href(name, value),
            current: chosen == Some(value),
            count: Some(*count),
        });
        let options: Vec<FilterOption> = std::iter::once(all).chain(options).collect();
        (options.len() > 1).then(|| FilterGroup { label: (*label).into(), options })
    };
    FACETS.iter().filter_map(group).collect()
}

fn card(one: &Shelved, asked: &Asked) -> Html {
    let light = &one.light;
    html(maud! {
        article class="library-card" {
            h3 { a href=(light.href()) { (&light.title) } }
            p { (&light.summary) }
            p class="entry-by" {
                (&one.kind) " · " (&light.by_line) " · " (&light.programme) " · " time datetime=(light.published_on.iso()) { (light.published_on.to_string()) }
                @for topic in light.topics() { " · " a href=(asked.href("topic", topic)) { (topic) } }
            }
        }
    })
}

/// The publications shown, one after the other, as a book.
async fn stories(cx: &Cx, shown: &[&Shelved]) -> Result<Vec<Html>, Stop> {
    let ids = shown.iter().map(|one| one.light.id).collect::<Vec<_>>();
    let texts = tables::publication::Entity::find().filter(tables::publication::COLUMN.id.is_in(ids.clone()));
    let texts = texts.all(cx.read()).await.map_err(fault("load publications"))?;
    let quoted = quotations(cx, ids).await?;
    let stories = shown.iter().filter_map(|one| {
        let full = texts.iter().find(|p| p.id == one.light.id)?;
        Some(html(maud! {
            article class="story" {
                h2 { a href=(one.light.href()) { (&one.light.title) } }
                p class="lead" { (&one.light.summary) }
                (piece::body(&full.text, |number| super::page::shown(&quoted, full.id, number)))
                p class="entry-by" { (&one.light.by_line) " · " (&one.light.programme) " · " (one.light.published_on.to_string()) }
            }
        }))
    });
    Ok(stories.collect())
}

async fn programmes(cx: &Cx) -> Result<Vec<Arc<Snapshot>>, Fault> {
    let rows = programme::Entity::find().order_by_asc(programme::Column::Name).order_by_asc(programme::Column::Id);
    let rows = rows.all(cx.read()).await.map_err(fault("list programmes"))?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        all.push(cx.app().snapshots.of(&cx.app().db, row).await?);
    }
    Ok(all)
}

/// What the programmes published elsewhere, by the names that their sources give.
fn references(asked: &Asked, programmes: &[Arc<Snapshot>]) -> Html {
    let words: Vec<String> = fold(&asked.words);
    let wanted = asked.value("programme");
    let elsewhere = asked.narrowed.iter().any(|(name, _)| *name != "programme");
    let of = |p: &&Arc<Snapshot>| !p.practice && wanted.is_none_or(|slug| p.slug == slug);
    let mut found = Vec::new();
    for programme in programmes.iter().filter(of) {
        for resource in &programme.programme.history.resources {
            let text = folded(
                &[resource.title.as_str(), &resource.kind, resource.about.as_deref().unwrap_or_default(), &programme.name]
                    .join(" "),
            );
            if words.iter().all(|w| text.contains(w.as_str())) {
                found.push((programme, resource));
            }
        }
    }
    html(maud! {
        @if !found.is_empty() && !elsewhere {
            (parts::section("elsewhere", "Published elsewhere", maud! {
                p { "What programmes or those who worked with them have published themselves. Each says where we know of it from." }
                ul class="statements" {
                    @for (programme, resource) in &found {
                        li {
                            p { strong { (&resource.title) } " (" (&resource.kind) ")" @if let Some(publisher) = &resource.publisher { ", " (publisher) } }
                            @if let Some(about) = &resource.about { p { (about) } }
                            p class="entry-by" { a href={ (programme.href()) } { (&programme.name) } " · " a href={ (programme.href()) "/sources" } { "Sources" span class="govuk-visually-hidden" { " of " (&programme.name) } } }
                        }
                    }
                }
            }))
        }
    })
}
