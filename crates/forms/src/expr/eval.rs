//! Works out what an expression comes to, in the logic of three values: yes, no, and cannot tell yet.

use std::borrow::Cow;
use std::collections::HashSet;

use kernel::Day;

use super::check::Typed;
use super::types::Part;
use super::{Function, Op};
use crate::judge::word_count;
use crate::kind::{Choice, Kind};
use crate::month::Month;
use crate::number::Number;
use crate::value::{Value, budget_total};

/// Something known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Datum<'a> {
    YesNo(bool),
    Number(Number),
    /// In pence, and parts of a penny on the way.
    Money(Number),
    Text(Cow<'a, str>),
    Date(Day),
    Month(Month),
    Several(&'a [String]),
    /// An answer of which only its parts can be used.
    Whole,
}

/// Why something is not known. The later is the stronger: what rests on two unknown things rests on the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// It is not asked, so it will stay blank.
    Blank,
    /// It need not be answered, but can be; or the sum cannot be done.
    Open,
    /// It has to be answered still.
    Awaited,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome<'a> {
    Known(Datum<'a>),
    Unknown(Why),
}

use Outcome::{Known, Unknown};

impl<'a> Outcome<'a> {
    /// Yes, no, or why it cannot be told.
    pub fn yes(&self) -> Result<bool, Why> {
        match self {
            Known(Datum::YesNo(yes)) => Ok(*yes),
            Known(_) => Err(Why::Open),
            Unknown(why) => Err(*why),
        }
    }
    fn of_bool(outcome: Result<bool, Why>) -> Self {
        outcome.map_or_else(Unknown, |yes| Known(Datum::YesNo(yes)))
    }
    fn of(datum: Option<Datum<'a>>) -> Self {
        datum.map_or(Unknown(Why::Open), Known)
    }
    pub const fn is_known(&self) -> bool {
        matches!(self, Known(_))
    }
}

/// What is known of the answers while expressions are worked out.
pub(crate) trait World<'a> {
    /// The answer to a question: in this row, where it stands in a group.
    fn read(&self, item: usize, part: &Part, row: usize) -> Outcome<'a>;
    /// How many rows the group has that this question stands in.
    fn rows(&self, item: usize) -> usize;
    /// Whether a question is answered.
    fn answered(&self, item: usize, row: usize) -> Result<bool, Why>;
    fn remembered(&self, number: usize) -> Option<Outcome<'a>>;
    fn remember(&self, number: usize, outcome: &Outcome<'a>);
}

pub(crate) fn eval<'a>(typed: &'a Typed, row: usize, world: &impl World<'a>) -> Outcome<'a> {
    match typed {
        Typed::Literal(datum) => Known(datum.clone()),
        Typed::Answer(item, part) => world.read(*item, part, row),
        // Lists stand only where a function or ‘has’ takes them apart.
        Typed::Column(..) => Unknown(Why::Open),
        Typed::Not(operand) => Outcome::of_bool(eval(operand, row, world).yes().map(|yes| !yes)),
        Typed::Minus(operand) => match eval(operand, row, world) {
            Known(Datum::Number(n)) => Known(Datum::Number(n.negated())),
            Known(Datum::Money(n)) => Known(Datum::Money(n.negated())),
            other => other,
        },
        Typed::Two(Op::And, left, right) => Outcome::of_bool(logic(left, right, false, row, world)),
        Typed::Two(Op::Or, left, right) => Outcome::of_bool(logic(left, right, true, row, world)),
        Typed::Two(Op::Has, left, right) => has(left, right, row, world),
        Typed::Two(op @ (Op::Plus | Op::Minus | Op::Times | Op::Over), left, right) => {
            sum_of(*op, eval(left, row, world), eval(right, row, world))
        }
        Typed::Two(op, left, right) => match (eval(left, row, world), eval(right, row, world)) {
            (Known(a), Known(b)) => Known(Datum::YesNo(compare(*op, &a, &b))),
            (a, b) => Unknown(stronger(&a, &b)),
        },
        Typed::In(left, list) => one_of(left, list, row, world),
        Typed::Call(function, list) => call(*function, list, row, world),
        Typed::If(parts) => {
            let [condition, then, otherwise] = &**parts;
            match eval(condition, row, world).yes() {
                Ok(true) => eval(then, row, world),
                // What rests on something that is not asked does not hold.
                Ok(false) | Err(Why::Blank) => eval(otherwise, row, world),
                Err(why) => Unknown(why),
            }
        }
        Typed::Shared(number, inner) => world.remembered(*number).unwrap_or_else(|| {
            let outcome = eval(inner, row, world);
            world.remember(*number, &outcome);
            outcome
        }),
    }
}

/// `and` and `or` after Kleene: one side can decide whatever the other is. `deciding` is the answer that decides.
fn logic<'a>(left: &'a Typed, right: &'a Typed, deciding: bool, row: usize, world: &impl World<'a>) -> Result<bool, Why> {
    let left = eval(left, row, world).yes();
    if left == Ok(deciding) {
        return Ok(deciding);
    }
    match (left, eval(right, row, world).yes()) {
        (_, Ok(right)) if right == deciding => Ok(deciding),
        (Ok(_), Ok(_)) => Ok(!deciding),
        (Err(a), Err(b)) => Err(a.max(b)),
        (Err(why), _) | (_, Err(why)) => Err(why),
    }
}

fn stronger(a: &Outcome<'_>, b: &Outcome<'_>) -> Why {
    match (a, b) {
        (Unknown(a), Unknown(b)) => *a.max(b),
        (Unknown(why), _) | (_, Unknown(why)) => *why,
        _ => Why::Open,
    }
}

fn compare(op: Op, a: &Datum<'_>, b: &Datum<'_>) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let order = match (a, b) {
        (Datum::Number(a), Datum::Number(b)) | (Datum::Money(a), Datum::Money(b)) => a.cmp(b),
        (Datum::Date(a), Datum::Date(b)) => a.cmp(b),
        (Datum::Month(a), Datum::Month(b)) => a.cmp(b),
        (a, b) => {
            if a == b {
                Equal
            } else {
                Less
            }
        }
    };
    match op {
        Op::Equal => order == Equal,
        Op::NotEqual => order != Equal,
        Op::Less => order == Less,
        Op::LessEqual => order != Greater,
        Op::More => order == Greater,
        Op::MoreEqual => order != Less,
        _ => false,
    }
}

/// Arithmetic. What is not asked adds nothing; a sum that cannot be done is not known.
fn sum_of<'a>(op: Op, left: Outcome<'a>, right: Outcome<'a>) -> Outcome<'a> {
    let (a, b) = match (left, right) {
        (Known(a), Known(b)) => (a, b),
        (Known(a), Unknown(Why::Blank)) if matches!(op, Op::Plus | Op::Minus) => return Known(a),
        (Unknown(Why::Blank), Known(b)) if op == Op::Plus => return Known(b),
        (Unknown(Why::Blank), Known(Datum::Number(n))) if op == Op::Minus => return Known(Datum::Number(n.negated())),
        (Unknown(Why::Blank), Known(Datum::Money(n))) if op == Op::Minus => return Known(Datum::Money(n.negated())),
        (a, b) => return Unknown(stronger(&a, &b)),
    };
    let done = |a: Number, b: Number| match op {
        Op::Plus => a.plus(b),
        Op::Minus => a.minus(b),
        Op::Times => a.times(b),
        _ => a.divided(b),
    };
    Outcome::of(match (a, b) {
        (Datum::Number(a), Datum::Number(b)) => done(a, b).map(Datum::Number),
        (Datum::Money(a), Datum::Money(b)) if op == Op::Over => done(a, b).map(Datum::Number),
        (Datum::Money(a), Datum::Money(b) | Datum::Number(b)) | (Datum::Number(a), Datum::Money(b)) => {
            done(a, b).map(Datum::Money)
        }
        _ => None,
    })
}

fn one_of<'a>(left: &'a Typed, list: &'a [Typed], row: usize, world: &impl World<'a>) -> Outcome<'a> {
    let left = match eval(left, row, world) {
        Known(left) => left,
        unknown => return unknown,
    };
    let mut unknown = None;
    for item in list {
        match eval(item, row, world) {
            Known(item) if compare(Op::Equal, &left, &item) => return Known(Datum::YesNo(true)),
            Known(_) => {}
            Unknown(why) => unknown = unknown.max(Some(why)),
        }
    }
    unknown.map_or(Known(Datum::YesNo(false)), Unknown)
}

fn has<'a>(left: &'a Typed, right: &'a Typed, row: usize, world: &impl World<'a>) -> Outcome<'a> {
    let wanted = match eval(right, row, world) {
        Known(wanted) => wanted,
        unknown => return unknown,
    };
    if let Typed::Column(item, part) = left {
        let mut rows = (0..world.rows(*item)).map(|row| world.read(*item, part, row));
        return Known(Datum::YesNo(rows.any(|r| matches!(r, Known(found) if compare(Op::Equal, &found, &wanted)))));
    }
    match (eval(left, row, world), wanted) {
        (Known(Datum::Several(keys)), Datum::Text(wanted)) => Known(Datum::YesNo(keys.iter().any(|k| *k == wanted))),
        (Known(_), _) => Unknown(Why::Open),
        (unknown, _) => unknown,
    }
}

fn call<'a>(function: Function, list: &'a [Typed], row: usize, world: &impl World<'a>) -> Outcome<'a> {
    match function {
        Function::Sum => {
            let mut total: Option<Outcome<'a>> = None;
            each(list, row, world, |one| {
                let before = total.take();
                total = Some(before.map_or_else(|| Known(one.clone()), |t| sum_of(Op::Plus, t, Known(one.clone()))));
            });
            total.unwrap_or(Unknown(Why::Blank))
        }
        Function::Min | Function::Max => {
            let op = if function == Function::Min { Op::Less } else { Op::More };
            let mut best: Option<Datum<'a>> = None;
            each(list, row, world, |one| {
                if best.as_ref().is_none_or(|best| compare(op, &one, best)) {
                    best = Some(one);
                }
            });
            Outcome::of(best)
        }
        Function::Count => {
            let counted = list.iter().map(|arg| count(arg, row, world)).sum();
            Known(Datum::Number(Number::count(counted)))
        }
        Function::Distinct => {
            let mut seen = HashSet::new();
            each(list, row, world, |one| {
                seen.insert(one);
            });
            Known(Datum::Number(Number::count(seen.len())))
        }
        Function::Answered => match list.first() {
            Some(Typed::Answer(item, Part::All)) => Outcome::of_bool(world.answered(*item, row)),
            Some(Typed::Answer(item, part)) => match world.answered(*item, row) {
                Ok(true) => Known(Datum::YesNo(world.read(*item, part, row).is_known())),
                other => Outcome::of_bool(other),
            },
            _ => Unknown(Why::Open),
        },
        Function::Words | Function::Round => match list.first().map(|arg| eval(arg, row, world)) {
            Some(Known(Datum::Text(text))) => Known(Datum::Number(Number::count(word_count(&text)))),
            Some(Known(Datum::Number(n))) => Known(Datum::Number(Number::whole(n.rounded()))),
            Some(Unknown(why)) => Unknown(why),
            _ => Unknown(Why::Open),
        },
        Function::DaysBetween => {
            let mut days = list.iter().map(|arg| eval(arg, row, world));
            match (days.next(), days.next()) {
                (Some(Known(Datum::Date(from))), Some(Known(Datum::Date(to)))) => {
                    Known(Datum::Number(Number::whole(to.days_since(from))))
                }
                (Some(a), Some(b)) => Unknown(stronger(&a, &b)),
                _ => Unknown(Why::Open),
            }
        }
    }
}

/// Everything known among these, a list's rows one by one. What is not answered is left out.
fn each<'a>(list: &'a [Typed], row: usize, world: &impl World<'a>, mut use_one: impl FnMut(Datum<'a>)) {
    for arg in list {
        match arg {
            Typed::Column(item, part) => {
                for row in 0..world.rows(*item) {
                    if let Known(one) = world.read(*item, part, row) {
                        use_one(one);
                    }
                }
            }
            arg => {
                if let Known(one) = eval(arg, row, world) {
                    use_one(one);
                }
            }
        }
    }
}

fn count<'a>(arg: &'a Typed, row: usize, world: &impl World<'a>) -> usize {
    match arg {
        Typed::Column(item, part) => (0..world.rows(*item)).filter(|row| world.read(*item, part, *row).is_known()).count(),
        arg => match eval(arg, row, world) {
            Known(Datum::Several(keys)) => keys.len(),
            Known(_) => 1,
            Unknown(_) => 0,
        },
    }
}

/// A part of an answer. Nothing where the answer has no such part, or does not suit its question.
pub(crate) fn datum<'a>(kind: &'a Kind, value: &'a Value, part: &Part) -> Option<Datum<'a>> {
    let text = |text: &'a str| (!text.is_empty()).then_some(Datum::Text(Cow::Borrowed(text)));
    let number = |n: usize| Some(Datum::Number(Number::count(n)));
    Some(match (value, part) {
        _ if !kind.suits(value) => return None,
        (Value::Text(t) | Value::Choice(t), Part::All) => Datum::Text(Cow::Borrowed(t)),
        (Value::Number(n), Part::All) => Datum::Number(*n),
        (Value::Money(m), Part::All) => Datum::Money(Number::whole(m.pence())),
        (Value::Date(day), Part::All) => Datum::Date(*day),
        (Value::Month(month), Part::All) => Datum::Month(*month),
        (Value::YesNo(yes), Part::All) => Datum::YesNo(*yes),
        (Value::Point(point), Part::All) => Datum::Number(Number::whole(*point)),
        (Value::Choices(keys), Part::All) => Datum::Several(keys),
        (Value::Choices(keys), Part::Count) => return number(keys.len()),
        (Value::Choice(key), Part::Score) => return score(kind, std::slice::from_ref(key)),
        (Value::Choices(keys), Part::Score) => return score(kind, keys),
        (Value::Grid(rows), Part::Row(row)) => Datum::Number(Number::whole(*rows.get(row)?)),
        (Value::Grid(rows), Part::Total) => Datum::Number(Number::whole(rows.values().map(|v| i128::from(*v)).sum::<i128>())),
        (Value::Grid(rows), Part::Count) => return number(rows.len()),
        (Value::Ranking(keys), Part::First) => Datum::Text(Cow::Borrowed(keys.first()?)),
        (Value::Ranking(keys), Part::PlaceOf(key)) => return number(keys.iter().position(|k| k == key)? + 1),
        (Value::File(file), Part::Name) => return text(&file.name),
        (Value::File(file), Part::Size) => Datum::Number(Number::whole(file.size)),
        (Value::Organisation(org), Part::Name) => return text(&org.name),
        (Value::Organisation(org), Part::Sector) => return text(org.sector.as_deref()?),
        (Value::Organisation(org), Part::Id) => return text(org.id.as_deref()?),
        (Value::Person(person), Part::Name) => return text(&person.name),
        (Value::Person(person), Part::Role) => return text(&person.role),
        (Value::Area(area), Part::Name) => return text(&area.name),
        (Value::Area(area), Part::Code) => return text(area.code.as_deref()?),
        (Value::Budget(lines), Part::Total) => Datum::Money(Number::whole(budget_total(lines, None)?.pence())),
        (Value::Budget(lines), Part::TotalOf(column)) => Datum::Money(Number::whole(budget_total(lines, Some(column))?.pence())),
        (Value::Budget(lines), Part::Count) => return number(lines.len()),
        (_, Part::All) => Datum::Whole,
        _ => return None,
    })
}

/// What the chosen options are worth together; an option without a score is worth nothing.
fn score<'a>(kind: &Kind, chosen: &[String]) -> Option<Datum<'a>> {
    let (Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. }) = kind else { return None };
    let worth = |key: &String| options.iter().find(|o: &&Choice| o.key == *key).and_then(|o| o.score).unwrap_or(Number::ZERO);
    chosen.iter().map(worth).try_fold(Number::ZERO, Number::plus).map(Datum::Number)
}
