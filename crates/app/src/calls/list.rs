//! The applications to a call, for those who run it: what was submitted in full, of drafts only how many there are.

use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, JoinType, Order, QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, applicant, application, call};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::table::{Cell, Table};

use forms::{CompiledForm, Lang};
use ui::{Html, html};

use super::call_page::href;
use super::reading::{DRAFT, SUBMITTED, WITHDRAWN, reference};
use super::{further, reopen};
use crate::answers::form_of;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

const PAGE: u64 = 50;

/// Submitted ones, and of those withdrawn the ones that had been submitted; whose name has all these words in it. An
/// index holds everything that is asked here, so that no application is read for it.
pub(super) fn shown(cx: &Cx) -> Result<Condition, crate::ground::Stop> {
    let state = cx.query("state");
    let words = store::search::fold(cx.query("q"));
    let holds = |word: &String| store::search::holds(cx.read().get_database_backend(), application::Column::Folded, word);
    let named = words.iter().fold(Condition::all(), |all, word| all.add(holds(word)));
    let found = Condition::any().add(named).add_option(number_in(cx.query("q")).map(|n| application::COLUMN.number.eq(n)));
    Ok(Condition::all()
        .add(application::COLUMN.call_id.eq(cx.call()?.id))
        .add(application::COLUMN.submitted_at.is_not_null())
        .add_option([SUBMITTED, WITHDRAWN].contains(&state).then(|| application::COLUMN.state.eq(state)))
        .add(found))
}

/// The number in a reference, such as APPLICATION-0042, or a number alone.
fn number_in(text: &str) -> Option<i32> {
    let end = text.rsplit(['-', ' ']).next().unwrap_or_default();
    end.chars().all(|c| c.is_ascii_digit()).then(|| end.parse().ok()).flatten()
}

/// As many names are looked for as anybody turns the pages of; beyond that the list says that there are more.
const MOST_FOUND: usize = 1_000;

/// How many applications a call has, from what is cheap to know: how many were begun, and how many of those are drafts or
/// withdrawn. To count those submitted would be to look at each.
struct Counts {
    drafts: u64,
    withdrawn: u64,
    submitted: u64,
}

impl Counts {
    async fn of(cx: &Cx, call: &call::Model) -> Result<Self, Fault> {
        // As an index has it: those that are submitted are not looked at.
        let apart: Vec<(String, bool, i64)> = application::Entity::find()
            .select_only()
            .column(application::Column::State)
            .column_as(Expr::cust("submitted_at IS NULL"), "never")
            .column_as(Expr::cust("COUNT(*)"), "count")
            .filter(application::COLUMN.call_id.eq(call.id))
            .filter(Expr::cust("state <> 'submitted'"))
            .group_by(application::Column::State)
            .group_by(Expr::cust("submitted_at IS NULL"))
            .into_tuple()
            .all(cx.read())
            .await
            .map_err(fault("count drafts and those withdrawn"))?;
        let of = |wanted: &dyn Fn(&str, bool) -> bool| {
            let counts = apart.iter().filter(|(state, never, _)| wanted(state, *never)).map(|(.., count)| count);
            u64::try_from(counts.sum::<i64>()).unwrap_or(0)
        };
        let (drafts, withdrawn) = (of(&|state, _| state == DRAFT), of(&|state, never| state == WITHDRAWN && !never));
        // Their numbers have no gaps.
        let last: Option<Option<i32>> = application::Entity::find()
            .select_only()
            .column_as(application::Column::Number.max(), "last")
            .filter(application::COLUMN.call_id.eq(call.id))
            .into_tuple()
            .one(cx.read())
            .await
            .map_err(fault("find the last application"))?;
        let begun = u64::try_from(last.flatten().unwrap_or(0)).unwrap_or(0);
        Ok(Self { drafts, withdrawn, submitted: begun.saturating_sub(of(&|_, _| true)) })
    }
    /// How many the list shows that asks for this state.
    fn shown(&self, state: &str) -> u64 {
        match state {
            SUBMITTED => self.submitted,
            WITHDRAWN => self.withdrawn,
            _ => self.submitted + self.withdrawn,
        }
    }
}

type Listed = (ApplicationId, i32, String, String, Option<Moment>, Option<String>, Option<String>);

/// One page of the list, with the name and sector of who leads each.
struct Pageful {
    rows: Vec<Listed>,
    /// How many there are on all pages; of more than [`MOST_FOUND`] that match some words, how many there are at least.
    count: u64,
    more: bool,
}

/// Which ones it shows is found in the index; only they are read. That takes two questions: in one, PostgreSQL, which does
/// not know beforehand how long a page is, would read every application.
async fn listed(cx: &Cx, wanted: &Condition, number: u64, there: u64) -> Result<Pageful, Fault> {
    use application::Column::{Folded, Id, Name, Number, State, SubmittedAt};
    let (by, ascending) = match cx.query("sort") {
        "name" => (Folded, true),
        "submitted" => (SubmittedAt, false),
        _ => (Number, true),
    };
    let sorted = |query: Select<application::Entity>, ascending: bool| {
        let order = if ascending { Order::Asc } else { Order::Desc };
        query.order_by(by, order.clone()).order_by(Id, order)
    };
    let ids = |ascending| sorted(application::Entity::find().select_only().column(Id).filter(wanted.clone()), ascending);
    let (before, words) = ((number - 1) * PAGE, !cx.query("q").is_empty());
    let most = MOST_FOUND as u64;
    let ask = match words {
        // Whoever looks for words looks through all names: once, for the page and for how many there are.
        true if before + PAGE <= most => ids(ascending).limit(most + 1),
        true => ids(ascending).offset(before).limit(PAGE + 1),
        // The second half is nearer from the end.
        false if before > there / 2 => {
            let page = Ord::min(there.saturating_sub(before), PAGE);
            ids(!ascending).offset(there.saturating_sub(before + page)).limit(page)
        }
        false => ids(ascending).offset(before).limit(PAGE),
    };
    let mut found: Vec<ApplicationId> = ask.into_tuple().all(cx.read()).await.map_err(fault("list applications"))?;
    let (count, more) = match words {
        true if before + PAGE <= most => (found.len().min(MOST_FOUND) as u64, found.len() > MOST_FOUND),
        true => (before + found.len() as u64, found.len() as u64 > PAGE),
        false => (there, false),
    };
    if words && before + PAGE <= most {
        found.drain(..usize::try_from(before).unwrap_or(usize::MAX).min(found.len()));
    }
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let leads = application::Entity::belongs_to(applicant::Entity)
        .from(Id)
        .to(applicant::Column::ApplicationId)
        .on_condition(|_, leads| Condition::all().add(Expr::col((leads, applicant::Column::Lead)).eq(true)));
    let rows = sorted(application::Entity::find().filter(Id.is_in(found)), ascending)
        .join(JoinType::LeftJoin, leads.into())
        .select_only()
        .columns([Id, Number, Name, State, SubmittedAt])
        .column_as(applicant::Column::Name, "led_by")
        .column_as(applicant::Column::Sector, "sector")
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    Ok(Pageful { rows, count, more })
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let home = format!("{}/applications", href(&programme, &call));
    let wanted = shown(&cx)?;
    let number: u64 = cx.query("page").parse().unwrap_or(1).clamp(1, 1_000_000);
    let counts = Counts::of(&cx, &call).await?;
    let Pageful { rows, count, more } = listed(&cx, &wanted, number, counts.shown(cx.query("state"))).await?;
    let drafts = counts.drafts;
    let otherwise = further::on_list(&cx, &call).await?;
    let open = reopen::open_among(&cx, &rows.iter().map(|r| r.0).collect::<Vec<_>>()).await?;
    let form = form_of(cx.app(), call.form_id).await?;
    let table_rows = rows.iter().map(|(id, number, name, state, at, led_by, sector)| {
        vec![
            Cell::link(&format!("{}/applications/{id}", programme.href()), &reference(&call, *number)).head(),
            Cell::text(name),
            led_by.as_ref().map_or_else(Cell::not_stated, Cell::text),
            sector.as_ref().map_or_else(Cell::not_stated, |sector| Cell::html(parts::sector(sector))),
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
    let of = usize::try_from(count.div_ceil(PAGE)).unwrap_or(1).max(1) + usize::from(more && count % PAGE == 0);
    let pages = Page { number: usize::try_from(number).unwrap_or(1), of, base_href: format!("{home}?{kept}") };
    let draft = Draft::new("Applications").lead("What was submitted to this call.").crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).page(
        &cx,
        maud! {
            (otherwise)
            p { @if more { "More than " } (count) " shown here. " (drafts) @if drafts == 1 { " draft is" } @else { " drafts are" } " being written; nobody but those who write them reads them." }
            (ui::form::asking_form(&home, maud! {
                (ui::form::hidden("state", cx.query("state")))
                (ui::form::hidden("sort", cx.query("sort")))
                (ui::form::text(ui::form::Field::new("q", "Part of a partnership’s name, or its number").value(cx.query("q"))))
                (ui::form::secondary_button("Look for it"))
            }))
            (parts::filters(&filters(&cx, &home)))
            @if rows.is_empty() { p { "Nothing here matches. " a href=(&home) { "Show everything" } "." } } @else { (table) }
            (parts::pagination(&pages))
            (downloads(&form, &home, &kept))
        },
    ))
}

/// What is shown here, to be worked with elsewhere: all pages of it.
fn downloads(form: &CompiledForm, home: &str, kept: &str) -> Html {
    let rows = form.form().sheets(Lang::En).into_iter().filter(|sheet| !sheet.group.is_empty());
    let titles: Vec<(String, String)> = rows
        .filter_map(|sheet| Some((sheet.group.to_string(), form.form().question(None, sheet.group)?.label.en.clone())))
        .collect();
    html(maud! {
        (parts::section("downloads", "Download what is shown", maud! {
            ul class="govuk-list govuk-list--bullet" {
                li { a href={ (home) ".csv?" (kept) } { "The list as CSV" } }
                li { a href={ (home) "/answers.xlsx?" (kept) } { "All answers as an Excel workbook" } }
                li { a href={ (home) "/answers.json?" (kept) } { "All answers as JSON" } }
                li { a href={ (home) "/answers.csv?" (kept) } { "All answers as CSV, one line an application" } }
                @for (group, title) in &titles {
                    li { a href={ (home) "/answers.csv?" (kept) "table=" (group) } { "“" (title) "” as CSV, one line a row" } }
                }
            }
            p { "Answers are those that were submitted. Applications you declared a conflict of interest with are left out." }
        }))
    })
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
        group("In order of", "sort", &[("", "Number"), ("name", "Name"), ("submitted", "Newest first")]),
    ]
}
