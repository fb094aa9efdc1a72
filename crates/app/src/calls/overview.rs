//! An application's own page: how far it is, who is in it, who stands behind it, and what is next.

use forms::Lang;
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{applicant, application, member, person};
use ui::answers::{Whole, sections, whole as whole_form};
use ui::table::{Cell, Table};
use ui::{Html, form, html, parts};

use super::before::going_on;
use super::call_page::href;
use super::evidence::as_evidence;
use super::reading::{Applied, DRAFT, SUBMITTED, WITHDRAWN, applicants};
use super::reopen::{self, Open};
use super::told::{Outcome, told};
use super::{language, remarks};
use crate::answers::{self, Filled};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};

const SAID: &[(&str, &str)] = &[
    ("started", "Your application is begun. Write its sections in any order, and add the organisations that are not in it yet."),
    ("saved", "Saved."),
    ("added", "Added. They get a mail with a link, and can write from now on."),
    ("signed", "Your organisation stands behind the text as it is now."),
    ("submitted", "Submitted. The receipt is below: print it or keep its address."),
    ("reopened", "Reopened. Everybody who writes it gets a mail with your reasons."),
    ("withdrawn", "Withdrawn. Those who run the call see that it is."),
];

/// What a submitted application says, as it was frozen.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Receipt {
    pub reference: String,
    pub name: String,
    pub submitted_at: kernel::Moment,
    /// Name, sector, who signed and when, for each organisation.
    pub signed: Vec<[String; 4]>,
    pub answers: forms::Answers,
}

impl Receipt {
    pub fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|e| Fault::new("read a receipt", e))
    }
}

/// What was submitted last, if anything was.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn receipt_of(row: &application::Model) -> Result<Option<Receipt>, Fault> {
    row.receipt.as_deref().map(Receipt::read).transpose()
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let (home, call_home) = (applied.href(&programme.href()), href(&programme, &applied.call));
    let filled = answers::load(cx.app(), cx.read(), applied.row.sheet_id).await?;
    let lang = language::asked(&cx, filled.form.form());
    let look = filled.form.look(&filled.answers, lang);
    let organisations = applicants(cx.read(), applied.row.id).await?;
    let open = reopen::open(cx.read(), &applied.row, &applied.call, cx.now()).await?;
    let reopened = reopen::told(&cx, &applied, &home).await?;
    let comments = remarks::counted(remarks::count(&cx, &applied, None).await?);
    let lead = match applied.row.state.as_str() {
        SUBMITTED if open.any() => format!("{}, submitted, and open again for some of its sections.", applied.reference()),
        SUBMITTED => format!("{}, submitted.", applied.reference()),
        WITHDRAWN => format!("{}, withdrawn.", applied.reference()),
        _ if open.any() => format!("{}, a draft. The call closes on {}.", applied.reference(), applied.call.closes_at),
        _ => format!("{}, a draft. The call has closed; what you wrote is kept.", applied.reference()),
    };
    let people = people(&cx, &applied, &organisations, &open).await?;
    let told = told(&cx, &applied).await?;
    let may_become = applied.runs
        && applied.row.place_id.is_none()
        && going_on(cx.read(), &applied.call, Outcome::Chosen.key()).await?.contains(&applied.row.id);
    let choosing = choosing(&applied, &home, &call_home);
    let writes_here = cx.viewer().may_somewhere(design::Power::WriteEntries, programme.id);
    let evidence = writes_here && !as_evidence(&cx, &programme, &[applied.row.id]).await?.is_empty();
    let draft = Draft::new(&applied.row.name).lead(lead).done(&cx, SAID).crumb(&programme.name, programme.href());
    Ok(draft.crumb(&applied.call.name, &call_home).page(
        &cx,
        maud! {
            (language::switch(&cx, filled.form.form()))
            (reopened)
            @if let Some(told) = &told { (told.section()) }
            @if applied.row.state != DRAFT { p { a href={ (&home) "/receipt" } { "The receipt: what was submitted" } } }
            @if applied.mine.is_some() {
                (parts::section("sections", "Sections", sections(filled.form.form(), &look, lang, |key| language::with(lang, &format!("{home}/sections/{key}")))))
                p { a href=(language::with(lang, &format!("{home}/whole"))) { "Read and print the whole application" } }
                p { a href={ (&home) "/comments" } { "Comments between partners" } ": " (comments) }
                p { a href={ (&home) "/note" } { "A private note to the programme team" } }
            } @else {
                p { a href={ (&home) "/receipt" } { "Read the application" } }
                (choosing)
            }
            @if evidence { p { a href={ (&home) "/excerpts" } { "Excerpts of what it answers" } } }
            (people)
            @if applied.row.earlier_id.is_some() || applied.row.place_id.is_some() || applied.runs {
                p { a href={ (&home) "/way" } { "The way it has come since the start" } }
            }
            @if may_become {
                (form::button_link("Make it a place", &format!("{home}/place")))
            }
            @if applied.runs {
                p { a href={ (&home) "/notes" } { "Private notes to the programme team" } }
                @if applied.row.state == SUBMITTED && !open.any() && applied.call.released_at.is_none() { p { a href={ (&home) "/reopen" } { "Reopen it for some of its sections" } } }
            }
            @if applied.mine.is_some() && open.any() { (next(&cx, &applied, &filled, &look, &organisations)) }
            @if leads(&applied, &organisations) && applied.row.state != WITHDRAWN { (withdraw(&cx, &home)) }
        },
    ))
}

/// The ways on for those who assess it or choose.
fn choosing(applied: &Applied, home: &str, call: &str) -> Html {
    html(maud! {
        @if let Some(reading) = &applied.reads {
            p { a href={ (home) "/assess" } { @if reading.submitted_at.is_some() { "Your scores, and those of others" } @else { "Assess it" } } }
        }
        @if applied.runs || applied.decides {
            p { a href={ (home) "/scores" } { "Its scores" } }
            p { a href={ (home) "/decision" } { "The decision on it" } }
        }
        p { a href={ (call) "/conflicts/declare?application=" (applied.row.id.to_string()) } { "Declare a conflict of interest" } }
    })
}

/// The organisations, the people who write for each, and which stand behind the text.
async fn people(cx: &Cx, applied: &Applied, organisations: &[applicant::Model], open: &Open) -> Result<Html, Stop> {
    let writing = writers(cx, applied).await?;
    // Who stood behind what was submitted stands in its receipt, whoever has signed since.
    let submitted = applied.row.receipt.as_deref().filter(|_| !open.any()).map(Receipt::read).transpose()?;
    let submitted = submitted.map(|receipt| receipt.signed).unwrap_or_default();
    let rows = organisations.iter().map(|o| {
        let names: Vec<&str> = writing.iter().filter(|(m, _)| m.applicant_id == o.id).map(|(_, name)| name.as_str()).collect();
        let then = submitted.iter().find(|[name, ..]| *name == o.name).map(|[.., when]| when);
        let stands = match (o.signed_revision, o.signed_at) {
            _ if then.is_some() => format!("Yes, {}", then.map_or("", String::as_str)),
            (None, Some(_)) if open.reopened().is_some() => "To be signed again".to_string(),
            (Some(_), Some(at)) => format!("Yes, {at}"),
            (None, Some(_)) => "It did, and the text was changed since: to be signed again".to_string(),
            _ => "Not yet".to_string(),
        };
        vec![
            Cell::html(html(maud! { (&o.name) @if o.lead { " (leads)" } })).head(),
            Cell::html(parts::sector(&o.sector)),
            Cell::text(names.join(", ")),
            Cell::text(stands),
        ]
    });
    let table = Table::new("Who is in it", &["Organisation", "Sector", "Who writes", "Stands behind the text"], rows.collect())
        .quiet()
        .html();
    let add = format!("{}/partners", cx.path());
    Ok(html(maud! {
        (parts::section("partners", "Who is in it", maud! {
            (table)
            @if applied.mine.is_some() && open.any() {
                p { a href=(&add) { @if open.reopened().is_some() { "Add somebody who writes for one of them" } @else { "Add an organisation, or somebody who writes for one" } } }
            }
        }))
    }))
}

/// Who writes the application now, each with their name.
async fn writers(cx: &Cx, applied: &Applied) -> Result<Vec<(member::Model, String)>, Stop> {
    let found = member::Entity::find()
        .select_also(person::Entity)
        .join(
            JoinType::InnerJoin,
            member::Entity::belongs_to(person::Entity).from(member::Column::PersonId).to(person::Column::Id).into(),
        )
        .filter(member::COLUMN.application_id.eq(applied.row.id))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(member::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list who writes"))?;
    Ok(found.into_iter().map(|(member, person)| (member, person.map(|p| p.name).unwrap_or_default())).collect())
}

/// What is still to do before it can be submitted, and the button for it.
fn next(cx: &Cx, applied: &Applied, filled: &Filled, look: &forms::Look, organisations: &[applicant::Model]) -> Html {
    let home = cx.path();
    let lang = language::asked(cx, filled.form.form());
    let mine = applied.mine.as_ref().and_then(|m| organisations.iter().find(|o| o.id == m.applicant_id));
    let unsigned: Vec<&str> = organisations.iter().filter(|o| o.signed_revision.is_none()).map(|o| o.name.as_str()).collect();
    let revision = filled.sheet.revision.to_string();
    html(maud! {
        (parts::section("next", "What is next", maud! {
            @if !look.ready() {
                p { "Before anybody can sign it:" }
                ul { @for (n, notice) in look.missing.iter().chain(&look.problems).enumerate() {
                    @let section = filled.form.form().sections.get(notice.section).map_or("", |s| s.key.as_str());
                    @let address = language::with(lang, &format!("{home}/sections/{section}#{}", notice.path));
                    // What is missing is said in Welsh; what is wrong, in English.
                    @let mark = (lang == Lang::Cy && n < look.missing.len()).then_some("cy");
                    li lang=[mark] { a href=(address) { (&notice.message) } }
                } }
            } @else if let Some(mine) = mine.filter(|m| m.signed_revision.is_none()) {
                p { "Read the whole text. If your organisation stands behind it, say so here. A later change of the text takes this back, and everybody sees that it did." }
                (form::form(&format!("{home}/sign"), &cx.form_keys(), maud! {
                    (form::hidden("revision", &revision))
                    (form::button(&format!("{} stands behind this text", mine.name)))
                }))
            } @else if !unsigned.is_empty() {
                p { "Waiting for: " (unsigned.join(", ")) ". Once every organisation stands behind the text, it can be submitted." }
            } @else {
                p { "Every organisation stands behind the text." }
                (form::form(&format!("{home}/submit"), &cx.form_keys(), maud! {
                    (form::hidden("revision", &revision))
                    (form::button("Submit the application"))
                }))
            }
        }))
    })
}

/// Whether the viewer writes for the organisation that leads: only they take back what all have written.
pub(super) fn leads(applied: &Applied, organisations: &[applicant::Model]) -> bool {
    let Some(mine) = &applied.mine else { return false };
    organisations.iter().any(|o| o.lead && o.id == mine.applicant_id)
}

fn withdraw(cx: &Cx, home: &str) -> Html {
    html(maud! {
        details {
            summary { "Withdraw this application" }
            p { "It stays readable for you. It cannot be submitted any more, and if it was, it is not considered." }
            (form::form(&format!("{home}/withdraw"), &cx.form_keys(), maud! { (form::warning_button("Withdraw it")) }))
        }
    })
}

/// The whole text as it is now, to read and print.
pub(super) async fn whole(cx: Cx) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    // Whoever runs the call reads what was submitted, not what is written; so does everybody once nothing can be.
    let open = reopen::open(cx.read(), &applied.row, &applied.call, cx.now()).await?;
    if applied.mine.is_none() || applied.row.state == SUBMITTED && !open.any() {
        return receipt(cx).await;
    }
    let filled = answers::load(cx.app(), cx.read(), applied.row.sheet_id).await?;
    let lang = language::asked(&cx, filled.form.form());
    let look = filled.form.look(&filled.answers, lang);
    let home = applied.href(&programme.href());
    let file = super::files::address(&home);
    let whole = Whole { file_href: Some(&file), ..Whole::answered(filled.form.form(), &filled.answers, &look, lang) };
    let body = maud! { (language::switch(&cx, filled.form.form())) (whole_form(&whole)) };
    let draft =
        Draft::new(format!("{}: the whole text", applied.row.name)).lead(format!("{}, as it is now.", applied.reference()));
    let draft = draft.crumb(&programme.name, programme.href()).crumb(&applied.call.name, href(&programme, &applied.call));
    Ok(draft.crumb(&applied.row.name, language::with(lang, &home)).page(&cx, body))
}

/// What was submitted, frozen.
pub(super) async fn receipt(cx: Cx) -> Answer {
    let applied = cx.application()?.clone();
    let text = applied.row.receipt.clone().ok_or(Stop::Missing)?;
    let hash = applied.row.receipt_hash.clone().unwrap_or_default();
    frozen(&cx, &applied, &text, &hash).await
}

/// What was submitted before it was reopened.
pub(super) async fn earlier(cx: Cx) -> Answer {
    let applied = cx.application()?.clone();
    let id = cx.param("receipt").parse().map_err(|_| Stop::Missing)?;
    let (text, hash) = reopen::earlier(&cx, &applied, id).await?;
    frozen(&cx, &applied, &text, &hash).await
}

/// The text that was submitted, in the applicant’s own order.
pub(crate) async fn submitted_text(cx: &Cx, applied: &Applied, only: Option<&[String]>) -> Result<Html, Stop> {
    let text = applied.row.receipt.as_deref().ok_or(Stop::Missing)?;
    answered(cx, applied, &Receipt::read(text)?, only).await
}

async fn answered(cx: &Cx, applied: &Applied, receipt: &Receipt, only: Option<&[String]>) -> Result<Html, Stop> {
    let form = answers::form_of(cx.app(), applied.call.form_id).await?;
    let lang = language::asked(cx, form.form());
    let look = form.look(&receipt.answers, lang);
    let file = super::files::address(&applied.href(&cx.programme()?.href()));
    let whole = Whole::answered(form.form(), &receipt.answers, &look, lang);
    Ok(whole_form(&Whole { file_href: Some(&file), only, ..whole }))
}

async fn frozen(cx: &Cx, applied: &Applied, text: &str, hash: &str) -> Answer {
    let programme = cx.programme()?.clone();
    let home = applied.href(&programme.href());
    let receipt = Receipt::read(text)?;
    let kept = answers::form_of(cx.app(), applied.call.form_id).await?;
    let whole = answered(cx, applied, &receipt, None).await?;
    let others = others(cx, applied, &home, hash).await?;
    let rows = receipt.signed.iter().map(|[name, sector, who, when]| {
        vec![Cell::text(name).head(), Cell::html(parts::sector(sector)), Cell::text(who), Cell::text(when)]
    });
    let signed =
        Table::new("Who stands behind it", &["Organisation", "Sector", "Signed by", "When"], rows.collect()).quiet().html();
    let lead = format!(
        "{}, submitted on {}. This is what was submitted; it does not change any more.",
        receipt.reference, receipt.submitted_at
    );
    let draft = Draft::new(receipt.name.clone()).lead(lead);
    Ok(applied.below(draft, &programme).page(
        cx,
        maud! {
            (language::switch(cx, kept.form()))
            @if !others.is_empty() {
                p { "It was opened again and submitted again." }
                ul { @for (text, href) in &others { li { a href=(href) { (text) } } } }
            }
            (signed)
            (whole)
            p class="muted" { "SHA-256 of what was submitted: " code { (hash) } }
        },
    ))
}

/// The other receipts of an application that was submitted more than once: words and address.
async fn others(cx: &Cx, applied: &Applied, home: &str, shown: &str) -> Result<Vec<(String, String)>, Stop> {
    let mut others = Vec::new();
    if applied.row.receipt_hash.as_deref() != Some(shown)
        && let Some(at) = applied.row.submitted_at
    {
        others.push((format!("What stands now, submitted on {at}"), format!("{home}/receipt")));
    }
    for row in reopen::all(cx.read(), &[applied.row.id]).await? {
        if let Some(text) = row.receipt.filter(|_| row.receipt_hash.as_deref() != Some(shown)) {
            let at = Receipt::read(&text)?.submitted_at;
            others.push((format!("What was submitted before, on {at}"), format!("{home}/receipts/{}", row.id)));
        }
    }
    Ok(others)
}
