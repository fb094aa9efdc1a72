//! Where a check is looking, so that what it finds can be told with its place.

use super::report::{Found, Problem, Report};
use crate::place::{Origin, Place};
use crate::value::At;
use crate::{Grant, Note};

/// One step from the grant to what is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Name(&'a str),
    Item(usize),
}

pub(crate) struct Context<'c> {
    report: &'c mut Report,
    /// The how manieth grant, its id, and where it was read from.
    grant: Option<(u64, Option<&'c str>, Origin<'c>)>,
    place: Place,
    way: Vec<Step<'c>>,
}

impl<'c> Context<'c> {
    pub fn of_file(report: &'c mut Report, place: Place) -> Self {
        Self { report, grant: None, place, way: Vec::new() }
    }

    pub fn of_grant(report: &'c mut Report, grant: &'c Grant<'_>) -> Self {
        let id = grant.root.text_of("id");
        Self { report, grant: Some((grant.number, id, grant.origin)), place: Place::default(), way: Vec::with_capacity(8) }
    }

    /// Looks at something within.
    pub fn within<T>(&mut self, step: Step<'c>, look: impl FnOnce(&mut Self) -> T) -> T {
        self.way.push(step);
        let done = look(self);
        self.way.pop();
        done
    }

    pub fn place(&self, at: At) -> Place {
        self.grant.as_ref().map_or_else(|| self.place.clone(), |(_, _, origin)| origin.place(at))
    }

    /// The way without the numbers of items: `recipientOrganization/id`.
    pub fn names(&self) -> Vec<&'c str> {
        self.way.iter().filter_map(|step| if let Step::Name(name) = step { Some(*name) } else { None }).collect()
    }

    fn pointer(&self) -> String {
        let mut out = self.grant.as_ref().map_or_else(String::new, |(number, ..)| format!("/grants/{}", number - 1));
        for step in &self.way {
            out.push('/');
            match step {
                Step::Name(name) => out.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Item(item) => out.push_str(&item.to_string()),
            }
        }
        out
    }

    fn problem(&self, place: Place, what: &str, fix: &str) -> Problem {
        let (grant, id) = self.grant.as_ref().map_or((None, None), |(number, id, _)| (Some(*number), *id));
        let short = |text: &str| text.chars().take(200).collect();
        Problem { place, pointer: self.pointer(), grant, id: id.map(short), what: what.to_owned(), fix: fix.to_owned() }
    }

    pub fn add(&mut self, found: &Found, at: At, what: &str, fix: &str) {
        self.add_with(found, at, || (what.to_owned(), fix.to_owned()));
    }

    /// Adds a problem whose words are only made where they are kept.
    pub fn add_with(&mut self, found: &Found, at: At, words: impl FnOnce() -> (String, String)) {
        if self.report.is_full(found) {
            self.report.count_one(found);
            return;
        }
        let (what, fix) = words();
        let problem = self.problem(self.place(at), &what, &fix);
        self.report.add(found, || problem);
    }

    /// Adds that something is missing, where it would stand.
    pub fn missing(&mut self, found: &Found, at: At, name: &'c str, words: impl FnOnce() -> (String, String)) {
        if self.report.is_full(found) {
            self.report.count_one(found);
            return;
        }
        let (what, fix) = words();
        self.way.push(Step::Name(name));
        let names = self.names();
        let place = self.grant.as_ref().map_or_else(|| self.place.clone(), |(_, _, origin)| origin.place_of_missing(at, &names));
        let problem = self.problem(place, &what, &fix);
        self.way.pop();
        self.report.add(found, || problem);
    }

    pub fn remark(&mut self, note: &Note) {
        let place = self.place(note.at);
        self.report.remark(Place { row: None, ..place }, &note.what);
    }
}
