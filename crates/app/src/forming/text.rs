//! A form as its text: the way to everything that the page of questions does not offer.

use design::{DesignForm, Problem};
use kernel::Invalid;
use ui::form::{self, Field};
use ui::{Html, html};

use super::{home, standing};
use crate::answers::{keep_made, latest_form};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft};

pub(super) async fn form(cx: Cx) -> Answer {
    let now = standing(&cx).await?;
    let text = DesignForm { practice: false, form: now.form }.text();
    page(&cx, (&text, &now.version.to_string(), ""), &[], &Invalid::default())
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let (text, base, reason) = (act.form.untouched("text"), act.form.get("base"), act.form.get("reason"));
    let key = act.param("form");
    let mut wrong = Invalid::default();
    if reason.is_empty() || reason.chars().count() > 300 {
        wrong.add("reason", "Say in a sentence why the form is changed, in at most 300 characters");
    }
    let read = DesignForm::from_text(&format!("{key}.toml"), text);
    if let Some(problem) = read.as_ref().err().and_then(|problems| problems.first()) {
        wrong.add("text", told(problem));
    }
    if read.as_ref().is_ok_and(|read| read.form.key != key) {
        wrong.add("text", format!("The form’s key stays as it is: write key = \"{key}\""));
    }
    let read = match read {
        Ok(read) if wrong.is_empty() => read,
        read => return page(&act, (text, base, reason), &read.err().unwrap_or_default(), &wrong),
    };
    let mut write = act.write("save a version of a form").await?;
    write.lock::<tables::programme::Entity>(programme.id).await?;
    let newest = latest_form(write.tx(), programme.id, key).await?.map_or(0, |row| row.version);
    if base.parse() != Ok(newest) {
        drop(write);
        wrong.add(
            "text",
            format!(
                "Somebody saved version {newest} meanwhile. Look at it in another window, and press again to save yours after it"
            ),
        );
        return page(&act, (text, &newest.to_string(), reason), &[], &wrong);
    }
    keep_made(&mut write, programme.id, &read.form, reason).await?;
    act.save(write, &format!("{}/{key}?done=saved", home(&act)?)).await
}

fn told(problem: &Problem) -> String {
    format!("Line {}, column {}: {}. {}", problem.line, problem.column, problem.what.trim_end_matches('.'), problem.instead)
}

fn page(cx: &Cx, (text, base, reason): (&str, &str, &str), problems: &[Problem], wrong: &Invalid) -> Answer {
    let (programme, home) = (cx.programme()?, home(cx)?);
    let key = cx.param("form");
    let draft = Draft::new("The form as text")
        .lead("For what the page of questions does not offer: budgets, grids, groups, rules across answers, scores.")
        .crumb(&programme.name, programme.href())
        .crumb("Forms", home.clone())
        .crumb(key, format!("{home}/{key}"))
        .invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("base", base))
                (form::long_text(Field::new("text", "The form, as TOML").hint("As in a design’s folder.").value(text).error(wrong.of("text")), 30))
                (all(problems))
                (form::long_text(Field::new("reason", "Why is it changed?").hint("Kept with the version.").value(reason).error(wrong.of("reason")), 2))
                (form::button("Save as a version"))
            }))
        },
    ))
}

fn all(problems: &[Problem]) -> Html {
    html(maud! {
        @if problems.len() > 1 {
            p { strong { "All that is to be mended" } }
            ul class="govuk-list govuk-list--bullet" { @for problem in problems { li { (told(problem)) } } }
        }
    })
}
