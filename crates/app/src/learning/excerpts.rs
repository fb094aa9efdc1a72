//! The excerpts of an entry: passages of it that somebody marked, with what each is about. Whoever reads the entry reads them.

use std::collections::HashMap;

use axum::http::StatusCode;
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{Condition, QueryOrder};
use store::search::Reach;
use store::{Write, fault};
use tables::{ApplicationId, AppointmentId, CircleId, EntryId, MarkId, PersonId, PlaceId, ThemeId, entry, mark, person};
use ui::form::{self, Choice, Field};
use ui::parts::{self, Tone};
use ui::passages::{Found, Passage, Reading, marked};
use ui::{Html, html};

use super::giving::{set_themes, theme_fields, themes_named, themes_of};
use super::inside;
use super::speaks::speaking_to;
use super::vocabulary::Vocabulary;
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

pub(super) const LONGEST_NOTE: usize = 2_000;
/// What one person marks in one entry; more is a book.
const MOST: usize = 2_000;

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
    row.circle_id.is_some_and(|stood| stood == entry.circle_id || entries::reads(reach, entry.place_id, stood, None))
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
    let texts = |row: &mark::Model| Texts {
        then: readings.get(&row.revision),
        now: readings.get(&entry.revision),
        same: row.revision == entry.revision,
    };
    let mut found = with_words(cx, rows, texts).await?;
    found.sort_by_key(|e| (e.letters.is_none(), e.letters.as_ref().map(|l| (l.start, l.end)), e.row.id));
    Ok(found)
}

/// The text that an excerpt was made on, and the one that stands now.
pub(super) struct Texts<'a> {
    pub then: Option<&'a Reading>,
    pub now: Option<&'a Reading>,
    /// Whether they are one version.
    pub same: bool,
}

/// Gives excerpts their words, their place in the text of today, their themes, and the name of who made them.
pub(super) async fn with_words<'a>(
    cx: &Cx,
    rows: Vec<mark::Model>,
    texts: impl Fn(&mark::Model) -> Texts<'a>,
) -> Result<Vec<Excerpt>, Fault> {
    let themes = themes_of(cx.read(), rows.iter().map(|r| r.id).collect()).await?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(distinct(rows.iter().map(|r| r.person_id))));
    let people = people.all(cx.read()).await.map_err(fault("load who marked"))?;
    let found = rows
        .into_iter()
        .map(|row| {
            let letters = usize::try_from(row.from_letter).unwrap_or(0)..usize::try_from(row.to_letter).unwrap_or(0);
            let texts = texts(&row);
            let words = texts.then.and_then(|t| t.words(&letters)).map(str::to_owned);
            let stands = match (texts.now, texts.then) {
                (Some(now), Some(then)) if !texts.same => now.follow(then, &letters),
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
    Ok(found)
}

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The role in which a viewer marks what is of this place, or of none.
pub(super) fn marker(cx: &Cx, place: Option<PlaceId>) -> Option<tables::AppointmentId> {
    let programme = cx.programme().ok()?;
    let writes = |h: &&crate::ground::Held| programme.role_may(&h.role, design::Power::WriteEntries);
    let here = cx.held().find(|h| writes(h) && h.reaches(place));
    here.or_else(|| cx.held().find(writes)).map(|h| h.id)
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
    let others = markers(&all);
    let marks = !entries::is_gone(&entry) && marker(cx, entry.place_id).is_some();
    let to_here = speaking_to(cx, &programme, entry.id).await?;
    let draft = Draft::new("Excerpts").crumb(&programme.name, programme.href()).crumb(&entry.title, &home);
    let lead =
        "Passages of this entry, and what each is about. Those of the programme who read the entry read them, and nobody else.";
    Ok(draft.lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (marked(&entry.text, &passages))
            @if all.is_empty() { p class="muted" { "Nothing is marked yet." } } @else { (listed(&programme, &vocabulary, &all, me)) }
            @if others > 1 { p { a href={ (&home) "/excerpts/compare" } { "Compare what " (others) " people marked" } } }
            @if hidden > 0 && marks { (show_form(cx, &format!("{home}/excerpts"), hidden)) }
            (to_here)
            @if marks { (parts::section("mark", "Mark a passage", fields(cx, &format!("{home}/excerpts"), &vocabulary, typed, wrong))) }
        },
    ))
}

/// How many people marked what all see.
pub(super) fn markers(all: &[Excerpt]) -> usize {
    distinct(all.iter().filter(|e| e.row.shown_at.is_some()).map(|e| e.row.person_id)).len()
}

/// Shows what somebody has marked apart.
pub(super) fn show_form(cx: &Cx, action: &str, hidden: usize) -> Html {
    form::button_form(
        action,
        &cx.form_keys(),
        maud! {
            (form::hidden("do", "show"))
            (form::secondary_button(&format!("Show the {hidden} that only you see")))
        },
    )
}

/// Excerpts under their numbers.
pub(super) fn listed(programme: &Snapshot, vocabulary: &Vocabulary, all: &[Excerpt], me: Option<PersonId>) -> Html {
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

pub(super) fn fields(cx: &Cx, action: &str, vocabulary: &Vocabulary, typed: &Form, wrong: &Invalid) -> Html {
    let hint = "Select them in the text above, or copy them from there. Blanks and line breaks between them do not matter.";
    let apart = [Choice::new("yes", "Keep it to myself until I show what I marked, to compare it with somebody else’s reading")];
    let apart_typed = typed.get("apart");
    html(maud! {
        (form::form(action, &cx.form_keys(), maud! {
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

pub(super) async fn save(act: Act) -> Answer {
    let (programme, seen) = (act.programme()?.clone(), act.entry()?.clone());
    let home = format!("{}/entries/{}/excerpts", programme.href(), seen.id);
    let Some(appointment_id) = marker(&act, seen.place_id).filter(|_| !entries::is_gone(&seen)) else {
        return Err(Stop::forbidden("Others mark passages here", "Those who write in this programme do."));
    };
    let of = mark::COLUMN.entry_id.eq(seen.id);
    if act.form.get("do") == "show" {
        let mut write = act.write("show what was marked").await?;
        write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
        show(&mut write, act.person()?, of).await?;
        return act.save(write, &format!("{home}?done=shown")).await;
    }
    let vocabulary = Vocabulary::load(act.read(), programme.id).await?;
    let readings = [Reading::of(&seen.text)];
    let (read, wrong) = Marked::read(&act, &vocabulary, &readings);
    let Some(read) = read else { return shown(&act, &act.form, &wrong).await };
    let mut write = act.write("mark a passage").await?;
    let now = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if now.revision != seen.revision || entries::is_gone(&now) {
        drop(write);
        return Err(changed("The entry was changed this moment"));
    }
    let stood = Stood::InEntry(now.id, now.circle_id);
    if let Some(wrong) = read.refused(&write, act.person()?, of, (&stood, now.revision)).await? {
        drop(write);
        return shown(&act, &act.form, &wrong).await;
    }
    read.insert(&mut write, &act, stood, now.revision, appointment_id).await?;
    act.save(write, &format!("{home}?done={}", read.said())).await
}

/// Where the words of a new excerpt stand: in an entry and its circle, or in the answer to a question of an application.
pub(super) enum Stood {
    InEntry(EntryId, CircleId),
    InAnswer(ApplicationId, String),
}

/// A passage that somebody names in a form, with what it is about.
pub(super) struct Marked {
    /// Which of the texts it is of.
    pub text: usize,
    letters: std::ops::Range<usize>,
    themes: Vec<ThemeId>,
    apart: bool,
}

impl Marked {
    /// What the form says, with what is wrong about it.
    pub fn read(act: &Act, vocabulary: &Vocabulary, texts: &[Reading]) -> (Option<Self>, Invalid) {
        let mut wrong = Invalid::default();
        let passage = passage(texts, &act.form, &mut wrong);
        let themes = themes_named(vocabulary, &[], &act.form, &mut wrong);
        if act.form.get("note").chars().count() > LONGEST_NOTE {
            wrong.add("note", "Shorten this to 2,000 characters");
        }
        let apart = act.form.get("apart") == "yes";
        let read = passage.filter(|_| wrong.is_empty()).map(|(text, letters)| Self { text, letters, themes, apart });
        (read, wrong)
    }

    /// Why somebody cannot mark it, who has marked as much of this text as anybody may, or the very passage before.
    pub async fn refused(
        &self,
        write: &Write,
        me: PersonId,
        of: SimpleExpr,
        (stood, revision): (&Stood, i32),
    ) -> Result<Option<Invalid>, Fault> {
        let mine =
            mark::Entity::find().filter(of).filter(mark::COLUMN.person_id.eq(me)).filter(mark::COLUMN.removed_at.is_null());
        let mine = mine.all(write.tx()).await.map_err(fault("list one’s own excerpts"))?;
        if mine.len() >= MOST {
            return Ok(Some(Invalid::one("words", "You have marked 2,000 passages here. Remove some first")));
        }
        let question = match stood {
            Stood::InEntry(..) => None,
            Stood::InAnswer(_, question) => Some(question),
        };
        let letters = (letter(self.letters.start), letter(self.letters.end));
        let same = |m: &mark::Model| {
            m.revision == revision && m.question.as_ref() == question && (m.from_letter, m.to_letter) == letters
        };
        Ok(mine
            .iter()
            .any(same)
            .then(|| Invalid::one("words", "You have marked this passage already. Change what you said of it there")))
    }

    /// Keeps it as an excerpt of this version.
    pub async fn insert(
        &self,
        write: &mut Write,
        act: &Act,
        stood: Stood,
        revision: i32,
        appointment_id: AppointmentId,
    ) -> Result<(), Stop> {
        let (entry, answer) = match stood {
            Stood::InEntry(id, circle) => (Some((id, circle)), None),
            Stood::InAnswer(id, question) => (None, Some((id, question))),
        };
        let row = mark::Model {
            id: MarkId(write.id()),
            programme_id: act.programme()?.id,
            entry_id: entry.map(|(id, _)| id),
            revision,
            circle_id: entry.map(|(_, circle)| circle),
            from_letter: letter(self.letters.start),
            to_letter: letter(self.letters.end),
            note: act.form.get("note").into(),
            person_id: act.person()?,
            appointment_id,
            made_at: write.at(),
            shown_at: (!self.apart).then(|| write.at()),
            removed_at: None,
            application_id: answer.as_ref().map(|(id, _)| *id),
            question: answer.map(|(_, question)| question),
        };
        let row = write.insert(row).await?;
        set_themes(write, act, &row, &self.themes).await
    }

    pub fn said(&self) -> &'static str {
        if self.apart { "apart" } else { "marked" }
    }
}

fn letter(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

/// What was to be marked is not what stands there.
pub(super) fn changed(title: &str) -> Stop {
    let why = "Open it again, and look whether the words still stand in it.";
    Stop::Refused { status: StatusCode::CONFLICT, title: title.into(), why: why.into(), next: None }
}

/// The passage that the words of a form name, and in which of the texts it stands.
fn passage(texts: &[Reading], form: &Form, wrong: &mut Invalid) -> Option<(usize, std::ops::Range<usize>)> {
    let words = form.get("words");
    let found = texts.iter().enumerate().flat_map(|(text, reading)| reading.find(words).into_iter().map(move |p| (text, p)));
    let mut places: Vec<_> = found.collect();
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

/// Shows what this person has marked apart in one text.
pub(super) async fn show(write: &mut Write, me: PersonId, of: SimpleExpr) -> Result<(), Stop> {
    let hidden = mark::Entity::find()
        .filter(of)
        .filter(mark::COLUMN.person_id.eq(me))
        .filter(mark::COLUMN.shown_at.is_null())
        .filter(mark::COLUMN.removed_at.is_null())
        .order_by_asc(mark::Column::Id);
    for before in hidden.all(write.tx()).await.map_err(fault("list excerpts"))? {
        let at = write.at();
        write.replace(&before, mark::Model { shown_at: Some(at), ..before.clone() }).await?;
    }
    Ok(())
}
