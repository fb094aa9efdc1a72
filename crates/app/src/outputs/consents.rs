//! Who agreed to what would be published, and who does so now. A consent is to words: whoever said yes to some has said
//! nothing of others, and one that was taken back shows nothing any more, wherever it was published.

use std::collections::HashSet;

use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{ConsentId, EntryId, MarkId, PersonId, PlaceId, consent, quotation};

use super::piece::{self, Shown};
use super::{Output, about};
use crate::ground::{Cx, Stop};
use crate::learning;

pub(super) const YES: &str = "yes";
pub(super) const CHANGED: &str = "changed";
pub(super) const NO: &str = "no";
/// The act as the journal calls it: not even there does it say that somebody is quoted.
pub(super) const ACT: &str = "say how one sees an entry";

/// What stands in the consent's row: whose it is, and to what.
pub(crate) fn side(of: impl std::fmt::Display, hash: &str) -> String {
    format!("{of}/{hash}")
}

/// The consents of an output that stand, and what was said to what is asked now.
#[derive(Debug, Default)]
pub(super) struct Consents(Vec<consent::Model>);

impl Consents {
    pub async fn of(db: &impl ConnectionTrait, entry: EntryId) -> Result<Self, Fault> {
        let found = consent::Entity::find()
            .filter(consent::COLUMN.entry_id.eq(entry))
            .filter(consent::COLUMN.replaced_at.is_null())
            .order_by_asc(consent::Column::Id);
        Ok(Self(found.all(db).await.map_err(fault("list consents"))?))
    }

    /// What was said of these words.
    pub fn said(&self, of: impl std::fmt::Display, hash: &str) -> Option<&consent::Model> {
        let side = side(of, hash);
        self.0.iter().find(|c| c.side == side)
    }
    pub fn agreed(&self, of: impl std::fmt::Display, hash: &str) -> bool {
        self.said(of, hash).is_some_and(|c| c.answer == YES)
    }
    /// What one of them said last, of whatever words.
    pub fn last_of(&self, of: impl std::fmt::Display) -> Option<&consent::Model> {
        self.all_of(of).max_by_key(|c| (c.given_at, c.id))
    }
    /// Places that have not agreed to what they were asked last: they stay among those who are asked.
    fn objecting(&self) -> Vec<PlaceId> {
        let mut all: Vec<PlaceId> = self.0.iter().filter_map(|c| c.side.split_once('/')?.0.parse().ok()).collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|place| self.last_of(place).is_some_and(|c| c.answer != YES));
        all
    }
    /// Everything that one of them has said and that stands.
    pub fn all_of(&self, of: impl std::fmt::Display) -> impl Iterator<Item = &consent::Model> {
        let start = side(of, "");
        self.0.iter().filter(move |c| c.side.starts_with(&start))
    }
}

/// How a quotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// It is not in the text.
    Unused,
    Waiting,
    Agreed,
    /// They agree if it is changed.
    Changed,
    Refused,
    TakenBack,
}

impl Stands {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unused => "not in the text",
            Self::Waiting => "not answered yet",
            Self::Agreed => "agreed",
            Self::Changed => "agreed if it is changed",
            Self::Refused => "not agreed",
            Self::TakenBack => "taken back",
        }
    }
}

/// A quotation of an output, as it stands for whoever looks.
#[derive(Debug, Clone)]
pub(super) struct Quoted {
    pub row: quotation::Model,
    pub hash: String,
    pub stands: Stands,
    /// What its person said of it.
    pub said: Option<consent::Model>,
    /// What they said last of other words, where they have said nothing of these.
    pub before: Option<consent::Model>,
    /// The viewer may read where it is from, or is the one who is asked.
    pub own: bool,
}

impl Quoted {
    /// What stands in its place for whoever looks.
    pub fn shown(&self) -> Shown {
        match self.stands {
            Stands::TakenBack => Shown::Instead(TAKEN_BACK),
            Stands::Agreed => self.words(),
            _ if self.own => self.words(),
            _ => Shown::Instead(ASKED),
        }
    }
    fn words(&self) -> Shown {
        Shown::Words { words: self.row.words.clone(), attribution: self.row.attribution.clone() }
    }
}

pub(super) const TAKEN_BACK: &str = "A quotation stood here. Whoever said it has taken it back.";
const ASKED: &str = "A quotation stands here that you may not read before whoever said it agrees.";
const NONE: &str = "There is no such quotation.";

/// The quotations of an output that were not removed, by their numbers.
pub(super) async fn quoted(cx: &Cx, output: &Output) -> Result<Vec<Quoted>, Fault> {
    let consents = Consents::of(cx.read(), output.entry.id).await?;
    let rows = rows(cx.read(), output.entry.id).await?;
    let marks = rows.iter().map(|q| q.mark_id).collect();
    let seen: HashSet<MarkId> = learning::seen(cx, &output.programme, marks).await?;
    let me = cx.viewer().person();
    let own = |q: &quotation::Model| seen.contains(&q.mark_id) || me == Some(q.person_id);
    Ok(standing(output, rows, &consents, own))
}

pub(super) async fn rows(db: &impl ConnectionTrait, entry: EntryId) -> Result<Vec<quotation::Model>, Fault> {
    let found = quotation::Entity::find()
        .filter(quotation::COLUMN.entry_id.eq(entry))
        .filter(quotation::COLUMN.removed_at.is_null())
        .order_by_asc(quotation::Column::Number)
        .order_by_asc(quotation::Column::Id);
    found.all(db).await.map_err(fault("list quotations"))
}

/// How quotations stand by what was said of them.
pub(super) fn standing(
    output: &Output,
    rows: Vec<quotation::Model>,
    consents: &Consents,
    own: impl Fn(&quotation::Model) -> bool,
) -> Vec<Quoted> {
    let used = piece::numbers(&output.entry.text);
    let one = |row: quotation::Model| {
        let (entry, own) = (&output.entry, own(&row));
        let hash = piece::hash_of_quotation(&entry.title, &entry.text, row.number, &row.words, &row.attribution);
        let said = consents.said(row.id, &hash).cloned();
        let stands = match &said {
            _ if row.taken_back_at.is_some() => Stands::TakenBack,
            _ if !used.contains(&row.number) => Stands::Unused,
            None => Stands::Waiting,
            Some(c) if c.answer == YES => Stands::Agreed,
            Some(c) if c.answer == CHANGED => Stands::Changed,
            Some(_) => Stands::Refused,
        };
        let before = if said.is_none() { consents.last_of(row.id).cloned() } else { None };
        Quoted { row, hash, stands, said, before, own }
    };
    rows.into_iter().map(one).collect()
}

/// What stands for a number in the text.
pub(super) fn shown(quoted: &[Quoted], number: i32) -> Shown {
    quoted.iter().find(|q| q.row.number == number).map_or(Shown::Instead(NONE), Quoted::shown)
}

/// Every place that has to sign off: those that the output is about, those that are quoted in it, and those that have objected,
/// whatever it is said to be about since.
pub(super) fn places(output: &Output, quoted: &[Quoted], consents: &Consents) -> Vec<PlaceId> {
    let mut all = about(&output.row, &output.entry);
    let said = quoted.iter().filter(|q| q.stands != Stands::Unused).filter_map(|q| q.row.place_id);
    for place in said.chain(consents.objecting()) {
        if !all.contains(&place) {
            all.push(place);
        }
    }
    if output.rule.signed_by.is_empty() { Vec::new() } else { all }
}

/// What a place signs off.
pub(super) fn hash_of_all(output: &Output, quoted: &[Quoted]) -> String {
    let all: Vec<piece::Said<'_>> = quoted.iter().map(|q| piece::Said::of(&q.row)).collect();
    piece::hash_of_all(output.text(), &all)
}

/// Somebody says how they see what would be published.
pub(super) struct Saying<'a> {
    pub output: &'a Output,
    /// The quotation or the place.
    pub of: String,
    pub hash: &'a str,
    pub role: String,
    pub answer: &'a str,
    pub why: String,
}

/// Puts an answer in the place of the one that was given to the same words.
pub(super) async fn say(write: &mut Write, saying: Saying<'_>, person_id: PersonId) -> Result<(), Stop> {
    let before = Consents::of(write.tx(), saying.output.entry.id).await?;
    if let Some(before) = before.said(&saying.of, saying.hash) {
        if before.answer == saying.answer && before.why == saying.why {
            return Ok(());
        }
        let replaced_at = Some(write.at());
        write.replace(before, consent::Model { replaced_at, ..before.clone() }).await?;
    }
    let row = consent::Model {
        id: ConsentId(write.id()),
        programme_id: saying.output.programme.id,
        agreement_id: None,
        proposal_id: None,
        entry_id: Some(saying.output.entry.id),
        side: side(&saying.of, saying.hash),
        person_id,
        role: saying.role,
        hash: saying.hash.to_string(),
        given_at: write.at(),
        answer: saying.answer.to_string(),
        why: saying.why,
        replaced_at: None,
    };
    write.insert(row).await?;
    Ok(())
}
