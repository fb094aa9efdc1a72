//! What shows only when the grants of a file are seen together.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;

use super::context::{Context, Step};
use super::report::{Found, Level, Problem, Report};
use super::rules::SAME_ID;
use crate::place::Place;
use crate::value::Node;

const fn accuracy(check: &'static str, critical: bool, title: &'static str) -> Found {
    Found { level: Level::Accuracy, critical, check, title }
}

static SEVERAL_FUNDERS: Found =
    accuracy("MoreThanOneFundingOrg", true, "The file has grants of several funders who never fund together");
static SEVERAL_NAMES: Found = accuracy("MultiFundingNamesForOrgId", false, "A funder has one id and several names");
static SEVERAL_IDS: Found = accuracy("MultiFundingOrgIdsForName", false, "A funder has one name and several ids");

/// Few files have more than one funder; of one that has very many, the first are looked at.
const FUNDERS: usize = 10_000;

#[derive(Default)]
pub(crate) struct Across {
    hashes: RandomState,
    /// Which grant had this id first.
    ids: HashMap<u64, u64>,
    grants: u64,
    funders: Vec<Funder>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<(String, Place)>>,
}

struct Funder {
    id: String,
    names: Vec<(String, Place)>,
    grants: u64,
    /// Another who funded a grant together with this one.
    with: usize,
}

impl Across {
    /// Grants that say that they are the same.
    pub fn ids<'c>(&mut self, context: &mut Context<'c>, root: &'c Node<'c>) {
        self.grants += 1;
        let Some((node, id)) = root.get("id").and_then(|node| Some((node, node.text()?))) else { return };
        match self.ids.entry(self.hashes.hash_one(id)) {
            Entry::Vacant(free) => _ = free.insert(self.grants),
            Entry::Occupied(known) => {
                let first = *known.get();
                context.within(Step::Name("id"), |context| {
                    let fix = "leave one of them out if they are the same grant, or give each an id of its own";
                    context.add_with(&SAME_ID, node.at, || (format!("grant {first} has this id too"), fix.to_owned()));
                });
            }
        }
    }

    fn root_of(&self, mut at: usize) -> usize {
        while let Some(funder) = self.funders.get(at)
            && funder.with != at
        {
            at = funder.with;
        }
        at
    }

    pub fn funders(&mut self, context: &Context<'_>, root: &Node<'_>) {
        let mut first = None;
        for organisation in root.list_of("fundingOrganization") {
            let Some((id, name)) = organisation.text_of("id").map(str::trim).zip(organisation.get("name").or(Some(organisation)))
            else {
                continue;
            };
            let name_text = name.text().map_or("", str::trim);
            let Some(at) = self.funder(id) else { continue };
            match first {
                None => first = Some(self.root_of(at)),
                Some(other) => {
                    let own = self.root_of(at);
                    if let Some(funder) = self.funders.get_mut(own) {
                        funder.with = other;
                    }
                }
            }
            let Some(funder) = self.funders.get_mut(at) else { continue };
            funder.grants += 1;
            if !name_text.is_empty() && funder.names.len() < 20 && !funder.names.iter().any(|(own, _)| own == name_text) {
                let place = context.place(name.at);
                funder.names.push((name_text.to_owned(), place.clone()));
                if self.by_name.len() < FUNDERS || self.by_name.contains_key(name_text) {
                    let ids = self.by_name.entry(name_text.to_owned()).or_default();
                    if ids.len() < 20 && !ids.iter().any(|(own, _)| own == id) {
                        ids.push((id.to_owned(), place));
                    }
                }
            }
        }
    }

    fn funder(&mut self, id: &str) -> Option<usize> {
        if let Some(at) = self.by_id.get(id) {
            return Some(*at);
        }
        if self.funders.len() >= FUNDERS {
            return None;
        }
        let at = self.funders.len();
        self.funders.push(Funder { id: id.to_owned(), names: Vec::new(), grants: 0, with: at });
        self.by_id.insert(id.to_owned(), at);
        Some(at)
    }

    pub fn finish(&self, report: &mut Report) {
        let groups = (0..self.funders.len()).filter(|at| self.root_of(*at) == *at).count();
        if groups > 1 {
            let shown: Vec<String> =
                self.funders.iter().take(10).map(|funder| format!("{} ({} grants)", funder.id, funder.grants)).collect();
            let place = self.funders.get(1).and_then(|funder| funder.names.first()).map(|(_, place)| place.clone());
            add(
                report,
                &SEVERAL_FUNDERS,
                place,
                format!("the funders are {}", shown.join(", ")),
                "publish a file for each funder; those who fund together can share one",
            );
        }
        for funder in self.funders.iter().filter(|funder| funder.names.len() > 1) {
            let names: Vec<String> = funder.names.iter().map(|(name, _)| format!("‘{name}’")).collect();
            let place = funder.names.get(1).map(|(_, place)| place.clone());
            add(
                report,
                &SEVERAL_NAMES,
                place,
                format!("{} is called {}", funder.id, names.join(" and ")),
                "call it the same in every grant",
            );
        }
        let mut several: Vec<_> = self.by_name.iter().filter(|(_, ids)| ids.len() > 1).collect();
        several.sort_by_key(|(name, _)| *name);
        for (name, ids) in several {
            let shown: Vec<&str> = ids.iter().map(|(id, _)| id.as_str()).collect();
            let place = ids.get(1).map(|(_, place)| place.clone());
            add(
                report,
                &SEVERAL_IDS,
                place,
                format!("‘{name}’ has the ids {}", shown.join(" and ")),
                "give it one id in every grant",
            );
        }
    }
}

fn add(report: &mut Report, found: &Found, place: Option<Place>, what: String, fix: &str) {
    let (place, fix) = (place.unwrap_or_default(), fix.to_owned());
    report.add(found, || Problem { place, pointer: String::new(), grant: None, id: None, what, fix });
}
