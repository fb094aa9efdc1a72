//! A round that was shown: what all who had finished said, question by question, without names; earlier rounds beside it; what the
//! group makes of it, and what came out of it.

use design::EntryKind;
use forms::Question;
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, ReflectionRoundId, reflection_link};
use ui::figures::{DotRow, dot_table};
use ui::table::{Cell, Table};
use ui::{Html, html, parts, words};

use super::tally::{Line, Told, comparable, is_counted, spread};
use super::{Instead, Round, alone, group, write};
use crate::answers::form_of;
use crate::entries::{self, Asked, EntryListed};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[("revealed", "All see it now. Nothing can be changed any more.")];
/// Earlier rounds that stand beside a round.
const EARLIER: usize = 4;

/// This round and some before it, the earliest first.
async fn told(cx: &Cx, programme: &Snapshot, round: &Round) -> Result<Vec<Told>, Stop> {
    let all = group::rounds(cx.read(), programme.id, &round.framework, round.row.place_id).await?;
    let mut some: Vec<_> = all.into_iter().filter(|r| r.revealed_at.is_some() && r.number <= round.row.number).collect();
    some.drain(..some.len().saturating_sub(EARLIER + 1));
    let mut found = Vec::with_capacity(some.len());
    for row in some {
        let form = form_of(cx.app(), row.form_id).await?.form().clone();
        let given = group::revealed(cx.read(), &row).await?;
        found.push(Told { id: row.id, name: format!("Round {}", row.number), form, given });
    }
    Ok(found)
}

pub(super) async fn page(cx: &Cx, round: &Round, at: Moment) -> Answer {
    let programme = cx.programme()?.clone();
    let rounds = told(cx, &programme, round).await?;
    let Some(this) = rounds.last() else { return Err(Stop::Missing) };
    let people = this.given.len();
    let sections: Vec<(String, Vec<Html>)> = this
        .form
        .sections
        .iter()
        .map(|s| (s.title.en.clone(), s.questions.iter().map(|q| question(q, &rounds)).collect()))
        .collect();
    let mine = alone::mine(cx, round).await?;
    let came = came(cx, &programme, round).await?;
    let roles: Vec<&str> = round.framework.roles.iter().map(|r| programme.role_name(r)).collect();
    let lead = format!("What {people} people said, each alone, and looked at together since {}.", at.day());
    Ok(round.draft(&programme, round.name()).lead(lead).done(cx, SAID).page(
        cx,
        maud! {
            p { strong { "Who reads this: " } "those who take part (" (roles.join(", ")) "). Nobody else is told of it. No name stands with an answer, and the answers stand in no order." }
            @for (title, asked) in &sections {
                h2 { (title) }
                @for question in asked { (question) }
            }
            (came)
            (mine)
        },
    ))
}

/// How a question was answered, in this round and in those before.
fn question(question: &Question, rounds: &[Told]) -> Html {
    let same = comparable(question, rounds);
    let Some(now) = same.last() else { return html("") };
    let asked = &question.label.en;
    let body = match is_counted(question) {
        true => counted(question, &same),
        false => written(question, now),
    };
    let earlier: Vec<(&str, Html)> = match is_counted(question) {
        true => Vec::new(),
        false => same.iter().rev().skip(1).map(|round| (round.name.as_str(), written(question, round))).collect(),
    };
    html(maud! {
        section class="section" aria-labelledby={ (&question.key) "-heading" } id=(&question.key) {
            h3 id={ (&question.key) "-heading" } { (asked) }
            (body)
            @for (name, texts) in &earlier {
                (parts::details(&format!("{name}: {asked}"), texts))
            }
        }
    })
}

/// The spread, as a picture and as a table.
fn counted(question: &Question, rounds: &[&Told]) -> Html {
    let lines = spread(question, rounds);
    let names: Vec<String> = rounds.iter().map(|r| r.name.clone()).collect();
    let (id, caption) = (format!("{}-answers", question.key), format!("How many answered what: {}", question.label.en));
    let dots: Vec<DotRow> = lines.iter().map(|l| DotRow { name: l.name.clone(), counts: l.counts.clone() }).collect();
    let headers: Vec<&str> = std::iter::once("Answer").chain(names.iter().map(String::as_str)).collect();
    let row = |line: &Line| {
        let counts = line.counts.iter().map(Cell::number);
        std::iter::once(Cell::text(&line.name).head()).chain(counts).collect::<Vec<_>>()
    };
    let table = Table::new(&caption, &headers, lines.iter().map(row).collect()).quiet().html();
    html(maud! {
        (dot_table("How many said what", &names, &dots, &id, "people"))
        div id=(&id) { (table) }
    })
}

/// What people wrote, and how many did not.
fn written(question: &Question, round: &Told) -> Html {
    let texts: Vec<Html> = round.texts(question).into_iter().map(words::plain).collect();
    let [skipped, unsafe_yet] = Instead::ALL.map(|instead| round.instead(question, instead));
    html(maud! {
        @if texts.is_empty() { p { "Nobody wrote anything." } }
        @else { ul class="govuk-list govuk-list--bullet reflected" { @for text in &texts { li { (text) } } } }
        p class="muted" { "Skipped by " (skipped) ". Not safe to say yet for " (unsafe_yet) "." }
    })
}

/// The entries that were written from a round.
async fn linked(cx: &Cx, round: ReflectionRoundId) -> Result<Vec<EntryId>, Fault> {
    reflection_link::Entity::find()
        .select_only()
        .column(reflection_link::Column::EntryId)
        .filter(reflection_link::COLUMN.round_id.eq(round))
        .order_by_asc(reflection_link::Column::At)
        .order_by_asc(reflection_link::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list what came of a reflection"))
}

/// What the group makes of it and what came out of it, as far as the viewer may read it, with where more is written.
async fn came(cx: &Cx, programme: &Snapshot, round: &Round) -> Result<Html, Stop> {
    let ids = linked(cx, round.row.id).await?;
    let limit = ids.len() as u64;
    let found = match ids.is_empty() {
        true => Vec::new(),
        false => entries::list(cx, programme, &Asked { only: Some(ids), limit, ..Asked::default() }).await?,
    };
    let (ours, out): (Vec<EntryListed>, Vec<EntryListed>) = found.into_iter().partition(|e| e.kind == round.framework.kind);
    let href = round.href(programme);
    let link = |kind: &EntryKind| (format!("{href}/write?kind={}", kind.key), kind.name.to_lowercase());
    let offered: Vec<(bool, (String, String))> = write::offers(cx, programme, round)
        .iter()
        .map(|offer| (offer.kind.key == round.framework.kind, link(offer.kind)))
        .collect();
    let circle = programme.programme.design.circle(&round.framework.circle).map_or("", |c| c.name.as_str());
    Ok(html(maud! {
        (parts::section("ours", "What we make of it", maud! {
            @if ours.is_empty() { p { "Nobody has written yet what the group makes of it. It stands in the circle “" (circle) "”, for those who read that." } }
            @else { (entries::cards(programme, &ours, &[], false)) }
            @for (_, (href, _)) in offered.iter().filter(|(ours, _)| *ours) { p { a href=(href) { "Write what we make of it" } } }
        }))
        (parts::section("came-out", "What came out of it", maud! {
            @if out.is_empty() { p { "Nothing yet. Something to try, or something that somebody will do, begins here." } }
            @else { (entries::cards(programme, &out, &[], false)) }
            @if offered.iter().any(|(ours, _)| !*ours) {
                ul class="govuk-list" { @for (_, (href, name)) in offered.iter().filter(|(ours, _)| !*ours) {
                    li { a href=(href) { "Out of this comes: " (name) } }
                } }
            }
        }))
    }))
}
