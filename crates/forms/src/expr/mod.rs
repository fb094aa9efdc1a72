//! The expression language: conditions, rules, computed values and scores. There are no loops and nothing to define;
//! size and depth are bounded, so whatever can be written is worked out in time that grows with its length.
//!
//! ```text
//! sector in ("health", "council") and award <= £50000
//! if answered(lead) then sum(partners.amount) / partners.count else £0
//! ```
//!
//! A name is a question's key, or in a group's row that of a question of the same row. What follows a full stop is a
//! part of the answer: `budget.total`, `partners.count`, `lead.sector`. A minus sign needs a space before it, because
//! keys may have hyphens.

pub(crate) mod check;
pub(crate) mod eval;
pub(crate) mod functions;
mod lex;
mod parse;
mod print;
pub(crate) mod types;

use kernel::{Day, Money};

use crate::month::Month;
use crate::number::Number;

pub use parse::parse;

/// What is wrong with the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {what}. {instead}")]
pub struct ExprError {
    /// Where, counted in bytes from the beginning.
    pub at: usize,
    pub what: String,
    pub instead: String,
}

impl ExprError {
    pub(crate) fn new(at: usize, what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { at, what: what.into(), instead: instead.into() }
    }
}

/// An expression that has been read, but not yet held against a form. Two are equal that mean the same, wherever
/// their parts stood.
#[derive(Debug, Clone)]
pub struct Expr {
    pub node: Node,
    /// Where it begins, in bytes.
    pub at: usize,
    /// How many levels of expressions it has within it.
    pub(crate) depth: usize,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Literal(Literal),
    /// The parts of a name: at least one, at most three.
    Name(Vec<String>),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Two(Op, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Vec<Expr>),
    Call(Function, Vec<Expr>),
    If(Box<[Expr; 3]>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    YesNo(bool),
    Number(Number),
    Money(Money),
    Text(String),
    Date(Day),
    Month(Month),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    More,
    MoreEqual,
    Has,
    Plus,
    Minus,
    Times,
    Over,
}

impl Op {
    /// As it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::More => ">",
            Self::MoreEqual => ">=",
            Self::Has => "has",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
        }
    }
    /// How closely it binds: the higher, the closer.
    pub(crate) const fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Plus | Self::Minus => 5,
            Self::Times | Self::Over => 6,
            _ => COMPARED,
        }
    }
}

/// How closely `not`, comparisons, sums and a minus sign bind.
pub(crate) const NEGATED: u8 = 3;
pub(crate) const COMPARED: u8 = 4;
pub(crate) const SIGNED: u8 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Sum,
    Count,
    Min,
    Max,
    Distinct,
    Words,
    Answered,
    DaysBetween,
    Round,
}

impl Function {
    pub const ALL: [Self; 9] = [
        Self::Sum,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::Distinct,
        Self::Words,
        Self::Answered,
        Self::DaysBetween,
        Self::Round,
    ];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Distinct => "distinct",
            Self::Words => "words",
            Self::Answered => "answered",
            Self::DaysBetween => "days_between",
            Self::Round => "round",
        }
    }
}

/// Words of the language, which cannot be keys.
pub(crate) const RESERVED: [&str; 12] = ["and", "or", "not", "in", "has", "if", "then", "else", "yes", "no", "true", "false"];

impl Expr {
    /// An expression that stands at this byte.
    #[must_use]
    pub fn new(node: Node, at: usize) -> Self {
        let depth = 1 + match &node {
            Node::Literal(_) | Node::Name(_) => 0,
            Node::Not(a) | Node::Minus(a) => a.depth,
            Node::Two(_, a, b) => a.depth.max(b.depth),
            Node::In(a, list) => deepest(list).max(a.depth),
            Node::Call(_, list) => deepest(list),
            Node::If(parts) => deepest(&parts[..]),
        };
        Self { node, at, depth }
    }

    /// Every name in it, in the order in which they are written.
    pub(crate) fn names<'e>(&'e self, found: &mut Vec<&'e [String]>) {
        match &self.node {
            Node::Literal(_) => {}
            Node::Name(parts) => found.push(parts),
            Node::Not(a) | Node::Minus(a) => a.names(found),
            Node::Two(_, a, b) => [a, b].into_iter().for_each(|e| e.names(found)),
            Node::In(a, list) => std::iter::once(&**a).chain(list).for_each(|e| e.names(found)),
            Node::Call(_, list) => list.iter().for_each(|e| e.names(found)),
            Node::If(parts) => parts.iter().for_each(|e| e.names(found)),
        }
    }
}

fn deepest(list: &[Expr]) -> usize {
    list.iter().map(|e| e.depth).max().unwrap_or(0)
}
