//! A person who may shares part of an entry with a wider circle: as a frozen extract, in words they choose, after
//! seeing the page as its readers will see it.

use design::{Flow, Power};
use kernel::{Day, Invalid};
use tables::{EntryId, entry};
use ui::form::{self, Field};
use ui::{Html, parts, words};

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

/// The flows of the design by which the viewer may share this entry onward.
pub(crate) fn flows_open_to<'a>(cx: &'a Cx, entry: &entry::Model) -> Vec<&'a Flow> {
    let Ok(programme) = cx.programme() else { return Vec::new() };
    let Some(circle) = programme.circle(entry.circle_id) else { return Vec::new() };
    let holds = |roles: &[String]| {
        let mut held = cx.held().filter(|h| h.reaches(entry.place_id) && programme.role_may(&h.role, Power::ShareExtracts));
        held.any(|h| roles.contains(&h.role) && h.programme.circles_of(&h.role).any(|(id, _)| id == entry.circle_id))
    };
    // Where others must agree first, only they share until their agreement can be asked for.
    let open = |flow: &&Flow| flow.from == circle.key && holds(&flow.by) && (flow.agreed_by.is_empty() || holds(&flow.agreed_by));
    programme.programme.design.flows.iter().filter(open).collect()
}

struct Typed {
    to: String,
    title: String,
    text: String,
}

pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let to = flows_open_to(&cx, &entry).first().map(|f| f.to.clone()).unwrap_or_default();
    write_page(&cx, &programme, &entry, &Typed { to, title: entry.title.clone(), text: String::new() }, &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, source) = (act.programme()?.clone(), act.entry()?.clone());
    let text = |name| act.form.get(name).to_string();
    let typed = Typed { to: text("to"), title: text("title"), text: text("text") };
    let mut wrong = Invalid::default();
    check_title_and_text(&typed.title, &typed.text, &mut wrong);
    if !flows_open_to(&act, &source).iter().any(|f| f.to == typed.to) {
        wrong.add("to", "Choose whom to share it with");
    }
    if !wrong.is_empty() {
        return write_page(&act, &programme, &source, &typed, &wrong).await;
    }
    match act.form.get("step") {
        "share" => share(&act, &programme, &source, typed).await,
        "back" => write_page(&act, &programme, &source, &typed, &wrong).await,
        _ => preview_page(&act, &programme, &source, &typed).await,
    }
}

async fn share(act: &Act, programme: &Snapshot, seen: &entry::Model, typed: Typed) -> Answer {
    let circle_id = programme.circle_id(&typed.to).ok_or(Stop::Missing)?;
    let open = flows_open_to(act, seen);
    let by: Vec<&String> = open.iter().filter(|f| f.to == typed.to).flat_map(|f| &f.by).collect();
    let sharer = act
        .held()
        .find(|h| h.reaches(seen.place_id) && by.contains(&&h.role) && programme.role_may(&h.role, Power::ShareExtracts))
        .ok_or(Stop::Missing)?;
    let mut write = act.write("share an extract").await?;
    let source = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    let extract = entry::Model {
        id: EntryId(write.id()),
        circle_id,
        title: typed.title,
        text: typed.text,
        author_id: act.person()?,
        appointment_id: sharer.id,
        revision: 1,
        written_at: write.at(),
        changed_at: write.at(),
        source_id: Some(source.id),
        source_circle_id: Some(source.circle_id),
        source_revision: Some(source.revision),
        ..source
    };
    let extract = write.insert(extract).await?;
    let location = format!("{}/entries/{}?done=shared", programme.href(), extract.id);
    write.index(&[extract]).await?;
    act.save(write, &location).await
}

async fn write_page(cx: &Cx, programme: &Snapshot, entry: &entry::Model, typed: &Typed, wrong: &Invalid) -> Answer {
    let mut choices = Vec::new();
    for flow in flows_open_to(cx, entry) {
        let Some(circle) = programme.programme.design.circles.iter().find(|c| c.key == flow.to) else { continue };
        choices.push(readers(cx, circle, entry.place_id).await?.choice(circle));
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
    let lead = "This is what they will read. Once shared it does not change, whatever becomes of the entry.";
    Ok(draft(programme, source, "Look before you share").lead(lead).page(
        cx,
        maud! {
            (line)
            (parts::section("preview", &typed.title, &view))
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (fields("share"))
                (form::button(&format!("Share with {}", circle.name)))
            }))
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (fields("back"))
                (form::secondary_button("Change the words"))
            }))
        },
    ))
}

fn draft(programme: &Snapshot, entry: &entry::Model, title: &str) -> Draft {
    let home = format!("{}/entries/{}", programme.href(), entry.id);
    Draft::new(title).crumb(&programme.name, programme.href()).crumb(&entry.title, home)
}
