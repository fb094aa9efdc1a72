//! The excerpts of an entry: passages of it that somebody marked, with what each is about. Whoever reads the entry reads them.

use std::collections::HashMap;

use axum::http::StatusCode;
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::search::Reach;
use store::{Write, fault};
use tables::{EntryId, MarkId, MarkThemeId, PersonId, ThemeId, entry, mark, mark_link, mark_theme, person, theme};
use ui::form::{self, Choice, Field};
use ui::parts::{self, Tone};
use ui::passages::{Found, Passage, Reading, marked};
use ui::{Html, html};

use super::vocabulary::Vocabulary;
use super::{inside, open_marks};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

pub(super) const LONGEST_NOTE: usize = 2_000;
/// What one person marks in one entry; more is a book.
const MOST: usize = 2_000;
/// As many themes stand as boxes on the form; more are typed, a line each.
const BOXES: usize = 40;

const SAID: &[(&str, &str)] = &[
    ("marked", "Marked. Whoever reads the entry sees it."),
    ("apart", "Marked. Only you see it, until you show what you marked."),
    ("shown", "Shown. Whoever reads the entry sees what you marked."),
    ("removed", "Removed."),
];

/// Where an excerpt stands in the text as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stands {
    Here,
    Moved,
    Lost,
}

/// An excerpt with its words.
#[derive(Debug, Clone)]
pub(super) struct Excerpt {
    pub row: mark::Model,
    /// None where they stood in a version that the viewer may not read.
    pub words: Option<String>,
    /// Where it stands now.
    pub letters: Option<std::ops::Range<usize>>,
    pub stands: Stands,
    pub themes: Vec<ThemeId>,
    pub by: String,
}

/// The excerpts of an entry that the viewer may see, in the order of the text; those that stand nowhere any more come last.
pub(super) async fn of_entry(cx: &Cx, programme: &Snapshot, entry: &entry::Model) -> Result<Vec<Excerpt>, Fault> {
    if entries::is_gone(entry) {
        return Ok(Vec::new());
    }
    let seen = Condition::any()
        .add(mark::COLUMN.shown_at.is_not_null())
        .add_option(cx.viewer().person().map(|me| mark::COLUMN.person_id.eq(me)));
    let rows = mark::Entity::find()
        .filter(mark::COLUMN.entry_id.eq(entry.id))
        .filter(mark::COLUMN.removed_at.is_null())
        .filter(seen)
        .order_by_asc(mark::Column::FromLetter)
        .order_by_asc(mark::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list excerpts"))?;
    let reach = cx.viewer().reach(programme);
    let rows = rows.into_iter().filter(|r| stood_open(&reach, entry, r)).collect();
    read(cx, programme, entry, rows).await
}

/// Whether an excerpt was made where the viewer reads. Moving an entry does not open its past.
pub(super) fn stood_open(reach: &[Reach], entry: &entry::Model, row: &mark::Model) -> bool {
    row.circle_id == entry.circle_id || entries::reads(reach, entry.place_id, row.circle_id, None)
}

/// Gives excerpts of one entry their words, their place in the text of today, and their themes.
pub(super) async fn read(
    cx: &Cx,
    programme: &Snapshot,
    entry: &entry::Model,
    rows: Vec<mark::Model>,
) -> Result<Vec<Excerpt>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut readings: HashMap<i32, Reading> = HashMap::new();
    if rows.iter().any(|r| r.revision != entry.revision) {
        let texts = entries::texts_of(cx, programme, entry).await?;
        readings.extend(texts.into_iter().map(|(number, text)| (number, Reading::of(&text))));
    } else {
        readings.insert(entry.revision, Reading::of(&entry.text));
    }
    let themes = themes_of(cx.read(), rows.iter().map(|r| r.id).collect()).await?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(distinct(rows.iter().map(|r| r.person_id))));
    let people = people.all(cx.read()).await.map_err(fault("load who marked"))?;
    let now = readings.get(&entry.revision);
    let mut found: Vec<Excerpt> = rows
        .into_iter()
        .map(|row| {
            let letters = usize::try_from(row.from_letter).unwrap_or(0)..usize::try_from(row.to_letter).unwrap_or(0);
            let then = readings.get(&row.revision);
            let words = then.and_then(|t| t.words(&letters)).map(str::to_owned);
            let stands = match (now, then) {
                (Some(now), Some(then)) if row.revision != entry.revision => now.follow(then, &letters),
                (Some(_), Some(_)) if words.is_some() => Found::Same,
                _ => Found::Lost,
            };
            let (stands, letters) = match stands {
                Found::Same => (Stands::Here, Some(letters)),
                Found::Moved(there) => (Stands::Moved, Some(there)),
                Found::Lost => (Stands::Lost, None),
            };
            let by = people.iter().find(|p| p.id == row.person_id).map(|p| p.name.clone()).unwrap_or_default();
            let themes = themes.get(&row.id).cloned().unwrap_or_default();
            Excerpt { row, words, letters, stands, themes, by }
        })
        .collect();
    found.sort_by_key(|e| (e.letters.is_none(), e.letters.as_ref().map(|l| (l.start, l.end)), e.row.id));
    Ok(found)
}

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

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

/// Where a viewer stands who wants to mark: the role in which they do.
pub(super) fn marker(cx: &Cx, entry: &entry::Model) -> Option<tables::AppointmentId> {
    let programme = cx.programme().ok()?;
    let writes = |h: &&crate::ground::Held| programme.role_may(&h.role, design::Power::WriteEntries);
    let here = cx.held().find(|h| writes(h) && h.reaches(entry.place_id));
    here.or_else(|| cx.held().find(writes)).map(|h| h.id).filter(|_| !entries::is_gone(entry))
}

/// `/programmes/{programme}/entries/{entry}/excerpts`
pub(super) async fn page(cx: Cx) -> Answer {
    shown(&cx, &Form::default(), &Invalid::default()).await
}

async fn shown(cx: &Cx, typed: &Form, wrong: &Invalid) -> Answer {
    inside(cx)?;
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    let all = of_entry(cx, &programme, &entry).await?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let passages: Vec<Passage> =
        all.iter().enumerate().filter_map(|(i, e)| Some(Passage { letters: e.letters.clone()?, number: i + 1 })).collect();
    let me = cx.viewer().person();
    let hidden = all.iter().filter(|e| e.row.shown_at.is_none()).count();
    let mut others: Vec<PersonId> = all.iter().filter(|e| e.row.shown_at.is_some()).map(|e| e.row.person_id).collect();
    others.sort_unstable();
    others.dedup();
    let marks = marker(cx, &entry).is_some();
    let to_here = speaking_to(cx, &programme, entry.id).await?;
    let draft = Draft::new("Excerpts").crumb(&programme.name, programme.href()).crumb(&entry.title, &home);
    let lead =
        "Passages of this entry, and what each is about. Those of the programme who read the entry read them, and nobody else.";
    Ok(draft.lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (marked(&entry.text, &passages))
            @if all.is_empty() { p class="muted" { "Nothing is marked yet." } } @else { (listed(&programme, &vocabulary, &all, me)) }
            @if others.len() > 1 { p { a href={ (&home) "/excerpts/compare" } { "Compare what " (others.len()) " people marked" } } }
            @if hidden > 0 && marks {
                (form::button_form(&format!("{home}/excerpts"), &cx.form_keys(), maud! {
                    (form::hidden("do", "show"))
                    (form::secondary_button(&format!("Show the {hidden} that only you see")))
                }))
            }
            (to_here)
            @if marks { (parts::section("mark", "Mark a passage", fields(cx, &home, &vocabulary, typed, wrong))) }
        },
    ))
}

fn listed(programme: &Snapshot, vocabulary: &Vocabulary, all: &[Excerpt], me: Option<PersonId>) -> Html {
    html(maud! {
        ol class="govuk-list excerpts" {
            @for (i, excerpt) in all.iter().enumerate() {
                li id={ "excerpt-" (i + 1) } { (one(programme, vocabulary, excerpt, Some(i + 1), me)) }
            }
        }
    })
}

/// An excerpt as lists show it.
pub(super) fn one(
    programme: &Snapshot,
    vocabulary: &Vocabulary,
    excerpt: &Excerpt,
    number: Option<usize>,
    me: Option<PersonId>,
) -> Html {
    let href = format!("{}/excerpts/{}", programme.href(), excerpt.row.id);
    let lost = excerpt.stands == Stands::Lost;
    html(maud! {
        blockquote class="excerpt" { p { (excerpt.words.as_deref().unwrap_or("Its words stand in no version that you may read.")) } }
        p class="entry-by" {
            @if let Some(number) = number { "Excerpt " (number) " · " }
            @for theme in &excerpt.themes { a href={ (programme.href()) "/themes/" (theme.to_string()) } { (vocabulary.name(*theme)) } " · " }
            (&excerpt.by) ", " (excerpt.row.made_at.day().to_string()) " · "
            a href=(&href) { @if me == Some(excerpt.row.person_id) { "Change" } @else { "Open" } span class="govuk-visually-hidden" { " " (said(number, &excerpt.words)) } }
            @if excerpt.stands == Stands::Moved { " " (parts::tag("moved with the text", Tone::Neutral)) }
            @if lost { " " (parts::tag("no longer in the text", Tone::Warning)) }
            @if excerpt.row.shown_at.is_none() { " " (parts::tag("only you see it", Tone::Neutral)) }
        }
        @if !excerpt.row.note.is_empty() { p { (&excerpt.row.note) } }
    })
}

/// Tells one of many links from the others for those who do not see what stands beside it.
fn said(number: Option<usize>, words: &Option<String>) -> String {
    let beginning: String = words.as_deref().unwrap_or_default().chars().take(40).collect();
    number.map_or_else(|| format!("“{beginning}”"), |n| format!("excerpt {n}"))
}

fn fields(cx: &Cx, home: &str, vocabulary: &Vocabulary, typed: &Form, wrong: &Invalid) -> Html {
    let hint = "Select them in the text above, or copy them from there. Blanks and line breaks between them do not matter.";
    let apart = [Choice::new("yes", "Keep it to myself until I show what I marked, to compare it with somebody else’s reading")];
    let apart_typed = typed.get("apart");
    html(maud! {
        (form::form(&format!("{home}/excerpts"), &cx.form_keys(), maud! {
            (form::long_text(Field::new("words", "The words").hint(hint).value(typed.get("words")).error(wrong.of("words")), 3))
            @if wrong.of("which").is_some() || !typed.get("which").is_empty() {
                (form::text(Field::new("which", "Which of them").hint("1 is the first in the text.").width(4).inputmode("numeric").value(typed.get("which")).error(wrong.of("which"))))
            }
            (theme_fields(vocabulary, &[], typed, wrong))
            (form::long_text(Field::new("note", "A note").value(typed.get("note")).error(wrong.of("note")).optional(), 2))
            (form::checkboxes(Field::new("apart", "Who sees it").value(apart_typed).optional(), &apart))
            (form::button("Mark it"))
        }))
    })
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
    distinct(themes.into_iter())
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    let home = format!("{}/entries/{}/excerpts", programme.href(), seen.id);
    let Some(appointment_id) = marker(&act, &seen) else {
        return Err(Stop::forbidden("Others mark passages here", "Those who write in this programme do."));
    };
    if act.form.get("do") == "show" {
        return show(&act, &seen, &home).await;
    }
    let vocabulary = Vocabulary::load(act.read(), programme.id).await?;
    let mut wrong = Invalid::default();
    let reading = Reading::of(&seen.text);
    let letters = passage(&reading, &act.form, &mut wrong);
    let themes = themes_named(&vocabulary, &[], &act.form, &mut wrong);
    if act.form.get("note").chars().count() > LONGEST_NOTE {
        wrong.add("note", "Shorten this to 2,000 characters");
    }
    let Some(letters) = letters.filter(|_| wrong.is_empty()) else { return shown(&act, &act.form, &wrong).await };
    let mut write = act.write("mark a passage").await?;
    let now = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if now.revision != seen.revision || entries::is_gone(&now) {
        drop(write);
        let title = "The entry was changed this moment";
        let why = "Open it again, and look whether the words still stand in it.";
        return Err(Stop::Refused { status: StatusCode::CONFLICT, title: title.into(), why: why.into(), next: None });
    }
    let me = act.person()?;
    let mine = mark::Entity::find().filter(mark::COLUMN.entry_id.eq(seen.id)).filter(mark::COLUMN.person_id.eq(me));
    let mine = mine.filter(mark::COLUMN.removed_at.is_null());
    if mine.count(write.tx()).await.map_err(fault("count excerpts"))? >= MOST as u64 {
        drop(write);
        let wrong = Invalid::one("words", "You have marked 2,000 passages of this entry. Remove some first");
        return shown(&act, &act.form, &wrong).await;
    }
    let apart = act.form.get("apart") == "yes";
    let letter = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
    let row = mark::Model {
        id: MarkId(write.id()),
        programme_id: programme.id,
        entry_id: seen.id,
        revision: now.revision,
        circle_id: now.circle_id,
        from_letter: letter(letters.start),
        to_letter: letter(letters.end),
        note: act.form.get("note").into(),
        person_id: me,
        appointment_id,
        made_at: write.at(),
        shown_at: (!apart).then(|| write.at()),
        removed_at: None,
    };
    let row = write.insert(row).await?;
    set_themes(&mut write, &act, &row, &themes).await?;
    act.save(write, &format!("{home}?done={}", if apart { "apart" } else { "marked" })).await
}

/// The passage that the words of a form name.
fn passage(reading: &Reading, form: &Form, wrong: &mut Invalid) -> Option<std::ops::Range<usize>> {
    let words = form.get("words");
    let mut places = reading.find(words);
    let which = form.get("which");
    match (words.is_empty(), places.len()) {
        (true, _) => wrong.add("words", "Copy the words that you want to mark from the text"),
        (_, 0) => wrong.add("words", "These words do not stand in the text like this. Copy them from the text above"),
        (_, 1) => return places.pop(),
        (_, all) => match which.parse::<usize>() {
            Ok(number) if (1..=all).contains(&number) => return Some(places.swap_remove(number - 1)),
            _ => wrong.add("which", format!("These words stand {all} times in the text. Say which of them, from 1 to {all}")),
        },
    }
    None
}

/// Shows what this person has marked in an entry.
async fn show(act: &Act, entry: &entry::Model, home: &str) -> Answer {
    let mut write = act.write("show what was marked").await?;
    write.lock::<entry::Entity>(entry.id).await?.ok_or(Stop::Missing)?;
    let hidden = mark::Entity::find()
        .filter(mark::COLUMN.entry_id.eq(entry.id))
        .filter(mark::COLUMN.person_id.eq(act.person()?))
        .filter(mark::COLUMN.shown_at.is_null())
        .filter(mark::COLUMN.removed_at.is_null())
        .order_by_asc(mark::Column::Id);
    for before in hidden.all(write.tx()).await.map_err(fault("list excerpts"))? {
        let at = write.at();
        write.replace(&before, mark::Model { shown_at: Some(at), ..before.clone() }).await?;
    }
    act.save(write, &format!("{home}?done=shown")).await
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

/// Excerpts of other entries that somebody linked to this one, as far as the viewer may read those entries.
async fn speaking_to(cx: &Cx, programme: &Snapshot, entry: EntryId) -> Result<Html, Fault> {
    let links = mark_link::Entity::find()
        .filter(mark_link::COLUMN.to_entry.eq(entry))
        .filter(mark_link::COLUMN.ended_at.is_null())
        .order_by_asc(mark_link::Column::Id);
    let marks: Vec<MarkId> =
        links.all(cx.read()).await.map_err(fault("list links to an entry"))?.into_iter().map(|l| l.mark_id).collect();
    if marks.is_empty() {
        return Ok(html(""));
    }
    let in_entry = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
    let rows: Vec<(mark::Model, Option<entry::Model>)> = mark::Entity::find()
        .select_also(entry::Entity)
        .join(JoinType::InnerJoin, in_entry.into())
        .filter(mark::COLUMN.id.is_in(marks))
        .filter(open_marks(cx, programme))
        .filter(entries::readable(cx.viewer(), programme))
        .order_by_asc(mark::Column::Id)
        .limit(200)
        .all(cx.read())
        .await
        .map_err(fault("list excerpts"))?;
    let found: Vec<_> = rows.into_iter().filter_map(|(row, entry)| Some((row.id, entry?))).collect();
    Ok(html(maud! {
        @if !found.is_empty() {
            (parts::section("speaks-to-it", "What speaks to this entry", maud! {
                ul { @for (mark, entry) in &found {
                    li { a href={ (programme.href()) "/excerpts/" (mark.to_string()) } { "An excerpt of “" (&entry.title) "”" } ", " (entry.happened_on.to_string()) }
                } }
            }))
        }
    }))
}
