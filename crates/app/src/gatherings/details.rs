//! Those who run an event say when and where it is, how many can come, and what awaits those who do.

use axum::http::StatusCode;
use kernel::{Day, Deadline, Fault, Invalid, Moment};
use store::Write;
use tables::{GatheringId, entry, gathering, sign_up};
use ui::form::{self, Choice, Field};
use ui::parts;

use super::found::{self, Event, counts, run, sign_ups, when};
use super::{BOTH, IN_PERSON, ONLINE, mode_words, seats};
use crate::answers::keep_form;
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

const LONGEST_LINE: usize = 500;
const LONGEST_TEXT: usize = 20_000;
const MOST_SEATS: i32 = 100_000;

/// The fields as typed.
#[derive(Debug, Clone, Default)]
struct Typed {
    day: String,
    begins: String,
    ends: String,
    mode: String,
    venue: String,
    link: String,
    most: String,
    agenda: String,
    materials: String,
}

/// The same, read.
#[derive(Debug)]
struct Read {
    begins_at: Moment,
    ends_at: Moment,
    most: Option<i32>,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self {
            day: text("day"),
            begins: text("begins"),
            ends: text("ends"),
            mode: text("mode"),
            venue: text("venue"),
            link: text("link"),
            most: text("most"),
            agenda: text("agenda"),
            materials: text("materials"),
        }
    }
    fn standing(row: &gathering::Model) -> Self {
        Self {
            day: row.begins_at.day().to_string(),
            begins: row.begins_at.clock_time(),
            ends: row.ends_at.clock_time(),
            mode: row.mode.clone(),
            venue: row.venue.clone(),
            link: row.link.clone(),
            most: row.most.map(|most| most.to_string()).unwrap_or_default(),
            agenda: row.agenda.clone(),
            materials: row.materials.clone(),
        }
    }

    fn read(&self) -> Result<Read, Invalid> {
        let mut wrong = Invalid::default();
        let day = Day::parse_as_written(&self.day).map_err(|bad| wrong.add("day", bad.to_string())).ok();
        let mut at = |field: &'static str, text: &str| {
            let time = time(text);
            if time.is_none() {
                wrong.add(field, "Enter a time, like 10:00");
            }
            let (hour, minute) = time?;
            Some(Deadline { day: day?, hour, minute }.moment())
        };
        let (begins_at, ends_at) = (at("begins", &self.begins), at("ends", &self.ends));
        if let (Some(begins_at), Some(ends_at)) = (begins_at, ends_at)
            && ends_at <= begins_at
        {
            wrong.add("ends", "Enter a time after it begins, on the same day");
        }
        if ![IN_PERSON, ONLINE, BOTH].contains(&self.mode.as_str()) {
            wrong.add("mode", "Choose how people take part");
        } else if self.mode != ONLINE && self.venue.is_empty() {
            wrong.add("venue", "Say where the room is, or choose that it is online");
        }
        if !self.link.is_empty() && !["https://", "http://"].iter().any(|start| self.link.starts_with(start)) {
            wrong.add("link", "Enter an address that begins with https://");
        }
        if self.link.chars().any(char::is_whitespace) {
            wrong.add("link", "Enter one address, without spaces");
        }
        for (field, text, most) in [
            ("venue", &self.venue, LONGEST_LINE),
            ("link", &self.link, LONGEST_LINE),
            ("agenda", &self.agenda, LONGEST_TEXT),
            ("materials", &self.materials, LONGEST_TEXT),
        ] {
            if text.chars().count() > most {
                wrong.add(field, format!("Shorten this to {most} characters"));
            }
        }
        let most = match self.most.as_str() {
            "" => None,
            text => text.parse::<i32>().ok().filter(|most| (1..=MOST_SEATS).contains(most)).or_else(|| {
                wrong.add("most", "Enter a number, like 30, or leave it empty where everybody can come");
                None
            }),
        };
        match (begins_at, ends_at) {
            (Some(begins_at), Some(ends_at)) if wrong.is_empty() => Ok(Read { begins_at, ends_at, most }),
            _ => Err(wrong),
        }
    }
}

/// A time of day, as people write it.
fn time(text: &str) -> Option<(u32, u32)> {
    let (hour, minute) = text.split_once([':', '.'])?;
    let number = |text: &str| (text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten();
    let (hour, minute): (u32, u32) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// What was seen when the form was made.
fn seen(row: Option<&gathering::Model>) -> String {
    row.map(|row| row.changed_at.micros().to_string()).unwrap_or_default()
}

fn over(event: &Event<'_>) -> Option<Stop> {
    let gone = !event.matter.open && !event.is_held();
    gone.then(|| {
        Stop::forbidden("It is closed", format!("It is {}. Propose another, if it is to be held after all.", event.stands()))
    })
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let event = run(&cx, &programme).await?;
    if let Some(stop) = over(&event) {
        return Err(stop);
    }
    let typed = event.row.as_ref().map_or_else(|| Typed { mode: IN_PERSON.into(), ..Typed::default() }, Typed::standing);
    page(&cx, &programme, &event, &typed, &Invalid::default(), false).await
}

async fn page(cx: &Cx, programme: &Snapshot, event: &Event<'_>, typed: &Typed, wrong: &Invalid, clash: bool) -> Answer {
    let line = entries::who_reads_entry(cx, &event.entry).await?;
    let field = |name: &'static str, label, value| Field::new(name, label).value(value).error(wrong.of(name));
    let modes: Vec<Choice> = [IN_PERSON, ONLINE, BOTH]
        .iter()
        .map(|mode| Choice::new(*mode, capital(mode_words(mode))).checked(typed.mode == *mode))
        .collect();
    let mut draft =
        Draft::new("When and where").crumb(&programme.name, programme.href()).crumb("Learning events", home(programme));
    draft = draft.crumb(&event.entry.title, event.href(programme)).invalid(wrong);
    if clash {
        draft = draft.status(StatusCode::CONFLICT);
    }
    let points = "A line that starts with - is a point of a list.";
    Ok(draft.lead("Whoever has signed up is told by mail when the time or the place changes.").page(
        cx,
        maud! {
            @if clash { (parts::inset(maud! {
                p { "Somebody else who runs it changed this after you opened it. What stands now is on " a href=(event.href(programme)) { "the event’s page" } "; what you typed is below. Save again to keep what the form says." }
            })) }
            (line)
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("seen", &seen(event.row.as_ref())))
                (form::date(field("day", "On which day", &typed.day)))
                (form::text(field("begins", "When it begins", &typed.begins).hint("In London time, like 10:00.").width(5)))
                (form::text(field("ends", "When it ends", &typed.ends).hint("On the same day, like 15:30.").width(5)))
                (form::radios(field("mode", "How people take part", ""), &modes))
                (form::text(field("venue", "Where the room is", &typed.venue).hint("Its name and address, and how to get in. Leave it empty where all is online.")))
                (form::text(field("link", "Where one joins online", &typed.link).hint("An address that begins with https://. It can come later.").optional()))
                (form::text(field("most", "How many can come", &typed.most).hint("In the room, where there is one. Leave it empty where everybody can come. Whoever comes later waits for a seat.").width(5).inputmode("numeric").optional()))
                (form::long_text(field("agenda", "Agenda", &typed.agenda).hint(points).optional(), 8))
                (form::long_text(field("materials", "Materials", &typed.materials).hint("What to read or bring, and links to it.").optional(), 5))
                (form::button("Save"))
            }))
        },
    ))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn home(programme: &Snapshot) -> String {
    format!("{}/gatherings", programme.href())
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let event = run(&act, &programme).await?;
    if let Some(stop) = over(&event) {
        return Err(stop);
    }
    let typed = Typed::of(&act.form);
    let read = match typed.read() {
        Ok(read) => read,
        Err(wrong) => return page(&act, &programme, &event, &typed, &wrong, false).await,
    };
    let mut write = act.write("say when and where an event is").await?;
    // Of two who set the first day at once, one waits for the other here.
    write.lock::<entry::Entity>(event.entry.id).await?.ok_or(Stop::Missing)?;
    let before = match found::row_of(write.tx(), event.entry.id).await? {
        Some(row) => write.lock::<gathering::Entity>(row.id).await?,
        None => None,
    };
    if act.form.get("seen") != seen(before.as_ref()) {
        drop(write);
        let event = run(&act, &programme).await?;
        return page(&act, &programme, &event, &typed, &Invalid::default(), true).await;
    }
    if let (Some(before), Some(most)) = (&before, read.most) {
        let taken = seats::taken(
            &gathering::Model { mode: typed.mode.clone(), ..before.clone() },
            &sign_ups(write.tx(), before.id).await?,
        );
        if usize::try_from(most).unwrap_or(0) < taken {
            drop(write);
            let message = format!("{taken} have a seat, and nobody loses one in this way. Enter {taken} or more");
            return page(&act, &programme, &event, &typed, &Invalid::one("most", message), false).await;
        }
    }
    match before {
        None => {
            let row = first(&mut write, &programme, &event, &typed, &read).await?;
            write.insert(row).await?;
        }
        Some(before) => change(&mut write, (&act, &programme, &event), &before, (&typed, &read)).await?,
    }
    act.save(write, &format!("{}?done=details", event.href(&programme))).await
}

/// The row of an event that gets its day.
async fn first(
    write: &mut Write,
    programme: &Snapshot,
    event: &Event<'_>,
    typed: &Typed,
    read: &Read,
) -> Result<gathering::Model, Fault> {
    let form = event.rule.feedback.as_ref().and_then(|key| programme.programme.form(key));
    let form_id = match form {
        Some(form) => Some(keep_form(write, programme.id, &form.form).await?),
        None => None,
    };
    Ok(gathering::Model {
        id: GatheringId(write.id()),
        programme_id: programme.id,
        entry_id: event.entry.id,
        begins_at: read.begins_at,
        ends_at: read.ends_at,
        mode: typed.mode.clone(),
        venue: typed.venue.clone(),
        link: typed.link.clone(),
        most: read.most,
        agenda: typed.agenda.clone(),
        materials: typed.materials.clone(),
        sequence: 0,
        changed_at: write.at(),
        form_id,
        reminded_at: None,
        asked_at: None,
        cancelled_at: None,
        counted_at: None,
        wiped_at: None,
    })
}

/// Replaces what stood; where time or place are others now, whoever signed up is told, and is reminded anew.
async fn change(
    write: &mut Write,
    (act, programme, event): (&Act, &Snapshot, &Event<'_>),
    before: &gathering::Model,
    (typed, read): (&Typed, &Read),
) -> Result<(), Stop> {
    let time = (read.begins_at, read.ends_at) != (before.begins_at, before.ends_at);
    let place = (&typed.mode, &typed.venue, &typed.link) != (&before.mode, &before.venue, &before.link);
    let after = gathering::Model {
        begins_at: read.begins_at,
        ends_at: read.ends_at,
        mode: typed.mode.clone(),
        venue: typed.venue.clone(),
        link: typed.link.clone(),
        most: read.most,
        agenda: typed.agenda.clone(),
        materials: typed.materials.clone(),
        sequence: before.sequence + i32::from(time || place),
        changed_at: write.at(),
        reminded_at: if time && read.begins_at > write.at() { None } else { before.reminded_at },
        asked_at: if time && read.ends_at > write.at() { None } else { before.asked_at },
        ..before.clone()
    };
    let unchanged = gathering::Model { changed_at: before.changed_at, ..after.clone() };
    if unchanged == *before {
        return Ok(());
    }
    let after = write.replace(before, after).await?;
    if after.mode != BOTH {
        // Whoever meant to take part in a way that there is no more takes part in the one that there is.
        for one in sign_ups(write.tx(), after.id).await?.into_iter().filter(|one| counts(one) && one.mode != after.mode) {
            write.replace(&one, sign_up::Model { mode: after.mode.clone(), ..one.clone() }).await?;
        }
    }
    if (time || place) && event.is_agreed() && after.ends_at > write.at() {
        tell(write, &act.app().settings.address, programme, event, &after).await?;
    }
    seats::fill(write, (programme, &act.app().settings.address), (&event.entry.title, &after)).await?;
    Ok(())
}

/// Tells those who signed up that it is at another time or place.
async fn tell(
    write: &mut Write,
    address: &str,
    programme: &Snapshot,
    event: &Event<'_>,
    row: &gathering::Model,
) -> Result<(), Fault> {
    let signed: Vec<_> = sign_ups(write.tx(), row.id).await?.into_iter().filter(counts).collect();
    let to = super::tend::addresses(write.tx(), write.at(), programme, &event.entry, &signed).await?;
    let title = &event.entry.title;
    let text = format!(
        "{title} is now:\n{}, {}{}\n\nYour sign-up stands. If you cannot come now, please say so:\n{address}{}/sign-up\n\nYour calendar takes the new time from the file on the event's page.\n",
        when(row),
        mode_words(&row.mode),
        if row.venue.is_empty() { String::new() } else { format!(", {}", row.venue) },
        event.href(programme),
    );
    let mails = to.into_iter().map(|(_, email)| (email, format!("Another time or place: {title}"), text.clone()));
    write.mail_all(mails.collect()).await
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        assert_eq!(time("10:00"), Some((10, 0)));
        assert_eq!(time("9.30"), Some((9, 30)));
        for bad in ["", "10", "24:00", "10:60", "+1:00", "ten:00", "10:000", "1:2:3"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }
}
