//! What threads, asks, offers and people are about: themes of the programme, which its people keep together.

use std::collections::{BTreeMap, HashMap};

use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{EntryId, ThemeId, TopicId, topic};
use ui::form::{self, Choice, Field};
use ui::{Html, html};

use crate::ground::html::*;
use crate::ground::{Cx, Form, Snapshot};
use crate::learning::Vocabulary;

/// Somebody who says that everything is about everything helps nobody to find it.
pub(super) const MOST: usize = 8;

/// The themes that are ticked under this name, each as it stands now: one that was merged is the one that it is in.
pub(super) fn ticked(vocabulary: &Vocabulary, form: &Form, name: &'static str, wrong: &mut Invalid) -> Vec<ThemeId> {
    let typed: Vec<ThemeId> = form.all(name).filter_map(|id| id.parse().ok()).collect();
    let known = standing(vocabulary, typed);
    if known.len() > MOST {
        wrong.add(name, format!("Choose {MOST} at most: those that matter most"));
    }
    known
}

/// These themes as they stand now, each once and in the order of the tree; those that have ended are gone.
pub(super) fn standing(vocabulary: &Vocabulary, of: impl IntoIterator<Item = ThemeId>) -> Vec<ThemeId> {
    let now: Vec<ThemeId> = of.into_iter().filter_map(|id| Some(vocabulary.standing(id)?.id)).collect();
    vocabulary.themes.iter().map(|(theme, _)| theme.id).filter(|id| now.contains(id)).collect()
}

/// As a row holds them.
pub(super) fn joined(of: &[ThemeId]) -> String {
    of.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// As a row held them.
pub(super) fn split(text: &str) -> impl Iterator<Item = ThemeId> + '_ {
    text.split(' ').filter_map(|id| id.parse().ok())
}

/// Boxes for the themes; nothing as long as there are none.
pub(super) fn boxes(vocabulary: &Vocabulary, field: Field<'_>, chosen: &[ThemeId]) -> Html {
    if vocabulary.themes.is_empty() {
        return html("");
    }
    let choice = |theme: &tables::theme::Model| {
        Choice::new(theme.id.to_string(), vocabulary.path(theme.id)).checked(chosen.contains(&theme.id))
    };
    let choices: Vec<Choice> = vocabulary.themes.iter().map(|(theme, _)| choice(theme)).collect();
    form::checkboxes(field, &choices)
}

/// What each of these entries is about, as it stands now.
pub(super) async fn of_entries(
    db: &impl ConnectionTrait,
    vocabulary: &Vocabulary,
    ids: &[EntryId],
) -> Result<HashMap<EntryId, Vec<ThemeId>>, Fault> {
    let found = topic::Entity::find()
        .filter(topic::COLUMN.entry_id.is_in(ids.iter().copied()))
        .order_by_asc(topic::Column::Id)
        .all(db)
        .await
        .map_err(fault("list topics"))?;
    let mut by_entry: BTreeMap<EntryId, Vec<ThemeId>> = BTreeMap::new();
    for row in found {
        by_entry.entry(row.entry_id).or_default().push(row.theme_id);
    }
    Ok(by_entry.into_iter().map(|(id, themes)| (id, standing(vocabulary, themes))).collect())
}

/// Notes what an entry is about.
pub(super) async fn note(write: &mut Write, programme: &Snapshot, id: EntryId, themes: &[ThemeId]) -> Result<(), Fault> {
    for theme_id in themes {
        let row = topic::Model {
            id: TopicId(write.id()),
            programme_id: programme.id,
            entry_id: id,
            theme_id: *theme_id,
            at: write.at(),
        };
        write.insert(row).await?;
    }
    Ok(())
}

/// Their names, as people read them in one line.
pub(super) fn names(vocabulary: &Vocabulary, of: &[ThemeId]) -> String {
    of.iter().map(|id| vocabulary.name(*id)).collect::<Vec<_>>().join(", ")
}

/// The theme that the address asks for: it, and all that became part of it or stand below it.
pub(super) fn asked(cx: &Cx, vocabulary: &Vocabulary) -> Option<(ThemeId, Vec<ThemeId>)> {
    let id = vocabulary.standing(cx.query("topic").parse().ok()?)?.id;
    let mut all = vocabulary.under(id);
    let merged = vocabulary.ended.iter().filter(|theme| vocabulary.standing(theme.id).is_some_and(|now| all.contains(&now.id)));
    let merged: Vec<ThemeId> = merged.map(|theme| theme.id).collect();
    all.extend(merged);
    Some((id, all))
}

/// A list of themes as links, for who looks for one.
pub(super) fn links(vocabulary: &Vocabulary, of: &[ThemeId], base: &str) -> Html {
    html(maud! {
        @for (i, id) in of.iter().enumerate() {
            @if i > 0 { ", " }
            a href={ (base) "?topic=" (id.to_string()) } { (vocabulary.name(*id)) }
        }
    })
}
