//! Whether what a grant says can be so.

use super::context::{Context, Step};
use super::organisation::{email_in, is_charity_number, is_company_number, is_postcode, looks_wrong};
use super::report::{Found, Level};
use super::{is_date, shape};
use crate::day;
use crate::schema::{Kind, Shape};
use crate::value::{Node, Value};
use crate::{Day, codes, number};

const fn accuracy(check: &'static str, title: &'static str) -> Found {
    Found { level: Level::Accuracy, critical: false, check, title }
}
const fn critical(check: &'static str, title: &'static str) -> Found {
    Found { level: Level::Accuracy, critical: true, check, title }
}

static ZERO_AMOUNT: Found = critical("ZeroAmount", "The amount awarded is nought");
static FUNDER_PREFIX: Found = accuracy("FundingOrgUnrecognisedPrefix", "A funder's id names no register");
static RECIPIENT_PREFIX: Found = accuracy("RecipientOrgUnrecognisedPrefix", "A recipient's id names no register");
static CHARITY_NUMBER: Found = accuracy("RecipientOrgCharityNumber", "A recipient's charity number does not look like one");
static COMPANY_NUMBER: Found = accuracy("RecipientOrgCompanyNumber", "A recipient's company number does not look like one");
static ID_INVALID: Found = accuracy("OrganizationIdLooksInvalid", "An organisation's id does not look like one of its register");
static ID_CHARS: Found =
    critical("OrganizationIdUnexpectedChars", "An organisation's id holds a line break or another sign that cannot be seen");
static GRANT_ID_CHARS: Found =
    critical("GrantIdUnexpectedChars", "A grant's id holds a line break or another sign that cannot be seen");
static EMAIL: Found = critical("LooksLikeEmail", "There is an e-mail address in a field that is not for one");
static IMPOSSIBLE: Found = critical("ImpossibleDates", "A day does not exist");
static PLANNED_ORDER: Found = accuracy("PlannedStartDateBeforeEndDate", "A grant is planned to end before it starts");
static ACTUAL_ORDER: Found = accuracy("ActualStartDateBeforeEndDate", "A grant ended before it started");
static FAR_PLANNED: Found = accuracy("FarFuturePlannedDates", "A planned day is more than 12 years ahead");
static FAR_ACTUAL: Found = accuracy("FarFutureActualDates", "An actual day is more than 5 years ahead");
static FAR_PAST: Found = accuracy("FarPastDates", "A day is more than 25 years ago");
static POST_DATED: Found = critical("PostDatedAwardDates", "A grant is awarded in the future");
static INDIVIDUAL_DEI: Found = critical("RecipientIndDEI", "A grant to a person has details of diversity, equity and inclusion");
static POSTCODE: Found = critical("GeoCodePostcode", "A grant to a person has a postcode for a code of an area");

/// The checks of one grant.
pub(crate) fn check<'c>(context: &mut Context<'c>, root: &'c Node<'c>, today: Day) {
    amount(context, root);
    ids(context, root);
    organisations(context, root);
    walk(context, Some(shape()), root);
    dates(context, root, today);
    individual(context, root);
}

fn amount<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    if let Some(node) = root.get("amountAwarded").filter(|node| node.number().is_some_and(number::is_zero)) {
        context.within(Step::Name("amountAwarded"), |context| {
            context.add(&ZERO_AMOUNT, node.at, "nothing was awarded", "give the amount; leave out grants that were withdrawn");
        });
    }
}

fn unseen(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{feff}'))
}

fn ids<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    if let Some(node) = root.get("id").filter(|node| node.text().is_some_and(unseen)) {
        let fix = "write the id without it; it is often copied along from a cell";
        context.within(Step::Name("id"), |context| {
            context.add(&GRANT_ID_CHARS, node.at, "the id holds a sign that cannot be seen, such as a line break", fix);
        });
    }
}

fn organisations<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    for (list, prefix) in [("fundingOrganization", &FUNDER_PREFIX), ("recipientOrganization", &RECIPIENT_PREFIX)] {
        for (at, organisation) in root.list_of(list).iter().enumerate() {
            context.within(Step::Name(list), |context| {
                context.within(Step::Item(at), |context| {
                    one_organisation(context, organisation, prefix, list == "recipientOrganization")
                });
            });
        }
    }
}

fn one_organisation<'c>(context: &mut Context<'c>, organisation: &'c Node<'c>, prefix: &Found, recipient: bool) {
    if let Some((node, id)) = organisation.get("id").and_then(|node| Some((node, node.text()?))) {
        context.within(Step::Name("id"), |context| {
            if unseen(id) {
                context.add(
                    &ID_CHARS,
                    node.at,
                    "the id holds a sign that cannot be seen, such as a line break",
                    "write the id without it",
                );
            }
            if !id.trim().is_empty() && !codes::is_registered(id) {
                let fix =
                    "begin it with a register of org-id.guide, as GB-CHC-1126147, or with your own prefix, as 360G-yours-17";
                context
                    .add_with(prefix, node.at, || (format!("‘{id}’ does not begin with the code of a register"), fix.to_owned()));
            } else if let Some(right) = looks_wrong(id) {
                context.add_with(&ID_INVALID, node.at, || {
                    (format!("‘{id}’ does not look like an id of its register"), format!("it is {right}"))
                });
            }
        });
    }
    if !recipient {
        return;
    }
    for (name, found, is, right) in [
        (
            "charityNumber",
            &CHARITY_NUMBER,
            is_charity_number as fn(&str) -> bool,
            "6 or 7 digits, in Scotland after SC, in Northern Ireland after NIC",
        ),
        ("companyNumber", &COMPANY_NUMBER, is_company_number, "8 digits, or letters and digits, with the noughts before it"),
    ] {
        let Some(node) = organisation.get(name) else { continue };
        if let Some(own) = node.text().filter(|own| !own.trim().is_empty() && !is(own)) {
            context.within(Step::Name(name), |context| {
                context.add_with(found, node.at, || {
                    (format!("‘{own}’ does not look like such a number"), format!("it has {right}"))
                });
            });
        }
    }
}

/// Looks at every text: for addresses of people, and for days that no calendar has.
fn walk<'c>(context: &mut Context<'c>, shape: Option<&'static Shape>, node: &'c Node<'c>) {
    match &node.value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let kind = shape.and_then(|shape| shape.field(name)).map(|field| field.kind);
                if name == "email" {
                    continue;
                }
                match (&inner.value, kind) {
                    (Value::Text(text), Some(kind)) if is_date(kind) && day::read(text).is_impossible() => {
                        context.within(Step::Name(name), |context| impossible(context, inner, text));
                    }
                    (Value::Text(text), _) => {
                        if let Some(address) = email_in(text) {
                            context.within(Step::Name(name), |context| email(context, inner, address));
                        }
                    }
                    (Value::Object(_) | Value::List(_), Some(Kind::Object(within) | Kind::List(within))) => {
                        context.within(Step::Name(name), |context| walk(context, Some(within), inner));
                    }
                    (Value::Object(_) | Value::List(_), _) => {
                        context.within(Step::Name(name), |context| walk(context, None, inner))
                    }
                    _ => {}
                }
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                context.within(Step::Item(at), |context| walk(context, shape, item));
            }
        }
        Value::Text(text) => {
            if let Some(address) = email_in(text) {
                email(context, node, address);
            }
        }
        _ => {}
    }
}

fn email(context: &mut Context<'_>, node: &Node<'_>, address: &str) {
    let fix = "take it out; that of an organisation has a field of its own, that of a person is never published";
    context.add_with(&EMAIL, node.at, || {
        (format!("‘{}’ looks like an e-mail address", address.chars().take(100).collect::<String>()), fix.to_owned())
    });
}

fn impossible(context: &mut Context<'_>, node: &Node<'_>, text: &str) {
    let shown: String = text.chars().take(40).collect();
    context.add_with(&IMPOSSIBLE, node.at, || (format!("there is no day ‘{shown}’"), "give the day that was meant".to_owned()));
}

fn dates<'c>(context: &mut Context<'c>, root: &'c Node<'c>, today: Day) {
    let past = today.plus_years(-25);
    if let Some((node, day)) = day_of(root, "awardDate") {
        context.within(Step::Name("awardDate"), |context| {
            if day > today {
                context.add(&POST_DATED, node.at, "the day of the award is yet to come", "give the day on which it was decided");
            }
            if day < past {
                context.add(&FAR_PAST, node.at, "this is more than 25 years ago", "look whether the year is right");
            }
        });
    }
    for (list, order, far, years) in
        [("plannedDates", &PLANNED_ORDER, &FAR_PLANNED, 12), ("actualDates", &ACTUAL_ORDER, &FAR_ACTUAL, 5)]
    {
        let future = today.plus_years(years);
        for (at, event) in root.list_of(list).iter().enumerate() {
            let [start, end] = ["startDate", "endDate"].map(|name| day_of(event, name).map(|(node, day)| (name, node, day)));
            context.within(Step::Name(list), |context| {
                context.within(Step::Item(at), |context| {
                    for (name, node, day) in [start, end].into_iter().flatten() {
                        context.within(Step::Name(name), |context| {
                            if day > future {
                                context.add_with(far, node.at, || {
                                    (
                                        format!("this is more than {years} years ahead"),
                                        "look whether the year is right".to_owned(),
                                    )
                                });
                            }
                            if day < past {
                                context.add(
                                    &FAR_PAST,
                                    node.at,
                                    "this is more than 25 years ago",
                                    "look whether the year is right",
                                );
                            }
                        });
                    }
                    if let (Some((_, _, from)), Some((_, node, to))) = (start, end)
                        && from > to
                        && !is_rough(node)
                    {
                        context.within(Step::Name("endDate"), |context| {
                            context.add(
                                order,
                                node.at,
                                "this is before the day it starts",
                                "look whether the two days changed places",
                            );
                        });
                    }
                });
            });
        }
    }
}

fn day_of<'n>(node: &'n Node<'n>, name: &str) -> Option<(&'n Node<'n>, Day)> {
    let node = node.get(name)?;
    Some((node, day::read(node.text()?).day()?))
}

/// Whether it is a month or year, which begins before much of what is in it.
fn is_rough(node: &Node<'_>) -> bool {
    node.text().is_some_and(|text| text.len() < 10)
}

fn individual<'c>(context: &mut Context<'c>, root: &'c Node<'c>) {
    if !root.get("recipientIndividual").is_some_and(Node::is_object) {
        return;
    }
    if let Some(node) = root.get("deiDetails").filter(|node| !matches!(node.value, Value::Null)) {
        context.within(Step::Name("deiDetails"), |context| {
            context.add(
                &INDIVIDUAL_DEI,
                node.at,
                "the recipient is a person, and could be known by it",
                "take deiDetails out of this grant",
            );
        });
    }
    for (at, location) in root.list_of("beneficiaryLocation").iter().enumerate() {
        let Some(node) = location.get("geoCode").filter(|node| node.text().is_some_and(is_postcode)) else { continue };
        context.within(Step::Name("beneficiaryLocation"), |context| {
            context.within(Step::Item(at), |context| {
                context.within(Step::Name("geoCode"), |context| {
                    context.add(
                        &POSTCODE,
                        node.at,
                        "a postcode can show where a person lives",
                        "give the code of the ward or council instead",
                    );
                });
            });
        });
    }
}
