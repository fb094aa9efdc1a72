//! A file of grants, read for the pages: of each grant what is shown and searched, or what is wrong with it, and where.

use std::collections::HashMap;

use facets::{Builder, Built, CURRENCY, LISTS, Record};
use kernel::Day;
use store::search::{fold, folded, stems};
use tables::{PortfolioId, Uuid, published_grant};
use threesixty::{Grant, Node, Note, Place, Sink, Stop};
use tokio::sync::mpsc::Sender;

/// What a grant has several of, as lists to narrow by.
pub(super) const FUNDER: usize = 0;
pub(super) const PROGRAMME: usize = 1;
pub(super) const AREA: usize = 2;

/// What is handed on while a file is read. Numbers of grants are their places in the segment that ends next.
pub(super) enum Message {
    Again,
    Grants(Vec<published_grant::Model>),
    Segment(Built),
}

/// What was seen of a file that was read to its end.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub grants: u64,
    /// Amounts that are no whole number of hundredths.
    pub rounded: u64,
    pub wrong: Wrong,
    pub remarks: Vec<String>,
    pub publisher: Option<String>,
    pub title: Option<String>,
    pub licence: Option<String>,
    pub address: Option<String>,
}

/// Why a file is not taken: the first hundred reasons, each with its place, and how many more there are.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub told: Vec<String>,
    pub more: u64,
}

impl Wrong {
    pub(super) fn add(&mut self, what: impl FnOnce() -> String) {
        if self.told.len() < 100 { self.told.push(what()) } else { self.more += 1 }
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }
}

/// So many grants are written at a time.
const AT_A_TIME: usize = 2_000;
/// The most that a grant is worth, in hundredths: a hundred thousand million.
const MOST: i64 = 10_000_000_000_000;
/// A text that stands in a list is no longer than this.
const LONG: usize = 2_000;

/// Takes a file's grants and hands them on.
pub(super) struct Taking {
    to: Sender<Message>,
    grants: Vec<published_grant::Model>,
    builder: Builder,
    stems: HashMap<String, String>,
    pub seen: Seen,
}

impl Taking {
    pub fn new(to: Sender<Message>) -> Self {
        Self { to, grants: Vec::new(), builder: Builder::default(), stems: HashMap::new(), seen: Seen::default() }
    }

    fn send(&self, message: Message) -> Result<(), Stop> {
        self.to.blocking_send(message).map_err(|_| Stop::Unreadable("it was read no further".into()))
    }

    fn hand_on(&mut self) -> Result<(), Stop> {
        let grants = std::mem::take(&mut self.grants);
        if grants.is_empty() { Ok(()) } else { self.send(Message::Grants(grants)) }
    }

    fn end_segment(&mut self) -> Result<(), Stop> {
        self.hand_on()?;
        if self.builder.is_empty() {
            return Ok(());
        }
        let built = self.builder.finish();
        self.send(Message::Segment(built))
    }

    /// Hands on the rest.
    pub fn finish(mut self) -> Result<Seen, Stop> {
        if self.seen.wrong.is_empty() {
            self.end_segment()?;
        }
        Ok(self.seen)
    }

    fn take(&mut self, own: Own) -> Result<(), Stop> {
        let Own { mut row, lists, text, year } = own;
        let days = row.awarded_on.days_since(Day::new(1900, 1, 1).unwrap_or(row.awarded_on));
        let words = fold(&text);
        for word in &words {
            if !self.stems.contains_key(word) {
                let stem = stems(std::slice::from_ref(word)).pop().unwrap_or_default();
                self.stems.insert(word.clone(), stem);
            }
        }
        let known = words.iter().filter_map(|word| self.stems.get(word)).map(String::as_str).filter(|stem| !stem.is_empty());
        let record = Record {
            lists: std::array::from_fn(|list| lists[list].iter().map(|(k, n)| (k.as_str(), n.as_str())).collect()),
            day: i32::try_from(days).unwrap_or(0),
            year,
            amount: row.amount,
        };
        row.number = self.builder.add(&record, known).map_or(0, i64::from);
        self.grants.push(row);
        // Names and numbers come once: they are not kept for ever.
        if self.stems.len() > 200_000 {
            self.stems.clear();
        }
        if self.builder.is_full() {
            return self.end_segment();
        }
        if self.grants.len() >= AT_A_TIME { self.hand_on() } else { Ok(()) }
    }
}

impl Sink for Taking {
    fn again(&mut self) -> Result<(), Stop> {
        *self = Self::new(self.to.clone());
        self.send(Message::Again)
    }

    fn field(&mut self, name: &str, node: &Node<'_>, _line: u64) -> Result<(), Stop> {
        let text = |node: &Node<'_>| node.text().map(|text| clean(text, LONG)).filter(|text| !text.is_empty());
        match name {
            "title" => self.seen.title = text(node),
            "license" => self.seen.licence = text(node),
            "downloadURL" => self.seen.address = text(node),
            "publisher" => self.seen.publisher = node.get("name").and_then(text),
            _ => {}
        }
        Ok(())
    }

    fn grants_begin(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        self.seen.grants += 1;
        for note in grant.notes {
            if note.mild {
                self.remark(grant.place(note.at), &note.what);
            } else {
                self.seen.wrong.add(|| said(grant, &grant.place(note.at), &note.what, &note.fix));
            }
        }
        match Own::of(grant) {
            Ok(_) if !self.seen.wrong.is_empty() => Ok(()),
            Ok((own, same)) => {
                self.seen.rounded += u64::from(!same);
                if self.seen.publisher.is_none() {
                    self.seen.publisher = Some(own.row.funder.clone());
                }
                self.take(own)
            }
            Err(problems) => {
                for (place, Note { what, fix, .. }) in problems {
                    self.seen.wrong.add(|| said(grant, &place, &what, &fix));
                }
                Ok(())
            }
        }
    }

    fn wrong(&mut self, place: Place, what: &str, fix: &str) {
        self.seen.wrong.add(|| format!("{}{what}; {fix}", before(&place)));
    }

    fn remark(&mut self, place: Place, what: &str) {
        if self.seen.remarks.len() < 100 {
            self.seen.remarks.push(format!("{}{what}", before(&place)));
        }
    }
}

fn before(place: &Place) -> String {
    let shown = place.to_string();
    if shown.is_empty() { shown } else { format!("{shown}: ") }
}

fn said(grant: &Grant<'_>, place: &Place, what: &str, fix: &str) -> String {
    let id = grant.id().map(|id| format!(" ({})", id.escape_debug())).unwrap_or_default();
    format!("{}grant {}{id}: {what}; {fix}", before(place), grant.number)
}

/// A text for one line: without signs that nobody sees, and not longer than so many letters.
fn clean(text: &str, longest: usize) -> String {
    let plain: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(longest).collect();
    plain.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

type Lists = [Vec<(String, String)>; LISTS];

/// A grant that can be taken.
struct Own {
    row: published_grant::Model,
    lists: Lists,
    /// All that it is found by.
    text: String,
    year: u16,
}

/// Collects what is wrong with a grant.
struct Look<'g> {
    grant: &'g Grant<'g>,
    wrong: Vec<(Place, Note)>,
}

impl<'g> Look<'g> {
    fn wrong(&mut self, place: Place, what: impl Into<String>, fix: &str) {
        let note = Note { at: self.grant.root.at, what: what.into(), fix: fix.to_owned(), mild: false };
        self.wrong.push((place, note));
    }

    /// A text that has to be there.
    fn text(&mut self, name: &str, what: &str, fix: &str) -> String {
        match self.grant.root.get(name) {
            Some(node) if node.text().is_none() => self.wrong(self.grant.place(node.at), format!("{what} is no text"), fix),
            _ => {}
        }
        match self.grant.root.text_of(name) {
            Some(text) => clean(text, LONG),
            None if self.grant.root.get(name).is_some_and(|node| node.text().is_none()) => String::new(),
            None => {
                self.wrong(self.grant.place_of_missing(&[name]), format!("{what} is missing"), fix);
                String::new()
            }
        }
    }

    fn amount(&mut self) -> (i64, bool) {
        const NAME: &str = "amountAwarded";
        let Some(node) = self.grant.root.get(NAME) else {
            self.wrong(self.grant.place_of_missing(&[NAME]), "the amount awarded is missing", "write it as a number, like 50000");
            return (0, true);
        };
        let place = self.grant.place(node.at);
        let shown = node.text().or(node.number()).map(|text| clean(text, 40)).unwrap_or_default();
        match (node.hundredths(), node.number().is_some_and(|number| number.starts_with('-'))) {
            (Some((amount, _)), _) if amount < 0 => {
                self.wrong(place, format!("{shown} is less than nothing"), "write what was awarded; what came back is no award");
            }
            (Some((amount, same)), _) if amount <= MOST => return (amount, same),
            (None, false) if node.number().is_none() => {
                self.wrong(place, format!("‘{shown}’ is not an amount"), "write a number alone, like 50000");
            }
            _ => self.wrong(
                place,
                format!("{shown} is more than any grant"),
                "write the amount in pounds, or in the grant's currency",
            ),
        }
        (0, true)
    }

    fn day(&mut self) -> Option<Day> {
        const FIX: &str = "write the day as 2026-03-27";
        let text = self.text("awardDate", "the award date", FIX);
        if text.is_empty() {
            return None;
        }
        let place = self.grant.root.get("awardDate").map(|node| self.grant.place(node.at)).unwrap_or_default();
        let Some(day) = threesixty::Day::of(&text) else {
            self.wrong(place, format!("‘{}’ is no day as the standard writes it", clean(&text, 40)), FIX);
            return None;
        };
        if !(1900..=2100).contains(&day.year()) {
            self.wrong(place, format!("the award date is in the year {}", day.year()), "write a day from 1900 to 2100");
            return None;
        }
        Day::new(day.year().into(), day.month().into(), day.day_of_month().into()).ok()
    }

    fn currency(&mut self) -> String {
        const FIX: &str = "write its three capital letters, like GBP";
        let text = self.text("currency", "the currency", FIX);
        let known = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
        if !known && !text.is_empty() {
            let place = self.grant.root.get("currency").map(|node| self.grant.place(node.at)).unwrap_or_default();
            self.wrong(place, format!("‘{}’ is no currency", clean(&text, 40)), FIX);
        }
        text
    }
}

impl Own {
    /// What is taken of a grant, and whether its amount is the very same.
    fn of(grant: &Grant<'_>) -> Result<(Self, bool), Vec<(Place, Note)>> {
        let mut look = Look { grant, wrong: Vec::new() };
        let grant_id = look.text("id", "the identifier", "write the one that the publisher gave it");
        let title = look.text("title", "the title", "say in a few words what the grant is for");
        let (currency, (amount, same), day) = (look.currency(), look.amount(), look.day());
        let funders = organisations(grant.root, "fundingOrganization");
        if funders.is_empty() {
            let place = grant.place_of_missing(&["fundingOrganization", "name"]);
            look.wrong(place, "nobody is named who funds it", "write the funder's identifier and name");
        }
        let awarded_on = match day {
            Some(day) if look.wrong.is_empty() => day,
            _ => return Err(look.wrong),
        };
        let mut recipients = organisations(grant.root, "recipientOrganization");
        if recipients.is_empty() {
            recipients.extend(grant.root.get("recipientIndividual").and_then(organisation));
        }
        let (programmes, areas) = (programmes(grant.root), areas(grant.root));
        let joined = |all: &[(String, String)]| all.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("; ");
        let some = |text: String| (!text.is_empty()).then_some(text);
        let (funder, recipient, programme, area) = (joined(&funders), joined(&recipients), joined(&programmes), joined(&areas));
        let description = grant.root.text_of("description").unwrap_or_default();
        let ids = [&funders, &recipients].into_iter().flatten().map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(" ");
        let text = [&title, description, &funder, &recipient, &programme, &area, &grant_id, &ids].join(" ");
        let row = published_grant::Model {
            number: 0,
            portfolio_id: PortfolioId(Uuid::nil()),
            place: grant.place(grant.root.get("id").map_or(grant.root.at, |id| id.at)).to_string(),
            grant_id,
            title,
            funder_id: funders.first().map(|(id, _)| id.clone()).unwrap_or_default(),
            funder,
            recipient_id: recipients.first().map(|(id, _)| id.clone()),
            recipient,
            programme: some(programme),
            area: some(area),
            amount,
            currency: currency.clone(),
            awarded_on,
            document: grant.root.json(),
        };
        let mut lists = Lists::default();
        lists[FUNDER] = funders;
        lists[PROGRAMME] = programmes;
        lists[AREA] = areas;
        lists[CURRENCY] = vec![(currency.clone(), currency)];
        let year = u16::try_from(awarded_on.year()).unwrap_or(1900);
        Ok((Self { row, lists, text, year }, same))
    }
}

fn organisations(root: &Node<'_>, name: &str) -> Vec<(String, String)> {
    root.list_of(name).iter().filter_map(organisation).collect()
}

/// Its identifier and name, or whichever of the two it has.
fn organisation(node: &Node<'_>) -> Option<(String, String)> {
    let part = |name| node.text_of(name).map(|text| clean(text, LONG)).filter(|text| !text.is_empty());
    let (id, name) = (part("id"), part("name"));
    let key = id.clone().or_else(|| name.as_deref().map(folded))?;
    Some((key, name.or(id)?))
}

fn programmes(root: &Node<'_>) -> Vec<(String, String)> {
    let named = |node: &Node<'_>| {
        let name = node.text_of("title").or_else(|| node.text_of("code")).map(|text| clean(text, LONG))?;
        Some((folded(&name), name)).filter(|(key, _)| !key.is_empty())
    };
    root.list_of("grantProgramme").iter().filter_map(named).collect()
}

/// Where a grant is for; where that is not said, where those are who received it.
fn areas(root: &Node<'_>) -> Vec<(String, String)> {
    let located = |node: &Node<'_>| {
        let part = |name| node.text_of(name).map(|text| clean(text, 200)).filter(|text| !text.is_empty());
        let (code, name) = (part("geoCode"), part("name"));
        let key = code.clone().or_else(|| name.as_deref().map(folded)).filter(|key| !key.is_empty())?;
        Some((key, name.or(code)?))
    };
    let own: Vec<(String, String)> = root.list_of("beneficiaryLocation").iter().filter_map(located).collect();
    if !own.is_empty() {
        return own;
    }
    let recipients = root.list_of("recipientOrganization");
    let theirs: Vec<(String, String)> = recipients.iter().flat_map(|r| r.list_of("location")).filter_map(located).collect();
    if !theirs.is_empty() {
        return theirs;
    }
    let town = |node: &Node<'_>| {
        let name = clean(node.text_of("addressLocality")?, 200);
        Some((folded(&name), name)).filter(|(key, _)| !key.is_empty())
    };
    recipients.iter().filter_map(town).collect()
}
