//! One excerpt: its words, what it is about, and what it speaks to. Whoever made it changes it.

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, MarkId, MarkLinkId, entry, mark, mark_link};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::answered::Answered;
use super::excerpts::{self, Excerpt, LONGEST_NOTE};
use super::giving;
use super::source::Source;
use super::vocabulary::Vocabulary;
use crate::entries::{self, Asked};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[
    ("saved", "Saved."),
    ("linked", "Linked. Those who see the excerpt and may read the other entry see it."),
    ("unlinked", "The link is gone."),
];

/// So many excerpts of a theme are offered to be quoted.
const OFFERED: u64 = 15;

/// The excerpt that the path names, with what it is of, for those who may read that.
async fn named(cx: &Cx) -> Result<(Source, Excerpt), Stop> {
    of_id(cx, cx.param("excerpt").parse().map_err(|_| Stop::Missing)?).await
}

/// An excerpt that can be quoted: its words as they stand where it was marked.
pub(crate) struct Quotable {
    pub mark: MarkId,
    pub words: String,
    pub entry: entry::Model,
    /// The version that the words are of.
    pub revision: i32,
}

/// The excerpt with this id, if it is of an entry, the viewer may read it and others may know of it. What an application says is
/// quoted nowhere: nobody but those who choose was told it.
pub(crate) async fn quotable(cx: &Cx, id: MarkId) -> Result<Option<Quotable>, Stop> {
    let (source, excerpt) = match of_id(cx, id).await {
        Ok(found) => found,
        Err(Stop::Missing) => return Ok(None),
        Err(stop) => return Err(stop),
    };
    let (Source::Entry(entry), Some(words), Some(_)) = (source, excerpt.words, excerpt.row.shown_at) else { return Ok(None) };
    Ok(Some(Quotable { mark: excerpt.row.id, words, entry: *entry, revision: excerpt.row.revision }))
}

/// The excerpts that speak to an entry and that the viewer may read.
pub(crate) async fn quotable_for(cx: &Cx, to: EntryId) -> Result<Vec<Quotable>, Stop> {
    let found = mark_link::Entity::find()
        .filter(mark_link::COLUMN.to_entry.eq(to))
        .filter(mark_link::COLUMN.ended_at.is_null())
        .order_by_asc(mark_link::Column::Id)
        .limit(50);
    let mut all = Vec::new();
    for link in found.all(cx.read()).await.map_err(fault("list links to an entry"))? {
        all.extend(quotable(cx, link.mark_id).await?);
    }
    Ok(all)
}

/// The newest excerpts that have this theme or one below it, or any theme at all, of those that the viewer may read; with what
/// there is to choose from.
pub(crate) async fn quotable_by_theme(cx: &Cx, theme: &str) -> Result<(Vec<Quotable>, Vec<Choice>), Stop> {
    let programme = cx.programme()?.clone();
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let wanted = theme.parse().ok().and_then(|id| vocabulary.live(id));
    let themes = match wanted {
        Some(theme) => vocabulary.under(theme.id),
        None => vocabulary.themes.iter().map(|(t, _)| t.id).collect(),
    };
    let found = super::theme::newest(cx, &programme, &themes, OFFERED).await?;
    let found = found.into_iter().filter_map(|(source, excerpt)| {
        let Source::Entry(entry) = source else { return None };
        let words = excerpt.words.filter(|_| !entries::is_gone(&entry))?;
        Some(Quotable { mark: excerpt.row.id, words, entry: *entry, revision: excerpt.row.revision })
    });
    Ok((found.collect(), vocabulary.choices()))
}

async fn of_id(cx: &Cx, id: MarkId) -> Result<(Source, Excerpt), Stop> {
    super::inside(cx)?;
    let programme = cx.programme()?.clone();
    let row = mark::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load an excerpt"))?.ok_or(Stop::Missing)?;
    let seen = row.shown_at.is_some() || cx.viewer().person() == Some(row.person_id);
    if row.programme_id != programme.id || row.removed_at.is_some() || !seen {
        return Err(Stop::Missing);
    }
    if let Some(id) = row.application_id {
        let answered = Answered::load(cx, &programme, id).await?.ok_or(Stop::Missing)?;
        let excerpt = answered.read(cx, vec![row]).await?.pop().ok_or(Stop::Missing)?;
        return Ok((Source::Application(answered.evidence), excerpt));
    }
    let (entry, _) = entries::find(cx, row.entry_id.ok_or(Stop::Missing)?).await?.ok_or(Stop::Missing)?;
    if entries::is_gone(&entry) {
        return Err(Stop::Missing);
    }
    if !excerpts::stood_open(&cx.viewer().reach(&programme), &entry, &row) {
        return Err(Stop::Missing);
    }
    let excerpt = excerpts::read(cx, &programme, &entry, vec![row]).await?.pop().ok_or(Stop::Missing)?;
    Ok((Source::Entry(Box::new(entry)), excerpt))
}

/// `/programmes/{programme}/excerpts/{excerpt}`
pub(super) async fn page(cx: Cx) -> Answer {
    let (source, excerpt) = named(&cx).await?;
    shown(&cx, &source, &excerpt, &Form::default(), &Invalid::default()).await
}

/// What the form that changes it begins with.
fn begun(excerpt: &Excerpt) -> Form {
    let themes = excerpt.themes.iter().map(|id| ("theme".to_string(), id.to_string()));
    Form::with(themes.chain([("note".to_string(), excerpt.row.note.clone())]).collect())
}

async fn shown(cx: &Cx, source: &Source, excerpt: &Excerpt, typed: &Form, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let home = source.href(&programme);
    let here = format!("{}/excerpts/{}", programme.href(), excerpt.row.id);
    let me = cx.viewer().person();
    let mine = me == Some(excerpt.row.person_id);
    let writes = excerpts::marker(cx, source.place()).is_some();
    let links = links(cx, &programme, excerpt, &here, writes).await?;
    let begun = begun(excerpt);
    let changed = if typed.get("do") == "change" { typed } else { &begun };
    let hint = "As your browser shows it when you have the entry open: an experiment, a challenge, what you write for others.";
    let draft = Draft::new("Excerpt").crumb(&programme.name, programme.href()).crumb(source.name(), &home);
    let draft = draft.crumb("Excerpts", format!("{home}/excerpts"));
    let lead = format!("From “{}” of {}.", source.name(), source.on());
    Ok(draft.lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (excerpts::one(&programme, &vocabulary, excerpt, None, None))
            (links)
            @if writes {
                (parts::section("link", "Say what it speaks to", maud! {
                    (form::form(&here, &cx.form_keys(), maud! {
                        (form::hidden("do", "link"))
                        (form::text(Field::new("entry", "The entry’s address").hint(hint).value(typed.get("entry")).error(wrong.of("entry"))))
                        (form::secondary_button("Link it"))
                    }))
                    @if let Some(entry) = source.entry() {
                        p { a href={ (programme.href()) "/outputs?quote=" (excerpt.row.id.to_string()) } { "Quote it in an output" } "." }
                        p { "Or " a href={ (programme.href()) "/statements?entry=" (entry.id.to_string()) } { "bring its entry as evidence" } " for or against what the programme rests on." }
                    } @else {
                        p class="muted" { "What an application says was told to those who choose. To quote it, ask the place to record it as an entry." }
                    }
                }))
            }
            @if mine {
                (parts::section("change", "Change it", maud! {
                    (form::form(&here, &cx.form_keys(), maud! {
                        (form::hidden("do", "change"))
                        (giving::theme_fields(&vocabulary, &excerpt.themes, changed, wrong))
                        (form::long_text(Field::new("note", "A note").value(changed.get("note")).error(wrong.of("note")).optional(), 2))
                        (form::button("Save"))
                    }))
                    (form::button_form(&here, &cx.form_keys(), maud! {
                        (form::hidden("do", "remove"))
                        (form::warning_button("Remove this excerpt"))
                    }))
                }))
            }
        },
    ))
}

/// The entries it speaks to, as far as the viewer may read them.
async fn links(cx: &Cx, programme: &Snapshot, excerpt: &Excerpt, here: &str, writes: bool) -> Result<Html, Fault> {
    let found = mark_link::Entity::find()
        .filter(mark_link::COLUMN.mark_id.eq(excerpt.row.id))
        .filter(mark_link::COLUMN.ended_at.is_null())
        .order_by_asc(mark_link::Column::Id);
    let links = found.all(cx.read()).await.map_err(fault("list what an excerpt speaks to"))?;
    if links.is_empty() {
        return Ok(html(""));
    }
    let ids = links.iter().map(|l| l.to_entry).collect();
    let readable = entries::list(cx, programme, &Asked { only: Some(ids), limit: 200, ..Asked::default() }).await?;
    let shown: Vec<_> = links.iter().filter_map(|link| Some((link, readable.iter().find(|e| e.id == link.to_entry)?))).collect();
    Ok(html(maud! {
        @if !shown.is_empty() {
            (parts::section("speaks-to", "What it speaks to", maud! {
                ul { @for (link, entry) in &shown {
                    li {
                        a href={ (programme.href()) "/entries/" (entry.id.to_string()) } { (&entry.title) } ", " (programme.kind_name(&entry.kind)) " of " (entry.happened_on.to_string())
                        @if writes && cx.viewer().person() == Some(link.person_id) {
                            (form::button_form(here, &cx.form_keys(), maud! {
                                (form::hidden("do", "unlink")) (form::hidden("link", &link.id.to_string()))
                                (form::secondary_button(&format!("Take back the link to “{}”", entry.title)))
                            }))
                        }
                    }
                } }
            }))
        }
    }))
}

pub(super) async fn save(act: Act) -> Answer {
    let (source, excerpt) = named(&act).await?;
    let here = format!("{}/excerpts/{}", act.programme()?.href(), excerpt.row.id);
    let writes = excerpts::marker(&act, source.place()).is_some();
    let mine = act.viewer().person() == Some(excerpt.row.person_id);
    match (act.form.get("do"), writes, mine) {
        ("link", true, _) => link(&act, &source, &excerpt, &here).await,
        ("unlink", true, _) => unlink(&act, &excerpt, &here).await,
        ("change", _, true) => change(&act, &source, &excerpt, &here).await,
        ("remove", _, true) => remove(&act, &source, &excerpt).await,
        _ => Err(Stop::forbidden("Others change this excerpt", "Whoever marked it does.")),
    }
}

async fn change(act: &Act, source: &Source, excerpt: &Excerpt, here: &str) -> Answer {
    let vocabulary = Vocabulary::load(act.read(), excerpt.row.programme_id).await?;
    let mut wrong = Invalid::default();
    let themes = giving::themes_named(&vocabulary, &excerpt.themes, &act.form, &mut wrong);
    if act.form.get("note").chars().count() > LONGEST_NOTE {
        wrong.add("note", "Shorten this to 2,000 characters");
    }
    if !wrong.is_empty() {
        return shown(act, source, excerpt, &act.form, &wrong).await;
    }
    let mut write = act.write("say what an excerpt is about").await?;
    let before = write.lock::<mark::Entity>(excerpt.row.id).await?.filter(|r| r.removed_at.is_none()).ok_or(Stop::Missing)?;
    if before.note != act.form.get("note") {
        write.replace(&before, mark::Model { note: act.form.get("note").into(), ..before.clone() }).await?;
    }
    giving::set_themes(&mut write, act, &before, &themes).await?;
    act.save(write, &format!("{here}?done=saved")).await
}

async fn remove(act: &Act, source: &Source, excerpt: &Excerpt) -> Answer {
    let mut write = act.write("remove an excerpt").await?;
    let before = write.lock::<mark::Entity>(excerpt.row.id).await?.filter(|r| r.removed_at.is_none()).ok_or(Stop::Missing)?;
    giving::set_themes(&mut write, act, &before, &[]).await?;
    let at = write.at();
    write.replace(&before, mark::Model { removed_at: Some(at), ..before.clone() }).await?;
    act.save(write, &format!("{}/excerpts?done=removed", source.href(act.programme()?))).await
}

async fn link(act: &Act, source: &Source, excerpt: &Excerpt, here: &str) -> Answer {
    let found = match entry_at(act.form.get("entry")) {
        Some(id) => entries::find(act, id).await?.map(|(entry, _)| entry),
        None => None,
    };
    let wrong = match &found {
        None => Invalid::one("entry", "There is no entry of this programme that you may read at this address"),
        Some(to) if source.entry().is_some_and(|entry| entry.id == to.id) => {
            Invalid::one("entry", "This is the entry that the excerpt is from. Name another")
        }
        Some(_) => Invalid::default(),
    };
    let Some(to) = found.filter(|_| wrong.is_empty()) else {
        return shown(act, source, excerpt, &act.form, &wrong).await;
    };
    let mut write = act.write("say what an excerpt speaks to").await?;
    let row = write.lock::<mark::Entity>(excerpt.row.id).await?.filter(|r| r.removed_at.is_none()).ok_or(Stop::Missing)?;
    let known = mark_link::Entity::find()
        .filter(mark_link::COLUMN.mark_id.eq(row.id))
        .filter(mark_link::COLUMN.to_entry.eq(to.id))
        .filter(mark_link::COLUMN.ended_at.is_null());
    if known.one(write.tx()).await.map_err(fault("look for a link"))?.is_none() {
        let link = mark_link::Model {
            id: MarkLinkId(write.id()),
            programme_id: row.programme_id,
            mark_id: row.id,
            to_entry: to.id,
            person_id: act.person()?,
            at: write.at(),
            ended_at: None,
        };
        write.insert(link).await?;
    }
    act.save(write, &format!("{here}?done=linked")).await
}

/// The entry whose address somebody copied.
fn entry_at(address: &str) -> Option<EntryId> {
    let id = address.rsplit("/entries/").next()?;
    id.split(['?', '#', '/']).next()?.trim().parse().ok()
}

async fn unlink(act: &Act, excerpt: &Excerpt, here: &str) -> Answer {
    let id: MarkLinkId = act.form.get("link").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("take back what an excerpt speaks to").await?;
    let before = write.lock::<mark_link::Entity>(id).await?.ok_or(Stop::Missing)?;
    if before.mark_id != excerpt.row.id || act.viewer().person() != Some(before.person_id) {
        return Err(Stop::Missing);
    }
    if before.ended_at.is_none() {
        let at = write.at();
        write.replace(&before, mark_link::Model { ended_at: Some(at), ..before.clone() }).await?;
    }
    act.save(write, &format!("{here}?done=unlinked")).await
}
