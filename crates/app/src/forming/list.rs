//! The forms of a programme, and the versions of each.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, header};
use forms::{Form, Lang, Text, xlsform};
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{FormId, form as kept, person, sheet};
use ui::answers::{Whole, whole};
use ui::form::{self, Field};
use ui::parts;
use ui::table::{Cell, Table};

use super::{home, standing};
use crate::answers::{form_of, keep_made, latest_form};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop, download};

const SAID: &[(&str, &str)] = &[("saved", "Saved as a version. A call that you open from now on offers it.")];

/// A version, without the form itself.
#[derive(sea_orm::FromQueryResult)]
struct Version {
    id: FormId,
    key: String,
    version: i32,
    created_at: kernel::Moment,
    made_by: Option<tables::PersonId>,
    reason: Option<String>,
}

async fn versions(cx: &Cx, key: Option<&str>) -> Result<Vec<Version>, Stop> {
    use kept::Column::{CreatedAt, Id, Key, MadeBy, Reason, Version as Number};
    let of = kept::Entity::find()
        .filter(kept::COLUMN.programme_id.eq(cx.programme()?.id))
        .filter(sea_orm::Condition::all().add_option(key.map(|key| kept::COLUMN.key.eq(key))));
    let rows = of.order_by_asc(Key).order_by_desc(Number).select_only().columns([Id, Key, Number, CreatedAt, MadeBy, Reason]);
    Ok(rows.into_model().all(cx.read()).await.map_err(fault("list forms"))?)
}

/// `/programmes/{programme}/design/forms`
pub(super) async fn page(cx: Cx) -> Answer {
    all(&cx, ["", ""], &Invalid::default()).await
}

async fn all(cx: &Cx, [title, key]: [&str; 2], wrong: &Invalid) -> Answer {
    let (programme, home) = (cx.programme()?.clone(), home(cx)?);
    // The key, its title, its newest version and how many there are.
    let mut known: BTreeMap<String, (i32, usize)> = BTreeMap::new();
    for version in versions(cx, None).await? {
        let one = known.entry(version.key).or_insert((version.version, 0));
        one.1 += 1;
    }
    let of_design: Vec<&str> = programme.programme.forms.iter().map(|f| f.form.key.as_str()).collect();
    for key in &of_design {
        known.entry((*key).to_string()).or_insert((0, 0));
    }
    let rows = known.iter().map(|(key, (newest, count))| {
        let newest = if *newest == 0 { "As in the design".to_string() } else { format!("Version {newest} of {count}") };
        let from = if of_design.contains(&key.as_str()) { "The design" } else { "This page" };
        let stages = programme.programme.design.call.iter().flat_map(|call| &call.stages);
        let asked: Vec<&str> = stages.filter(|s| s.form.as_ref().unwrap_or(&s.key) == key).map(|s| s.name.as_str()).collect();
        vec![Cell::link(&format!("{home}/{key}"), key).head(), Cell::text(asked.join(", ")), Cell::text(newest), Cell::text(from)]
    });
    let table = Table::new("Forms", &["Form", "Asked at", "Newest", "Begun in"], rows.collect()).quiet().html();
    let draft = Draft::new("Forms")
        .lead("What applicants are asked. A version that is saved never changes, so answers always fit their questions.")
        .crumb(&programme.name, programme.href())
        .crumb("Design", format!("{}/design", programme.href()));
    Ok(draft.invalid(wrong).page(
        cx,
        maud! {
            (table)
            (parts::section("new", "A new form", maud! {
                (form::form(cx.path(), &cx.form_keys(), maud! {
                    (form::text(Field::new("title", "Title").value(title).error(wrong.of("title"))))
                    (form::text(Field::new("key", "Key").hint("Small letters, digits and hyphens, like expression-of-interest. A stage of the call that has no form in the design takes the one with the stage’s key.").value(key).error(wrong.of("key"))))
                    (form::button("Make a form"))
                }))
                p { a href={ (programme.href()) "/design/form-from-workbook" } { "Or read one from an XLSForm workbook" } }
            }))
        },
    ))
}

/// Makes a form with one question, to go on from.
pub(super) async fn new(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let (title, key) = (act.form.get("title").to_string(), act.form.get("key").to_string());
    let mut wrong = Invalid::default();
    if title.is_empty() || title.chars().count() > 120 {
        wrong.add("title", "Enter a title, in at most 120 characters");
    }
    let question = forms::Question::new("question-1", "A new question", forms::Kind::LongText { max_words: Some(200) });
    let section = forms::Section {
        key: "section-1".into(),
        title: Text::from("A new section"),
        about: Text::default(),
        shown_when: None,
        questions: vec![question],
    };
    let made = Form {
        key: key.clone(),
        title: Text::from(title.as_str()),
        about: Text::default(),
        sections: vec![section],
        rules: Vec::new(),
        scores: Vec::new(),
    };
    if wrong.is_empty() && !made.flaws().is_empty() || key.is_empty() {
        wrong.add("key", "Write a key of small letters, digits and hyphens, which begins with a letter");
    }
    if programme.programme.form(&key).is_some() {
        wrong.add("key", "There is a form with this key already");
    }
    if !wrong.is_empty() {
        return all(&act, [&title, &key], &wrong).await;
    }
    let mut write = act.write("make a form").await?;
    write.lock::<tables::programme::Entity>(programme.id).await?;
    if latest_form(write.tx(), programme.id, &key).await?.is_some() {
        drop(write);
        wrong.add("key", "There is a form with this key already");
        return all(&act, [&title, &key], &wrong).await;
    }
    keep_made(&mut write, programme.id, &made, "Begun").await?;
    act.save(write, &format!("{}/{key}/edit", home(&act)?)).await
}

/// `/programmes/{programme}/design/forms/{form}`, with `?version=` an earlier one.
pub(super) async fn one(cx: Cx) -> Answer {
    let (programme, home, now) = (cx.programme()?.clone(), home(&cx)?, standing(&cx).await?);
    let versions = versions(&cx, Some(&now.form.key)).await?;
    let wanted: i32 = cx.query("version").parse().unwrap_or(now.version);
    let (shown, before) = (read(&cx, &versions, wanted).await?, read(&cx, &versions, wanted - 1).await?);
    let shown = shown.unwrap_or_else(|| now.form.clone());
    let mut rows = Vec::new();
    for version in &versions {
        let answered = sheet::Entity::find().filter(sheet::COLUMN.form_id.eq(version.id)).limit(1).one(cx.read());
        let answered = answered.await.map_err(fault("look for answers"))?.is_some();
        let who = match version.made_by {
            Some(id) => person::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a person"))?.map(|p| p.name),
            None => None,
        };
        rows.push(vec![
            Cell::link(&format!("{}?version={}", cx.path(), version.version), &version.version.to_string()).head(),
            Cell::text(version.created_at.to_string()),
            Cell::text(version.reason.as_deref().unwrap_or("As the design had it when a call was opened")),
            Cell::text(who.unwrap_or_default()),
            Cell::text(if answered { "Answered" } else { "Not answered yet" }),
        ]);
    }
    let table = Table::new("Versions", &["Version", "Kept", "Why", "Who", "Answers"], rows).html();
    let changes = before.map(|before| before.compare(&shown)).unwrap_or_default();
    let edit = format!("{home}/{}", now.form.key);
    let draft = Draft::new(shown.title.en.clone()).done(&cx, SAID).crumb(&programme.name, programme.href()).crumb("Forms", home);
    Ok(draft.page(
        &cx,
        maud! {
            (form::button_link("Edit it", &format!("{edit}/edit")))
            ul class="govuk-list" {
                li { a href={ (&edit) "/text" } { "Edit it as text" } }
                li { a href={ (&edit) "/xlsform" } { "Download it as an XLSForm workbook" } }
            }
            @if versions.is_empty() { p { "It stands in the design, and nobody has changed it here." } } @else { (table) }
            @if !changes.is_empty() {
                (parts::section("changes", &format!("What changed in version {wanted}"), maud! {
                    ul class="govuk-list govuk-list--bullet" { @for change in &changes { li { (&change.what) } } }
                }))
            }
            (parts::section("reads", "How it reads", whole(&Whole::questions(&shown, Lang::En))))
        },
    ))
}

async fn read(cx: &Cx, versions: &[Version], number: i32) -> Result<Option<Form>, Stop> {
    let Some(version) = versions.iter().find(|v| v.version == number) else { return Ok(None) };
    Ok(Some(form_of(cx.app(), version.id).await?.form().clone()))
}

/// The form for tools that know XLSForm.
pub(super) async fn xlsform(cx: Cx) -> Answer {
    let now = standing(&cx).await?;
    let (bytes, _) = xlsform::write(&now.form).map_err(|e| Fault::new("write a form as a workbook", e))?;
    let mut response = download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}.xlsx\"", now.form.key)) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
