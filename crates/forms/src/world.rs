//! The answers laid out by question and row, with what has been worked out of them so far.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::answer::{Answers, RowId};
use crate::compile::{CompiledForm, Node};
use crate::expr::check::{Typed, is_computed};
use crate::expr::eval::{Datum, Outcome, Why, World, datum, eval};
use crate::expr::types::Part;
use crate::form::Required;
use crate::kind::Kind;
use crate::limits;
use crate::number::Number;
use crate::value::Value;

/// Whether a question is asked, with these answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    Shown,
    Hidden,
    CannotTell(Why),
}

/// One answer: of a question of the form, or of a group's question in one row.
#[derive(Debug, Clone)]
pub(crate) struct Cell<'a> {
    pub value: Option<&'a Value>,
    pub seen: Seen,
    pub computed: Option<Outcome<'a>>,
}

/// Everything known while a form is looked at.
pub(crate) struct Known<'a> {
    pub form: &'a CompiledForm,
    pub sections: Vec<Seen>,
    /// By question and row; questions outside groups have one row.
    pub cells: Vec<Vec<Cell<'a>>>,
    /// The rows of each group, by its number.
    pub rows: HashMap<usize, &'a [RowId]>,
    shared: RefCell<Vec<Option<Outcome<'a>>>>,
}

impl<'a> Known<'a> {
    /// Lays the answers out and works out what is shown and what the computed values are.
    pub fn work_out(form: &'a CompiledForm, answers: &'a Answers) -> Self {
        let mut known = Self::laid_out(form, answers);
        for node in &form.order {
            match *node {
                Node::Section(i) => known.sections[i] = known.seen(form.sections[i].as_ref(), 0),
                Node::Shown(i) => {
                    let item = &form.names.items[i];
                    let above = known.sections[item.section].and(item.group.map_or(Seen::Shown, |g| known.cells[g][0].seen));
                    for row in 0..known.cells[i].len() {
                        let seen = known.seen(form.questions[i].shown.as_ref(), row);
                        known.cells[i][row].seen = above.and(seen);
                    }
                }
                Node::Value(i) => {
                    let Some(value) = &form.questions[i].value else { continue };
                    for row in 0..known.cells[i].len() {
                        known.cells[i][row].computed = Some(eval(value, row, &known));
                    }
                }
            }
        }
        known
    }

    fn laid_out(form: &'a CompiledForm, answers: &'a Answers) -> Self {
        let blank = Cell { value: None, seen: Seen::Shown, computed: None };
        let mut rows: HashMap<usize, &[RowId]> = HashMap::new();
        let mut cells = Vec::with_capacity(form.names.items.len());
        for (i, item) in form.names.items.iter().enumerate() {
            if let Kind::Group { .. } = item.question.kind {
                let all = answers.rows(&item.question.key);
                rows.insert(i, &all[..all.len().min(limits::GROUP_ROWS)]);
            }
            let count = item.group.map_or(1, |group| rows.get(&group).map_or(0, |r| r.len()));
            cells.push(vec![blank.clone(); count]);
        }
        let places: HashMap<(usize, &RowId), usize> =
            rows.iter().flat_map(|(group, rows)| rows.iter().enumerate().map(|(i, row)| ((*group, row), i))).collect();
        for (path, value) in answers.iter() {
            let Some((item, row)) = place(form, &places, path) else { continue };
            let usable = form.names.items[item].question.kind.suits(value);
            cells[item][row].value = Some(value).filter(|_| usable);
        }
        let sections = vec![Seen::Shown; form.sections.len()];
        Self { form, sections, cells, rows, shared: RefCell::new(vec![None; form.shared]) }
    }

    fn seen(&self, condition: Option<&'a Typed>, row: usize) -> Seen {
        match condition.map(|c| self.yes(c, row)) {
            None | Some(Ok(true)) => Seen::Shown,
            Some(Ok(false) | Err(Why::Blank)) => Seen::Hidden,
            Some(Err(why)) => Seen::CannotTell(why),
        }
    }
    pub fn yes(&self, condition: &'a Typed, row: usize) -> Result<bool, Why> {
        eval(condition, row, self).yes()
    }
    pub fn required(&self, item: usize, row: usize) -> bool {
        match &self.form.names.items[item].question.required {
            Required::Always(required) => *required,
            Required::When(_) => self.form.questions[item].required.as_ref().is_some_and(|c| self.yes(c, row) == Ok(true)),
        }
    }
    fn cell(&self, item: usize, row: usize) -> Option<&Cell<'a>> {
        let row = if self.form.names.items[item].group.is_some() { row } else { 0 };
        self.cells[item].get(row)
    }
}

/// Where an answer belongs; nothing where the form does not ask for it.
fn place(form: &CompiledForm, places: &HashMap<(usize, &RowId), usize>, path: &crate::Path) -> Option<(usize, usize)> {
    match (path.group(), path.row()) {
        (Some(group), Some(row)) => {
            let group = *form.names.top.get(group)?;
            let item = *form.names.inner.get(&(group, path.question().to_owned()))?;
            Some((item, *places.get(&(group, row))?))
        }
        _ => form.names.top.get(path.question()).map(|item| (*item, 0)),
    }
}

impl Seen {
    /// Shown where both are.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Hidden, _) | (_, Self::Hidden) => Self::Hidden,
            (Self::CannotTell(a), Self::CannotTell(b)) => Self::CannotTell(a.max(b)),
            (Self::CannotTell(why), _) | (_, Self::CannotTell(why)) => Self::CannotTell(why),
            (Self::Shown, Self::Shown) => Self::Shown,
        }
    }
}

impl<'a> World<'a> for Known<'a> {
    fn read(&self, item: usize, part: &Part, row: usize) -> Outcome<'a> {
        let Some(cell) = self.cell(item, row) else { return Outcome::Unknown(Why::Open) };
        match cell.seen {
            Seen::Hidden => return Outcome::Unknown(Why::Blank),
            Seen::CannotTell(why) => return Outcome::Unknown(why),
            Seen::Shown => {}
        }
        let question = &self.form.names.items[item].question;
        if is_computed(question) {
            return cell.computed.clone().unwrap_or(Outcome::Unknown(Why::Open));
        }
        if matches!((&question.kind, part), (Kind::Group { .. }, Part::All | Part::Count)) {
            let rows = self.rows.get(&item).map_or(0, |r| r.len());
            return Outcome::Known(Datum::Number(Number::count(rows)));
        }
        let Some(value) = cell.value else {
            let awaited = question.required == Required::Always(true);
            return Outcome::Unknown(if awaited { Why::Awaited } else { Why::Open });
        };
        datum(&question.kind, value, part).map_or(Outcome::Unknown(Why::Open), Outcome::Known)
    }

    fn rows(&self, item: usize) -> usize {
        self.cells[item].len()
    }

    fn answered(&self, item: usize, row: usize) -> Result<bool, Why> {
        let Some(cell) = self.cell(item, row) else { return Ok(false) };
        match cell.seen {
            Seen::Hidden => Ok(false),
            Seen::CannotTell(why) => Err(why),
            Seen::Shown => Ok(cell.value.is_some() || cell.computed.as_ref().is_some_and(Outcome::is_known)),
        }
    }

    fn remembered(&self, number: usize) -> Option<Outcome<'a>> {
        self.shared.borrow().get(number).cloned().flatten()
    }
    fn remember(&self, number: usize, outcome: &Outcome<'a>) {
        if let Some(place) = self.shared.borrow_mut().get_mut(number) {
            *place = Some(outcome.clone());
        }
    }
}
