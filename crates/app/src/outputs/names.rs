//! Names and other details by which somebody could be told apart, found before anything is published.

use std::collections::BTreeMap;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{appointment, organisation, partner, person, place};

use super::Output;
use super::consents::{Quoted, Stands};
use crate::ground::Cx;

/// Something in the text that tells who or where somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flag {
    pub text: String,
    pub what: &'static str,
    pub times: usize,
}

/// The shortest part of a name that is looked for on its own.
const SHORTEST: usize = 3;

/// Everything in an output that may tell who somebody is.
pub(super) async fn flags(cx: &Cx, output: &Output, quoted: &[Quoted]) -> Result<Vec<Flag>, Fault> {
    let mut texts = vec![output.entry.title.as_str(), output.row.summary.as_str(), output.entry.text.as_str()];
    texts.extend(
        quoted
            .iter()
            .filter(|q| q.stands == Stands::Agreed || q.own && !matches!(q.stands, Stands::Unused | Stands::TakenBack))
            .flat_map(|q| [q.row.words.as_str(), q.row.attribution.as_str()]),
    );
    let text = texts.join("\n\n");
    let mut known: BTreeMap<String, &'static str> = BTreeMap::new();
    let about = output.about();
    for (id, name) in places(cx, output).await? {
        if !about.contains(&id) {
            known.insert(name, "a place that it is not said to be about");
        }
    }
    for name in organisations(cx, output).await? {
        known.insert(name, "an organisation of this programme");
    }
    for name in people(cx, output).await? {
        for part in parts_of(&name) {
            known.entry(part).or_insert("part of the name of somebody in this programme");
        }
        known.insert(name, "somebody in this programme");
    }
    let mut found: Vec<Flag> = known
        .into_iter()
        .map(|(name, what)| Flag { times: places_of(&text, &name).len(), text: name, what })
        .filter(|flag| flag.times > 0)
        .collect();
    found.extend(contacts(&text));
    found.extend(postcodes(&text));
    found.extend(titled(&text));
    // A part of a name that was found whole says nothing more.
    let whole: Vec<String> = found.iter().filter(|f| !f.what.starts_with("part of")).map(|f| f.text.clone()).collect();
    found.retain(|f| !f.what.starts_with("part of") || !whole.iter().any(|w| w.contains(&f.text) && w != &f.text));
    Ok(found)
}

/// First and last names, of a name that is written like one.
fn parts_of(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let like_a_name = (2..=4).contains(&words.len()) && words.iter().all(|w| w.chars().next().is_some_and(char::is_uppercase));
    let long = |w: &&&str| w.chars().count() >= SHORTEST && w.chars().all(|c| c.is_alphabetic() || c == '-' || c == '’');
    if like_a_name { words.iter().filter(long).map(|w| (*w).to_string()).collect() } else { Vec::new() }
}

/// Where a name stands in a text as words of their own.
fn places_of(text: &str, name: &str) -> Vec<usize> {
    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    let whole = |at: &usize| edge(text[..*at].chars().next_back()) && edge(text[at + name.len()..].chars().next());
    if name.is_empty() { Vec::new() } else { text.match_indices(name).map(|(at, _)| at).filter(whole).collect() }
}

/// The text with a name replaced wherever it stands as words of its own, and how often that was.
pub(super) fn replaced(text: &str, name: &str, by: &str) -> (String, usize) {
    let found = places_of(text, name);
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for at in &found {
        // Of names that overlap, the first is replaced.
        if *at >= from {
            out.push_str(&text[from..*at]);
            out.push_str(by);
            from = at + name.len();
        }
    }
    out.push_str(&text[from..]);
    (out, found.len())
}

/// Addresses of mail and numbers of telephones.
fn contacts(text: &str) -> Vec<Flag> {
    let mut found: BTreeMap<String, (&'static str, usize)> = BTreeMap::new();
    let trim = |c: char| !(c.is_alphanumeric() || matches!(c, '+' | '@' | '.' | '_' | '-'));
    for word in text.split_whitespace().map(|w| w.trim_matches(trim).trim_end_matches('.')) {
        let mail = word.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.'));
        if mail {
            found.entry(word.to_string()).or_insert(("an address of mail", 0)).1 += 1;
        }
    }
    let mut digits = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' | '+' => digits.push(c),
            ' ' | '-' | '(' | ')' if !digits.is_empty() => digits.push(c),
            _ => {
                let number = digits.trim_matches([' ', '-', '(', ')']).to_string();
                let many = number.chars().filter(char::is_ascii_digit).count();
                if (9..=15).contains(&many) && number.starts_with(['0', '+']) {
                    found.entry(number).or_insert(("a telephone number", 0)).1 += 1;
                }
                digits.clear();
            }
        }
    }
    found.into_iter().map(|(text, (what, times))| Flag { text, what, times }).collect()
}

/// Postcodes of the United Kingdom, by the shapes that BS 7666 gives them: an outward part of two to four signs, and an inward one
/// of a digit and two letters.
fn postcodes(text: &str) -> Vec<Flag> {
    let upper = |part: &str, shape: &str| {
        part.len() == shape.len()
            && part.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'A' { c.is_ascii_uppercase() } else { c.is_ascii_digit() })
    };
    let outward = |part: &str| ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].iter().any(|shape| upper(part, shape));
    let inward = |part: &str| upper(part, "9AA");
    let words: Vec<&str> = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_ascii_alphanumeric())).collect();
    let apart = words.windows(2).filter(|two| outward(two[0]) && inward(two[1])).map(|two| two.join(" "));
    let joined = words.iter().filter(|w| w.is_ascii() && w.len() > 4 && outward(&w[..w.len() - 3]) && inward(&w[w.len() - 3..]));
    counted(apart.chain(joined.map(|w| (*w).to_string())), "a postcode")
}

/// Names that follow a title, also of people whom the programme does not know.
fn titled(text: &str) -> Vec<Flag> {
    const TITLES: [&str; 10] = ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Councillor", "Cllr"];
    let name = |word: &str| word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1;
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = words
        .iter()
        .enumerate()
        .filter(|(_, w)| TITLES.contains(&w.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end_matches('.')));
    let named = found.filter_map(|(at, title)| {
        let mut said = vec![title.trim_start_matches(|c: char| !c.is_alphabetic())];
        for word in words.iter().skip(at + 1).take(3).take_while(|w| name(w)) {
            let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            said.push(bare.strip_suffix("’s").unwrap_or(bare));
            if bare.len() < word.len() {
                break;
            }
        }
        (said.len() > 1).then(|| said.join(" "))
    });
    counted(named, "a name after a title")
}

fn counted(found: impl Iterator<Item = String>, what: &'static str) -> Vec<Flag> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    found.for_each(|text| *times.entry(text).or_default() += 1);
    times.into_iter().map(|(text, times)| Flag { text, what, times }).collect()
}

async fn places(cx: &Cx, output: &Output) -> Result<Vec<(tables::PlaceId, String)>, Fault> {
    place::Entity::find()
        .select_only()
        .columns([place::Column::Id, place::Column::Name])
        .filter(place::COLUMN.programme_id.eq(output.programme.id))
        .order_by_asc(place::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list places"))
}

async fn organisations(cx: &Cx, output: &Output) -> Result<Vec<String>, Fault> {
    let link =
        partner::Entity::belongs_to(organisation::Entity).from(partner::Column::OrganisationId).to(organisation::Column::Id);
    partner::Entity::find()
        .select_only()
        .column(organisation::Column::Name)
        .distinct()
        .join(JoinType::InnerJoin, link.into())
        .filter(partner::COLUMN.programme_id.eq(output.programme.id))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list organisations"))
}

/// Everybody who ever held a role in the programme.
async fn people(cx: &Cx, output: &Output) -> Result<Vec<String>, Fault> {
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    appointment::Entity::find()
        .select_only()
        .column(person::Column::Name)
        .distinct()
        .join(JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(output.programme.id))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list people"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_wherever_it_stands_on_its_own() {
        let (text, times) = replaced("Ana, Anabel and Ana’s dog: “Ana”.", "Ana", "a parent");
        assert_eq!((text.as_str(), times), ("a parent, Anabel and a parent’s dog: “a parent”.", 3));
        assert_eq!(replaced("nothing", "", "x"), ("nothing".into(), 0));
    }

    #[test]
    fn only_names_fall_into_parts() {
        assert_eq!(parts_of("Ana Ortiz-Bell"), ["Ana", "Ortiz-Bell"]);
        assert!(parts_of("Project lead, Riverside").is_empty());
        assert!(parts_of("Al").is_empty());
    }

    #[test]
    fn postcodes_and_names_after_titles_are_found() {
        let found = |flags: Vec<Flag>| flags.into_iter().map(|f| (f.text, f.times)).collect::<Vec<_>>();
        let text = "We met at SW1A 1AA, near M1 2AB (not B 12 or 3AB alone); again in EC1A1BB. É1 1AA is none.";
        let one = |text: &str| (text.to_string(), 1);
        assert_eq!(found(postcodes(text)), [one("EC1A1BB"), one("M1 2AB"), one("SW1A 1AA")]);
        let text = "Ms Joan Whitlow’s neighbour, “Dr. Patel”, said no. Mr and Mrs Long agreed. Miss out nobody, Mr.";
        assert_eq!(found(titled(text)), [one("Dr. Patel"), one("Mrs Long"), one("Ms Joan Whitlow")]);
    }

    #[test]
    fn addresses_and_numbers_are_found() {
        let found: Vec<String> = contacts("Write to ana@example.org. Or call (01632) 960 123, not 2021-2024 or 12.")
            .into_iter()
            .map(|f| f.text)
            .collect();
        assert_eq!(found, ["01632) 960 123", "ana@example.org"]);
    }
}
