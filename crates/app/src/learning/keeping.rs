//! Themes are worded anew, moved, merged, split and ended. What was done is kept, with why.

use std::collections::HashSet;

use kernel::Invalid;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{MarkId, MarkThemeId, ThemeId, mark, mark_theme, theme};

use super::vocabulary::{LONGEST_ABOUT, LONGEST_NAME, MOST, Vocabulary, note};
use super::{keeps, theme as theme_page, themes};
use crate::ground::{Act, Answer, Stop};

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    if !keeps(&act, &programme) {
        return Err(Stop::forbidden("Others keep the themes", "They are kept for the whole programme."));
    }
    let mut write = act.write("keep the themes").await?;
    // The vocabulary is changed by one at a time: two merges into each other would lead in a circle.
    write.lock::<tables::programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let vocabulary = Vocabulary::load(write.tx(), programme.id).await?;
    let theme = theme_page::named(&act, &vocabulary)?;
    if theme.ended_at.is_some() {
        return Err(Stop::forbidden("This theme has ended", "What was done to it stands on its page."));
    }
    let done = match act.form.get("do") {
        "word" => word(&mut write, &act, &vocabulary, &theme).await?,
        "merge" => merge(&mut write, &act, &vocabulary, &theme).await?,
        "split" => split(&mut write, &act, &vocabulary, &theme).await?,
        "end" => end(&mut write, &act, &vocabulary, &theme).await?,
        _ => return Err(Stop::Missing),
    };
    let home = format!("{}/themes", programme.href());
    match done {
        Ok(Done::Stays(id, said)) => act.save(write, &format!("{home}/{id}?done={said}")).await,
        Ok(Done::Gone(said)) => act.save(write, &format!("{home}?done={said}")).await,
        Err(wrong) => {
            drop(write);
            theme_page::shown(&act, Some(&act.form), &wrong).await
        }
    }
}

/// Where to go afterwards.
enum Done {
    Stays(ThemeId, &'static str),
    Gone(&'static str),
}

type Kept = Result<Result<Done, Invalid>, Stop>;

async fn word(write: &mut Write, act: &Act, vocabulary: &Vocabulary, before: &theme::Model) -> Kept {
    let mut wrong = Invalid::default();
    let parent_id = themes::read(vocabulary, Some(before.id), &act.form, &mut wrong);
    if act.form.get("was") != themes::stands(before) {
        wrong.add(
            "name",
            format!(
                "Somebody changed this theme meanwhile. It is “{}” now: {} Save again to have it your way",
                before.name, before.about
            ),
        );
    }
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let (name, about) = (act.form.get("name").to_string(), act.form.get("about").to_string());
    let after = theme::Model { name, about, parent_id, ..before.clone() };
    if after.name != before.name {
        note(write, act, before, "worded", (&before.name, &after.name), "").await?;
    }
    if after.about != before.about {
        note(write, act, before, "worded", (&before.about, &after.about), "").await?;
    }
    // What stood under a theme that has ended stands on its own already.
    let stood = before.parent_id.filter(|id| vocabulary.live(*id).is_some());
    if after.parent_id != stood {
        let path = |id: Option<ThemeId>| id.map_or_else(|| "on its own".to_string(), |id| vocabulary.path(id));
        note(write, act, before, "moved", (&path(stood), &path(after.parent_id)), "").await?;
    }
    if after != *before {
        write.replace(before, after).await?;
    }
    Ok(Ok(Done::Stays(before.id, "saved")))
}

async fn merge(write: &mut Write, act: &Act, vocabulary: &Vocabulary, before: &theme::Model) -> Kept {
    let mut wrong = Invalid::default();
    let into = act.form.get("into").parse().ok().and_then(|id: ThemeId| vocabulary.live(id)).filter(|t| t.id != before.id);
    if into.is_none() {
        wrong.add("into", "Choose the theme that it becomes a part of");
    }
    let why = act.form.get("merge_why");
    if why.is_empty() || why.chars().count() > 500 {
        wrong.add("merge_why", "Say in a few words why they are one");
    }
    let Some(into) = into.filter(|_| wrong.is_empty()) else { return Ok(Err(wrong)) };
    move_marks(write, act, before.id, into.id, None).await?;
    // What stood below it stands below the other now; where the other stood below it, that takes its place.
    let inside = vocabulary.under(before.id).contains(&into.id);
    for (child, _) in vocabulary.themes.iter().filter(|(t, _)| t.parent_id == Some(before.id) && t.id != into.id) {
        write.replace(child, theme::Model { parent_id: Some(into.id), ..child.clone() }).await?;
        note(write, act, child, "moved", (&vocabulary.path(before.id), &vocabulary.path(into.id)), why).await?;
    }
    if inside {
        let now = write.lock::<theme::Entity>(into.id).await?.ok_or(Stop::Missing)?;
        write.replace(&now, theme::Model { parent_id: before.parent_id, ..now.clone() }).await?;
        let wider = before.parent_id.map_or_else(|| "on its own".to_string(), |id| vocabulary.path(id));
        note(write, act, into, "moved", (&vocabulary.path(into.id), &wider), why).await?;
    }
    let at = write.at();
    let after = theme::Model { merged_into: Some(into.id), ended_at: Some(at), ..before.clone() };
    write.replace(before, after).await?;
    note(write, act, before, "merged", (&before.name, &into.name), why).await?;
    note(write, act, into, "merged", (&before.name, &into.name), why).await?;
    Ok(Ok(Done::Gone("merged")))
}

async fn split(write: &mut Write, act: &Act, vocabulary: &Vocabulary, before: &theme::Model) -> Kept {
    let mut wrong = Invalid::default();
    let (name, about) = (act.form.get("split_name"), act.form.get("split_about"));
    match name.chars().count() {
        n if n == 0 || n > LONGEST_NAME || name.contains('\n') => {
            wrong.add("split_name", "Give the new theme a name of at most 80 characters")
        }
        _ if vocabulary.called(name).is_some() => wrong.add("split_name", "There is a theme of this name already"),
        _ if vocabulary.themes.len() >= MOST => {
            wrong.add("split_name", "There are as many themes as there can be. Merge or end some first")
        }
        _ => {}
    }
    let n = about.chars().count();
    if n == 0 || n > LONGEST_ABOUT {
        wrong.add("split_about", "Say what belongs to the new one, in at most 2,000 characters");
    }
    let offered = theme_page::own(act, before.id).await?;
    let marks: Vec<MarkId> = act.form.all("excerpt").filter_map(|id| id.parse().ok()).filter(|id| offered.contains(id)).collect();
    if marks.is_empty() {
        wrong.add("excerpt", "Choose the excerpts that belong to the new theme");
    }
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let new = theme::Model {
        id: ThemeId(write.id()),
        programme_id: before.programme_id,
        parent_id: before.parent_id,
        name: name.into(),
        about: about.into(),
        made_at: write.at(),
        merged_into: None,
        ended_at: None,
    };
    let new = write.insert(new).await?;
    move_marks(write, act, before.id, new.id, Some(&marks)).await?;
    note(write, act, before, "split", (&before.name, &format!("{} and {}", before.name, new.name)), about).await?;
    note(write, act, &new, "split", (&before.name, &new.name), about).await?;
    Ok(Ok(Done::Stays(new.id, "split")))
}

/// Gives excerpts of one theme another: all of them, or those that are named.
async fn move_marks(write: &mut Write, act: &Act, from: ThemeId, to: ThemeId, only: Option<&[MarkId]>) -> Result<(), Stop> {
    let programme = act.programme()?.id;
    let held = |theme: ThemeId| {
        mark_theme::Entity::find()
            .filter(mark_theme::COLUMN.programme_id.eq(programme))
            .filter(mark_theme::COLUMN.theme_id.eq(theme))
            .filter(mark_theme::COLUMN.ended_at.is_null())
            .order_by_asc(mark_theme::Column::Id)
    };
    // The excerpts first, as whoever changes one does.
    let first = held(from).all(write.tx()).await.map_err(fault("list excerpts of a theme"))?;
    let wanted = |id: &MarkId| only.is_none_or(|only| only.contains(id));
    let mut marks: Vec<MarkId> = first.iter().map(|row| row.mark_id).filter(wanted).collect();
    marks.sort_unstable();
    for id in marks {
        write.lock::<mark::Entity>(id).await?;
    }
    let there = held(to).all(write.tx()).await.map_err(fault("list excerpts of a theme"))?;
    let there: HashSet<MarkId> = there.into_iter().map(|row| row.mark_id).collect();
    let rows = held(from).all(write.tx()).await.map_err(fault("list excerpts of a theme"))?;
    let at = write.at();
    let mut new = Vec::new();
    for row in rows.iter().filter(|row| wanted(&row.mark_id)) {
        write.replace(row, mark_theme::Model { ended_at: Some(at), ..row.clone() }).await?;
        if !there.contains(&row.mark_id) {
            new.push(mark_theme::Model {
                id: MarkThemeId(write.id()),
                theme_id: to,
                person_id: act.person()?,
                at,
                ended_at: None,
                ..row.clone()
            });
        }
    }
    Ok(write.insert_all(new).await?)
}

async fn end(write: &mut Write, act: &Act, vocabulary: &Vocabulary, before: &theme::Model) -> Kept {
    let at = write.at();
    write.replace(before, theme::Model { ended_at: Some(at), ..before.clone() }).await?;
    note(write, act, before, "ended", (&before.name, ""), "").await?;
    for (child, _) in vocabulary.themes.iter().filter(|(t, _)| t.parent_id == Some(before.id)) {
        note(write, act, child, "moved", (&vocabulary.path(child.id), "on its own"), "").await?;
    }
    Ok(Ok(Done::Gone("ended")))
}
