//! An entry's page: what it says, who reads it, what was shared of it.

use kernel::Moment;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, EntryId, entry};
use ui::{Html, parts, words};

use super::listing::byline;
use super::readers::readers_of_any;
use super::reading::readable;
use super::share::{SharedExtract, extract_view};
use super::{agreed, from_round, matters, may_edit, origins, photographs, proposals, voices, withdraw};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, EntryHas, Snapshot};

const SAID: &[(&str, &str)] = &[
    ("recorded", "Recorded. The people named below can read it now; nobody else can."),
    ("days", "Saved. The ledger holds the days as they stand now, and how they stood before."),
    ("changed", "Changed. The version before is kept in the history."),
    (
        "layered",
        "Recorded, each text in its circle. The people named below read this one; the others stand where you wrote them for.",
    ),
    ("withdrawn", "Taken back. Its words are gone from every page and from search."),
    ("voice", "Said. It counts as yours until you say something else."),
    ("step", "Saved. It stands below, and those who wait for it see it in their Today."),
    ("shared", "Shared. Its readers see what stands below, and not the entry it was taken from."),
];

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let named = cx.entry_names()?.clone();
    let author = byline(&named.author, programme.role_name(&named.role));
    let circle = programme.circle(entry.circle_id).cloned();
    let line = match &circle {
        Some(circle) => {
            let source = entry.source_circle_id.and_then(|id| programme.circle(id));
            let both: Vec<_> = [Some(circle), source].into_iter().flatten().collect();
            Some(readers_of_any(&cx, &both, entry.place_id).await?.line(circle))
        }
        None => None,
    };
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let days = super::days::shown(&cx, &programme, &entry).await?;
    let about = related(&cx, &programme, &entry, named.has.extracts).await?;
    let body = match entry.source_id {
        Some(_) => extract_view(&SharedExtract::of(&entry, named.place.as_ref().map(|(name, _)| name.clone()))),
        None => ui::html(maud! { (words::markdown(&entry.text)) }),
    };
    let photographs = if named.has.photographs { photographs::shown(&cx, &programme, &entry).await? } else { ui::html("") };
    let ways = agreed::ways(&cx, &entry).await?;
    let step_of = if named.has.step { matters::step_of(&cx, &programme, entry.id).await? } else { None };
    let belongs = belongs(&cx, &programme, (&entry, named.has), step_of.as_ref().map(|(_, opened)| opened)).await?;
    let became = became(&cx, &programme, &entry).await?;
    let voices = voices::section(&cx, &programme, &entry).await?;
    let proposed = if named.has.proposals { proposals::of_entry(&cx, &programme, &entry).await? } else { ui::html("") };
    let actions = [
        (may_edit(&cx, &entry) && step_of.is_none() && !withdraw::is_gone(&entry), "Change", "change"),
        (photographs::may(&cx, &entry) && step_of.is_none(), "Photographs", "photographs"),
        (!ways.open.is_empty() && !withdraw::is_gone(&entry), "Share part of it", "share"),
        (withdraw::may(&cx, &programme, &entry), "Take it back", "withdraw"),
        (true, "History", "history"),
    ];
    let writes = !withdraw::is_gone(&entry) && cx.held().any(|h| programme.role_may(&h.role, design::Power::WriteEntries));
    let brings = writes && programme.programme.design.statements().iter().any(|(_, list)| !list.is_empty());
    let mut draft = Draft::new(&entry.title).crumb(&programme.name, programme.href());
    if let Some((name, slug)) = &named.place {
        draft = draft.crumb(name, format!("{}/places/{slug}", programme.href()));
    }
    let kind = programme.kind_name(&entry.kind);
    Ok(draft.lead(format!("{kind} of {}, by {author}.", entry.happened_on)).done(&cx, SAID).page(
        &cx,
        maud! {
            @if let Some(line) = &line { (line) }
            (belongs)
            (body)
            (photographs)
            (days)
            p class="entry-actions" {
                @for (i, (_, text, end)) in actions.iter().filter(|(show, _, _)| *show).enumerate() {
                    @if i > 0 { " · " }
                    a href={ (&home) "/" (end) } { (text) }
                }
                @if writes { " · " a href={ (&home) "/excerpts" } { "Excerpts" } }
                @if brings { " · " a href={ (programme.href()) "/statements?entry=" (entry.id.to_string()) } { "Bring it as evidence" } }
            }
            (proposed)
            @if !ways.shut.is_empty() {
                p class="muted" { "It cannot be shared with " (ways.shut.join(", ")) ": that was not agreed with the place when it happened." }
            }
            (voices)
            (became)
            (about)
        },
    ))
}

/// What the entry belongs to or came of, and where the rest of it stands.
async fn belongs(
    cx: &Cx,
    programme: &Snapshot,
    (entry, has): (&entry::Model, EntryHas),
    opened: Option<&entry::Model>,
) -> Result<Html, kernel::Fault> {
    let round = if has.round { from_round::shown(cx, programme, entry).await? } else { ui::html("") };
    let came_of = if has.origin { origins::of(cx, entry).await? } else { None };
    let kind = programme.programme.design.kind(&entry.kind).filter(|_| entry.source_id.is_none() && opened.is_none());
    let (output, event) = (kind.is_some_and(|k| k.output.is_some()), kind.is_some_and(|k| k.gathering.is_some()));
    let channel = kind.and_then(design::EntryKind::peer_part).is_some_and(|part| part != design::PeerPart::Reply);
    let of = |entry: &entry::Model| format!("{}/entries/{}", programme.href(), entry.id);
    Ok(ui::html(maud! {
        @if let Some(opened) = opened { p { "It belongs to " a href=(of(opened)) { (&opened.title) } "." } }
        @if output { p { "It is on its way to others. " a href={ (programme.href()) "/outputs/" (entry.id.to_string()) } { "How far it has come" } "." } }
        (round)
        @if let Some(of_it) = &came_of { p { "It came of " a href=(of(of_it)) { (&of_it.title) } "." } }
        @if channel { p { a href={ (programme.href()) "/channel/" (entry.id.to_string()) } { "In the channel, with what others said to it" } } }
        @if event { p { a href={ (programme.href()) "/gatherings/" (entry.id.to_string()) } { "When, where, and who comes" } } }
    }))
}

/// What became of a matter, and what can be said of it next.
async fn became(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, kernel::Fault> {
    let kind = programme.programme.design.kind(&entry.kind).filter(|k| k.is_matter() && entry.source_id.is_none());
    let Some(kind) = kind else { return Ok(ui::html("")) };
    let Some(row) = matters::of_entry(cx.read(), entry.id).await? else { return Ok(ui::html("")) };
    let steps = matters::steps(cx, programme, row.id).await?;
    let next: Vec<_> = match row.open {
        true => kind.next(matters::state(&row)).filter(|rule| matters::taker(cx, programme, rule, entry).is_some()).collect(),
        false => Vec::new(),
    };
    let to = match row.to_person {
        Some(id) => matters::still_there(cx, programme, &[id]).await?.pop().map(|(_, name)| name),
        None => None,
    };
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let silent = cx.today().days_since(row.moved_at.day()).max(0);
    Ok(ui::html(maud! {
        (parts::section("became", "What came of it", maud! {
            p {
                "It is " strong { (matters::stands(Some(kind), &row)) } "."
                @if let Some(to) = &to { " It is with " (to) "." }
                @if row.open {
                    @if let Some(due) = row.due_on { " Expected by " (due.to_string()) ": " (matters::waits_for(programme, &row)) "." }
                    @if silent > 0 { " Nothing was said for " (silent) @if silent == 1 { " day." } @else { " days." } }
                }
            }
            @if row.open { (told_of_silence(programme, kind)) }
            @if !steps.is_empty() {
                ol class="govuk-list steps-taken" {
                    @for taken in &steps {
                        li {
                            p class="entry-by" {
                                a href={ (programme.href()) "/entries/" (taken.entry.id.to_string()) } { (kind.step(&taken.step).map_or(taken.step.as_str(), |s| s.name.as_str())) }
                                " · " (taken.entry.happened_on.to_string()) " · " (byline(&taken.author, programme.role_name(&taken.role)))
                            }
                            (words::markdown(&taken.entry.text))
                        }
                    }
                }
            }
            @if !next.is_empty() {
                p class="entry-actions" {
                    @for (i, rule) in next.iter().enumerate() {
                        @if i > 0 { " · " }
                        a href={ (&home) "/steps/" (&rule.key) } { (&rule.name) }
                    }
                }
            }
        }))
    }))
}

/// Who is told when nobody answers, so that nobody is surprised by it.
fn told_of_silence(programme: &Snapshot, kind: &design::EntryKind) -> Html {
    let point = programme.programme.design.tipping.iter().find(|p| p.silent.as_ref() == Some(&kind.key));
    let told =
        point.map(|p| (p.days.unwrap_or(0), p.tells.iter().map(|r| programme.role_name(r)).collect::<Vec<_>>().join(", ")));
    ui::html(maud! {
        @if let Some((days, roles)) = &told {
            p class="muted" { "If nothing is said for " (days) " days beyond what is expected, these are told that one is silent, and see none of its words: " (roles) "." }
        }
    })
}

/// Where an extract was taken from, and what was shared of an entry: each only as far as the viewer may read it.
async fn related(cx: &Cx, programme: &Snapshot, entry: &entry::Model, shared: bool) -> Result<Html, kernel::Fault> {
    let source = match entry.source_id {
        Some(id) => super::find(cx, id).await?.map(|(source, _)| source),
        None => None,
    };
    let extracts = if shared { extracts(cx, programme, entry.id).await? } else { Vec::new() };
    let href = |id| format!("{}/entries/{id}", programme.href());
    Ok(ui::html(maud! {
        @if let Some(source) = &source {
            (parts::inset(maud! {
                p { "Taken from " a href=(href(source.id)) { (&source.title) } ", which you may read because you are in its circle. Others who read this page are not told of it." }
            }))
        }
        @if !extracts.is_empty() {
            (parts::section("shared", "Shared from this entry", maud! {
                ul {
                    @for (id, title, circle, at) in &extracts {
                        li {
                            a href=(href(*id)) { (title) }
                            " with " (programme.circle_name(*circle)) ", " (at.to_string())
                        }
                    }
                }
            }))
        }
    }))
}

async fn extracts(cx: &Cx, programme: &Snapshot, of: EntryId) -> Result<Vec<(EntryId, String, CircleId, Moment)>, kernel::Fault> {
    entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Title, entry::Column::CircleId, entry::Column::WrittenAt])
        .filter(entry::COLUMN.source_id.eq(of))
        .filter(readable(cx.viewer(), programme))
        .order_by_asc(entry::Column::WrittenAt)
        .order_by_asc(entry::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list what was shared"))
}
