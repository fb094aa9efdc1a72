//! What one may write, and into which circles: worked out from the design and the roles held, in one place.

use design::{Circle, EntryKind, Power, Scope};
use kernel::{Day, Invalid};
use tables::{AppointmentId, CircleId, PlaceId, entry};
use ui::Html;
use ui::form::{self, Field};

use super::parts;
use super::readers::readers;
use crate::ground::html::*;
use crate::ground::{Cx, Form, Held, Snapshot, Stop};

/// The longest text of an entry, in characters: a hundred pages.
pub(super) const LONGEST_TEXT: usize = 200_000;
const LONGEST_TITLE: usize = 200;

/// A kind of entry with the circles it may be written in, each with the role that allows it.
pub(crate) struct Offer<'a> {
    pub kind: &'a EntryKind,
    pub circles: Vec<(&'a Circle, AppointmentId)>,
}

/// Whether a role reaches what stands about this place. An event belongs to no place, and neither does what peers say to each
/// other: whoever comes from one writes it with all others.
pub(super) fn reaches(held: &Held, kind: &EntryKind, place: Option<PlaceId>) -> bool {
    held.reaches(place) || (place.is_none() && kind.is_of_all())
}

/// What the viewer may write about this place, or where there is none, about the programme.
pub(crate) fn offers<'a>(cx: &'a Cx, programme: &'a Snapshot, place: Option<PlaceId>) -> Vec<Offer<'a>> {
    let design = &programme.programme.design;
    let kinds = design.kinds.iter().map(|kind| {
        let circles = kind.circles.iter().filter_map(|key| design.circles.iter().find(|c| c.key == *key));
        let writable = circles.filter_map(|circle| {
            let held = cx.viewer().held_in(programme.id).find(|h| {
                kind.writers.contains(&h.role)
                    && circle.writers.contains(&h.role)
                    && reaches(h, kind, place)
                    && programme.role_may(&h.role, Power::WriteEntries)
            })?;
            let here = if place.is_some() { !kind.is_of_all() } else { circle.scope == Scope::Programme };
            here.then_some((circle, held.id))
        });
        Offer { kind, circles: writable.collect() }
    });
    kinds.filter(|o| !o.circles.is_empty()).collect()
}

/// Whether the viewer may write anything about this place.
pub(crate) fn may_record(cx: &Cx, place: Option<PlaceId>) -> bool {
    cx.programme().is_ok_and(|programme| !offers(cx, programme, place).is_empty())
}

/// An entry's own fields, as typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub title: String,
    pub text: String,
    /// What stands in each part of the text, where its kind has parts, in their order.
    pub parts: Vec<String>,
    pub happened_on: String,
    pub circle: String,
}

/// An entry's own fields, read.
#[derive(Debug)]
pub(crate) struct Read {
    pub title: String,
    pub text: String,
    pub happened_on: Day,
    pub circle: CircleId,
    pub appointment: AppointmentId,
}

impl Typed {
    pub fn of(form: &Form, kind: &EntryKind) -> Self {
        let text = |name| form.get(name).to_string();
        let parts = parts::typed(&kind.parts, form);
        let whole = if parts.is_empty() { text("text") } else { parts::joined(&kind.parts, &parts) };
        Self { title: text("title"), text: whole, parts, happened_on: text("happened_on"), circle: text("circle") }
    }
    /// The same words as an entry of another kind, each part under its heading where that kind does not ask for parts.
    #[must_use]
    pub fn of_kind(self, kind: &EntryKind) -> Self {
        Self { parts: parts::split(&kind.parts, &self.text), ..self }
    }
    /// As an entry stands.
    pub fn standing(entry: &entry::Model, kind: &EntryKind, circle: String) -> Self {
        Self {
            title: entry.title.clone(),
            text: entry.text.clone(),
            parts: parts::split(&kind.parts, &entry.text),
            happened_on: entry.happened_on.to_string(),
            circle,
        }
    }

    /// The same where the words were checked already, part by part.
    pub fn read_words(&self, cx: &Cx, programme: &Snapshot, offer: &Offer<'_>) -> Result<Read, Invalid> {
        let plain = EntryKind { parts: Vec::new(), ..offer.kind.clone() };
        self.read(cx, programme, &Offer { kind: &plain, circles: offer.circles.clone() })
    }

    pub fn read(&self, cx: &Cx, programme: &Snapshot, offer: &Offer<'_>) -> Result<Read, Invalid> {
        let mut wrong = Invalid::default();
        check_title(&self.title, &mut wrong);
        match offer.kind.parts.is_empty() {
            true => check_text(&self.text, &mut wrong),
            false => parts::check(&offer.kind.parts, &self.parts, &mut wrong),
        }
        let day = Day::parse_as_written(&self.happened_on).map_err(|e| wrong.add("happened_on", e.to_string()));
        if day.is_ok_and(|d| d > cx.today()) {
            wrong.add("happened_on", format!("Enter a day that has come: today is {}", cx.today()));
        }
        let chosen = offer.circles.iter().find(|(c, _)| c.key == self.circle);
        let circle = chosen.and_then(|(c, held)| Some((programme.circle_id(&c.key)?, *held)));
        if circle.is_none() {
            wrong.add("circle", "Choose who reads this");
        }
        match (day, circle) {
            (Ok(happened_on), Some((circle, appointment))) if wrong.is_empty() => {
                Ok(Read { title: self.title.clone(), text: self.text.clone(), happened_on, circle, appointment })
            }
            _ => Err(wrong),
        }
    }
}

/// What an entry and an extract ask of their words alike.
pub(super) fn check_title_and_text(title: &str, text: &str, wrong: &mut Invalid) {
    check_title(title, wrong);
    check_text(text, wrong);
}

fn check_title(title: &str, wrong: &mut Invalid) {
    match title.chars().count() {
        0 => wrong.add("title", "Give it a title, in a few words"),
        n if n > LONGEST_TITLE => wrong.add("title", format!("Shorten the title to {LONGEST_TITLE} characters; it has {n}")),
        _ if title.contains('\n') => wrong.add("title", "Keep the title to one line"),
        _ => {}
    }
}

fn check_text(text: &str, wrong: &mut Invalid) {
    match text.chars().count() {
        0 => wrong.add("text", "Write what there is to say"),
        n if n > LONGEST_TEXT => wrong.add("text", format!("Shorten the text to {LONGEST_TEXT} characters; it has {n}")),
        _ => {}
    }
}

/// The fields of what has one circle and is of today: who reads it, title and words.
pub(crate) async fn words_fields(
    cx: &Cx,
    place: Option<PlaceId>,
    offer: &Offer<'_>,
    typed: &Typed,
    wrong: &Invalid,
) -> Result<Html, Stop> {
    let (circle, _) = offer.circles.iter().find(|(c, _)| c.key == typed.circle).or(offer.circles.first()).ok_or(Stop::Missing)?;
    let line = readers(cx, circle, place).await?.line(circle);
    let title = Field::new("title", "Title").value(&typed.title).error(wrong.of("title"));
    Ok(ui::html(maud! {
        (line)
        (form::hidden("circle", &circle.key))
        (form::text(title))
        (words_field(offer.kind, typed, wrong))
    }))
}

fn words_field(kind: &EntryKind, typed: &Typed, wrong: &Invalid) -> Html {
    let hint = "Leave an empty line between paragraphs. A line that starts with - is a point of a list.";
    let text = Field::new("text", "What there is to say").hint(hint).value(&typed.text).error(wrong.of("text"));
    match kind.parts.is_empty() {
        true => form::long_text(text, 14),
        false => parts::fields(&kind.parts, &typed.parts, wrong),
    }
}

/// The fields: who reads it first, then what it says.
pub(crate) async fn fields(
    cx: &Cx,
    place: Option<PlaceId>,
    offer: &Offer<'_>,
    typed: &Typed,
    wrong: &Invalid,
) -> Result<Html, Stop> {
    let mut choices = Vec::new();
    for (circle, _) in &offer.circles {
        choices.push(readers(cx, circle, place).await?.choice(circle));
    }
    let circle = Field::new("circle", "Who reads this").value(&typed.circle).error(wrong.of("circle"));
    let title = Field::new("title", "Title").value(&typed.title).error(wrong.of("title"));
    let day = Field::new("happened_on", "When it happened").value(&typed.happened_on).error(wrong.of("happened_on"));
    Ok(ui::html(maud! {
        (form::radios(circle, &choices))
        (form::text(title))
        (form::date(day))
        (words_field(offer.kind, typed, wrong))
    }))
}
