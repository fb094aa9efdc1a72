//! Search over what the viewer may read, in every programme at once.

use std::sync::Arc;

use sea_orm::entity::prelude::*;
use store::fault;
use store::search::{Reach, fold, search, stems};
use tables::programme;
use ui::form::{self, Field};
use ui::parts;

use super::listing::{Asked, cards, list};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

const PAGE: usize = 20;

pub(super) async fn page(cx: Cx) -> Answer {
    let question = cx.query("q").to_string();
    let words = fold(&question);
    let programmes = programmes(&cx).await?;
    let reach: Vec<Reach> = programmes.iter().flat_map(|p| cx.viewer().reach(p)).collect();
    let mut hits = search(&cx.app().db, &words, &reach, cx.query("before").parse().ok(), PAGE as u64 + 1).await?;
    let more = (hits.len() > PAGE).then(|| hits[PAGE - 1].number);
    hits.truncate(PAGE);
    let mut found = Vec::new();
    for programme in programmes.iter().filter(|p| hits.iter().any(|h| h.programme == p.id)) {
        let ids = hits.iter().filter(|h| h.programme == programme.id).map(|h| h.entry).collect();
        // The index has said which; what is read of them goes through the viewer like every other read.
        let asked = Asked { only: Some(ids), whole_text: true, limit: PAGE as u64, ..Asked::default() };
        let entries = list(&cx, programme, &asked).await?;
        if !entries.is_empty() {
            found.push((programme.clone(), entries));
        }
    }
    for (_, entries) in &mut found {
        entries.sort_by_key(|e| hits.iter().position(|h| h.entry == e.id));
    }
    let stems = stems(&words);
    let marked: Vec<&str> = words.iter().chain(&stems).map(String::as_str).collect();
    let lead = "Finds words in the entries that you may read. What you may not read is not searched.";
    Ok(Draft::new("Search").lead(lead).page(
        &cx,
        maud! {
            (form::asking_form("/search", maud! {
                (form::text(Field::new("q", "Words to look for").value(&question)))
                (form::secondary_button("Search"))
            }))
            @if words.is_empty() {
                p { "Enter one or more words. An entry is found when it holds all of them." }
            } @else if found.is_empty() {
                p role="status" { "Nothing that you may read holds “" (&question) "”. Try fewer words, or others." }
            }
            @for (programme, entries) in &found {
                (parts::section(&programme.slug, &programme.name, cards(programme, entries, &marked, true)))
            }
            @if let Some(more) = more {
                p class="older" { a href={ "/search?q=" (escaped(&question)) "&before=" (more) } rel="next" { "Older finds" } }
            }
        },
    ))
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Every programme: each has public entries, and some have more for this viewer.
async fn programmes(cx: &Cx) -> Result<Vec<Arc<Snapshot>>, kernel::Fault> {
    let rows = programme::Entity::find().all(cx.read()).await.map_err(fault("list programmes"))?;
    let mut programmes = Vec::with_capacity(rows.len());
    for row in rows {
        programmes.push(cx.app().snapshots.of(&cx.app().db, &row).await?);
    }
    Ok(programmes)
}
