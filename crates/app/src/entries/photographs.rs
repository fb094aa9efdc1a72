//! Photographs of an entry: added by whoever wrote it, seen by whoever reads it, gone with its words. They are not shared along
//! with part of it: an extract is words.

use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{EntryId, PhotographId, entry, photograph};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::{may_edit, withdraw};
use crate::files::{self, Checked};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Content, Cx, Draft, Form, Snapshot, Stop};

/// More tell no more.
const MOST: usize = 6;
const LONGEST_ABOUT: usize = 500;
const SAID: &[(&str, &str)] =
    &[("added", "Added. Whoever reads the entry sees it."), ("removed", "Removed. It is kept nowhere.")];

/// The photographs of an entry, in the order in which they were added.
async fn of(db: &impl ConnectionTrait, id: EntryId) -> Result<Vec<photograph::Model>, Fault> {
    photograph::Entity::find()
        .filter(photograph::COLUMN.entry_id.eq(id))
        .filter(photograph::COLUMN.removed_at.is_null())
        .order_by_asc(photograph::Column::Id)
        .all(db)
        .await
        .map_err(fault("list photographs"))
}

/// Whether the viewer adds photographs to it and removes them: whoever writes it, as long as its words stand.
pub(super) fn may(cx: &Cx, entry: &entry::Model) -> bool {
    may_edit(cx, entry) && !withdraw::is_gone(entry)
}

/// The photographs on the entry's page.
pub(super) async fn shown(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Html, Fault> {
    let all = of(cx.read(), entry.id).await?;
    let figures: Vec<Html> = all.iter().map(|one| figure(programme, one)).collect();
    Ok(html(maud! { @for one in &figures { (one) } }))
}

fn figure(programme: &Snapshot, one: &photograph::Model) -> Html {
    let src = format!("{}/entries/{}/photographs/{}", programme.href(), one.entry_id, one.id);
    html(maud! {
        figure class="photograph" {
            img src=(&src) alt=(&one.about) width=(one.width) height=(one.height) loading="lazy";
            figcaption aria-hidden="true" { (&one.about) }
        }
    })
}

/// `/programmes/{programme}/entries/{entry}/photographs/{photograph}`
pub(super) async fn image(cx: Cx) -> Answer {
    let entry = cx.entry()?;
    let wanted: PhotographId = cx.param("photograph").parse().map_err(|_| Stop::Missing)?;
    let row = of(cx.read(), entry.id).await?.into_iter().find(|one| one.id == wanted).ok_or(Stop::Missing)?;
    files::to_show(&cx, &row.hash).await?.ok_or(Stop::Missing)
}

/// `/programmes/{programme}/entries/{entry}/photographs`
pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, &Form::default(), &Invalid::default()).await
}

async fn page(cx: &Cx, typed: &Form, wrong: &Invalid) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    if withdraw::is_gone(&entry) {
        return Err(Stop::Missing);
    }
    let all = of(cx.read(), entry.id).await?;
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let here = format!("{home}/photographs");
    let removed: Vec<Html> = all
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let figure = figure(&programme, one);
            html(maud! {
                (figure)
                (form::form(&here, &cx.form_keys(), maud! {
                    (form::hidden("remove", &one.id.to_string()))
                    button class="govuk-button govuk-button--secondary" type="submit" { "Remove it" span class="govuk-visually-hidden" { ": photograph " (at + 1) } }
                }))
            })
        })
        .collect();
    let draft = Draft::new("Photographs").crumb(&programme.name, programme.href()).crumb(&entry.title, &home);
    let draft = draft.lead(format!("Of “{}”. Whoever reads it sees them.", entry.title)).done(cx, SAID).invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            @for one in &removed { (one) }
            @if all.len() < MOST { (parts::section("add", "Add a photograph", fields(cx, &here, typed, wrong))) }
            @else { p { "An entry has 6 photographs at most. Remove one to add another." } }
            p { a href=(&home) { "Back to the entry" } }
        },
    ))
}

fn fields(cx: &Cx, here: &str, typed: &Form, wrong: &Invalid) -> Html {
    let file = Field::new("picture", "Photograph")
        .hint("JPEG or PNG. It is kept without where and when it was taken.")
        .error(wrong.of("picture"));
    let about = Field::new("about", "What can be seen")
        .hint("For those who cannot see it: it is read out to them, and stands beneath it.")
        .value(typed.get("about"))
        .error(wrong.of("about"));
    let agreed =
        [Choice::new("yes", "Everybody who can be recognised has agreed, or nobody can be")
            .checked(typed.get("agreed") == "yes")];
    html(maud! {
        (form::form_with_files(here, &cx.form_keys(), maud! {
            (form::file(file, "image/jpeg,image/png"))
            (form::long_text(about, 2))
            (form::checkboxes(Field::new("agreed", "Who is in it").error(wrong.of("agreed")), &agreed))
            (form::button("Add it"))
        }))
    })
}

/// The photograph that came with the form, drawn anew and scanned.
async fn arrived(act: &Act) -> Result<(Checked, u32, u32), String> {
    let upload = act.files.iter().find(|u| u.field == "picture").ok_or("Choose a photograph")?;
    let bytes = match &upload.content {
        Content::Whole(bytes) => bytes.clone(),
        Content::TooLarge => {
            return Err(format!("Choose a smaller photograph: this one has more than {} MB", forms::limits::LARGEST_FILE_MB));
        }
        Content::NoRoom => return Err("Very many files are arriving just now. Choose yours again in a minute".into()),
    };
    let (mut picture, width, height) = files::draw(bytes).await?;
    files::scan(act, &mut picture).await?;
    Ok((picture, width, height))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    if withdraw::is_gone(&seen) {
        return Err(Stop::Missing);
    }
    let here = format!("{}/entries/{}/photographs", programme.href(), seen.id);
    if !act.form.get("remove").is_empty() {
        return remove(&act, seen.id, &here).await;
    }
    let mut wrong = Invalid::default();
    let about = act.form.get("about").trim().to_string();
    match about.chars().count() {
        0 => wrong.add("about", "Say what can be seen, for those who cannot see it"),
        n if n > LONGEST_ABOUT => wrong.add("about", "Shorten this to 500 characters"),
        _ => {}
    }
    if act.form.get("agreed") != "yes" {
        wrong.add("agreed", "Tick this once everybody who can be recognised has agreed. Otherwise choose another photograph");
    }
    let arrived = arrived(&act).await.map_err(|why| wrong.add("picture", why)).ok();
    let Some((picture, width, height)) = arrived.filter(|_| wrong.is_empty()) else {
        if wrong.of("picture").is_none() {
            // No browser sends the same file again by itself.
            wrong.add("picture", "Choose the photograph again");
        }
        return page(&act, &act.form, &wrong).await;
    };
    let mut write = act.write("add a photograph").await?;
    let entry = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if withdraw::is_gone(&entry) {
        return Err(Stop::Missing);
    }
    if of(write.tx(), entry.id).await?.len() >= MOST {
        drop(write);
        let wrong = Invalid::one("picture", "There are 6 already, which is as many as there can be");
        return page(&act, &act.form, &wrong).await;
    }
    files::keep_content(&mut write, &picture).await?;
    let row = photograph::Model {
        id: PhotographId(write.id()),
        programme_id: programme.id,
        entry_id: entry.id,
        about,
        size: picture.size(),
        hash: picture.hash,
        width: i32::try_from(width).unwrap_or(0),
        height: i32::try_from(height).unwrap_or(0),
        added_by: act.person()?,
        added_at: write.at(),
        scanned_at: picture.scanned_at,
        removed_at: None,
    };
    write.insert(row).await?;
    act.save(write, &format!("{here}?done=added")).await
}

async fn remove(act: &Act, of_entry: EntryId, here: &str) -> Answer {
    let id: PhotographId = act.form.get("remove").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("remove a photograph").await?;
    write.lock::<entry::Entity>(of_entry).await?.ok_or(Stop::Missing)?;
    let found = of(write.tx(), of_entry).await?.into_iter().filter(|one| one.id == id).collect();
    gone(&mut write, found).await?;
    act.save(write, &format!("{here}?done=removed")).await
}

/// All photographs of these entries go, with what was taken back; within a write that holds the entries.
pub(super) async fn withdrawn(write: &mut Write, entries: &[entry::Model]) -> Result<(), Fault> {
    for entry in entries {
        let found = of(write.tx(), entry.id).await?;
        gone(write, found).await?;
    }
    Ok(())
}

async fn gone(write: &mut Write, found: Vec<photograph::Model>) -> Result<(), Fault> {
    let mut hashes = Vec::with_capacity(found.len());
    for before in found {
        hashes.push(before.hash.clone());
        let after = photograph::Model { about: String::new(), removed_at: Some(write.at()), ..before.clone() };
        write.replace(&before, after).await?;
    }
    if hashes.is_empty() { Ok(()) } else { files::forget_content(write, hashes).await }
}
