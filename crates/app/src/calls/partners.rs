//! An application is written by several organisations: adding one, and people who write for it.

use kernel::Invalid;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicantId, MemberId, application, member};
use ui::form::{self, Choice, Field};

use super::apply::{cannot_write, check_names, sectors};
use super::reading::applicants;
use super::reopen;
use super::start::{new_applicant, new_member};
use crate::answers;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};
use crate::people::{invited, looks_like_an_address};

/// What stands for an organisation that is not in it yet.
const NEW: &str = "new";

#[derive(Default)]
struct Typed {
    whose: String,
    organisation: String,
    sector: String,
    name: String,
    email: String,
    sections: Vec<String>,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        let sections = form.pairs().filter(|(name, _)| *name == "sections").map(|(_, key)| key.to_string()).collect();
        Self {
            whose: text("whose"),
            organisation: text("organisation"),
            sector: text("sector"),
            name: text("name"),
            email: text("email").to_lowercase(),
            sections,
        }
    }
}

pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, &Typed { whose: NEW.into(), ..Typed::default() }, &Invalid::default()).await
}

async fn page(cx: &Cx, typed: &Typed, wrong: &Invalid) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let open = reopen::open(cx.read(), &applied.row, &applied.call, cx.now()).await?;
    if !open.any() {
        return Err(cannot_write(&applied, cx));
    }
    let organisations = applicants(cx.read(), applied.row.id).await?;
    let kept = answers::form_of(cx.app(), applied.call.form_id).await?;
    let mut whose: Vec<Choice> = organisations.iter().map(|o| Choice::new(o.id.to_string(), &o.name)).collect();
    let may_join = open.reopened().is_none();
    if may_join {
        whose.push(Choice::new(NEW, "An organisation that is not in it yet").hint("Say which below."));
    }
    let sections: Vec<Choice> = kept.form().sections.iter().map(|s| Choice::new(&s.key, s.title.get(forms::Lang::En))).collect();
    let chosen = typed.sections.join(" ");
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft = Draft::new("Add somebody who writes")
        .lead("Every organisation of your partnership has an equal seat: its own people, and its own word on the text.")
        .crumb(&programme.name, programme.href());
    Ok(draft.crumb(&applied.row.name, applied.href(&programme.href())).invalid(wrong).page(
        cx,
        maud! {
            p { "They read everything in this application, and are sent a link." }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::radios(field("whose", "Which organisation do they write for?", "", &typed.whose), &whose))
                @if may_join {
                    (form::text(field("organisation", "The new organisation’s name", "Leave this empty where it is in the list above.", &typed.organisation)))
                    (form::radios(field("sector", "The new organisation’s sector", "", &typed.sector), &sectors()))
                }
                (form::text(field("name", "Their name", "", &typed.name)))
                (form::email(field("email", "Their e-mail address", "", &typed.email)))
                (form::checkboxes(field("sections", "Which sections may they write in?", "Choose none to let them write in all.", &chosen), &sections))
                (form::button("Add them"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let open = reopen::open(act.read(), &applied.row, &applied.call, act.now()).await?;
    let typed = Typed::of(&act.form);
    let organisations = applicants(act.read(), applied.row.id).await?;
    let known = organisations.iter().find(|o| o.id.to_string() == typed.whose);
    let mut wrong = Invalid::default();
    if typed.whose == NEW && open.reopened().is_none() {
        check_names(&mut wrong, &typed.organisation, &typed.sector);
    } else if known.is_none() {
        wrong.add("whose", "Choose the organisation they write for");
    }
    if typed.name.is_empty() || typed.name.chars().count() > 120 {
        wrong.add("name", "Enter their name, in at most 120 characters");
    }
    if !looks_like_an_address(&typed.email) {
        wrong.add("email", "Enter their e-mail address, like name@example.org");
    }
    if !wrong.is_empty() {
        return page(&act, &typed, &wrong).await;
    }
    let mut write = act.write("add somebody to an application").await?;
    // Taken so that nobody is added to what is being submitted.
    let row = write.lock::<application::Entity>(applied.row.id).await?.ok_or(Stop::Missing)?;
    let open = reopen::open(write.tx(), &row, &applied.call, write.at()).await?;
    // Nobody joins what was submitted; somebody who writes for whom it was submitted may be needed to stand behind it.
    if !open.any() || known.is_none() && open.reopened().is_some() {
        return Err(cannot_write(&applied, &act));
    }
    let organisation = match known {
        Some(known) => known.clone(),
        None => {
            let (id, at) = (ApplicantId(write.id()), write.at());
            write.insert(new_applicant(id, &applied.row, typed.organisation, typed.sector, false, at)).await?
        }
    };
    let role = format!("writing the application “{}”", applied.row.name);
    let person_id = invited(&act, &mut write, &programme, &typed.name, &typed.email, &role).await?;
    let there = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(applied.row.id))
        .filter(member::COLUMN.person_id.eq(person_id))
        .filter(member::COLUMN.ended_at.is_null())
        .one(write.tx())
        .await
        .map_err(fault("look for who writes"))?;
    if there.is_some() {
        return page(&act, &Typed::of(&act.form), &Invalid::one("email", "They are in this application already")).await;
    }
    let sections = (!typed.sections.is_empty()).then(|| typed.sections.join(" "));
    let row = new_member(MemberId(write.id()), &organisation, person_id, sections, write.at());
    write.insert(row).await?;
    act.save(write, &format!("{}?done=added", applied.href(&programme.href()))).await
}
