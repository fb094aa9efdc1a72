//! The rules of the standard's schema: what has to be there, of what kind, and in what form.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use super::context::{Context, Step};
use super::report::{Extra, Found, Level};
use super::uri::is_uri;
use crate::day::{self, Written};
use crate::schema::{Field, GRANT, Kind, Rule, Shape};
use crate::value::{Node, Value};
use crate::{codes, number};

const fn error(check: &'static str, title: &'static str) -> Found {
    Found { level: Level::Error, critical: true, check, title }
}

pub(crate) static PACKAGE_SHAPE: Found = error("package", "The file is no package of grants");
pub(crate) static EMPTY: Found = error("no-grants", "There is no grant");
pub(crate) static TABLE: Found = error("cell", "Something cannot be read as it stands");
pub(crate) static TYPE: Found = error("type", "Something is of the wrong kind");
pub(crate) static REQUIRED: Found = error("required", "Something required is missing");
pub(crate) static RECIPIENT: Found = error("recipient", "A grant has not exactly one kind of recipient");
pub(crate) static FORMAT: Found = error("format", "Something is not in the form it has to have");
pub(crate) static CODE: Found = error("code", "A code is not on its list");
pub(crate) static LEAST: Found = error("minimum", "A number is too small");
pub(crate) static FILLED: Found = error("empty", "A list is empty that has to hold something");
pub(crate) static SAME_ID: Found = error("same-id", "Several grants have the same id");
static SAME: Found = error("same", "Something stands twice in a list");
static CODELIST: Found = Found {
    level: Level::Codelist,
    critical: false,
    check: "codelist",
    title: "A code is not on the list that the standard gives",
};

/// A grant by all rules of the schema.
pub(crate) fn grant<'c>(context: &mut Context<'c>, root: &'c Node<'c>, extras: &mut Extras) {
    if !root.is_object() {
        context.add_with(&TYPE, root.at, || {
            (format!("a grant is {} here", a_kind(root)), "a grant is an object: fields in { }".to_owned())
        });
        return;
    }
    object(context, &GRANT, root, extras);
    match (root.get("recipientOrganization"), root.get("recipientIndividual")) {
        (None, None) => context.missing(&REQUIRED, root.at, "recipientOrganization", || {
            let fix =
                "give the organisation (recipientOrganization, with Identifier and Name), or for a person recipientIndividual";
            ("there is no recipient".to_owned(), fix.to_owned())
        }),
        (Some(node), Some(_)) => {
            context.add(
                &RECIPIENT,
                node.at,
                "the recipient is an organisation and a person",
                "keep recipientOrganization or recipientIndividual",
            );
        }
        _ => {}
    }
}

fn object<'c>(context: &mut Context<'c>, shape: &'static Shape, node: &'c Node<'c>, extras: &mut Extras) {
    let Value::Object(fields) = &node.value else { return };
    let mut found = 0_u32;
    for (name, inner) in fields {
        match shape.place_of(name) {
            Some(at) => {
                found |= 1_u32.checked_shl(u32::try_from(at).unwrap_or(32)).unwrap_or(0);
                if let Some(own) = shape.fields.get(at) {
                    field(context, own, inner, extras);
                }
            }
            None => extras.add(context, name, inner),
        }
    }
    for name in shape.required {
        let Some(at) = shape.place_of(name) else { continue };
        if found & 1_u32.checked_shl(u32::try_from(at).unwrap_or(32)).unwrap_or(0) != 0 {
            continue;
        }
        context.missing(&REQUIRED, node.at, name, || {
            let title = shape.fields.get(at).map_or(*name, |field| field.title);
            (format!("‘{title}’ ({name}) is missing"), "give it".to_owned())
        });
    }
}

pub(crate) fn field<'c>(context: &mut Context<'c>, field: &'static Field, node: &'c Node<'c>, extras: &mut Extras) {
    context.within(Step::Name(field.name), |context| match (&node.value, field.kind) {
        (Value::Null, kind) if field.nullable => {
            if kind == Kind::Text(Rule::Country) {
                context.add(&CODE, node.at, "null is no country", "leave the field out where the country is not known");
            }
        }
        (Value::Text(value), Kind::Text(rule)) => text(context, rule, value, node),
        (Value::Number(value), Kind::Number { least }) => {
            if least == Some(0) && number::is_negative(value) {
                context.add_with(&LEAST, node.at, || (format!("{value} is less than nought"), "give nought or more".to_owned()));
            }
        }
        (Value::Object(_), Kind::Object(shape)) => object(context, shape, node, extras),
        (Value::List(items), Kind::List(_) | Kind::Texts(_)) => {
            if items.is_empty() && field.filled {
                context.add(&FILLED, node.at, "the list is empty", "give at least one");
            }
            for (at, item) in items.iter().enumerate() {
                context.within(Step::Item(at), |context| one(context, field.kind, item, extras));
            }
            if field.name == "extensions"
                && (1..items.len()).any(|at| items.iter().take(at).any(|own| items.get(at).is_some_and(|item| own.same(item))))
            {
                context.add(&SAME, node.at, "one extension stands twice", "name each once");
            }
        }
        (_, kind) => wrong_kind(context, kind, node),
    });
}

/// One item of a list.
fn one<'c>(context: &mut Context<'c>, kind: Kind, item: &'c Node<'c>, extras: &mut Extras) {
    match (kind, &item.value) {
        (Kind::List(shape), Value::Object(_)) => object(context, shape, item, extras),
        (Kind::Texts(rule), Value::Text(value)) => text(context, rule, value, item),
        (Kind::List(_), _) => wrong_item(context, item, "an object: fields in { }"),
        _ => wrong_item(context, item, "a text"),
    }
}

fn wrong_item(context: &mut Context<'_>, item: &Node<'_>, right: &str) {
    context.add_with(&TYPE, item.at, || (format!("an item of this list is {}", a_kind(item)), format!("each item is {right}")));
}

fn wrong_kind(context: &mut Context<'_>, kind: Kind, node: &Node<'_>) {
    context.add_with(&TYPE, node.at, || {
        let right = match kind {
            _ if matches!(node.value, Value::Null) => "leave the field out where there is nothing to say".to_owned(),
            Kind::Text(_) if matches!(node.value, Value::Number(_)) => {
                "put the number into quotation marks: it is a text here".to_owned()
            }
            Kind::Text(_) => "give a text".to_owned(),
            Kind::Number { .. } => match as_number(node) {
                Some(number) => format!("write {number}"),
                None => "give a number, without commas, spaces or a currency sign".to_owned(),
            },
            Kind::Object(_) => "give an object, in a table columns such as Recipient Ind:Identifier".to_owned(),
            Kind::List(_) => "give a list of objects, in a table columns such as Planned Dates:Start Date".to_owned(),
            Kind::Texts(_) => "give a list of texts, in a table with semicolons between them".to_owned(),
        };
        (format!("this is {}", a_kind(node)), right)
    });
}

/// The number that a text was meant to be: `£1,250.50`.
fn as_number(node: &Node<'_>) -> Option<String> {
    let text: String =
        node.text()?.trim().trim_start_matches(['£', '€', '$']).chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    number::tidy(&text)
}

fn a_kind(node: &Node<'_>) -> String {
    let short = |text: &str| {
        let mut short: String = text.chars().take(60).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        short
    };
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => format!("the number {}", short(number)),
        Value::Text(text) => format!("the text ‘{}’", short(text)),
        Value::List(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

const DAY: &str = "write the day as 2024-07-24, or with time and zone as 2024-07-24T00:00:00Z";

fn text(context: &mut Context<'_>, rule: Rule, value: &str, node: &Node<'_>) {
    let (found, fix) = match rule {
        Rule::Any => return,
        Rule::Day if matches!(day::read(value), Written::Day(_) | Written::Moment(_)) => return,
        Rule::RoughDay
            if matches!(day::read(value), Written::Year(_) | Written::Month(_) | Written::Day(_) | Written::Moment(_)) =>
        {
            return;
        }
        Rule::Moment if matches!(day::read(value), Written::Moment(_)) => return,
        Rule::Uri if is_uri(value) => return,
        Rule::Version if is_version(value) => return,
        Rule::Currency if codes::is_currency(value) => return,
        Rule::Country if codes::is_country(value) => return,
        Rule::YesNo if matches!(value, "Yes" | "No") => return,
        Rule::GrantReason if codes::is_grant_reason(value) => return,
        Rule::GrantPurpose if codes::is_grant_purpose(value) => return,
        Rule::Regrant if codes::is_regrant_type(value) => return,
        Rule::Scope if codes::is_scope(value) => return,
        Rule::GeoCodeType if codes::is_geo_code_type(value) => return,
        Rule::Day => (&FORMAT, DAY),
        Rule::RoughDay => {
            (&FORMAT, "write the day as 2024-07-24, or where it is not known the month or year alone: 2024-07, 2024")
        }
        Rule::Moment => (&FORMAT, "write day, time and zone as 2024-07-24T09:30:00Z"),
        Rule::Uri => (&FORMAT, "write the whole address, as https://example.org/page, with %20 for a space"),
        Rule::Version => (&FORMAT, "write two numbers with a point between, as 1.4"),
        Rule::Currency => (&CODE, "give the three capital letters of the currency, as GBP"),
        Rule::Country => (&CODE, "give the two capital letters of the country; that of the United Kingdom is GB"),
        Rule::YesNo => (&CODE, "write Yes or No"),
        Rule::GrantReason => (&CODELIST, "give a code from GTIR010 to GTIR120"),
        Rule::GrantPurpose => (&CODELIST, "give codes from GTIP010 to GTIP170"),
        Rule::Regrant => (&CODELIST, "give a code from FRG010 to FRG070"),
        Rule::Scope => (&CODELIST, "give a code from GLS010 to GLS060, or GLS099"),
        Rule::GeoCodeType => (&CODELIST, "give a kind of area such as LONB, UA, MD, NMD, CTY, WD or LSOA"),
    };
    context.add_with(found, node.at, || {
        let what = match rule {
            Rule::Day | Rule::RoughDay | Rule::Moment => "is not written as a day or moment has to be",
            Rule::Uri => "is no web address",
            Rule::Version => "is no version",
            _ => "is not one of the codes",
        };
        let fix = suggestion(rule, value).map_or_else(|| fix.to_owned(), |right| format!("write {right}"));
        (format!("{} {what}", a_kind(node)), fix)
    });
}

/// What was probably meant.
fn suggestion(rule: Rule, value: &str) -> Option<String> {
    match rule {
        Rule::YesNo => match value.trim().to_lowercase().as_str() {
            "y" | "yes" | "true" => Some("Yes".to_owned()),
            "n" | "no" | "false" => Some("No".to_owned()),
            _ => None,
        },
        Rule::Country if value.trim().eq_ignore_ascii_case("uk") => Some("GB".to_owned()),
        Rule::Uri if value.starts_with("www.") && is_uri(&format!("https://{value}")) => Some(format!("https://{value}")),
        Rule::Day | Rule::RoughDay => {
            let (date, _) = value.split_once(' ').unwrap_or((value, ""));
            let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
            let [day, month, year] = parts[..] else { return None };
            let read = crate::Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
            (read.is_some() && year.len() == 4).then(|| format!("{year}-{month:0>2}-{day:0>2}, if that is the day"))
        }
        _ => None,
    }
}

fn is_version(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| digits(major) && digits(minor))
}

/// Fields that are not of the standard, counted.
#[derive(Default)]
pub(crate) struct Extras {
    hashes: RandomState,
    found: HashMap<u64, Extra>,
}

/// So many different ones are told.
const EXTRAS: usize = 1_000;

impl Extras {
    pub fn add(&mut self, context: &Context<'_>, name: &str, node: &Node<'_>) {
        let names = context.names();
        let hash = self.hashes.hash_one((&names, name));
        if let Some(extra) = self.found.get_mut(&hash) {
            extra.count += 1;
        } else if self.found.len() < EXTRAS {
            let mut field: String = names.iter().flat_map(|name| [*name, "/"]).collect();
            field.extend(name.chars().take(200));
            self.found.insert(hash, Extra { field, count: 1, place: context.place(node.at) });
        }
    }

    pub fn finish(self) -> Vec<Extra> {
        let mut found: Vec<Extra> = self.found.into_values().collect();
        found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.field.cmp(&b.field)));
        found
    }
}
