//! Whether a file of grants is sound by the standard's schema, and how good its data are.
//!
//! Each of the 36 checks of quality stands alone: what one of them meets never keeps another from looking.

mod accuracy;
mod across;
mod context;
mod organisation;
mod report;
mod rules;
mod uri;
mod usefulness;

pub use report::{Extra, Found, Level, Problem, Report, Tally};

use context::Context;

use crate::place::Place;
use crate::schema::{GRANT, Kind, PACKAGE, Shape};
use crate::value::{Node, Value};
use crate::{Day, Grant, Sink, Source, Stop};

/// A check, which takes a file as it is read.
pub struct Check {
    today: Day,
    report: Report,
    extras: rules::Extras,
    across: across::Across,
    /// Whether there was a list of grants.
    listed: bool,
}

const KEPT: usize = 50;

impl Check {
    /// The day is that of the check: an award of tomorrow is not made yet.
    #[must_use]
    pub fn new(today: Day) -> Self {
        Self {
            today,
            report: Report::new(KEPT),
            extras: rules::Extras::default(),
            across: across::Across::default(),
            listed: false,
        }
    }

    /// How many problems of a kind are kept with their places; others are counted.
    #[must_use]
    pub fn keeping(mut self, problems: usize) -> Self {
        self.report.keep = problems;
        self
    }

    /// What it came to.
    #[must_use]
    pub fn finish(mut self) -> Report {
        if !self.listed {
            self.of_file(&rules::PACKAGE_SHAPE, "there is no list of grants", "write the grants as a list under ‘grants’");
        } else if self.report.grants == 0 {
            self.of_file(&rules::EMPTY, "the list of grants is empty", "a file holds at least one grant");
        }
        self.across.finish(&mut self.report);
        self.report.extra = self.extras.finish();
        self.report.tallies.sort_by_key(|tally| (tally.level, !tally.critical));
        self.report
    }

    fn of_file(&mut self, found: &Found, what: &str, fix: &str) {
        self.report.add(found, || problem(Place::default(), what, fix));
    }
}

fn problem(place: Place, what: &str, fix: &str) -> Problem {
    Problem { place, pointer: String::new(), grant: None, id: None, what: what.to_owned(), fix: fix.to_owned() }
}

/// The package's own fields, without the grants.
static ABOUT: Shape = Shape { fields: PACKAGE.fields, required: &[] };

impl Sink for Check {
    fn source(&mut self, source: Source) {
        if source == Source::BareList {
            self.of_file(&rules::PACKAGE_SHAPE, "the grants are a bare list", "write {\"grants\": before it, and } after it");
        }
    }

    fn again(&mut self) -> Result<(), Stop> {
        *self = Self::new(self.today).keeping(self.report.keep);
        Ok(())
    }

    fn field(&mut self, name: &str, node: &Node<'_>, line: u64) -> Result<(), Stop> {
        if name == "grants" {
            self.listed = true;
            self.of_file(&rules::TYPE, "‘grants’ is no list", "write the grants as a list");
            self.report.grants += 1;
            return Ok(());
        }
        let place = if line > 0 { Place { line: Some(line), ..Place::default() } } else { Place::default() };
        let mut context = Context::of_file(&mut self.report, place);
        match ABOUT.field(name) {
            Some(field) => rules::field(&mut context, field, node, &mut self.extras),
            None => self.extras.add(&context, name, node),
        }
        Ok(())
    }

    fn grants_begin(&mut self) -> Result<(), Stop> {
        self.listed = true;
        Ok(())
    }

    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        self.report.grants += 1;
        let mut context = Context::of_grant(&mut self.report, grant);
        for note in grant.notes {
            if note.mild {
                context.remark(note);
            } else {
                context.add(&rules::TABLE, note.at, &note.what, &note.fix);
            }
        }
        rules::grant(&mut context, grant.root, &mut self.extras);
        self.across.ids(&mut context, grant.root);
        if matches!(grant.root.value, Value::Object(_)) {
            accuracy::check(&mut context, grant.root, self.today);
            usefulness::check(&mut context, grant.root);
            self.across.funders(&context, grant.root);
        }
        if let Some(currency) = grant.root.text_of("currency")
            && (self.report.currencies.len() < 500 || self.report.currencies.contains_key(currency))
        {
            match self.report.currencies.get_mut(currency) {
                Some(count) => *count += 1,
                None => _ = self.report.currencies.insert(currency.to_owned(), 1),
            }
        }
        Ok(())
    }

    fn wrong(&mut self, place: Place, what: &str, fix: &str) {
        self.report.add(&rules::TABLE, || problem(place, what, fix));
    }

    fn remark(&mut self, place: Place, what: &str) {
        self.report.remark(place, what);
    }
}

/// The kind of a field of a grant, for those that look into lists.
pub(crate) fn is_date(kind: Kind) -> bool {
    use crate::schema::Rule;
    matches!(kind, Kind::Text(Rule::Day | Rule::RoughDay | Rule::Moment))
}

pub(crate) const fn shape() -> &'static Shape {
    &GRANT
}
