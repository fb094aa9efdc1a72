//! Who reads for a call: those who run it say so, with what makes the readers of an application a mixed group.

use std::collections::HashMap;

use kernel::Invalid;
use tables::{AssessorId, PersonId, assessor, call};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::brings::Brings;
use super::marks::{applies, readers};
use super::moderation::names;
use super::people::{able, assessors};
use crate::calls::href;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const SAID: &[(&str, &str)] =
    &[("saved", "Saved."), ("left", "They have dropped out. What they had not submitted needs another reader: allocate again.")];
#[derive(Default)]
struct Typed {
    person: String,
    brings: Brings,
}

pub(super) async fn page(cx: Cx) -> Answer {
    let all = assessors(cx.read(), cx.call()?).await?;
    let typed = all.iter().find(|a| a.id.to_string() == cx.query("change"));
    let known = |a: &assessor::Model| Typed { person: a.person_id.to_string(), brings: Brings::known(a) };
    let typed = typed.map(known).unwrap_or_default();
    show(&cx, &typed, &Invalid::default()).await
}

async fn show(cx: &Cx, typed: &Typed, wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let able = able(cx).await?;
    let table = table(cx, &call, &able).await?;
    let mut who: Vec<Choice> = able.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    who.sort_by(|a, b| a.label.cmp(&b.label).then(a.value.cmp(&b.value)));
    who.insert(0, Choice::new("", "Choose somebody"));
    let person = Field::new("person", "Who?").hint("Those who hold a role that may assess.");
    let draft = Draft::new("Assessors")
        .lead("Who reads for this call. Each application is read by people of different sectors, some with lived experience.")
        .done(cx, SAID)
        .crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).invalid(wrong).page(
        cx,
        maud! {
            (&table)
            (parts::section("add", "Add somebody, or change what is said of them", maud! {
                @if able.is_empty() { p { "Nobody holds a role that may assess. Appoint assessors first." } } @else {
                    (form::form(&format!("{}/assessors", href(&programme, &call)), &cx.form_keys(), maud! {
                        (form::select(person.value(&typed.person).error(wrong.of("person")), &who))
                        (typed.brings.fields(wrong, false))
                        (form::button("Save"))
                    }))
                }
            }))
            p { a href={ (href(&programme, &call)) "/allocation" } { "Allocation: who reads what" } }
        },
    ))
}

async fn table(cx: &Cx, call: &call::Model, able: &HashMap<PersonId, String>) -> Result<Html, Stop> {
    let all = assessors(cx.read(), call).await?;
    let readings = readers(cx.read(), call).await?;
    let names = names(cx, all.iter().map(|a| a.person_id)).await?;
    let path = format!("{}/assessors", href(cx.programme()?, call));
    let rows = all.iter().map(|a| {
        let theirs = || readings.iter().filter(|r| r.person == a.person_id);
        let name = names.get(&a.person_id).map_or("", String::as_str);
        let what = html(maud! {
            @if a.left_at.is_none() {
                a href={ (&path) "?change=" (a.id.to_string()) "#add" } { "Change" span class="govuk-visually-hidden" { " what is said of " (name) } } " "
                a href={ (&path) "/" (a.id.to_string()) "/leave" } { (name) " drops out" }
            }
        });
        let state = match a.left_at {
            Some(at) => format!("Dropped out on {at}"),
            None if !able.contains_key(&a.person_id) => "Holds no role any more that may assess".into(),
            None => "Reads".into(),
        };
        vec![
            Cell::text(name).head(),
            Cell::html(parts::sector(&a.sector)),
            Cell::text(if a.lived_experience { "Yes" } else { "" }),
            a.most.map_or_else(|| Cell::text(""), Cell::number),
            Cell::number(theirs().count()),
            Cell::number(theirs().filter(|r| r.submitted).count()),
            Cell::text(state),
            Cell::html(what),
        ]
    });
    let headers = ["Assessor", "Sector", "Lived experience", "At most", "Given", "Submitted", "Now", "Change"];
    Ok(match all.is_empty() {
        true => parts::empty_state(
            "Nobody reads for this call yet",
            "Add those who will, before the call closes: they look through the list for conflicts of interest first.",
            None,
        ),
        false => Table::new("Assessors of this call", &headers, rows.collect()).quiet().html(),
    })
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), act.call()?.clone());
    let typed = Typed { person: act.form.get("person").to_string(), brings: Brings::of(&act.form) };
    let able = able(&act).await?;
    let person = able.keys().find(|id| id.to_string() == typed.person).copied();
    let mut wrong = Invalid::default();
    match person {
        None => wrong.add("person", "Choose who reads"),
        Some(person) if applies(act.read(), person, &call).await? => {
            wrong.add("person", "They write an application to this call themselves, so they have no part in choosing");
        }
        Some(_) => {}
    }
    typed.brings.check(&mut wrong);
    let (Some(person_id), true) = (person, wrong.is_empty()) else { return show(&act, &typed, &wrong).await };
    let mut write = act.write("say who assesses").await?;
    // Two at once would add the same person twice.
    write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let known = assessors(write.tx(), &call).await?.into_iter().find(|a| a.person_id == person_id);
    let row = assessor::Model {
        id: known.as_ref().map_or_else(|| AssessorId(write.id()), |k| k.id),
        programme_id: programme.id,
        call_id: call.id,
        person_id,
        sector: String::new(),
        lived_experience: false,
        most: None,
        created_at: known.as_ref().map_or_else(|| write.at(), |k| k.created_at),
        left_at: None,
    };
    let row = typed.brings.put_on(row);
    match known {
        Some(known) => write.replace(&known, row).await?,
        None => write.insert(row).await?,
    };
    act.save(write, &format!("{}/assessors?done=saved", href(&programme, &call))).await
}
