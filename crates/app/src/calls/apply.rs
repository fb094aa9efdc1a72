//! Somebody starts an application, for the organisation that leads it.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use forms::{Answers, Known, Organisation, Text, Value};
use kernel::Invalid;
use tables::{ApplicantId, MemberId, applicant, call};
use ui::form::{self, Choice, Field};
use ui::parts::Sector;

use super::call_page::href;
use super::reading::{Applied, DRAFT, Standing, standing};
use super::start::{new_applicant, new_member, start};
use crate::answers;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

const SHORT: usize = 160;

pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, ["", "", ""], &Invalid::default())
}

/// The sectors to choose from.
pub(crate) fn sectors() -> Vec<Choice> {
    Sector::ALL.iter().map(|s| Choice::new(s.key(), s.word())).collect()
}

fn page(cx: &Cx, [name, organisation, sector]: [&str; 3], wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?, cx.call()?);
    if standing(call, cx.now()) != Standing::Open {
        return Err(not_open(call, cx));
    }
    if call.after_id.is_some() {
        return Err(by_invitation(programme, call));
    }
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft = Draft::new("Start an application")
        .lead("You can come back to it as often as you like until the call closes, and write it together with others.")
        .crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(programme, call)).invalid(wrong).page(
        cx,
        maud! {
            p { strong { "Who reads this: " } "you and those you invite. Those who run the call read it once you submit it, and not before." }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::text(field("name", "What is your partnership called?", "A working name will do.", name)))
                (form::text(field("organisation", "Which organisation do you write for?", "It leads the application. You can add the others next.", organisation)))
                (form::radios(field("sector", "Which sector is it of?", "", sector), &sectors()))
                (form::button("Start"))
            }))
        },
    ))
}

/// A later stage goes on from an earlier one.
fn by_invitation(programme: &Snapshot, call: &call::Model) -> Stop {
    Stop::Refused {
        status: StatusCode::FORBIDDEN,
        title: "This call goes on from an earlier one".into(),
        why: "Those who were chosen there go on with the application they wrote. Nobody starts anew.".into(),
        next: Some(("Go on with your application".into(), format!("{}/carry-on", href(programme, call)))),
    }
}

pub(crate) fn not_open(call: &call::Model, cx: &Cx) -> Stop {
    match standing(call, cx.now()) {
        Standing::Before => Stop::forbidden("This call is not open yet", format!("It opens on {}.", call.opens_at)),
        _ => Stop::forbidden(
            "This call has closed",
            format!(
                "It closed at the end of the minute of {}. What you wrote is kept, and you can go on reading it.",
                call.closes_at
            ),
        ),
    }
}

/// Why an application cannot be written in now.
pub(super) fn cannot_write(applied: &Applied, cx: &Cx) -> Stop {
    match applied.row.state.as_str() {
        DRAFT => not_open(&applied.call, cx),
        _ => Stop::forbidden(
            "This application is not a draft any more",
            "It was submitted or withdrawn, so nothing in it can be changed. You can go on reading it.",
        ),
    }
}

pub(super) fn check_names(wrong: &mut Invalid, organisation: &str, sector: &str) {
    if organisation.is_empty() || organisation.chars().count() > SHORT {
        wrong.add("organisation", "Enter the organisation’s name, in at most 160 characters");
    }
    if !Sector::ALL.iter().any(|s| s.key() == sector) {
        wrong.add("sector", "Choose its sector");
    }
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call, person) = (act.programme()?.clone(), act.call()?.clone(), act.person()?);
    let text = |name| act.form.get(name).to_string();
    let (name, organisation, sector) = (text("name"), text("organisation"), text("sector"));
    let mut wrong = Invalid::default();
    if name.is_empty() || name.chars().count() > SHORT {
        wrong.add("name", "Enter a name, in at most 160 characters");
    }
    check_names(&mut wrong, &organisation, &sector);
    if !wrong.is_empty() || standing(&call, act.now()) != Standing::Open {
        return page(&act, [&name, &organisation, &sector], &wrong);
    }
    if call.after_id.is_some() {
        return Err(by_invitation(&programme, &call));
    }
    let mut write = act.write("start an application").await?;
    let (row, sheet) = start(&mut write, &call, name, None).await?;
    let at = write.at();
    let lead = write.insert(new_applicant(ApplicantId(write.id()), &row, organisation, sector, true, at)).await?;
    let mine = new_member(MemberId(write.id()), &lead, person, None, at);
    write.insert(mine).await?;
    let form = answers::form_of(act.app(), call.form_id).await?;
    let suggestions = form.form().prefill(&Answers::default(), &known(&lead));
    answers::suggest(&mut write, &sheet, &suggestions, person).await?;
    act.save(write, &format!("{}/applications/{}?done=started", programme.href(), row.id)).await
}

/// What is known before anybody writes: the organisation that leads, as a form can ask for it.
fn known(lead: &applicant::Model) -> BTreeMap<String, Known> {
    let organisation = Organisation { name: lead.name.clone(), sector: Some(lead.sector.clone()), ..Organisation::default() };
    let from = Text::from("what you said when you started");
    BTreeMap::from([("organisation.self".to_string(), Known { value: Value::Organisation(organisation), from })])
}
