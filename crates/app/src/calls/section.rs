//! One section of an application, written by those who may, several of them at once.

use forms::{Fields, Form, Path};
use store::Write;
use tables::{ApplicationId, applicant};

use super::apply::cannot_write;
use super::overview::Receipt;
use super::reading::{Applied, applicants};
use super::{language, remarks, reopen};
use crate::answers::{self, Around, Filled, Outcome, Pressed, Sent};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop, download};

const SAID: &[(&str, &str)] = &[("saved", "Saved.")];

/// Which section the path names, from nought.
fn number(form: &Form, key: &str) -> Result<usize, Stop> {
    form.sections.iter().position(|s| s.key == key).ok_or(Stop::Missing)
}

/// Whether this person may write the answer: its section is one of theirs.
fn may<'a>(applied: &'a Applied, form: &'a Form) -> impl Fn(&Path) -> bool + Sync + 'a {
    move |path| {
        let key = path.group().unwrap_or(path.question());
        let section = form.sections.iter().find(|s| s.questions.iter().any(|q| q.key == key));
        section.is_some_and(|s| applied.may_write(&s.key))
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let applied = cx.application()?.clone();
    let mut filled = answers::load(cx.app(), cx.read(), applied.row.sheet_id).await?;
    let open = reopen::open(cx.read(), &applied.row, &applied.call, cx.now()).await?;
    // What was written after it was submitted, and not submitted again, is no part of it.
    if let (false, Some(submitted)) = (open.any(), &applied.row.receipt) {
        filled.answers = Receipt::read(submitted)?.answers;
    }
    page(&cx, &applied, &filled, None, &Outcome::default()).await
}

async fn page(cx: &Cx, applied: &Applied, filled: &Filled, typed: Option<&Fields>, outcome: &Outcome) -> Answer {
    let programme = cx.programme()?;
    let number = number(filled.form.form(), cx.param("section"))?;
    let home = applied.href(&programme.href());
    let section = &filled.form.form().sections[number];
    let open = reopen::open(cx.read(), &applied.row, &applied.call, cx.now()).await?.section(&section.key);
    let said = remarks::counted(remarks::count(cx, applied, Some(&section.key)).await?);
    let comments = format!("{home}/comments?section={}", section.key);
    let mine = may(applied, filled.form.form());
    let may = |path: &Path| open && mine(path);
    let file = super::files::address(&home);
    let lang = language::asked(cx, filled.form.form());
    let action = language::with(lang, cx.path());
    let around = Around { action: &action, lang, typed, outcome, may: &may, file: &file };
    let (body, wrong) = answers::section(cx, filled, number, &around);
    let lead = format!("Section {} of {} of {}.", number + 1, filled.form.form().sections.len(), applied.reference());
    let title_in = language::mark(&section.title, lang);
    let mut draft = Draft::new(section.title.get(lang)).title_in(title_in).lead(lead).done(cx, SAID).invalid_items(wrong);
    if !outcome.clashes.is_empty() {
        draft = draft.status(axum::http::StatusCode::CONFLICT);
    }
    Ok(draft.crumb(&programme.name, programme.href()).crumb(&applied.row.name, language::with(lang, &home)).page(
        cx,
        maud! {
            // To change over would lose what was typed on a page that has come back.
            @if typed.is_none() { (language::switch(cx, filled.form.form())) }
            p { strong { "Who reads this: " } "those who write this application. Those who run the call read it once you submit it." }
            @if outcome.saved > 0 { p { "What else you wrote on this page is saved." } }
            (body)
            p { a href=(&comments) { "Comments on this section: " (said) } }
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let form = answers::form_of(act.app(), applied.call.form_id).await?;
    let number = number(form.form(), act.param("section"))?;
    if !reopen::open(act.read(), &applied.row, &applied.call, act.now()).await?.section(act.param("section")) {
        return Err(cannot_write(&applied, &act));
    }
    let may = may(&applied, form.form());
    let files = answers::arrived(&act, form.form(), applied.row.sheet_id, &may).await?;
    let fields = files.fields(&act);
    let sent =
        Sent { fields: &fields, may: &may, by: act.person()?, lang: language::asked(&act, form.form()), files: Some(&files) };
    let mut write = act.write("write an application").await?;
    // The clock is read again: whoever stood in line until the call had closed is told so.
    if !reopen::open(write.tx(), &applied.row, &applied.call, write.at()).await?.section(act.param("section")) {
        return Err(cannot_write(&applied, &act));
    }
    let (outcome, filled) = answers::save(act.app(), &mut write, applied.row.sheet_id, &sent).await?;
    if outcome.closed {
        return Err(cannot_write(&applied, &act));
    }
    if outcome.saved > 0 {
        void(&mut write, applied.row.id).await?;
    }
    let auto = act.form.get("then") == "auto";
    if outcome.needs_them() || auto {
        match outcome.changed() {
            false => write.leave().await?,
            true => write.save().await?,
        }
        if outcome.needs_them() {
            return page(&act, &applied, &filled, Some(&fields), &outcome).await;
        }
        // A page that saves as one writes is told how it stands now: as it was left here, not as somebody else may have
        // made it since, so that the versions it goes on with are those of what it shows.
        let action = language::with(sent.lang, act.path());
        let around = Around {
            action: &action,
            lang: sent.lang,
            typed: Some(&fields),
            outcome: &outcome,
            may: &may,
            file: &|_: &forms::FileRef| None,
        };
        return Ok(download("text/html; charset=utf-8", answers::keys(&act, &filled, number, &around).into_inner()));
    }
    let home = applied.href(&programme.href());
    let to = match &outcome.pressed {
        Some(Pressed::Add(path) | Pressed::Remove(path, _)) => format!("{}#{path}", act.path()),
        None if act.form.get("then") == "stay" => format!("{}?done=saved", act.path()),
        None => match form.form().sections.get(number + 1) {
            Some(next) => format!("{home}/sections/{}?done=saved", next.key),
            None => format!("{home}?done=saved"),
        },
    };
    act.save(write, &language::with(sent.lang, &to)).await
}

/// What was signed is not what now stands there: the organisations look at it again, and see that they have to.
pub(super) async fn void(write: &mut Write, id: ApplicationId) -> Result<(), Stop> {
    for row in applicants(write.tx(), id).await?.into_iter().filter(|a| a.signed_revision.is_some()) {
        let after = applicant::Model { signed_revision: None, ..row.clone() };
        write.replace(&row, after).await?;
    }
    Ok(())
}
