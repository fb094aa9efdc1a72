//! Somebody starts an application, for the organisation that leads it.

use kernel::Invalid;
use tables::{ApplicantId, ApplicationId, MemberId, SheetId, applicant, application, call, member, sheet};
use ui::form::{self, Choice, Field};
use ui::parts::Sector;

use super::call_page::href;
use super::reading::{Applied, DRAFT, Standing, standing};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const SHORT: usize = 160;

pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, ["", "", ""], &Invalid::default())
}

/// The sectors to choose from.
pub(super) fn sectors() -> Vec<Choice> {
    Sector::ALL.iter().map(|s| Choice::new(s.key(), s.word())).collect()
}

fn page(cx: &Cx, [name, organisation, sector]: [&str; 3], wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?, cx.call()?);
    if standing(call, cx.now()) != Standing::Open {
        return Err(not_open(call, cx));
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

pub(super) fn not_open(call: &call::Model, cx: &Cx) -> Stop {
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
    let mut write = act.write("start an application").await?;
    let before = write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let number = before.applications + 1;
    write.replace(&before, call::Model { applications: number, ..before.clone() }).await?;
    let (programme_id, at) = (programme.id, write.at());
    let sheet = sheet::Model {
        id: SheetId(write.id()),
        programme_id,
        form_id: before.form_id,
        revision: 0,
        created_at: at,
        changed_at: at,
        closed_at: None,
    };
    let sheet = write.insert(sheet).await?;
    let row = application::Model {
        id: ApplicationId(write.id()),
        programme_id,
        call_id: before.id,
        number,
        folded: store::search::folded(&name),
        name,
        sheet_id: sheet.id,
        state: DRAFT.into(),
        created_at: at,
        submitted_at: None,
        submitted_by: None,
        submitted_revision: None,
        receipt: None,
        receipt_hash: None,
        earlier_id: None,
        place_id: None,
    };
    let row = write.insert(row).await?;
    let lead = new_applicant(ApplicantId(write.id()), &row, organisation, sector, true, at);
    let lead = write.insert(lead).await?;
    let mine = member::Model {
        id: MemberId(write.id()),
        programme_id,
        application_id: row.id,
        applicant_id: lead.id,
        person_id: person,
        sections: None,
        created_at: at,
        ended_at: None,
    };
    write.insert(mine).await?;
    act.save(write, &format!("{}/applications/{}?done=started", programme.href(), row.id)).await
}

pub(super) fn new_applicant(
    id: ApplicantId,
    row: &application::Model,
    name: String,
    sector: String,
    lead: bool,
    created_at: kernel::Moment,
) -> applicant::Model {
    let (programme_id, application_id) = (row.programme_id, row.id);
    applicant::Model {
        id,
        programme_id,
        application_id,
        name,
        sector,
        lead,
        signed_revision: None,
        signed_by: None,
        signed_at: None,
        created_at,
        left_at: None,
    }
}
