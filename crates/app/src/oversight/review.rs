//! A design review: what is to be considered by those who run such a programme, what in its design answers each, and what its
//! people say to that, at every review point anew.

use design::{Consideration, Power, considerations};
use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ReviewAnswerId, review_answer};
use ui::form::{self, Choice, Field};
use ui::parts::{self, FilterGroup, FilterOption};
use ui::table::{Cell, Table};

use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};
use crate::programmes::cited;

const VERDICTS: [(&str, &str); 3] = [("answered", "Answered"), ("partly", "In part"), ("open", "Open")];
const SAID: &[(&str, &str)] = &[("said", "Saved. What was said before stays in the journal.")];
pub(crate) const START: &str = "start";

/// The occasions on which it is walked through: before the start, at review points and at gates.
fn occasions(programme: &Snapshot) -> Vec<(String, String)> {
    let design = &programme.programme.design;
    let points = design.review_points.iter().map(|r| (r.key.clone(), r.name.clone()));
    let gates = design.gates.iter().map(|g| (g.key.clone(), g.name.clone()));
    std::iter::once((START.to_string(), "Before the start".to_string())).chain(points).chain(gates).collect()
}

async fn answers(db: &impl ConnectionTrait, programme: &Snapshot) -> Result<Vec<review_answer::Model>, Fault> {
    let found = review_answer::Entity::find()
        .filter(review_answer::COLUMN.programme_id.eq(programme.id))
        .filter(review_answer::COLUMN.replaced_at.is_null())
        .order_by_asc(review_answer::Column::Id);
    found.all(db).await.map_err(fault("list answers of a review"))
}

fn verdict(key: &str) -> &str {
    VERDICTS.iter().find(|(k, _)| *k == key).map_or(key, |(_, words)| words)
}

fn known() -> Result<&'static [Consideration], Fault> {
    considerations().map_err(|e| Fault::new("read the considerations", e))
}

/// `/programmes/{programme}/review?at=start&on=time`
pub(super) async fn page(cx: Cx) -> Answer {
    shown(&cx, None, &Invalid::default()).await
}

async fn shown(cx: &Cx, sent: Option<(&str, &str)>, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    let all = known()?;
    let occasions = occasions(&programme);
    let asked = |name: &str| cx.query(name).to_string();
    let at = occasions.iter().find(|(key, _)| *key == asked("at")).or(occasions.first()).cloned().unwrap_or_default();
    let said = answers(cx.read(), &programme).await?;
    let home = format!("{}/review", programme.href());
    let runs = cx.viewer().may(Power::RunProgramme, programme.id, None);
    let filters = FilterGroup {
        label: "Review".into(),
        options: occasions
            .iter()
            .map(|(key, name)| FilterOption {
                text: name.clone(),
                href: format!("{home}?at={key}"),
                current: *key == at.0,
                count: None,
            })
            .collect(),
    };
    let here = |one: &Consideration| said.iter().find(|a| a.review == at.0 && a.consideration == one.key);
    let answered = all.iter().filter(|one| !one.answers(design).is_empty()).count();
    let chosen = all.iter().find(|one| one.key == asked("on")).filter(|_| runs);
    let mut sections: Vec<&str> = Vec::new();
    for one in all {
        if !sections.contains(&one.section.as_str()) {
            sections.push(&one.section);
        }
    }
    let tables: Vec<(&str, String, ui::Html)> = sections
        .iter()
        .map(|section| {
            let rows = all.iter().filter(|one| one.section == *section).map(|one| {
                let found = one.answers(design);
                let said = here(one);
                let href = format!("{home}?at={}&on={}#say", at.0, one.key);
                vec![
                    Cell::html(maud! { (&one.question) (parts::sources(&cited(cx, &one.sources))) }).head(),
                    Cell::html(maud! {
                        @if found.is_empty() { strong { "Nothing in the design answers it." } }
                        @else { ul class="govuk-list govuk-list--bullet" { @for text in found.iter().take(4) { li { (text) } }
                            @if found.len() > 4 { li { "and " (found.len() - 4) " more" } } } }
                    }),
                    Cell::html(maud! {
                        @if let Some(said) = said { strong { (verdict(&said.verdict)) } ". " (&said.note) } @else { "Nothing said yet." }
                        @if runs { " " a href=(&href) { @if said.is_some() { "Say something else" } @else { "Say" } span class="govuk-visually-hidden" { " to: " (&one.question) } } }
                    }),
                ]
            });
            let mine: Vec<&Consideration> = all.iter().filter(|one| one.section == *section).collect();
            let by_design = mine.iter().filter(|one| !one.answers(design).is_empty()).count();
            let by_people = mine.iter().filter(|one| here(one).is_some()).count();
            let said = format!("{by_design} of {} answered by the design, {by_people} spoken to", mine.len());
            (*section, said, Table::new(section, &["To consider", "What in this design answers it", "What was said"], rows.collect()).html())
        })
        .collect();
    let changed = compared(&programme, all, &said, &occasions);
    let form = chosen.map(|one| say_form(cx, &home, &at.0, one, here(one), (sent, wrong)));
    let lead = format!(
        "{answered} of {} questions are answered by something in the design. Whether it answers them well is for its people to say.",
        all.len()
    );
    let groups = [super::group(cx), filters];
    Ok(Draft::new("Design review").lead(lead).crumb(&programme.name, programme.href()).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (parts::filters(&groups))
            @if let Some(form) = &form { (parts::section("say", "What do you say to it?", form)) }
            @for (section, said, table) in &tables {
                (parts::details_open(maud! { (section) ": " (said) }, section_open(section, chosen), table))
            }
            (changed)
        },
    ))
}

/// The part of a question that is being spoken to lies open; the others open at a touch.
fn section_open(section: &str, chosen: Option<&Consideration>) -> bool {
    chosen.is_some_and(|one| one.section == section)
}

fn say_form(
    cx: &Cx,
    home: &str,
    at: &str,
    one: &Consideration,
    before: Option<&review_answer::Model>,
    (sent, wrong): (Option<(&str, &str)>, &Invalid),
) -> ui::Html {
    let (value, note) = sent.unwrap_or_else(|| before.map_or(("", ""), |a| (a.verdict.as_str(), a.note.as_str())));
    let choices: Vec<Choice> = VERDICTS.iter().map(|(key, words)| Choice::new(*key, *words)).collect();
    ui::html(maud! {
        p { (&one.question) }
        (form::form(&format!("{home}?at={at}&on={}", one.key), &cx.form_keys(), maud! {
            (form::radios(Field::new("verdict", "How is it answered?").value(value).error(wrong.of("verdict")), &choices))
            (form::long_text(Field::new("note", "Where, or what is missing").value(note).error(wrong.of("note")), 3))
            (form::button("Save"))
        }))
    })
}

/// The same questions at one review after another.
fn compared(
    programme: &Snapshot,
    all: &[Consideration],
    said: &[review_answer::Model],
    occasions: &[(String, String)],
) -> ui::Html {
    let held: Vec<&(String, String)> = occasions.iter().filter(|(key, _)| said.iter().any(|a| a.review == *key)).collect();
    if held.len() < 2 {
        return ui::html("");
    }
    let rows = all.iter().filter(|one| said.iter().any(|a| a.consideration == one.key)).map(|one| {
        let cells = held.iter().map(|(key, _)| {
            let of = said.iter().find(|a| a.review == *key && a.consideration == one.key);
            Cell::text(of.map_or("—", |a| verdict(&a.verdict)))
        });
        std::iter::once(Cell::text(&one.question).head()).chain(cells).collect()
    });
    let mut headers = vec!["To consider"];
    headers.extend(held.iter().map(|(_, name)| name.as_str()));
    let table = Table::new("From review to review", &headers, rows.collect()).html();
    ui::html(maud! { (parts::section("compared", &format!("How {} has moved on", programme.name), &table)) })
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let one = known()?.iter().find(|one| one.key == act.query("on")).ok_or(Stop::Missing)?;
    let (at, _) = occasions(&programme).into_iter().find(|(key, _)| key == act.query("at")).ok_or(Stop::Missing)?;
    let (value, note) = (act.form.get("verdict"), act.form.get("note"));
    let mut wrong = Invalid::default();
    if !VERDICTS.iter().any(|(key, _)| *key == value) {
        wrong.add("verdict", "Choose how it is answered");
    }
    match note.chars().count() {
        0 => wrong.add("note", "Say where it is answered, or what is missing"),
        1..=5_000 => {}
        _ => wrong.add("note", "Shorten this to 5,000 characters"),
    }
    if !wrong.is_empty() {
        return shown(&act, Some((value, note)), &wrong).await;
    }
    let mut write = act.write("answer a question of the design review").await?;
    write.lock::<tables::programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let before = answers(write.tx(), &programme).await?.into_iter().find(|a| a.review == at && a.consideration == one.key);
    if let Some(before) = before {
        let replaced_at = Some(write.at());
        write.replace(&before, review_answer::Model { replaced_at, ..before.clone() }).await?;
    }
    let row = review_answer::Model {
        id: ReviewAnswerId(write.id()),
        programme_id: programme.id,
        review: at.clone(),
        consideration: one.key.clone(),
        verdict: value.to_string(),
        note: note.to_string(),
        person_id: act.person()?,
        at: write.at(),
        replaced_at: None,
    };
    write.insert(row).await?;
    act.save(write, &format!("{}/review?at={at}&done=said", programme.href())).await
}
