//! A published grant: what was said of it, and where that comes from.

use sea_orm::entity::prelude::*;
use store::fault;
use tables::{portfolio, published_grant};
use threesixty::{Node, Value};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::import::CURRENT;
use super::money::amount;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};

/// So many fields are shown; whoever wants more downloads them.
const FIELDS: usize = 400;

pub(super) async fn page(cx: Cx) -> Answer {
    let wanted = published_grant::COLUMN.grant_id.eq(cx.param("grant"));
    let found = published_grant::Entity::find().filter(wanted).all(cx.read()).await.map_err(fault("load a grant"))?;
    let mut shown = None;
    for grant in found {
        let own = portfolio::Entity::find_by_id(grant.portfolio_id).one(cx.read()).await.map_err(fault("load a portfolio"))?;
        shown = own.filter(|p| p.state == CURRENT).map(|p| (grant, p)).or(shown);
    }
    let (grant, portfolio) = shown.ok_or(Stop::Missing)?;
    let document = threesixty::parse(&grant.document);
    let description = document.as_ref().and_then(|d| d.text_of("description")).unwrap_or_default().to_string();
    let draft = Draft::new(&grant.title).crumb("Published grants", "/grants");
    Ok(draft.page(
        &cx,
        maud! {
            (facts(&grant))
            @if !description.is_empty() { (parts::section("description", "What it is for", ui::words::plain(&description))) }
            (source(&grant, &portfolio))
            @if let Some(document) = &document { (parts::details("Every field as it was published", fields(document))) }
        },
    ))
}

fn narrowed(name: &str, key: &str, text: &str) -> Html {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let href = format!("/grants?{name}={}", utf8_percent_encode(key, NON_ALPHANUMERIC));
    html(maud! { (text) @if !key.is_empty() { " · " a href=(&href) { "All from this " (name) } } })
}

fn facts(grant: &published_grant::Model) -> Html {
    let or_not = |text: &str| if text.is_empty() { parts::not_stated() } else { html(text) };
    let day = grant.awarded_on;
    parts::summary_list(vec![
        ("Amount awarded".to_string(), html(amount(grant.amount.into(), &grant.currency))),
        ("Awarded on".to_string(), html(maud! { time datetime=(day.iso()) { (day.to_string()) } })),
        ("Funder".to_string(), narrowed("funder", &grant.funder_id, &grant.funder)),
        ("Received by".to_string(), or_not(&grant.recipient)),
        ("Programme".to_string(), or_not(grant.programme.as_deref().unwrap_or_default())),
        ("Area".to_string(), or_not(grant.area.as_deref().unwrap_or_default())),
        ("Identifier".to_string(), html(&grant.grant_id)),
    ])
}

fn source(grant: &published_grant::Model, portfolio: &portfolio::Model) -> Html {
    let link = |text: &String| {
        let web = text.starts_with("https://") || text.starts_with("http://");
        html(maud! { @if web { a href=(text) { (text) } } @else { (text) } })
    };
    let mut rows = vec![
        ("Publisher".to_string(), html(&portfolio.publisher)),
        ("File".to_string(), html(maud! { (&portfolio.file) ", " (&grant.place) })),
    ];
    rows.extend(portfolio.address.iter().map(|address| ("Published at".to_string(), link(address))));
    rows.push(("Licence".to_string(), portfolio.licence.as_ref().map_or_else(parts::not_stated, link)));
    rows.extend(portfolio.imported_at.map(|at| ("Brought here".to_string(), html(at.to_string()))));
    parts::section("source", "Where this comes from", parts::summary_list(rows))
}

/// Every text and number of a grant, each with its way there.
fn fields(document: &Node<'_>) -> Html {
    let mut all = Vec::new();
    flatten(document, &mut String::new(), &mut all);
    let more = all.len() >= FIELDS;
    let rows = all.into_iter().map(|(name, value)| vec![Cell::text(name).head(), Cell::text(value)]);
    let table = Table::new("Fields", &["Field", "What it says"], rows.collect()).quiet().html();
    html(maud! { (table) @if more { p { "There are more; the downloads have them all." } } })
}

fn flatten(node: &Node<'_>, way: &mut String, all: &mut Vec<(String, String)>) {
    if all.len() >= FIELDS {
        return;
    }
    let text = match &node.value {
        Value::Object(inner) => {
            return inner.iter().for_each(|(name, node)| step(name, node, way, all));
        }
        Value::List(items) => {
            return items.iter().enumerate().for_each(|(at, node)| step(&at.to_string(), node, way, all));
        }
        Value::Text(text) | Value::Number(text) => text.to_string(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_string(),
        Value::Null => return,
    };
    all.push((way.clone(), text));
}

fn step(name: &str, node: &Node<'_>, way: &mut String, all: &mut Vec<(String, String)>) {
    let before = way.len();
    if before > 0 {
        way.push_str(" / ");
    }
    way.push_str(name);
    flatten(node, way, all);
    way.truncate(before);
}
