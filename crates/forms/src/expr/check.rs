//! Holds an expression against a form: every name is known, everything is of a fitting type.

use std::collections::HashMap;

use super::eval::Datum;
use super::types::{Part, Ty, part, use_a_part, whole};
use super::{Expr, ExprError, Literal, Node, Op, functions};
use crate::form::Question;
use crate::kind::Kind;
use crate::number::Number;
use crate::words::did_you_mean;

/// An expression whose names stand for questions by their number.
#[derive(Debug, Clone)]
pub(crate) enum Typed {
    Literal(Datum<'static>),
    /// An answer of the form, or of the row that is looked at.
    Answer(usize, Part),
    /// The answers of every row.
    Column(usize, Part),
    Not(Box<Typed>),
    Minus(Box<Typed>),
    Two(Op, Box<Typed>, Box<Typed>),
    In(Box<Typed>, Vec<Typed>),
    Call(super::Function, Vec<Typed>),
    If(Box<[Typed; 3]>),
    /// The same for every row, so worked out once; the number is where it is remembered.
    Shared(usize, Box<Typed>),
}

/// One question of the form, in the order in which they are asked; the questions of a group follow it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub question: Question,
    pub section: usize,
    /// The number of the group it stands in.
    pub group: Option<usize>,
}

/// Every question of a form by its name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub items: Vec<Item>,
    pub top: HashMap<String, usize>,
    pub inner: HashMap<(usize, String), usize>,
}

impl Names {
    /// The question that a name begins with, and how many parts of the name it takes; `true` where it means every row.
    pub fn find(&self, parts: &[String], group: Option<usize>) -> Option<(usize, usize, bool)> {
        let first = parts.first()?;
        if let Some(item) = group.and_then(|g| self.inner.get(&(g, first.clone()))) {
            return Some((*item, 1, false));
        }
        let item = *self.top.get(first)?;
        match parts.get(1).and_then(|second| self.inner.get(&(item, second.clone()))) {
            Some(inner) => Some((*inner, 2, true)),
            None => Some((item, 1, false)),
        }
    }
    fn known(&self, group: Option<usize>) -> impl Iterator<Item = &str> {
        let shown = move |item: &&Item| item.group.is_none() || item.group == group;
        self.items.iter().filter(shown).map(|item| item.question.key.as_str())
    }
}

/// Where an expression stands, and so what it may name.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub names: &'s Names,
    /// The group in whose rows it is worked out.
    pub group: Option<usize>,
    /// Only questions before this one may be named.
    pub before: Option<usize>,
    /// The types of the computed questions known so far.
    pub computed: &'s HashMap<usize, Ty>,
}

/// What holding an expression against the form leaves behind.
pub(crate) struct Checker<'s> {
    pub scope: Scope<'s>,
    /// How many shared parts there are so far, in the whole form.
    pub shared: usize,
}

type Checked = Result<(Typed, Ty), ExprError>;

impl Checker<'_> {
    /// An expression that must be of this type.
    pub fn wanted(&mut self, expr: &Expr, wanted: &Ty) -> Result<Typed, ExprError> {
        let (typed, ty) = self.check(expr)?;
        self.same(expr, &ty, wanted)?;
        Ok(typed)
    }

    pub fn check(&mut self, expr: &Expr) -> Checked {
        match &expr.node {
            Node::Literal(literal) => Ok(of_literal(literal)),
            Node::Name(parts) => match self.name(parts, expr.at)? {
                (_, Ty::List(_)) => {
                    let (name, instead) = (parts.join("."), "Use sum, count, min, max, distinct or ‘has’ with it");
                    Err(ExprError::new(expr.at, format!("‘{name}’ has an answer in every row"), instead))
                }
                (typed, Ty::Rows | Ty::Whole) => {
                    let item = self.scope.names.find(parts, self.scope.group).map_or(0, |(item, _, _)| item);
                    let instead = self.scope.names.items.get(item).map(|i| use_a_part(&i.question.kind, &parts.join(".")));
                    drop(typed);
                    Err(ExprError::new(expr.at, "This answer has several parts", instead.unwrap_or_default()))
                }
                found => Ok(found),
            },
            Node::Not(operand) => Ok((Typed::Not(Box::new(self.wanted(operand, &Ty::YesNo)?)), Ty::YesNo)),
            Node::Minus(operand) => {
                let (typed, ty) = self.check(operand)?;
                if !ty.is_sum() {
                    return Err(not(operand.at, &ty, "a number"));
                }
                Ok((Typed::Minus(Box::new(typed)), ty))
            }
            Node::Two(op, left, right) => self.two(*op, left, right),
            Node::In(left, list) => {
                let (typed, ty) = self.check(left)?;
                let list = list.iter().map(|item| self.comparable(item, left, &ty)).collect::<Result<_, _>>()?;
                Ok((Typed::In(Box::new(typed), list), Ty::YesNo))
            }
            Node::Call(function, list) => functions::check(self, *function, list, expr.at),
            Node::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = self.wanted(condition, &Ty::YesNo)?;
                let (then_typed, ty) = self.check(then)?;
                let otherwise = self.wanted(otherwise, &plain(&ty))?;
                Ok((Typed::If(Box::new([condition, then_typed, otherwise])), plain(&ty)))
            }
        }
    }

    /// What a name stands for, lists and wholes included.
    pub fn name(&self, parts: &[String], at: usize) -> Checked {
        let Scope { names, group, before, computed } = self.scope;
        let Some((item, taken, every_row)) = names.find(parts, group) else { return Err(self.unknown(parts, at)) };
        let question = &names.items[item].question;
        let key = parts[..taken].join(".");
        if before.is_some_and(|before| item >= before) {
            let instead = "Use questions that come before this one, or move this one down";
            return Err(ExprError::new(at, format!("‘{key}’ is asked later; only earlier answers can be used here"), instead));
        }
        let (part, ty) = match &parts[taken..] {
            [] => match whole(&question.kind).or_else(|| computed.get(&item).cloned()) {
                Some(ty) => (Part::All, ty),
                // Its own mistake has been said already.
                None => return Err(ExprError::new(at, "", "")),
            },
            [name] => part(&question.kind, name, &key, at)?,
            _ => return Err(ExprError::new(at, "This name has too many parts", format!("Write ‘{key}’ and at most one part"))),
        };
        if every_row {
            return Ok((Typed::Column(item, part), Ty::List(Box::new(ty))));
        }
        Ok((Typed::Answer(item, part), ty))
    }

    fn unknown(&self, parts: &[String], at: usize) -> ExprError {
        let Scope { names, group, .. } = self.scope;
        let first = parts.first().map_or("", String::as_str);
        let is_known = |key: &str| names.known(group).any(|k| k == key);
        // A minus sign without a space before it reads as a hyphen.
        let hyphens = first.match_indices('-').map(|(i, _)| (&first[..i], &first[i + 1..]));
        if let Some((left, right)) = hyphens.into_iter().find(|(left, _)| is_known(left)) {
            let instead = format!("To subtract, put a space before the minus sign: {left} - {right}");
            return ExprError::new(at, format!("There is no question ‘{first}’"), instead);
        }
        if let Some(other) = names.items.iter().find(|i| i.group.is_some() && i.question.key == first) {
            let group = other.group.and_then(|g| names.items.get(g)).map_or("", |g| &g.question.key);
            let instead = format!("For all rows of ‘{group}’ write ‘{group}.{first}’");
            return ExprError::new(at, format!("‘{first}’ is asked in every row of a group"), instead);
        }
        ExprError::new(at, format!("There is no question ‘{first}’"), did_you_mean(first, names.known(group)))
    }

    fn two(&mut self, op: Op, left: &Expr, right: &Expr) -> Checked {
        let made = |a, b| Typed::Two(op, Box::new(a), Box::new(b));
        match op {
            Op::And | Op::Or => {
                let left = self.wanted(left, &Ty::YesNo)?;
                Ok((made(left, self.wanted(right, &Ty::YesNo)?), Ty::YesNo))
            }
            Op::Has => self.has(left, right),
            Op::Equal | Op::NotEqual => {
                let (typed, ty) = self.check(left)?;
                // A literal takes its type from the other side, so that options are checked wherever they stand.
                if matches!(left.node, Node::Literal(_)) && !matches!(right.node, Node::Literal(_)) {
                    let (other, ty) = self.check(right)?;
                    return Ok((made(self.comparable(left, right, &ty)?, other), Ty::YesNo));
                }
                Ok((made(typed, self.comparable(right, left, &ty)?), Ty::YesNo))
            }
            Op::Less | Op::LessEqual | Op::More | Op::MoreEqual => {
                let (typed, ty) = self.check(left)?;
                if !ty.is_ordered() {
                    return Err(not(left.at, &ty, "something with an order, such as a number or a date"));
                }
                let other = self.wanted(right, &ty)?;
                Ok((made(typed, other), Ty::YesNo))
            }
            Op::Plus | Op::Minus => {
                let (typed, ty) = self.check(left)?;
                if !ty.is_sum() {
                    let instead = if ty == Ty::Date {
                        "For days between two dates write days_between(from, to)"
                    } else {
                        "Add numbers or amounts of money"
                    };
                    return Err(ExprError::new(left.at, format!("This is {}, not a number", ty.words()), instead));
                }
                let other = self.wanted(right, &ty)?;
                Ok((made(typed, other), ty))
            }
            Op::Times | Op::Over => {
                let ((a, a_ty), (b, b_ty)) = (self.check(left)?, self.check(right)?);
                let ty = match (op, &a_ty, &b_ty) {
                    (_, Ty::Number, Ty::Number) | (Op::Over, Ty::Money, Ty::Money) => Ty::Number,
                    (_, Ty::Money, Ty::Number) | (Op::Times, Ty::Number, Ty::Money) => Ty::Money,
                    (_, Ty::Number | Ty::Money, Ty::Money) => {
                        let what = if op == Op::Times {
                            "Money cannot be multiplied by money"
                        } else {
                            "A number cannot be divided by money"
                        };
                        return Err(ExprError::new(right.at, what, "Make one of the two a number"));
                    }
                    (_, Ty::Number | Ty::Money, wrong) => return Err(not(right.at, wrong, "a number")),
                    (_, wrong, _) => return Err(not(left.at, wrong, "a number")),
                };
                Ok((made(a, b), ty))
            }
        }
    }

    fn has(&mut self, left: &Expr, right: &Expr) -> Checked {
        let (typed, ty) = match &left.node {
            Node::Name(parts) => self.name(parts, left.at)?,
            _ => self.check(left)?,
        };
        let of = match ty {
            Ty::Choices(options) => Ty::Choice(options),
            Ty::List(of) if !matches!(*of, Ty::Choices(_) | Ty::Whole | Ty::Rows) => *of,
            wrong => {
                let instead =
                    "‘has’ asks whether one of several chosen options, or of several rows, is this one; for one answer write =";
                return Err(ExprError::new(left.at, format!("This is {}", wrong.words()), instead));
            }
        };
        let right = self.comparable(right, left, &of)?;
        Ok((Typed::Two(Op::Has, Box::new(typed), Box::new(right)), Ty::YesNo))
    }

    /// Something that can be held against what is of this type; an option has to be one of those that there are.
    fn comparable(&mut self, expr: &Expr, other: &Expr, ty: &Ty) -> Result<Typed, ExprError> {
        if let Ty::Choices(_) = ty {
            return Err(ExprError::new(other.at, "Several options can be chosen here", "Write ‘has’ instead of = or in"));
        }
        if let (Ty::Choice(options), Node::Literal(Literal::Text(text))) = (ty, &expr.node) {
            if !options.contains(text) {
                let instead = did_you_mean(text, options.iter().map(String::as_str));
                return Err(ExprError::new(expr.at, format!("There is no option ‘{text}’"), instead));
            }
            return Ok(of_literal(&Literal::Text(text.clone())).0);
        }
        self.wanted(expr, &plain(ty))
    }

    fn same(&self, expr: &Expr, found: &Ty, wanted: &Ty) -> Result<(), ExprError> {
        if plain(found) == plain(wanted) {
            return Ok(());
        }
        let instead = match (found, wanted, &expr.node) {
            (Ty::Number, Ty::Money, Node::Literal(literal)) => format!("Write £{literal}"),
            (Ty::Money, Ty::Number, Node::Literal(literal)) => format!("Write {}", literal.to_string().replace('£', "")),
            (Ty::Month, Ty::Date, _) => "Write a whole date, like 2026-03-27".to_owned(),
            (Ty::Date, Ty::Month, _) => "Write a month, like 2026-03".to_owned(),
            (_, Ty::YesNo, _) => "Compare it with something, like = \"…\" or > 0, or ask answered(…)".to_owned(),
            (Ty::Text, Ty::Number | Ty::Money, Node::Literal(_)) => "Leave out the quotation marks".to_owned(),
            _ => format!("Put {} here", wanted.words()),
        };
        Err(ExprError::new(expr.at, format!("This is {}, where {} is wanted", found.words(), wanted.words()), instead))
    }

    /// Remembers what is the same for every row, so that looking at all rows takes no longer than once and once each.
    pub fn share(&mut self, typed: Typed) -> Typed {
        let Typed::Call(_, list) = &typed else { return typed };
        if self.scope.group.is_none() || !list.iter().all(|t| matches!(t, Typed::Column(..) | Typed::Literal(_))) {
            return typed;
        }
        self.shared += 1;
        Typed::Shared(self.shared - 1, Box::new(typed))
    }
}

/// The type as others see it: an option is a text among texts.
fn plain(ty: &Ty) -> Ty {
    if matches!(ty, Ty::Choice(_)) { Ty::Text } else { ty.clone() }
}

pub(crate) fn not(at: usize, found: &Ty, wanted: &str) -> ExprError {
    ExprError::new(at, format!("This is {}", found.words()), format!("Put {wanted} here"))
}

fn of_literal(literal: &Literal) -> (Typed, Ty) {
    let (datum, ty) = match literal {
        Literal::YesNo(yes) => (Datum::YesNo(*yes), Ty::YesNo),
        Literal::Number(number) => (Datum::Number(*number), Ty::Number),
        Literal::Money(money) => (Datum::Money(Number::whole(money.pence())), Ty::Money),
        Literal::Text(text) => (Datum::Text(text.clone().into()), Ty::Text),
        Literal::Date(day) => (Datum::Date(*day), Ty::Date),
        Literal::Month(month) => (Datum::Month(*month), Ty::Month),
    };
    (Typed::Literal(datum), ty)
}

/// Whether a question is worked out, not asked.
pub(crate) const fn is_computed(question: &Question) -> bool {
    matches!(question.kind, Kind::Computed { .. })
}
