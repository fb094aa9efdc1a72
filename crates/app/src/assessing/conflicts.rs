//! Conflicts of interest: declared from a list that shows nothing but names, or later on; from then on the application
//! is out of reach, and its reading is free for somebody else.

use std::collections::{HashMap, HashSet};

use design::Power;
use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, ConflictId, PersonId, applicant, application, call, conflict, reading};
use ui::form::{self, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::marks::applies;
use super::moderation::names;
use super::people::release;
use crate::calls::{self, href, reference};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const SAID: &[(&str, &str)] = &[
    ("declared", "Declared. From now on you do not see this application, and somebody else reads it."),
    ("ended", "The conflict is ended. Whatever was given to them to read has to be given again."),
];
const LONGEST: usize = 2000;

/// An application by name alone.
struct Listed {
    id: ApplicationId,
    number: i32,
    name: String,
    organisations: String,
}

/// The submitted applications, with who is in them.
async fn listed(cx: &Cx, call: &call::Model) -> Result<Vec<Listed>, Fault> {
    let rows = calls::submitted(cx.read(), call.id).await?;
    let organisations = applicant::Entity::find()
        .filter(applicant::COLUMN.application_id.is_in(rows.iter().map(|r| r.id)))
        .filter(applicant::COLUMN.left_at.is_null())
        .order_by_desc(applicant::Column::Lead)
        .order_by_asc(applicant::Column::Name)
        .order_by_asc(applicant::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list organisations"))?;
    let mut named: HashMap<ApplicationId, Vec<String>> = HashMap::new();
    for one in organisations {
        named.entry(one.application_id).or_default().push(one.name);
    }
    let with_names = |one: calls::Submitted| {
        let organisations = named.get(&one.id).map(|n| n.join(", ")).unwrap_or_default();
        Listed { id: one.id, number: one.number, name: one.name, organisations }
    };
    Ok(rows.into_iter().map(with_names).collect())
}

/// Whoever applies to the call has no business with the others’ applications.
async fn no_applicants(cx: &Cx) -> Result<PersonId, Stop> {
    let person = cx.person()?;
    match applies(cx.read(), person, cx.call()?).await? {
        false => Ok(person),
        true => Err(Stop::forbidden(
            "You apply to this call yourself",
            "Whoever writes an application to a call has no part in choosing, and sees nobody else’s application.",
        )),
    }
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let person = no_applicants(&cx).await?;
    let all = listed(&cx, &call).await?;
    let ids: Vec<ApplicationId> = all.iter().map(|a| a.id).collect();
    let near: HashSet<ApplicationId> = calls::conflicts(cx.read(), person, &ids).await?;
    let path = format!("{}/conflicts", href(&programme, &call));
    let rows = all.iter().map(|one| {
        let number = reference(&call, one.number);
        vec![
            Cell::text(&number).head(),
            Cell::text(&one.name),
            Cell::text(&one.organisations),
            match near.contains(&one.id) {
                true => Cell::text("You have a conflict"),
                false => Cell::html(html(maud! {
                    a href={ (&path) "/declare?application=" (one.id.to_string()) } { "I have a conflict" span class="govuk-visually-hidden" { " with " (&number) } }
                })),
            },
        ]
    });
    let headers = ["Application", "Partnership", "Organisations", "Yours"];
    let table = Table::new("Applications to this call", &headers, rows.collect()).quiet().html();
    let declared = match cx.viewer().may(Power::RunCalls, programme.id, None) {
        true => declared(&cx, &call, &all).await?,
        false => html(""),
    };
    let draft = Draft::new("Conflicts of interest")
        .lead("Before you read anything: with whom could you not be fair, or not be seen to be?")
        .done(&cx, SAID)
        .crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).page(
        &cx,
        maud! {
            p { "You work or worked with one of them, are close to somebody there, have helped to write it, or would gain or lose by it. If in doubt, declare it. Those who run the call see that you did, and why." }
            @if all.is_empty() { p { "Nothing has been submitted yet. Come back once the call has closed." } } @else { (table) }
            (declared)
        },
    ))
}

/// What everybody has declared, for those who run the call.
async fn declared(cx: &Cx, call: &call::Model, all: &[Listed]) -> Result<Html, Stop> {
    let found = conflict::Entity::find()
        .filter(conflict::COLUMN.application_id.is_in(all.iter().map(|a| a.id)))
        .order_by_asc(conflict::Column::DeclaredAt)
        .order_by_asc(conflict::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list conflicts"))?;
    let names = names(cx, found.iter().map(|c| c.person_id)).await?;
    let (me, path) = (cx.person()?, format!("{}/conflicts", href(cx.programme()?, call)));
    let rows = found.iter().map(|c| {
        let number = all.iter().find(|a| a.id == c.application_id).map(|a| reference(call, a.number)).unwrap_or_default();
        let name = names.get(&c.person_id).map_or("", String::as_str);
        vec![
            Cell::text(name).head(),
            Cell::text(&number),
            Cell::text(&c.why),
            Cell::text(c.declared_at.to_string()),
            match c.ended_at {
                Some(at) => Cell::text(format!("Ended on {at}")),
                None if c.person_id == me => Cell::text("Somebody else who runs the call can end it"),
                None => Cell::html(form::button_form(
                    &format!("{path}/{}/end", c.id),
                    &cx.form_keys(),
                    form::secondary_button(&format!("It was a mistake: end that of {name} with {number}")),
                )),
            },
        ]
    });
    let table = Table::new("Conflicts declared", &["Who", "With", "Why", "When", "Now"], rows.collect()).quiet().html();
    Ok(html(maud! {
        (parts::section("declared", "What everybody has declared", maud! {
            @if found.is_empty() { p { "Nobody has declared a conflict yet. Whoever writes an application is in conflict with it in any case." } } @else { (table) }
        }))
    }))
}

/// The application asked about, if it is a submitted one of the call.
async fn asked(cx: &Cx, call: &call::Model, id: &str) -> Result<Listed, Stop> {
    let id: ApplicationId = id.parse().map_err(|_| Stop::Missing)?;
    listed(cx, call).await?.into_iter().find(|a| a.id == id).ok_or(Stop::Missing)
}

pub(super) async fn declare_form(cx: Cx) -> Answer {
    no_applicants(&cx).await?;
    let one = asked(&cx, cx.call()?, cx.query("application")).await?;
    declare_page(&cx, &one, "", &Invalid::default())
}

fn declare_page(cx: &Cx, one: &Listed, why: &str, wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let path = format!("{}/conflicts", href(&programme, &call));
    let draft = Draft::new("Declare a conflict of interest")
        .lead(format!("{}, {}: {}.", reference(&call, one.number), one.name, one.organisations))
        .crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).crumb("Conflicts of interest", &path).invalid(wrong).page(
        cx,
        maud! {
            p { "From then on you do not see this application or anything about it. If it was given to you to read, somebody else gets it. Only those who run the call can take this back." }
            (form::form(&format!("{path}/declare"), &cx.form_keys(), maud! {
                (form::hidden("application", &one.id.to_string()))
                (form::long_text(Field::new("why", "What is the conflict?").hint("In a sentence. Those who run the call read it.").value(why).error(wrong.of("why")), 3))
                (form::button("Declare it"))
            }))
        },
    ))
}

pub(super) async fn declare(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    let person_id = no_applicants(&act).await?;
    let one = asked(&act, &call, act.form.get("application")).await?;
    let why = act.form.get("why").to_string();
    if why.is_empty() || why.chars().count() > LONGEST {
        return declare_page(
            &act,
            &one,
            &why,
            &Invalid::one("why", "Say in a sentence what the conflict is, in at most 2,000 characters"),
        );
    }
    let mut write = act.write("declare a conflict of interest").await?;
    // An allocation under way ends before this, or begins after it.
    write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    if !calls::conflicts(write.tx(), person_id, &[one.id]).await?.contains(&one.id) {
        let row = conflict::Model {
            id: ConflictId(write.id()),
            programme_id: programme.id,
            application_id: one.id,
            person_id,
            why,
            declared_at: write.at(),
            ended_at: None,
        };
        write.insert(row).await?;
    }
    let theirs = reading::Entity::find()
        .filter(reading::COLUMN.application_id.eq(one.id))
        .filter(reading::COLUMN.person_id.eq(person_id))
        .filter(reading::COLUMN.ended_at.is_null());
    let theirs = theirs.all(write.tx()).await.map_err(fault("list readings"))?;
    release(&mut write, theirs, "A conflict of interest").await?;
    act.save(write, &format!("{}/conflicts?done=declared", href(&programme, &call))).await
}

/// Takes back one that was declared by mistake. Nobody takes back their own.
pub(super) async fn end(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    no_applicants(&act).await?;
    let id: ConflictId = act.param("conflict").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("end a conflict of interest").await?;
    let before = write.lock::<conflict::Entity>(id).await?.ok_or(Stop::Missing)?;
    let of_call = application::Entity::find_by_id(before.application_id).filter(application::COLUMN.call_id.eq(call.id));
    if of_call.count(write.tx()).await.map_err(fault("look for an application"))? == 0 {
        return Err(Stop::Missing);
    }
    if before.person_id == act.person()? {
        return Err(Stop::forbidden("You cannot end your own conflict", "Somebody else who runs the call can."));
    }
    if before.ended_at.is_none() {
        write.replace(&before, conflict::Model { ended_at: Some(write.at()), ..before.clone() }).await?;
    }
    act.save(write, &format!("{}/conflicts?done=ended", href(&programme, &call))).await
}
