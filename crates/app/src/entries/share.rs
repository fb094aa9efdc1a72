//! A person who may shares part of an entry with a wider circle: as a frozen extract, in words they choose, after
//! seeing the page as its readers will see it.

use kernel::{Day, Invalid};
use store::Write;
use tables::{AppointmentId, CircleId, EntryId, PersonId, entry};
use ui::form::{self, Field};
use ui::{Html, parts, words};

use super::agreed::{OpenFlow, ways};
use super::compose::check_title_and_text;
use super::readers::{readers, readers_of_any};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// What the readers of an extract see: nothing else of the source can be reached from here.
pub(super) struct SharedExtract {
    text: String,
    happened_on: Day,
    place: Option<String>,
}

impl SharedExtract {
    pub fn of(extract: &entry::Model, place: Option<String>) -> Self {
        Self { text: extract.text.clone(), happened_on: extract.happened_on, place }
    }
}

/// An extract, as its readers see it and as it is shown before it is shared.
pub(super) fn extract_view(extract: &SharedExtract) -> Html {
    ui::html(maud! {
        div class="extract" {
            p class="muted" {
                "An extract about "
                @if let Some(place) = &extract.place { (place) } @else { "the programme" }
                ", " (extract.happened_on.to_string()) ". It does not change any more."
            }
            (words::markdown(&extract.text))
        }
    })
}

struct Typed {
    to: String,
    title: String,
    text: String,
}

pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let to = ways(&cx, &entry).await?.open.first().map(|f| f.to.clone()).unwrap_or_default();
    write_page(&cx, &programme, &entry, &Typed { to, title: entry.title.clone(), text: String::new() }, &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, source) = (act.programme()?.clone(), act.entry()?.clone());
    let text = |name| act.form.get(name).to_string();
    let typed = Typed { to: text("to"), title: text("title"), text: text("text") };
    let mut wrong = Invalid::default();
    check_title_and_text(&typed.title, &typed.text, &mut wrong);
    let ways = ways(&act, &source).await?;
    if ways.to(&typed.to).is_none() {
        wrong.add("to", "Choose whom to share it with");
    }
    if !wrong.is_empty() {
        return write_page(&act, &programme, &source, &typed, &wrong).await;
    }
    match act.form.get("step") {
        "share" => share(&act, &programme, &source, ways.to(&typed.to).ok_or(Stop::Missing)?, typed).await,
        "back" => write_page(&act, &programme, &source, &typed, &wrong).await,
        _ => preview_page(&act, &programme, &source, &typed).await,
    }
}

async fn share(act: &Act, programme: &Snapshot, seen: &entry::Model, flow: &OpenFlow, typed: Typed) -> Answer {
    let circle_id = programme.circle_id(&typed.to).ok_or(Stop::Missing)?;
    if !flow.needs.is_empty() {
        return super::proposals::propose(act, programme, seen, flow, (circle_id, typed.title, typed.text)).await;
    }
    let mut write = act.write("share an extract").await?;
    let source = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if (source.circle_id, source.happened_on) != (seen.circle_id, seen.happened_on) {
        return Err(moved());
    }
    let words = Words { circle_id, title: typed.title, text: typed.text, author: act.person()?, appointment: flow.by };
    let extract = extract_of(&mut write, &source, words).await?;
    let location = format!("{}/entries/{}?done=shared", programme.href(), extract.id);
    act.save(write, &location).await
}

/// It stands in another circle than the one whose flows were looked at.
pub(super) fn moved() -> Stop {
    Stop::Refused {
        status: axum::http::StatusCode::CONFLICT,
        title: "The entry has been moved meanwhile".into(),
        why: "It stands in another circle now, from which other things may be shared. Nothing was shared. Open it again.".into(),
        next: None,
    }
}

/// What an extract says, where, and in whose name.
pub(super) struct Words {
    pub circle_id: CircleId,
    pub title: String,
    pub text: String,
    pub author: PersonId,
    pub appointment: AppointmentId,
}

/// Adds an extract of an entry to a write, and to the index.
pub(super) async fn extract_of(write: &mut Write, source: &entry::Model, words: Words) -> Result<entry::Model, Stop> {
    let extract = entry::Model {
        id: EntryId(write.id()),
        circle_id: words.circle_id,
        title: words.title,
        text: words.text,
        author_id: words.author,
        appointment_id: words.appointment,
        revision: 1,
        written_at: write.at(),
        changed_at: write.at(),
        source_id: Some(source.id),
        source_circle_id: Some(source.circle_id),
        source_revision: Some(source.revision),
        ..source.clone()
    };
    let extract = write.insert(extract).await?;
    write.index(std::slice::from_ref(&extract)).await?;
    Ok(extract)
}

async fn write_page(cx: &Cx, programme: &Snapshot, entry: &entry::Model, typed: &Typed, wrong: &Invalid) -> Answer {
    let mut choices = Vec::new();
    let ways = ways(cx, entry).await?;
    for flow in &ways.open {
        let Some(circle) = programme.programme.design.circle(&flow.to) else { continue };
        let choice = readers(cx, circle, entry.place_id).await?.choice(circle);
        choices.push(match flow.needs.is_empty() {
            true => choice,
            false => {
                let hint = format!(
                    "{} It is shared once they agree: {}.",
                    choice.hint.clone().unwrap_or_default(),
                    roles(programme, &flow.needs)
                );
                choice.hint(hint)
            }
        });
    }
    let to = Field::new("to", "Share it with").value(&typed.to).error(wrong.of("to"));
    let title = Field::new("title", "Title")
        .hint("Its readers see this title, not the entry’s.")
        .value(&typed.title)
        .error(wrong.of("title"));
    let hint = "A summary, or the lines they should have. They see this and nothing else of the entry.";
    let text = Field::new("text", "What they will read").hint(hint).value(&typed.text).error(wrong.of("text"));
    let draft = draft(programme, entry, "Share part of this entry")
        .lead("You choose the words. Before anything is shared, you see the page as its readers will see it.");
    Ok(draft.invalid(wrong).page(
        cx,
        maud! {
            (parts::details("The entry, for you to take from", words::markdown(&entry.text)))
            @if !ways.shut.is_empty() {
                p class="muted" { "Not agreed with the place when this happened: " (ways.shut.join(", ")) "." }
            }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("step", "preview"))
                (form::radios(to, &choices))
                (form::text(title))
                (form::long_text(text, 6))
                (form::button("See it as they will"))
            }))
        },
    ))
}

async fn preview_page(cx: &Cx, programme: &Snapshot, source: &entry::Model, typed: &Typed) -> Answer {
    let circle = programme.programme.design.circles.iter().find(|c| c.key == typed.to).ok_or(Stop::Missing)?;
    // Those who read the entry will read what is shared of it, too.
    let both: Vec<_> = [Some(circle), programme.circle(source.circle_id)].into_iter().flatten().collect();
    let line = readers_of_any(cx, &both, source.place_id).await?.line(circle);
    let place = match source.place_id {
        Some(_) => crate::places::name_of(cx, source.place_id).await?,
        None => None,
    };
    let view = extract_view(&SharedExtract { text: typed.text.clone(), happened_on: source.happened_on, place });
    let fields = |step: &str| {
        ui::html(maud! {
            (form::hidden("step", step))
            (form::hidden("to", &typed.to))
            (form::hidden("title", &typed.title))
            (form::hidden("text", &typed.text))
        })
    };
    let needs = ways(cx, source).await?.to(&typed.to).map(|flow| flow.needs.clone()).unwrap_or_default();
    let lead = "This is what they will read. Once shared it does not change, whatever becomes of the entry.";
    let press = match needs.is_empty() {
        true => format!("Share with {}", circle.name),
        false => format!("Ask to share with {}", circle.name),
    };
    Ok(draft(programme, source, "Look before you share").lead(lead).page(
        cx,
        maud! {
            (line)
            (parts::section("preview", &typed.title, &view))
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (fields("share"))
                @if !needs.is_empty() { p { "It is shared once they agree: " (roles(programme, &needs)) "." } }
                (form::button(&press))
            }))
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (fields("back"))
                (form::secondary_button("Change the words"))
            }))
        },
    ))
}

/// Roles in a sentence.
pub(super) fn roles(programme: &Snapshot, keys: &[String]) -> String {
    keys.iter().map(|key| programme.role_name(key)).collect::<Vec<_>>().join(" and ")
}

fn draft(programme: &Snapshot, entry: &entry::Model, title: &str) -> Draft {
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    Draft::new(title).crumb(&programme.name, programme.href()).crumb(&entry.title, home)
}
