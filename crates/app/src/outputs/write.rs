//! Several write an output together: whoever saves keeps the version before, and where somebody else was faster nothing is
//! overwritten.

use axum::http::StatusCode;
use kernel::Invalid;
use tables::{entry, output};
use ui::form::{self, Field};
use ui::{Html, html, parts, words};

use super::{Output, State, named, piece, writes};
use crate::entries::{self, Revised};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop, see_other};

const LONGEST_TITLE: usize = 200;
const LONGEST_SUMMARY: usize = 500;
const LONGEST_TEXT: usize = 200_000;

/// `/programmes/{programme}/outputs/{entry}/write`
pub(super) async fn form(cx: Cx) -> Answer {
    let output = named(&cx).await?;
    let begun = [
        ("title", output.entry.title.clone()),
        ("summary", output.row.summary.clone()),
        ("text", output.entry.text.clone()),
        ("revision", output.entry.revision.to_string()),
    ];
    let typed = Form::with(begun.into_iter().map(|(n, v)| (n.to_string(), v)).collect());
    page(&cx, &output, &typed, None, &Invalid::default()).await
}

async fn page(cx: &Cx, output: &Output, typed: &Form, meanwhile: Option<Html>, wrong: &Invalid) -> Answer {
    writes(cx, output)?;
    let line = super::show::readers(cx, output).await?;
    let home = output.href();
    let (title, summary) = (typed.get("title"), typed.get("summary"));
    let title = Field::new("title", "Title").value(title).error(wrong.of("title"));
    let summary = Field::new("summary", "In one sentence")
        .hint("What others find it by. It can wait until it is published.")
        .value(summary)
        .error(wrong.of("summary"));
    let text = Field::new("text", "Text")
        .hint("A line “[quotation 1]” stands for what is quoted. Do not copy what others said into the text: quote it, so that they are asked.")
        .value(typed.get("text"))
        .error(wrong.of("text"));
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
                (form::text(why))
                (form::button("Save"))
            }))
        },
    ))
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
    let text = Text { title: act.form.get("title"), summary: act.form.get("summary"), text: act.form.get("text") };
    if !put(&mut write, &act, &output, (&before, &row), text, act.form.get("reason").into()).await? {
        return Ok(see_other(&done));
    }
    act.save(write, &done).await
}

fn with_revision(form: &Form, revision: i32) -> Form {
    let kept = form.pairs().filter(|(name, _)| *name != "revision").map(|(n, v)| (n.to_string(), v.to_string()));
    Form::with(kept.chain([("revision".to_string(), revision.to_string())]).collect())
}

/// What an output says.
pub(super) struct Text<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub text: &'a str,
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
    if (text.title, text.summary, text.text) == (&before.title, &row.summary, &before.text) {
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
    // A version also where the summary alone has changed, so that nobody overwrites it unseen.
    entries::revise(write, before, revised).await?;
    // What has changed is written on before anybody is asked again.
    let state = if State::of(row) == State::Idea { State::Idea } else { State::Draft };
    let after = output::Model { summary: text.summary.into(), state: state.key().into(), moved_at: write.at(), ..row.clone() };
    write.replace(row, after).await?;
    Ok(true)
}

/// Both texts, when somebody saved another in between.
fn meanwhile(output: &Output, typed: &Form) -> Html {
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
