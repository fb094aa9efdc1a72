//! Whether an answer keeps to the limits of its question.

use std::collections::BTreeSet;

use crate::kind::{Choice, FileKind, Kind, Point};
use crate::limits;
use crate::read::{FieldProblem, is_gss};
use crate::value::{AMOUNT, BudgetLine, FileRef, Value, budget_total};
use crate::words::{and, count, grouped};

impl Kind {
    /// What is wrong with an answer, part by part; empty where all is well.
    #[must_use]
    pub fn problems(&self, value: &Value) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        let mut say = |part: &str, message: String| found.push(FieldProblem::new(part, message));
        match (self, value) {
            (Self::ShortText { .. } | Self::LongText { .. }, Value::Text(text)) => self.judge_text(text, &mut say),
            (Self::Number { min, max, decimals, .. }, Value::Number(number)) => {
                between(number, min.as_ref(), max.as_ref(), "Enter a number", ["of at least", "of at most"], &mut say);
                match (number.decimals(), decimals.unwrap_or(0) as usize) {
                    (Some(0), _) => {}
                    (_, 0) => say("", "Enter a whole number".to_owned()),
                    (Some(given), most) if given <= most => {}
                    (_, most) => say("", format!("Use at most {} after the point", count(most, "digit", "digits"))),
                }
            }
            (Self::Money { min, max }, Value::Money(money)) => {
                between(money, min.as_ref(), max.as_ref(), "Enter an amount", ["of at least", "of at most"], &mut say)
            }
            (Self::Date { min, max }, Value::Date(day)) => {
                between(day, min.as_ref(), max.as_ref(), "Enter a date", NO_EARLIER, &mut say)
            }
            (Self::Month { min, max }, Value::Month(month)) => {
                between(month, min.as_ref(), max.as_ref(), "Enter a month", NO_EARLIER, &mut say)
            }
            (Self::YesNo, Value::YesNo(_)) | (Self::Person, Value::Person(_)) => {}
            (Self::Organisation { schemes, sectors }, Value::Organisation(org)) => {
                for (part, choices, key) in [("scheme", schemes, &org.scheme), ("sector", sectors, &org.sector)] {
                    if key.as_ref().is_some_and(|key| !choices.iter().any(|c| c.key == *key)) {
                        say(part, "Choose one of those listed".to_owned());
                    }
                }
                if !sectors.is_empty() && org.sector.is_none() {
                    say("sector", "Choose the organisation's sector".to_owned());
                }
            }
            (Self::Area, Value::Area(area)) => {
                if area.code.as_deref().is_some_and(|code| !is_gss(code)) {
                    say("code", "Enter the area's code as one letter and eight digits, like E08000003".to_owned());
                }
            }
            (Self::Budget { .. }, Value::Budget(lines)) => self.judge_budget(lines, &mut say),
            (Self::Group { item, min, .. }, Value::Rows(rows)) => {
                let item = if item.is_empty() { "row" } else { &item.en };
                if rows.iter().collect::<BTreeSet<_>>().len() < rows.len() {
                    say("", "One row stands here twice; load the page again".to_owned());
                }
                how_many_rows(rows.len(), min.unwrap_or(0) as usize, self.most_rows(), item, &mut say);
            }
            _ => self.judge_chosen(value, &mut say),
        }
        found
    }

    fn judge_text(&self, text: &str, say: &mut impl FnMut(&str, String)) {
        match self {
            Self::ShortText { max_chars } => {
                let most = max_chars.map_or(limits::SHORT_TEXT_CHARS, |m| m as usize);
                let length = text.chars().count();
                if length > most {
                    say(
                        "",
                        format!(
                            "Shorten this to {}; it has {}",
                            count(most, "character", "characters"),
                            grouped(&length.to_string())
                        ),
                    );
                }
            }
            Self::LongText { max_words } => {
                let words = word_count(text);
                if let Some(most) = max_words.map(|m| m as usize).filter(|m| words > *m) {
                    say("", format!("Shorten this to {}; it has {}", count(most, "word", "words"), grouped(&words.to_string())));
                }
                if text.chars().count() > limits::LONG_TEXT_CHARS {
                    say("", format!("Shorten this to at most {}", count(limits::LONG_TEXT_CHARS, "character", "characters")));
                }
            }
            _ => {}
        }
    }

    fn judge_chosen(&self, value: &Value, mut say: &mut impl FnMut(&str, String)) {
        match (self, value) {
            (Self::ChooseOne { options }, Value::Choice(key)) => known(options, std::slice::from_ref(key), &mut say),
            (Self::ChooseSeveral { options, min, max }, Value::Choices(keys)) => {
                known(options, keys, &mut say);
                how_many(keys.len(), *min, *max, "Choose", "answer", &mut say);
            }
            (Self::Scale { points }, Value::Point(value)) => on_scale(points, *value, "", &mut say),
            (Self::Grid { rows, points }, Value::Grid(answers)) => {
                known(rows, &answers.keys().cloned().collect::<Vec<_>>(), &mut say);
                answers.iter().for_each(|(row, value)| on_scale(points, *value, row, &mut say));
            }
            (Self::Ranking { options, max }, Value::Ranking(keys)) => {
                known(options, keys, &mut say);
                let wanted = max.map_or(options.len(), |m| (m as usize).min(options.len()));
                if keys.len() != wanted {
                    say("", format!("Put {} in order; there are {}", count(wanted, "answer", "answers"), keys.len()));
                }
            }
            (Self::File { accept, max_mb }, Value::File(file)) => judge_file(accept, *max_mb, file, &mut say),
            _ => say("", "Answer this again: the question has changed".to_owned()),
        }
    }

    fn judge_budget(&self, lines: &[BudgetLine], say: &mut impl FnMut(&str, String)) {
        let Self::Budget { columns, lines: given, max, .. } = self else { return };
        let most = self.most_rows();
        if lines.len() > most {
            return say(
                "",
                format!("Use at most {}; there are {}", count(most, "line", "lines"), grouped(&lines.len().to_string())),
            );
        }
        for line in lines {
            let is_given = given.iter().any(|g| g.key == line.id.as_str());
            if !is_given && line.about.trim().is_empty() && !line.amounts.is_empty() {
                say(&format!("{}.about", line.id), "Say what this line is for".to_owned());
            }
            if line.amounts.keys().any(|key| key != AMOUNT && !columns.iter().any(|c| c.key == *key)) {
                say(&line.id.to_string(), "This line has an amount in a column that is no longer there".to_owned());
            }
        }
        match (budget_total(lines, None), max) {
            (None, _) => say("", "These amounts are too large to add up".to_owned()),
            (Some(total), Some(max)) if total > *max => say("", format!("Bring the total to {max} or less; it is {total}")),
            _ => {}
        }
    }
}

/// How many words a text has, parted by white space.
#[must_use]
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

const NO_EARLIER: [&str; 2] = ["no earlier than", "no later than"];

fn between<T: PartialOrd + std::fmt::Display>(
    value: &T,
    min: Option<&T>,
    max: Option<&T>,
    enter: &str,
    [least, most]: [&str; 2],
    say: &mut impl FnMut(&str, String),
) {
    if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
        let of = match (min, max) {
            (Some(min), Some(max)) => format!("from {min} to {max}"),
            (Some(min), None) => format!("{least} {min}"),
            (None, Some(max)) => format!("{most} {max}"),
            (None, None) => String::new(),
        };
        say("", format!("{enter} {of}"));
    }
}

fn known(choices: &[Choice], keys: &[String], say: &mut impl FnMut(&str, String)) {
    let listed: BTreeSet<&str> = choices.iter().map(|c| c.key.as_str()).collect();
    if keys.iter().any(|key| !listed.contains(key.as_str())) {
        say("", "Choose again: an answer chosen before is no longer listed".to_owned());
    } else if keys.iter().collect::<BTreeSet<_>>().len() < keys.len() {
        say("", "Choose each answer once".to_owned());
    }
}

fn on_scale(points: &[Point], value: i32, part: &str, say: &mut impl FnMut(&str, String)) {
    if !points.iter().any(|p| p.value == value) {
        say(part, "Choose one of the points of the scale".to_owned());
    }
}

fn how_many(found: usize, min: Option<u32>, max: Option<u32>, verb: &str, noun: &str, say: &mut impl FnMut(&str, String)) {
    let (min, max) = (min.map(|m| m as usize), max.map(|m| m as usize));
    let of = |number| count(number, noun, &format!("{noun}s"));
    if let Some(min) = min.filter(|min| found < *min) {
        say("", format!("{verb} at least {}; there are {found}", of(min)));
    }
    if let Some(max) = max.filter(|max| found > *max) {
        say("", format!("{verb} at most {}; there are {found}", of(max)));
    }
}

fn how_many_rows(found: usize, min: usize, max: usize, item: &str, say: &mut impl FnMut(&str, String)) {
    if found < min {
        say("", format!("Add at least {min} times ‘{item}’; there are {found} so far"));
    }
    if found > max {
        say("", format!("Keep at most {} of ‘{item}’; there are {}", grouped(&max.to_string()), grouped(&found.to_string())));
    }
}

fn judge_file(accept: &[FileKind], max_mb: Option<u32>, file: &FileRef, say: &mut impl FnMut(&str, String)) {
    let most = max_mb.unwrap_or(limits::FILE_MB);
    if file.size > u64::from(most) * 1_000_000 {
        say("", format!("Choose a file of at most {most} MB"));
    }
    if file.size == 0 {
        say("", "This file is empty; choose another".to_owned());
    }
    if !accept.is_empty() && !accept.iter().any(|kind| kind.media_types().contains(&file.media_type.as_str())) {
        let kinds: Vec<String> = accept.iter().map(|k| k.words().to_owned()).collect();
        say("", format!("Choose a file of another kind: {}", and(&kinds).replace(" and ", " or ")));
    }
}
