//! The kinds of question there are, each with its settings.

use kernel::{Day, Money};
use serde::{Deserialize, Serialize};

use crate::month::Month;
use crate::number::Number;
use crate::text::Text;
use crate::{Question, limits};

/// What sort of answer a question asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    ShortText {
        max_chars: Option<u32>,
    },
    LongText {
        max_words: Option<u32>,
    },
    Number {
        unit: Option<Text>,
        min: Option<Number>,
        max: Option<Number>,
        /// How many digits may stand after the point; none where it is left out.
        decimals: Option<u32>,
    },
    Money {
        min: Option<Money>,
        max: Option<Money>,
    },
    Date {
        min: Option<Day>,
        max: Option<Day>,
    },
    Month {
        min: Option<Month>,
        max: Option<Month>,
    },
    YesNo,
    ChooseOne {
        options: Vec<Choice>,
    },
    ChooseSeveral {
        options: Vec<Choice>,
        min: Option<u32>,
        max: Option<u32>,
    },
    Scale {
        points: Vec<Point>,
    },
    Grid {
        rows: Vec<Choice>,
        points: Vec<Point>,
    },
    /// Options put in order, the first the most important; `max` asks for the first few only.
    Ranking {
        options: Vec<Choice>,
        max: Option<u32>,
    },
    File {
        accept: Vec<FileKind>,
        max_mb: Option<u32>,
    },
    /// `schemes` are the registers whose numbers are asked for, such as the charity register.
    Organisation {
        schemes: Vec<Choice>,
        sectors: Vec<Choice>,
    },
    Person,
    Area,
    /// A table of money: lines down, columns across, with totals. `lines` are given, people add more up to `max_lines`.
    Budget {
        columns: Vec<Choice>,
        lines: Vec<Choice>,
        max_lines: Option<u32>,
        max: Option<Money>,
    },
    /// Questions that are asked again for each of several things; `item` is what one of them is called.
    Group {
        item: Text,
        questions: Vec<Question>,
        min: Option<u32>,
        max: Option<u32>,
    },
    /// Shown, not asked.
    Computed {
        value: String,
        unit: Option<Text>,
    },
}

/// Something to choose, or a named row, column or line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub key: String,
    pub label: Text,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub help: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Number>,
}

impl Choice {
    #[must_use]
    pub fn new(key: impl Into<String>, label: impl Into<Text>) -> Self {
        Self { key: key.into(), label: label.into(), help: Text::default(), score: None }
    }
}

/// A point of a scale, such as 3 “about half of the time”.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    pub value: i32,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub label: Text,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub help: Text,
}

/// A family of files that people know by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    Pdf,
    Document,
    Spreadsheet,
    Presentation,
    Image,
    Text,
}

impl FileKind {
    pub const ALL: [Self; 6] = [Self::Pdf, Self::Document, Self::Spreadsheet, Self::Presentation, Self::Image, Self::Text];

    /// As people call it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Document => "Word or OpenDocument text",
            Self::Spreadsheet => "Excel, OpenDocument or CSV table",
            Self::Presentation => "PowerPoint or OpenDocument slides",
            Self::Image => "JPEG or PNG picture",
            Self::Text => "plain text",
        }
    }
    /// The media types that belong to it.
    #[must_use]
    pub const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["application/pdf"],
            Self::Document => &[
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.oasis.opendocument.text",
            ],
            Self::Spreadsheet => &[
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.oasis.opendocument.spreadsheet",
                "text/csv",
            ],
            Self::Presentation => &[
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "application/vnd.oasis.opendocument.presentation",
            ],
            Self::Image => &["image/jpeg", "image/png"],
            Self::Text => &["text/plain"],
        }
    }
    /// The endings of file names, for the file box of a page.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &[".pdf"],
            Self::Document => &[".docx", ".odt"],
            Self::Spreadsheet => &[".xlsx", ".ods", ".csv"],
            Self::Presentation => &[".pptx", ".odp"],
            Self::Image => &[".jpg", ".jpeg", ".png"],
            Self::Text => &[".txt"],
        }
    }
}

/// The texts of a thing within a question: an option, a row, a point.
pub(crate) struct NamedText<'k> {
    pub label: &'k Text,
    pub help: Option<&'k Text>,
}

impl Kind {
    /// As files write it.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::ShortText { .. } => "short-text",
            Self::LongText { .. } => "long-text",
            Self::Number { .. } => "number",
            Self::Money { .. } => "money",
            Self::Date { .. } => "date",
            Self::Month { .. } => "month",
            Self::YesNo => "yes-no",
            Self::ChooseOne { .. } => "choose-one",
            Self::ChooseSeveral { .. } => "choose-several",
            Self::Scale { .. } => "scale",
            Self::Grid { .. } => "grid",
            Self::Ranking { .. } => "ranking",
            Self::File { .. } => "file",
            Self::Organisation { .. } => "organisation",
            Self::Person => "person",
            Self::Area => "area",
            Self::Budget { .. } => "budget",
            Self::Group { .. } => "group",
            Self::Computed { .. } => "computed",
        }
    }

    /// The lists of named things that it holds, by the name that files give them.
    pub(crate) fn lists(&self) -> Vec<(&'static str, Vec<NamedText<'_>>)> {
        match self {
            Self::ChooseOne { options } | Self::ChooseSeveral { options, .. } | Self::Ranking { options, .. } => {
                vec![("options", named(options))]
            }
            Self::Scale { points } => vec![("points", named_points(points))],
            Self::Grid { rows, points } => vec![("rows", named(rows)), ("points", named_points(points))],
            Self::Organisation { schemes, sectors } => vec![("schemes", named(schemes)), ("sectors", named(sectors))],
            Self::Budget { columns, lines, .. } => vec![("columns", named(columns)), ("lines", named(lines))],
            _ => Vec::new(),
        }
    }

    /// How many lines a budget, or rows a group, may have.
    #[must_use]
    pub fn most_rows(&self) -> usize {
        let (max, hard, usual) = match self {
            Self::Budget { max_lines, .. } => (*max_lines, limits::BUDGET_LINES, limits::USUAL_BUDGET_LINES),
            Self::Group { max, .. } => (*max, limits::GROUP_ROWS, limits::USUAL_GROUP_ROWS),
            _ => return 0,
        };
        max.map_or(usual, |max| max as usize).min(hard)
    }
}

fn named(choices: &[Choice]) -> Vec<NamedText<'_>> {
    choices.iter().map(|c| NamedText { label: &c.label, help: Some(&c.help) }).collect()
}
fn named_points(points: &[Point]) -> Vec<NamedText<'_>> {
    points.iter().map(|p| NamedText { label: &p.label, help: Some(&p.help) }).collect()
}
