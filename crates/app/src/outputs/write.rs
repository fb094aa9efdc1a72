//! Several write an output together: whoever saves keeps the version before, and where somebody else was faster nothing is
//! overwritten.

use std::collections::HashSet;

use axum::http::StatusCode;
use kernel::Invalid;
use tables::{entry, output};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts, words};

use super::piece::Text;
use super::{Output, State, named, piece, writes};
use crate::entries::{self, Revised};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop, see_other};
use crate::learning;

const LONGEST_TITLE: usize = 200;
const LONGEST_SUMMARY: usize = 500;
const LONGEST_TEXT: usize = 200_000;
const LONGEST_BY_LINE: usize = 300;
/// As many topics are chosen from boxes.
const BOXES: usize = 60;

/// `/programmes/{programme}/outputs/{entry}/write`
pub(super) async fn form(cx: Cx) -> Answer {
    let output = named(&cx).await?;
    let begun = [
        ("title", output.entry.title.clone()),
        ("summary", output.row.summary.clone()),
        ("text", output.entry.text.clone()),
        ("by_line", output.row.by_line.clone()),
        ("revision", output.entry.revision.to_string()),
    ];
    let begun = begun.into_iter().chain(output.row.topics.lines().map(|topic| ("topic", topic.to_string())));
    let typed = Form::with(begun.map(|(n, v)| (n.to_string(), v)).collect());
    page(&cx, &output, &typed, None, &Invalid::default()).await
}

async fn page(cx: &Cx, output: &Output, typed: &Form, meanwhile: Option<Html>, wrong: &Invalid) -> Answer {
    writes(cx, output)?;
    let line = super::show::readers(cx, output).await?;
    let home = output.href();
    let (title, summary) = (typed.get("title"), typed.get("summary"));
    let title = Field::new("title", "Title").value(title).error(wrong.of("title"));
    let summary = Field::new("summary", "In one sentence")
        .hint("What others find it by. It can wait until those it is about are asked.")
        .value(summary)
        .error(wrong.of("summary"));
    let text = Field::new("text", "Text")
        .hint("A line “[quotation 1]” stands for what is quoted. Do not copy what others said into the text: quote it, so that they are asked.")
        .value(typed.get("text"))
        .error(wrong.of("text"));
    let by_line = Field::new("by_line", "Who wrote it")
        .hint("As a citation names you, such as “Learning lead, Riverside, with the learning capture team”. It can wait, too.")
        .value(typed.get("by_line"))
        .error(wrong.of("by_line"));
    let chosen: Vec<&str> = typed.all("topic").collect();
    let topics: Vec<Choice> =
        offered(cx, output).await?.iter().map(|t| Choice::new(t, t).checked(chosen.contains(&t.as_str()))).collect();
    let why = Field::new("reason", "Why you change it").hint("Shown in its history.").value(typed.get("reason")).optional();
    let mut draft = Draft::new(format!("Write “{}”", output.entry.title))
        .crumb(&output.programme.name, output.programme.href())
        .crumb("Outputs", format!("{}/outputs", output.programme.href()))
        .crumb(&output.entry.title, &home)
        .invalid(wrong);
    if meanwhile.is_some() {
        draft = draft.status(StatusCode::CONFLICT);
    }
    let lead = match output.state() {
        State::Asking => {
            "It is with those it is about. Once you save a change it is being written again: whoever agreed has agreed to other words, and is asked anew."
        }
        State::Published => "What is published stays as it is until this is signed off and published in its place.",
        _ => "Everybody who writes here can change it; every version is kept.",
    };
    let here = format!("{home}/write");
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            @if let Some(meanwhile) = &meanwhile { (meanwhile) }
            (line)
            (form::kept_form(&here, &here, &cx.form_keys(), maud! {
                (form::hidden("revision", typed.get("revision")))
                (form::text(title))
                (form::long_text(summary, 2))
                (form::long_text(text, 20))
                (form::text(by_line))
                @if !topics.is_empty() { (form::checkboxes(Field::new("topic", "Found under").hint("Others find it by these.").optional(), &topics)) }
                (form::text(why))
                (form::button("Save"))
            }))
        },
    ))
}

/// The topics that it can be found under: the programme's themes, and those that it has.
async fn offered(cx: &Cx, output: &Output) -> Result<Vec<String>, Stop> {
    let mut offered = learning::named_themes(cx.read(), output.programme.id).await?;
    offered.truncate(BOXES);
    offered.extend(output.row.topics.lines().map(String::from));
    let mut seen = HashSet::new();
    offered.retain(|topic| seen.insert(topic.clone()));
    Ok(offered)
}

/// What is longer than it may be: the field, and how long it may be.
pub(super) fn too_long(said: Text<'_>) -> Vec<(&'static str, usize)> {
    let bounds = [
        ("title", said.title, LONGEST_TITLE),
        ("summary", said.summary, LONGEST_SUMMARY),
        ("text", said.text, LONGEST_TEXT),
        ("by_line", said.by_line, LONGEST_BY_LINE),
    ];
    bounds.into_iter().filter(|(_, words, most)| words.chars().count() > *most).map(|(field, _, most)| (field, most)).collect()
}

fn check(form: &Form) -> Invalid {
    let mut wrong = Invalid::default();
    let long = |name: &str| form.get(name).chars().count();
    match long("title") {
        0 => wrong.add("title", "Give it a title, in a few words"),
        n if n > LONGEST_TITLE => wrong.add("title", format!("Shorten the title to {LONGEST_TITLE} characters; it has {n}")),
        _ if form.get("title").contains('\n') => wrong.add("title", "Keep the title to one line"),
        _ => {}
    }
    if long("summary") > LONGEST_SUMMARY {
        wrong.add("summary", format!("Shorten this to {LONGEST_SUMMARY} characters"));
    }
    if long("by_line") > LONGEST_BY_LINE || form.get("by_line").contains('\n') {
        wrong.add("by_line", format!("Keep this to one line of {LONGEST_BY_LINE} characters"));
    }
    match long("text") {
        0 => wrong.add("text", "Write what there is to say"),
        n if n > LONGEST_TEXT => wrong.add("text", format!("Shorten the text to {LONGEST_TEXT} characters; it has {n}")),
        _ => {}
    }
    wrong
}

pub(super) async fn save(act: Act) -> Answer {
    let output = named(&act).await?;
    writes(&act, &output)?;
    let wrong = check(&act.form);
    if !wrong.is_empty() {
        return page(&act, &output, &act.form, None, &wrong).await;
    }
    // What anybody had agreed to were other words.
    let done = if output.state() == State::Asking { "asked-again" } else { "written" };
    let done = format!("{}?done={done}", output.href());
    let mut write = act.write("write an output").await?;
    let before = write.lock::<entry::Entity>(output.entry.id).await?.ok_or(Stop::Missing)?;
    let row = write.lock::<output::Entity>(output.row.id).await?.ok_or(Stop::Missing)?;
    if act.form.get("revision") != before.revision.to_string() {
        drop(write);
        let output = Output { entry: before, row, ..output };
        let differs = meanwhile(&output, &act.form);
        let typed = with_revision(&act.form, output.entry.revision);
        return page(&act, &output, &typed, Some(differs), &Invalid::default()).await;
    }
    let topics: Vec<String> =
        offered(&act, &output).await?.into_iter().filter(|t| act.form.all("topic").any(|v| v == t)).collect();
    let text = Text {
        title: act.form.get("title"),
        summary: act.form.get("summary"),
        text: act.form.get("text"),
        by_line: act.form.get("by_line"),
        topics: &topics.join("\n"),
    };
    if !put(&mut write, &act, &output, (&before, &row), text, act.form.get("reason").into()).await? {
        return Ok(see_other(&done));
    }
    act.save(write, &done).await
}

fn with_revision(form: &Form, revision: i32) -> Form {
    let kept = form.pairs().filter(|(name, _)| *name != "revision").map(|(n, v)| (n.to_string(), v.to_string()));
    Form::with(kept.chain([("revision".to_string(), revision.to_string())]).collect())
}

/// Puts what an output says in the place of what it said, within a write that holds both of its rows. Says whether anything
/// changed.
pub(super) async fn put(
    write: &mut store::Write,
    act: &Act,
    output: &Output,
    (before, row): (&entry::Model, &output::Model),
    text: Text<'_>,
    reason: String,
) -> Result<bool, Stop> {
    if text == Text::of(before, row) {
        return Ok(false);
    }
    let held = writes(act, output)?;
    let revised = Revised {
        title: text.title.into(),
        text: text.text.into(),
        on: before.happened_on,
        author: act.person()?,
        appointment: held.id,
        reason,
    };
    // A version also where the text itself has not changed, so that nobody overwrites it unseen.
    entries::revise(write, before, revised).await?;
    // What has changed is written on before anybody is asked again.
    let state = if State::of(row) == State::Idea { State::Idea } else { State::Draft };
    let after = output::Model {
        summary: text.summary.into(),
        by_line: text.by_line.into(),
        topics: text.topics.into(),
        state: state.key().into(),
        moved_at: write.at(),
        ..row.clone()
    };
    write.replace(row, after).await?;
    Ok(true)
}

/// Both texts, when somebody saved another in between.
fn meanwhile(output: &Output, typed: &Form) -> Html {
    let topics = typed.all("topic").collect::<Vec<_>>().join("\n");
    html(maud! {
        // The script knows by this class that the page holds what was typed.
        div class="kept" {
            (parts::inset(maud! {
                p { "Somebody else saved it on " (output.entry.changed_at.to_string()) ", after you opened it. Nothing was overwritten." }
                p { "What you typed stands in the form below. Here is how it differs from the text as it stands now. If you save again, yours replaces it; the other version is kept." }
            }))
            h2 { "What differs" }
            @if output.entry.title != typed.get("title") { (words::difference(&output.entry.title, typed.get("title"))) }
            @if output.row.summary != typed.get("summary") { (words::difference(&output.row.summary, typed.get("summary"))) }
            (words::difference(&output.entry.text, typed.get("text")))
            @if output.row.by_line != typed.get("by_line") { (words::difference(&output.row.by_line, typed.get("by_line"))) }
            @if output.row.topics != topics { (words::difference(&output.row.topics, &topics)) }
        }
    })
}

/// The text with a quotation added at its end, unless it stands there already.
pub(super) fn with_marker(text: &str, number: i32) -> String {
    match piece::numbers(text).contains(&number) {
        true => text.to_string(),
        false => format!("{}\n\n{}\n", text.trim_end(), piece::marker(number)),
    }
}
