//! A publication's own page: what it says, how to cite it, its licence and its versions. Each version keeps its address.

use std::collections::HashMap;

use axum::http::StatusCode;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PublicationId, publication};
use ui::parts;
use ui::{Html, html};

use super::cite::{self, Cited};
use super::{licence, licence_name, programme_of, quotations};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};
use crate::outputs::consents::TAKEN_BACK;
use crate::outputs::piece::{self, Shown};

/// What stands for a quotation of a publication.
pub(super) fn shown(quoted: &HashMap<(PublicationId, i32), Shown>, of: PublicationId, number: i32) -> Shown {
    quoted.get(&(of, number)).cloned().unwrap_or(Shown::Instead(TAKEN_BACK))
}

/// `/library/{slug}`
pub(super) async fn latest(cx: Cx) -> Answer {
    let all = versions(&cx).await?;
    let last = all.iter().find(|p| p.latest).ok_or(Stop::Missing)?;
    one(&cx, &all, last).await
}

/// `/library/{slug}/{number}`
pub(super) async fn version(cx: Cx) -> Answer {
    let number: i32 = cx.param("number").parse().map_err(|_| Stop::Missing)?;
    let all = versions(&cx).await?;
    let wanted = all.iter().find(|p| p.number == number).ok_or(Stop::Missing)?;
    one(&cx, &all, wanted).await
}

/// The versions of the publication that the path names, the newest first.
async fn versions(cx: &Cx) -> Result<Vec<publication::Model>, Stop> {
    let found = publication::Entity::find()
        .filter(publication::COLUMN.slug.eq(cx.param("slug")))
        .order_by_desc(publication::Column::Number)
        .order_by_desc(publication::Column::Id);
    let all = found.all(cx.read()).await.map_err(fault("load a publication"))?;
    if all.is_empty() { Err(Stop::Missing) } else { Ok(all) }
}

/// A version that is no longer there: its address says so, and why.
fn withdrawn(cx: &Cx, one: &publication::Model) -> Answer {
    let on = one.withdrawn_at.map(|at| at.day().to_string()).unwrap_or_default();
    let draft = Draft::new("This was withdrawn").crumb("Library", "/library").status(StatusCode::GONE);
    Ok(draft.lead(format!("What stood at this address was withdrawn on {on}.")).page(
        cx,
        maud! {
            p { (&one.withdrawn_why) }
            p { a href="/library" { "See what is published" } }
        },
    ))
}

async fn one(cx: &Cx, all: &[publication::Model], one: &publication::Model) -> Answer {
    if one.withdrawn_at.is_some() {
        return withdrawn(cx, one);
    }
    let programme = programme_of(cx, one.programme_id).await?.ok_or(Stop::Missing)?;
    let quoted = quotations(cx, vec![one.id]).await?;
    let cited = Cited::of(cx, one, &programme.name, programme.kind_name(&one.kind), licence(cx));
    let head = cite::head(&cited, programme.practice);
    let print = cx.query("print") == "yes";
    let versions = versions_list(all, one);
    let about = about(&cited, one, &programme.href(), &programme.slug);
    let body = piece::body(&one.text, |number| shown(&quoted, one.id, number));
    let mut draft = Draft::new(&one.title).lead(&one.summary).crumb("Library", "/library").head(head);
    if print {
        draft = draft.for_paper();
    }
    Ok(draft.page(
        cx,
        maud! {
            @if programme.practice { (parts::inset(maud! { p { "This is of a practice programme: its places and people are made up." } })) }
            @if !one.latest { (parts::inset(maud! { p { "There is a newer version. " a href={ "/library/" (&one.slug) } { "Read it" } "." } })) }
            (&about)
            article class="publication" { (&body) }
            (cite::section(&cited, licence_name(&cited.licence)))
            @if !print {
                (versions)
                p class="not-on-paper" { a href={ "/library/" (&one.slug) "/" (one.number) "?print=yes" } { "Made for paper" } }
            }
        },
    ))
}

fn about(cited: &Cited, one: &publication::Model, programme: &str, slug: &str) -> Html {
    let topics: Vec<&str> = one.topics.lines().filter(|t| !t.is_empty()).collect();
    let places: Vec<&str> = one.places.lines().filter(|t| !t.is_empty()).collect();
    let link = |name: &str, value: &str| {
        let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string();
        format!("/library?programme={slug}&{name}={value}")
    };
    html(maud! {
        p class="entry-by" {
            (&cited.kind) " · " (&one.by_line) " · " a href=(programme) { (&cited.programme) } " · "
            time datetime=(one.published_on.iso()) { (one.published_on.to_string()) }
        }
        @if !topics.is_empty() || !places.is_empty() {
            p class="entry-by" {
                @for (i, topic) in topics.iter().enumerate() { @if i > 0 { " · " } a href=(link("topic", topic)) { (topic) } }
                @for (i, place) in places.iter().enumerate() { @if i > 0 || !topics.is_empty() { " · " } a href=(link("place", place)) { (place) } }
            }
        }
    })
}

fn versions_list(all: &[publication::Model], one: &publication::Model) -> Html {
    html(maud! {
        @if all.len() > 1 {
            (parts::section("versions", "Versions", maud! {
                ul { @for p in all {
                    li {
                        @if p.number == one.number { strong { "Version " (p.number) } } @else { a href={ "/library/" (&p.slug) "/" (p.number) } { "Version " (p.number) } }
                        ", " (p.published_on.to_string())
                        @if p.withdrawn_at.is_some() { ", withdrawn" }
                    }
                } }
            }))
        }
    })
}
