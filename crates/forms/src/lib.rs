//! Forms as data: applications, assessments, surveys, reviews and feedback are made of questions, conditions,
//! answers and scores. Nothing here reads a clock, a file or a database, and nothing knows of pages.
//!
//! A [`Form`] is read from a file or made in the browser; [`Form::compile`] finds its flaws or makes it ready for
//! work; [`CompiledForm::look`] says how it stands with some [`Answers`]. Each answer stands under a [`Path`] of its
//! own. [`Kind::read`] makes a [`Value`] of what a browser sent, [`Kind::write`] the way back.

mod answer;
mod carry;
mod compare;
mod compile;
mod export;
pub mod expr;
mod fields;
mod flaw;
mod form;
mod judge;
mod kind;
pub mod limits;
mod look;
mod month;
mod number;
mod plain;
mod raw;
mod read;
mod scores;
mod structure;
mod text;
mod value;
mod words;
mod world;
pub mod xlsform;

pub use answer::{Answers, BadPath, Path, RowId};
pub use carry::{ASKED, Carried, Known, Left, Suggestion};
pub use compare::Change;
pub use compile::CompiledForm;
pub use export::{Cell, Column, Sheet};
pub use fields::Fields;
pub use flaw::{Flaw, Step};
pub use form::{Form, Question, Required, Rule, Score, Section};
pub use judge::word_count;
pub use kind::{Choice, FileKind, Kind, Point};
pub use look::{Look, Notice, QuestionLook, SectionLook, SectionState, Shown};
pub use month::{BadMonth, Month};
pub use number::{BadNumber, Number};
pub use read::FieldProblem;
pub use scores::{ScoreLook, Scores, Tally};
pub use structure::parts_of;
pub use text::{Lang, Text};
pub use value::{Area, BudgetLine, FileRef, Organisation, Person, Value, budget_total};
