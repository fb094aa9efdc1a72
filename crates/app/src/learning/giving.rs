//! The themes that an excerpt has: chosen in a form, given and taken.

use std::collections::HashMap;

use axum::http::StatusCode;
use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{MarkId, MarkThemeId, ThemeId, mark, mark_theme, theme};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::vocabulary::Vocabulary;
use crate::ground::html::*;
use crate::ground::{Act, Form, Stop};

/// As many themes stand as boxes on the form; more are typed, a line each.
const BOXES: usize = 40;

/// The themes that each of these excerpts has now.
pub(super) async fn themes_of(db: &impl ConnectionTrait, marks: Vec<MarkId>) -> Result<HashMap<MarkId, Vec<ThemeId>>, Fault> {
    let mut themes: HashMap<MarkId, Vec<ThemeId>> = HashMap::new();
    for some in marks.chunks(900) {
        let found = mark_theme::Entity::find()
            .filter(mark_theme::COLUMN.mark_id.is_in(some.to_vec()))
            .filter(mark_theme::COLUMN.ended_at.is_null())
            .order_by_asc(mark_theme::Column::Id);
        for row in found.all(db).await.map_err(fault("list themes of excerpts"))? {
            themes.entry(row.mark_id).or_default().push(row.theme_id);
        }
    }
    Ok(themes)
}

/// The boxes, or where there are many, the lines, by which themes are chosen. An excerpt keeps those it has that ended.
pub(super) fn theme_fields(vocabulary: &Vocabulary, has: &[ThemeId], typed: &Form, wrong: &Invalid) -> Html {
    let ended: Vec<_> = has.iter().filter(|id| vocabulary.live(**id).is_none()).filter_map(|id| vocabulary.find(*id)).collect();
    if vocabulary.themes.is_empty() && ended.is_empty() {
        return html(maud! { p class="muted" { "There are no themes yet. A passage can be marked without." } });
    }
    let chosen: Vec<&str> = typed.all("theme").collect();
    if vocabulary.themes.len() <= BOXES {
        let ticked = |mut choice: Choice| {
            choice.checked = chosen.contains(&choice.value.as_str());
            choice
        };
        let ended = ended.iter().map(|t| Choice::new(t.id.to_string(), format!("{}, no longer offered", t.name)));
        let choices: Vec<Choice> = vocabulary.choices().into_iter().chain(ended).map(ticked).collect();
        return form::checkboxes(Field::new("theme", "What it is about").error(wrong.of("theme")).optional(), &choices);
    }
    let ids = chosen.iter().filter_map(|id| id.parse().ok());
    let known: Vec<&str> = ids.map(|id: ThemeId| vocabulary.name(id)).filter(|n| !n.is_empty()).collect();
    let lines = if typed.get("themes").is_empty() { known.join("\n") } else { typed.get("themes").to_owned() };
    let hint = "Themes as the vocabulary has them, each on a line of its own.";
    html(maud! {
        (form::long_text(Field::new("themes", "What it is about").hint(hint).value(&lines).error(wrong.of("themes")).optional(), 3))
        (parts::details("The vocabulary", maud! {
            ul { @for (theme, _) in &vocabulary.themes { li { (vocabulary.path(theme.id)) } } }
        }))
    })
}

/// The themes that a form names.
pub(super) fn themes_named(vocabulary: &Vocabulary, has: &[ThemeId], form: &Form, wrong: &mut Invalid) -> Vec<ThemeId> {
    let mut themes: Vec<ThemeId> = Vec::new();
    let kept = |id: &ThemeId| has.contains(id) && vocabulary.find(*id).is_some();
    // Where no themes are offered, there is no box that could say what is wrong.
    let boxes = match vocabulary.themes.len() {
        0 => "note",
        1..=BOXES => "theme",
        _ => "themes",
    };
    let lines = if vocabulary.themes.len() > BOXES { "themes" } else { boxes };
    for id in form.all("theme").filter(|id| !id.is_empty()) {
        match id.parse().ok().filter(|id| kept(id) || vocabulary.live(*id).is_some()) {
            Some(theme) => themes.push(theme),
            None => wrong.add(boxes, "One of these themes is no longer offered. Choose again"),
        }
    }
    for line in form.get("themes").lines().map(str::trim).filter(|l| !l.is_empty()) {
        let ended = has.iter().copied().find(|id| vocabulary.live(*id).is_none() && vocabulary.name(*id) == line);
        match vocabulary.called(line).map(|t| t.id).or(ended) {
            Some(theme) => themes.push(theme),
            None => wrong.add(lines, format!("“{line}” is not in the vocabulary. Take a theme that is, or have it added")),
        }
    }
    themes.sort_unstable();
    themes.dedup();
    themes
}

/// Brings the themes of an excerpt to these.
pub(super) async fn set_themes(write: &mut Write, act: &Act, of: &mark::Model, wanted: &[ThemeId]) -> Result<(), Stop> {
    let found = mark_theme::Entity::find()
        .filter(mark_theme::COLUMN.mark_id.eq(of.id))
        .filter(mark_theme::COLUMN.ended_at.is_null())
        .order_by_asc(mark_theme::Column::Id);
    let before = found.all(write.tx()).await.map_err(fault("list themes of an excerpt"))?;
    let at = write.at();
    for row in before.iter().filter(|row| !wanted.contains(&row.theme_id)) {
        write.replace(row, mark_theme::Model { ended_at: Some(at), ..row.clone() }).await?;
    }
    let mut new = Vec::new();
    for theme_id in wanted.iter().filter(|id| before.iter().all(|row| row.theme_id != **id)) {
        // Somebody may have ended it since the form was opened.
        if write.lock::<theme::Entity>(*theme_id).await?.is_none_or(|theme| theme.ended_at.is_some()) {
            let title = "A theme that you chose is no longer offered";
            let why = "It was ended or merged this moment. Go back and choose again: what you typed is still there.";
            return Err(Stop::Refused { status: StatusCode::CONFLICT, title: title.into(), why: why.into(), next: None });
        }
    }
    for theme_id in wanted.iter().filter(|id| before.iter().all(|row| row.theme_id != **id)) {
        new.push(mark_theme::Model {
            id: MarkThemeId(write.id()),
            programme_id: of.programme_id,
            mark_id: of.id,
            theme_id: *theme_id,
            person_id: act.person()?,
            at,
            ended_at: None,
        });
    }
    Ok(write.insert_all(new).await?)
}
