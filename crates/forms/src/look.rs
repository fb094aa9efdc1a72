//! How a form stands with the answers given so far.

use std::collections::BTreeMap;

use kernel::Money;

use crate::answer::{Answers, Path};
use crate::compile::CompiledForm;
use crate::expr::check::is_computed;
use crate::expr::eval::{Datum, Outcome, Why};
use crate::kind::Kind;
use crate::number::Number;
use crate::read::FieldProblem;
use crate::scores::Scores;
use crate::text::Lang;
use crate::value::{Value, budget_total};
use crate::world::{Known, Seen};

/// Whether something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Shown,
    /// Its answer is kept, but does not count.
    Hidden,
    /// It depends on what is not answered yet.
    CannotTell,
}

/// How far a section has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionState {
    NotStarted,
    InProgress,
    Complete,
    /// None of its questions is asked, with these answers.
    NothingHere,
    /// What is asked is answered, but more may be asked depending on answers that are awaited.
    CannotTell,
}

/// How one question stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionLook {
    pub shown: Shown,
    pub required: bool,
    pub answered: bool,
    /// What is wrong with the answer.
    pub problems: Vec<FieldProblem>,
    /// The value of a computed question, where it can be told.
    pub computed: Option<Value>,
    /// The total of a budget.
    pub total: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionLook {
    pub key: String,
    pub shown: Shown,
    pub state: SectionState,
    /// How many required answers are missing, and how many things are wrong.
    pub missing: usize,
    pub problems: usize,
}

/// Something to do before the form can be handed in, with the answer it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The section, by its place in the form.
    pub section: usize,
    pub path: Path,
    /// The part of the answer, as in [`FieldProblem`].
    pub part: String,
    pub message: String,
}

/// How a whole form stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub sections: Vec<SectionLook>,
    pub questions: BTreeMap<Path, QuestionLook>,
    /// Required answers that are not there.
    pub missing: Vec<Notice>,
    /// Answers that break a limit or a rule.
    pub problems: Vec<Notice>,
    pub scores: Scores,
}

impl Look {
    /// Nothing is missing and nothing is wrong.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.missing.is_empty() && self.problems.is_empty()
    }
    /// How the question at this path stands; nothing where the form does not ask it.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&QuestionLook> {
        self.questions.get(path)
    }
    #[must_use]
    pub fn is_shown(&self, path: &Path) -> bool {
        self.at(path).is_some_and(|q| q.shown == Shown::Shown)
    }
}

impl CompiledForm {
    /// How the form stands with these answers. Sentences from the form are in this language.
    #[must_use]
    pub fn look(&self, answers: &Answers, lang: Lang) -> Look {
        let known = Known::work_out(self, answers);
        let mut looking =
            Looking { known: &known, answers, lang, look: empty(self), tallies: vec![Tally::default(); self.sections.len()] };
        for item in 0..self.names.items.len() {
            for row in 0..known.cells[item].len() {
                looking.question(item, row);
            }
        }
        looking.rules();
        let mut look = looking.finish();
        look.scores = Scores::of(&known);
        look
    }
}

fn empty(form: &CompiledForm) -> Look {
    let sections = form.form.sections.iter().map(|s| SectionLook {
        key: s.key.clone(),
        shown: Shown::Shown,
        state: SectionState::NothingHere,
        missing: 0,
        problems: 0,
    });
    Look {
        sections: sections.collect(),
        questions: BTreeMap::new(),
        missing: Vec::new(),
        problems: Vec::new(),
        scores: Scores::default(),
    }
}

/// What a section's questions come to.
#[derive(Debug, Clone, Default)]
struct Tally {
    shown: usize,
    answered: usize,
    cannot_tell: bool,
    awaited: bool,
}

struct Looking<'l, 'a> {
    known: &'l Known<'a>,
    answers: &'a Answers,
    lang: Lang,
    look: Look,
    tallies: Vec<Tally>,
}

impl Looking<'_, '_> {
    fn path(&self, item: usize, row: usize) -> Option<Path> {
        let items = &self.known.form.names.items;
        let key = &items[item].question.key;
        match items[item].group {
            None => Some(Path::of(key)),
            Some(group) => {
                let row = self.known.rows.get(&group)?.get(row)?;
                Some(Path::row_of(&items[group].question.key, row, key))
            }
        }
    }

    fn question(&mut self, item: usize, row: usize) {
        let Some(path) = self.path(item, row) else { return };
        let form = self.known.form;
        let (section, question) = (form.names.items[item].section, &form.names.items[item].question);
        let cell = &self.known.cells[item][row];
        let computed = is_computed(question);
        let shown = cell.seen == Seen::Shown;
        let required = shown && !computed && self.known.required(item, row);
        let stored = self.answers.get(&path).filter(|_| !computed);
        let mut problems = stored.filter(|_| shown).map(|v| question.kind.problems(v)).unwrap_or_default();
        if let Some(valid) = form.questions[item].valid.as_ref().filter(|_| shown && (cell.value.is_some() || computed))
            && self.known.yes(valid, row) == Ok(false)
        {
            problems.push(FieldProblem::new("", self.invalid(question)));
        }
        if shown {
            problems.extend(self.too_few_rows(item, required, stored.is_some()));
        }
        let tally = &mut self.tallies[section];
        match cell.seen {
            Seen::CannotTell(why) => {
                tally.cannot_tell = true;
                tally.awaited |= why == Why::Awaited;
            }
            Seen::Shown if !computed => {
                tally.shown += 1;
                tally.answered += usize::from(stored.is_some());
            }
            _ => {}
        }
        if required {
            self.missing(item, row, section, &path, stored);
        }
        for problem in &problems {
            self.notice_problem(section, &path, problem);
        }
        let look = QuestionLook {
            shown: shown_as(cell.seen),
            required,
            answered: stored.is_some(),
            problems,
            computed: cell.computed.as_ref().filter(|_| shown).and_then(value_of),
            total: total(cell.value),
        };
        self.look.questions.insert(path, look);
    }

    fn invalid(&self, question: &crate::form::Question) -> String {
        let said = question.invalid.get(self.lang);
        if said.is_empty() { format!("Look at “{}” again", question.label.get(self.lang)) } else { said.to_owned() }
    }

    /// Rows that are wanted and not there yet at all; where there are some, the kind itself counts them.
    fn too_few_rows(&self, item: usize, required: bool, some: bool) -> Option<FieldProblem> {
        let Kind::Group { min: Some(min), item: name, .. } = &self.known.form.names.items[item].question.kind else {
            return None;
        };
        let wanted = *min > 0 && !some && !required;
        let name = if name.is_empty() { "row" } else { name.get(self.lang) };
        wanted.then(|| FieldProblem::new("", format!("Add at least {min} times ‘{name}’")))
    }

    fn missing(&mut self, item: usize, row: usize, section: usize, path: &Path, stored: Option<&Value>) {
        let question = &self.known.form.names.items[item].question;
        let parts: Vec<(String, String)> = match (&question.kind, stored) {
            (_, None) => vec![(String::new(), question.label.get(self.lang).to_owned())],
            (Kind::Grid { rows, .. }, Some(Value::Grid(given))) => rows
                .iter()
                .filter(|r| !given.contains_key(&r.key))
                .map(|r| (r.key.clone(), format!("{}: {}", question.label.get(self.lang), r.label.get(self.lang))))
                .collect(),
            _ => Vec::new(),
        };
        for (part, label) in parts {
            let place = match self.known.form.names.items[item].group {
                None => String::new(),
                Some(group) => self.row_name(group, row),
            };
            let message = match self.lang {
                Lang::En => format!("Answer “{label}”{place}"),
                Lang::Cy => format!("Atebwch “{label}”{place}"),
            };
            self.look.sections[section].missing += 1;
            self.look.missing.push(Notice { section, path: path.clone(), part, message });
        }
    }

    /// ` (Partner 2)`.
    fn row_name(&self, group: usize, row: usize) -> String {
        let question = &self.known.form.names.items[group].question;
        let item = match &question.kind {
            Kind::Group { item, .. } if !item.is_empty() => item.get(self.lang),
            _ => question.label.get(self.lang),
        };
        format!(" ({item} {})", row + 1)
    }

    fn notice_problem(&mut self, section: usize, path: &Path, problem: &FieldProblem) {
        self.look.sections[section].problems += 1;
        let FieldProblem { part, message } = problem.clone();
        self.look.problems.push(Notice { section, path: path.clone(), part, message });
    }

    fn rules(&mut self) {
        let form = self.known.form;
        for (rule, holds) in form.form.rules.iter().zip(&form.rules) {
            if self.known.yes(holds, 0) != Ok(false) {
                continue;
            }
            let items = rule.questions.iter().filter_map(|key| form.names.top.get(key));
            let shown: Vec<usize> = items.copied().filter(|item| self.known.cells[*item][0].seen == Seen::Shown).collect();
            let problem = FieldProblem::new("", rule.message.get(self.lang));
            for (i, item) in shown.into_iter().enumerate() {
                let path = Path::of(&form.names.items[item].question.key);
                if i == 0 {
                    self.notice_problem(form.names.items[item].section, &path, &problem);
                }
                if let Some(question) = self.look.questions.get_mut(&path) {
                    question.problems.push(problem.clone());
                }
            }
        }
    }

    fn finish(mut self) -> Look {
        for (i, (section, tally)) in self.look.sections.iter_mut().zip(&self.tallies).enumerate() {
            section.shown = shown_as(self.known.sections[i]);
            section.state = match tally {
                Tally { shown: 0, cannot_tell: true, .. } => SectionState::CannotTell,
                Tally { shown: 0, .. } => SectionState::NothingHere,
                Tally { answered: 0, .. } => SectionState::NotStarted,
                _ if section.missing + section.problems > 0 => SectionState::InProgress,
                Tally { awaited: true, .. } => SectionState::CannotTell,
                _ => SectionState::Complete,
            };
        }
        self.look.missing.sort_by_key(|n| n.section);
        self.look.problems.sort_by_key(|n| n.section);
        self.look
    }
}

const fn shown_as(seen: Seen) -> Shown {
    match seen {
        Seen::Shown => Shown::Shown,
        Seen::Hidden => Shown::Hidden,
        Seen::CannotTell(_) => Shown::CannotTell,
    }
}

fn total(value: Option<&Value>) -> Option<Money> {
    if let Some(Value::Budget(lines)) = value { budget_total(lines, None) } else { None }
}

/// What was worked out, as an answer: money to the nearest penny.
fn value_of(outcome: &Outcome<'_>) -> Option<Value> {
    Some(match outcome {
        Outcome::Known(Datum::YesNo(yes)) => Value::YesNo(*yes),
        Outcome::Known(Datum::Number(number)) => Value::Number(*number),
        Outcome::Known(Datum::Money(pence)) => Value::Money(Money::from_pence(pence.rounded().try_into().ok()?)),
        Outcome::Known(Datum::Text(text)) => Value::Text(text.clone().into_owned()),
        Outcome::Known(Datum::Date(day)) => Value::Date(*day),
        Outcome::Known(Datum::Month(month)) => Value::Month(*month),
        _ => return None,
    })
}

/// A number where one is known.
pub(crate) const fn number_of(outcome: &Outcome<'_>) -> Option<Number> {
    match outcome {
        Outcome::Known(Datum::Number(number)) => Some(*number),
        _ => None,
    }
}
