//! A question as files write it: the settings of its kind stand beside its key. Here they are sorted into the kind,
//! and a setting that does not belong to it is refused.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::form::{Question, Required};
use crate::kind::{Choice, FileKind, Kind, Point};
use crate::number::Number;
use crate::text::Text;
use crate::words::{and, quoted};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Tag {
    ShortText,
    LongText,
    Number,
    Money,
    Date,
    Month,
    YesNo,
    ChooseOne,
    ChooseSeveral,
    Scale,
    Grid,
    Ranking,
    File,
    Organisation,
    Person,
    Area,
    Budget,
    Group,
    Computed,
}

/// A limit: a number, or a text such as "£50,000" or "2026-03-27".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a number, or a text like \"£50,000\" or \"2026-03-27\"")]
enum Bound {
    Number(Number),
    Text(String),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawQuestion {
    key: String,
    label: Text,
    kind: Tag,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    help: Text,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    guidance: Text,
    #[serde(default, skip_serializing_if = "is_optional")]
    required: Required,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_when: Option<String>,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    invalid: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefill: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_chars: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_words: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decimals: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Bound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Bound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accept: Option<Vec<FileKind>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_mb: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_lines: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<Vec<Point>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schemes: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sectors: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    questions: Option<Vec<Question>>,
}

fn is_optional(required: &Required) -> bool {
    *required == Required::Always(false)
}

impl RawQuestion {
    /// A question without any settings.
    fn bare(question: &Question, kind: Tag) -> Self {
        Self {
            key: question.key.clone(),
            label: question.label.clone(),
            kind,
            help: question.help.clone(),
            guidance: question.guidance.clone(),
            required: question.required.clone(),
            shown_when: question.shown_when.clone(),
            valid_when: question.valid_when.clone(),
            invalid: question.invalid.clone(),
            prefill: question.prefill.clone(),
            max_chars: None,
            max_words: None,
            unit: None,
            decimals: None,
            min: None,
            max: None,
            accept: None,
            max_mb: None,
            max_lines: None,
            item: None,
            value: None,
            options: None,
            points: None,
            rows: None,
            columns: None,
            lines: None,
            schemes: None,
            sectors: None,
            questions: None,
        }
    }

    /// The settings that are given.
    fn given(&self) -> Vec<&'static str> {
        let all = [
            ("max_chars", self.max_chars.is_some()),
            ("max_words", self.max_words.is_some()),
            ("unit", self.unit.is_some()),
            ("decimals", self.decimals.is_some()),
            ("min", self.min.is_some()),
            ("max", self.max.is_some()),
            ("accept", self.accept.is_some()),
            ("max_mb", self.max_mb.is_some()),
            ("max_lines", self.max_lines.is_some()),
            ("item", self.item.is_some()),
            ("value", self.value.is_some()),
            ("options", self.options.is_some()),
            ("points", self.points.is_some()),
            ("rows", self.rows.is_some()),
            ("columns", self.columns.is_some()),
            ("lines", self.lines.is_some()),
            ("schemes", self.schemes.is_some()),
            ("sectors", self.sectors.is_some()),
            ("questions", self.questions.is_some()),
        ];
        all.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    /// A limit that is written as a text.
    fn bound<T: FromStr>(&self, name: &str, bound: Option<Bound>, like: &str) -> Result<Option<T>, String> {
        let text = match bound {
            None => return Ok(None),
            Some(Bound::Number(n)) => n.plain(),
            Some(Bound::Text(text)) if like.starts_with('£') && !text.trim().starts_with('£') => text,
            Some(Bound::Text(text)) => {
                let parsed = text.parse();
                return parsed.map(Some).map_err(|_| self.wrong_bound(name, &text, like));
            }
        };
        Err(self.wrong_bound(name, &text, like))
    }
    fn number(&self, name: &str, bound: Option<Bound>) -> Result<Option<Number>, String> {
        match bound {
            None => Ok(None),
            Some(Bound::Number(number)) => Ok(Some(number)),
            Some(Bound::Text(text)) => Err(self.wrong_bound(name, &text, "10")),
        }
    }
    fn count(&self, name: &str, bound: Option<Bound>) -> Result<Option<u32>, String> {
        let number = self.number(name, bound)?;
        let count = number.map(|n| n.as_i64().and_then(|n| u32::try_from(n).ok()).ok_or(n));
        count.transpose().map_err(|n| self.wrong_bound(name, &n.plain(), "3"))
    }
    fn wrong_bound(&self, name: &str, found: &str, like: &str) -> String {
        let like = if like.starts_with(['£', '2']) { format!("\"{like}\"") } else { like.to_owned() };
        format!("‘{name}’ of the question ‘{}’ cannot be ‘{}’. Write it like {like}", self.key, crate::words::short(found))
    }
}

impl TryFrom<RawQuestion> for Question {
    type Error = String;

    fn try_from(mut raw: RawQuestion) -> Result<Self, String> {
        let kind = kind_of(&mut raw)?;
        let left = raw.given();
        if !left.is_empty() {
            let belong = if left.len() == 1 { "does not belong" } else { "do not belong" };
            return Err(format!("{} {belong} to the question ‘{}’, which is of kind ‘{}’", quoted(&left), raw.key, kind.key()));
        }
        Ok(Self {
            key: raw.key,
            label: raw.label,
            help: raw.help,
            guidance: raw.guidance,
            required: raw.required,
            shown_when: raw.shown_when,
            valid_when: raw.valid_when,
            invalid: raw.invalid,
            prefill: raw.prefill,
            kind,
        })
    }
}

/// Takes from the settings what belongs to the kind.
fn kind_of(raw: &mut RawQuestion) -> Result<Kind, String> {
    let (min, max) = match raw.kind {
        Tag::Number | Tag::Money | Tag::Date | Tag::Month | Tag::ChooseSeveral | Tag::Group => (raw.min.take(), raw.max.take()),
        Tag::Ranking | Tag::Budget => (None, raw.max.take()),
        _ => (None, None),
    };
    let key = raw.key.clone();
    let list = |name: &str, given: Option<Vec<Choice>>| given.ok_or_else(|| format!("The question ‘{key}’ needs ‘{name}’"));
    Ok(match raw.kind {
        Tag::ShortText => Kind::ShortText { max_chars: raw.max_chars.take() },
        Tag::LongText => Kind::LongText { max_words: raw.max_words.take() },
        Tag::Number => Kind::Number {
            unit: raw.unit.take(),
            min: raw.number("min", min)?,
            max: raw.number("max", max)?,
            decimals: raw.decimals.take(),
        },
        Tag::Money => Kind::Money { min: raw.bound("min", min, "£50,000")?, max: raw.bound("max", max, "£50,000")? },
        Tag::Date => Kind::Date { min: raw.bound("min", min, "2026-03-27")?, max: raw.bound("max", max, "2026-03-27")? },
        Tag::Month => Kind::Month { min: raw.bound("min", min, "2026-03")?, max: raw.bound("max", max, "2026-03")? },
        Tag::YesNo => Kind::YesNo,
        Tag::ChooseOne => Kind::ChooseOne { options: list("options", raw.options.take())? },
        Tag::ChooseSeveral => Kind::ChooseSeveral {
            options: list("options", raw.options.take())?,
            min: raw.count("min", min)?,
            max: raw.count("max", max)?,
        },
        Tag::Scale => Kind::Scale { points: raw.points.take().unwrap_or_default() },
        Tag::Grid => Kind::Grid { rows: list("rows", raw.rows.take())?, points: raw.points.take().unwrap_or_default() },
        Tag::Ranking => Kind::Ranking { options: list("options", raw.options.take())?, max: raw.count("max", max)? },
        Tag::File => Kind::File { accept: raw.accept.take().unwrap_or_default(), max_mb: raw.max_mb.take() },
        Tag::Organisation => Kind::Organisation {
            schemes: raw.schemes.take().unwrap_or_default(),
            sectors: raw.sectors.take().unwrap_or_default(),
        },
        Tag::Person => Kind::Person,
        Tag::Area => Kind::Area,
        Tag::Budget => Kind::Budget {
            columns: raw.columns.take().unwrap_or_default(),
            lines: raw.lines.take().unwrap_or_default(),
            max_lines: raw.max_lines.take(),
            max: raw.bound("max", max, "£50,000")?,
        },
        Tag::Group => Kind::Group {
            item: raw.item.take().unwrap_or_default(),
            questions: raw.questions.take().unwrap_or_default(),
            min: raw.count("min", min)?,
            max: raw.count("max", max)?,
        },
        Tag::Computed => Kind::Computed {
            value: raw.value.take().ok_or_else(|| format!("The question ‘{}’ is computed and needs ‘value’", raw.key))?,
            unit: raw.unit.take(),
        },
    })
}

impl From<Question> for RawQuestion {
    fn from(question: Question) -> Self {
        let mut raw = Self::bare(&question, tag_of(&question.kind));
        let count = |n: Option<u32>| n.map(|n| Bound::Number(Number::whole(n)));
        let some = |list: Vec<Choice>| (!list.is_empty()).then_some(list);
        match question.kind {
            Kind::ShortText { max_chars } => raw.max_chars = max_chars,
            Kind::LongText { max_words } => raw.max_words = max_words,
            Kind::Number { unit, min, max, decimals } => {
                (raw.unit, raw.decimals) = (unit, decimals);
                (raw.min, raw.max) = (min.map(Bound::Number), max.map(Bound::Number));
            }
            Kind::Money { min, max } => (raw.min, raw.max) = (text(min), text(max)),
            Kind::Date { min, max } => (raw.min, raw.max) = (text(min.map(kernel::Day::iso)), text(max.map(kernel::Day::iso))),
            Kind::Month { min, max } => {
                (raw.min, raw.max) = (text(min.map(crate::Month::iso)), text(max.map(crate::Month::iso)));
            }
            Kind::YesNo | Kind::Person | Kind::Area => {}
            Kind::ChooseOne { options } => raw.options = Some(options),
            Kind::ChooseSeveral { options, min, max } => {
                (raw.options, raw.min, raw.max) = (Some(options), count(min), count(max));
            }
            Kind::Scale { points } => raw.points = Some(points),
            Kind::Grid { rows, points } => (raw.rows, raw.points) = (Some(rows), Some(points)),
            Kind::Ranking { options, max } => (raw.options, raw.max) = (Some(options), count(max)),
            Kind::File { accept, max_mb } => {
                (raw.accept, raw.max_mb) = ((!accept.is_empty()).then_some(accept), max_mb);
            }
            Kind::Organisation { schemes, sectors } => (raw.schemes, raw.sectors) = (some(schemes), some(sectors)),
            Kind::Budget { columns, lines, max_lines, max } => {
                (raw.columns, raw.lines) = (some(columns), some(lines));
                (raw.max_lines, raw.max) = (max_lines, text(max));
            }
            Kind::Group { item, questions, min, max } => {
                raw.item = (!item.is_empty()).then_some(item);
                (raw.questions, raw.min, raw.max) = (Some(questions), count(min), count(max));
            }
            Kind::Computed { value, unit } => (raw.value, raw.unit) = (Some(value), unit),
        }
        raw
    }
}

fn text(bound: Option<impl ToString>) -> Option<Bound> {
    bound.map(|b| Bound::Text(b.to_string()))
}

const fn tag_of(kind: &Kind) -> Tag {
    match kind {
        Kind::ShortText { .. } => Tag::ShortText,
        Kind::LongText { .. } => Tag::LongText,
        Kind::Number { .. } => Tag::Number,
        Kind::Money { .. } => Tag::Money,
        Kind::Date { .. } => Tag::Date,
        Kind::Month { .. } => Tag::Month,
        Kind::YesNo => Tag::YesNo,
        Kind::ChooseOne { .. } => Tag::ChooseOne,
        Kind::ChooseSeveral { .. } => Tag::ChooseSeveral,
        Kind::Scale { .. } => Tag::Scale,
        Kind::Grid { .. } => Tag::Grid,
        Kind::Ranking { .. } => Tag::Ranking,
        Kind::File { .. } => Tag::File,
        Kind::Organisation { .. } => Tag::Organisation,
        Kind::Person => Tag::Person,
        Kind::Area => Tag::Area,
        Kind::Budget { .. } => Tag::Budget,
        Kind::Group { .. } => Tag::Group,
        Kind::Computed { .. } => Tag::Computed,
    }
}

/// The settings, lists aside, in which two questions of one kind differ, with what they were and are.
pub(crate) fn differing_settings(old: &Question, new: &Question) -> Vec<(&'static str, Option<String>, Option<String>)> {
    let (old, new) = (RawQuestion::from(old.clone()).plain_settings(), RawQuestion::from(new.clone()).plain_settings());
    let pairs = old.into_iter().zip(new);
    pairs.filter(|((_, old), (_, new))| old != new).map(|((name, old), (_, new))| (name, old, new)).collect()
}

impl RawQuestion {
    /// The settings that are no lists, as text.
    fn plain_settings(&self) -> [(&'static str, Option<String>); 11] {
        let count = |n: Option<u32>| n.map(|n| n.to_string());
        let words =
            |t: &Option<Text>| t.as_ref().map(|t| t.cy.as_ref().map_or_else(|| t.en.clone(), |cy| format!("{} · {cy}", t.en)));
        let bound = |b: &Option<Bound>| {
            b.as_ref().map(|b| match b {
                Bound::Number(n) => n.plain(),
                Bound::Text(t) => t.clone(),
            })
        };
        let accept = self.accept.as_ref().map(|kinds| and(&kinds.iter().map(|k| k.words().to_owned()).collect::<Vec<_>>()));
        [
            ("max_chars", count(self.max_chars)),
            ("max_words", count(self.max_words)),
            ("unit", words(&self.unit)),
            ("decimals", count(self.decimals)),
            ("min", bound(&self.min)),
            ("max", bound(&self.max)),
            ("accept", accept),
            ("max_mb", count(self.max_mb)),
            ("max_lines", count(self.max_lines)),
            ("item", words(&self.item)),
            ("value", self.value.clone()),
        ]
    }
}
