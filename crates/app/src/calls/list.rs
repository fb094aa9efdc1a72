//! The applications to a call, for those who run it: what was submitted in full, of drafts only how many there are.

use axum::http::{HeaderValue, header};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{applicant, application};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::table::{Cell, Table};

use super::call_page::href;
use super::reading::{DRAFT, SUBMITTED, WITHDRAWN, reference};
use super::reopen;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, download};

const PAGE: u64 = 50;

/// Submitted ones, and of those withdrawn the ones that had been submitted.
fn shown(cx: &Cx) -> Result<Condition, crate::ground::Stop> {
    let state = cx.query("state");
    let words = cx.query("q").to_lowercase();
    Ok(Condition::all()
        .add(application::COLUMN.call_id.eq(cx.call()?.id))
        .add(application::COLUMN.submitted_at.is_not_null())
        .add_option([SUBMITTED, WITHDRAWN].contains(&state).then(|| application::COLUMN.state.eq(state)))
        .add_option((!words.is_empty()).then(|| {
            let like = format!("%{}%", words.replace(['%', '_'], " "));
            let lower = sea_orm::sea_query::Func::lower(sea_orm::sea_query::Expr::col(application::Column::Name));
            sea_orm::sea_query::ExprTrait::like(sea_orm::sea_query::Expr::expr(lower), like)
        })))
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let home = format!("{}/applications", href(&programme, &call));
    let wanted = shown(&cx)?;
    let number: u64 = cx.query("page").parse().unwrap_or(1).clamp(1, 1_000_000);
    let by_name = cx.query("sort") == "name";
    let query = application::Entity::find().filter(wanted.clone());
    let sorted = match by_name {
        true => query.order_by_asc(application::Column::Name),
        false => query.order_by_asc(application::Column::Number),
    };
    let rows: Vec<(tables::ApplicationId, i32, String, String, Option<kernel::Moment>)> = sorted
        .order_by_asc(application::Column::Id)
        .select_only()
        .columns([
            application::Column::Id,
            application::Column::Number,
            application::Column::Name,
            application::Column::State,
            application::Column::SubmittedAt,
        ])
        .offset((number - 1) * PAGE)
        .limit(PAGE)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let count = application::Entity::find().filter(wanted).count(cx.read()).await.map_err(fault("count applications"))?;
    let drafts = application::Entity::find()
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.state.eq(DRAFT))
        .count(cx.read())
        .await
        .map_err(fault("count drafts"))?;
    let open = reopen::open_among(&cx, &rows.iter().map(|r| r.0).collect::<Vec<_>>()).await?;
    let leads = leads(&cx, rows.iter().map(|r| r.0).collect()).await?;
    let table_rows = rows.iter().map(|(id, number, name, state, at)| {
        let lead = leads.iter().find(|l| l.application_id == *id);
        vec![
            Cell::link(&format!("{}/applications/{id}", programme.href()), &reference(&call, *number)).head(),
            Cell::text(name),
            lead.map_or_else(Cell::not_stated, |l| Cell::text(&l.name)),
            lead.map_or_else(Cell::not_stated, |l| Cell::html(parts::sector(&l.sector))),
            match open.iter().find(|(of, _)| of == id) {
                Some((_, until)) if state == SUBMITTED => Cell::text(format!("{state}, open again until {until}")),
                _ => Cell::text(state),
            },
            at.map_or_else(Cell::not_stated, |at| Cell::text(at.to_string())),
        ]
    });
    let headers = ["Reference", "Partnership", "Led by", "Sector", "State", "Submitted"];
    let table = Table::new("Applications", &headers, table_rows.collect()).quiet().html();
    let kept = kept(&cx, &[]);
    let of = usize::try_from(count.div_ceil(PAGE)).unwrap_or(1).max(1);
    let pages = Page { number: usize::try_from(number).unwrap_or(1), of, base_href: format!("{home}?{kept}") };
    let draft = Draft::new("Applications").lead("What was submitted to this call.").crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).page(
        &cx,
        maud! {
            p { (count) " shown here. " (drafts) @if drafts == 1 { " draft is" } @else { " drafts are" } " being written; nobody but those who write them reads them." }
            (ui::form::asking_form(&home, maud! {
                (ui::form::hidden("state", cx.query("state")))
                (ui::form::hidden("sort", cx.query("sort")))
                (ui::form::text(ui::form::Field::new("q", "Part of a partnership’s name").value(cx.query("q"))))
                (ui::form::secondary_button("Look for it"))
            }))
            (parts::filters(&filters(&cx, &home)))
            @if rows.is_empty() { p { "Nothing here matches. " a href=(&home) { "Show everything" } "." } } @else { (table) }
            (parts::pagination(&pages))
            p { a href={ (&home) ".csv?" (&kept) } { "Download this list as CSV" } }
        },
    ))
}

async fn leads(cx: &Cx, ids: Vec<tables::ApplicationId>) -> Result<Vec<applicant::Model>, kernel::Fault> {
    applicant::Entity::find()
        .filter(applicant::COLUMN.application_id.is_in(ids))
        .filter(applicant::COLUMN.lead.eq(true))
        .order_by_asc(applicant::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list who leads"))
}

/// What the address already asks for, but for these.
fn kept(cx: &Cx, but: &[&str]) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let names = ["state", "sort", "q"].into_iter().filter(|name| !but.contains(name) && !cx.query(name).is_empty());
    names.map(|name| format!("{name}={}&", utf8_percent_encode(cx.query(name), NON_ALPHANUMERIC))).collect()
}

fn filters(cx: &Cx, home: &str) -> Vec<FilterGroup> {
    let group = |label: &str, name: &'static str, options: &[(&str, &str)]| FilterGroup {
        label: label.into(),
        options: options
            .iter()
            .map(|(key, text)| FilterOption {
                text: (*text).into(),
                href: format!("{home}?{}{name}={key}", kept(cx, &[name])),
                current: cx.query(name) == *key,
                count: None,
            })
            .collect(),
    };
    vec![
        group("State", "state", &[("", "All"), (SUBMITTED, "Submitted"), (WITHDRAWN, "Withdrawn")]),
        group("In order of", "sort", &[("", "Number"), ("name", "Name")]),
    ]
}

/// The list as CSV, whole.
pub(super) async fn csv(cx: Cx) -> Answer {
    let call = cx.call()?.clone();
    let rows = application::Entity::find()
        .filter(shown(&cx)?)
        .order_by_asc(application::Column::Number)
        .order_by_asc(application::Column::Id)
        .select_only()
        .columns([
            application::Column::Number,
            application::Column::Name,
            application::Column::State,
            application::Column::SubmittedAt,
        ])
        .into_tuple::<(i32, String, String, Option<kernel::Moment>)>()
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    let mut text = String::from("Reference,Partnership,State,Submitted\r\n");
    for (number, name, state, at) in rows {
        let cells = [reference(&call, number), name, state, at.map(kernel::Moment::iso).unwrap_or_default()];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    let mut response = download("text/csv; charset=utf-8", text);
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"applications.csv\""));
    Ok(response)
}

/// A cell of CSV. What a spreadsheet would take for a formula is led by an apostrophe, so that it stays text.
fn quoted(cell: &str) -> String {
    let safe = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}
