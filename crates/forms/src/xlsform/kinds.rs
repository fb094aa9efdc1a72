//! One question as rows of a workbook.

use super::book::Row;
use super::to_xpath::{ToXPath, keys_of};
use crate::expr::parse;
use crate::form::{Question, Required};
use crate::kind::{Choice, FileKind, Kind, Point};
use crate::text::Text;

/// The rows that a question takes, those of its options, and what is lost to others, by row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Block {
    pub survey: Vec<Row>,
    pub choices: Vec<Row>,
    /// The row of the survey, counted from the block's first.
    pub lost: Vec<(usize, String, String)>,
}

pub(super) fn row(cells: &[(&str, &str)]) -> Row {
    let cells = cells.iter().map(|(heading, text)| ((*heading).to_owned(), sound(text)));
    cells.filter(|(_, text)| !text.trim().is_empty()).collect()
}

/// A text without the characters that no XML file can hold.
fn sound(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))).collect()
}

/// Puts a text under the headings of both languages.
pub(super) fn put(own: &mut Row, heading: &str, text: &Text) {
    let cy = text.cy.as_deref().unwrap_or_default();
    own.extend(row(&[(&format!("{heading}::English (en)"), &text.en), (&format!("{heading}::Welsh (cy)"), cy)]));
}

impl Block {
    fn lose(&mut self, name: &str, what: impl Into<String>) {
        self.lost.push((self.survey.len().saturating_sub(1), name.to_owned(), what.into()));
    }

    /// The rows of one question; `name` is what the workbook calls it.
    pub fn question(&mut self, question: &Question, name: &str, to: ToXPath<'_>) {
        let (tag, appearance, composite) = tag_of(&question.kind, name);
        let mut own = row(&[("type", &tag), ("name", name), ("appearance", appearance)]);
        put(&mut own, "label", &question.label);
        put(&mut own, "hint", &question.help);
        put(&mut own, "guidance_hint", &question.guidance);
        self.survey.push(own);
        self.conditions(question, name, composite, to);
        self.options(&question.kind, name);
        match &question.kind {
            Kind::Grid { rows, .. } => {
                for line in rows {
                    let mut inner = row(&[("type", &format!("select_one {name}")), ("name", &format!("{name}.{}", line.key))]);
                    put(&mut inner, "label", &line.label);
                    self.survey.push(inner);
                }
            }
            Kind::Organisation { schemes, sectors } => {
                self.part(name, "name", "text", "Name");
                if !schemes.is_empty() {
                    self.part(name, "scheme", &format!("select_one {name}.scheme"), "Register");
                    self.part(name, "id", "text", "Number in the register");
                }
                if !sectors.is_empty() {
                    self.part(name, "sector", &format!("select_one {name}.sector"), "Sector");
                }
            }
            Kind::Person => {
                ["name", "role"].into_iter().for_each(|p| self.part(name, p, "text", if p == "name" { "Name" } else { "Role" }))
            }
            Kind::Area => {
                ["name", "code"].into_iter().for_each(|p| self.part(name, p, "text", if p == "name" { "Name" } else { "Code" }))
            }
            Kind::Budget { columns, lines, .. } => {
                self.part(name, "about", "text", "What it is for");
                for key in keys_of(columns) {
                    let mut inner = row(&[("type", "decimal"), ("name", &format!("{name}.{key}"))]);
                    let label = columns.iter().find(|c| c.key == key).map_or_else(|| Text::from("Amount"), |c| c.label.clone());
                    put(&mut inner, "label", &label);
                    self.survey.push(inner);
                }
                if !lines.is_empty() {
                    self.lose(name, "the lines that are given; people would write them themselves");
                }
            }
            Kind::Group { questions, .. } => {
                let group = to.names.top.get(name).copied();
                for inner in questions {
                    self.question(inner, &format!("{name}.{}", inner.key), ToXPath { group, ..to });
                }
            }
            _ => {}
        }
        if composite {
            let end = if matches!(question.kind, Kind::Group { .. } | Kind::Budget { .. }) { "end_repeat" } else { "end_group" };
            self.survey.push(row(&[("type", end), ("name", name)]));
        }
    }

    fn part(&mut self, name: &str, part: &str, tag: &str, label: &str) {
        let mut inner = row(&[("type", tag), ("name", &format!("{name}.{part}"))]);
        put(&mut inner, "label", &label.into());
        self.survey.push(inner);
    }

    /// Puts an expression under a heading of the last row, or says that it is lost.
    fn say(&mut self, name: &str, heading: &str, text: &str, to: ToXPath<'_>) {
        match parse(text).map_err(|e| e.what).and_then(|expr| to.expression(&expr)) {
            Ok(said) => drop(self.last().insert(heading.to_owned(), said)),
            Err(why) => self.lose(name, format!("‘{heading}’: XPath has no words for {why}")),
        }
    }
    fn last(&mut self) -> &mut Row {
        if self.survey.is_empty() {
            self.survey.push(Row::new());
        }
        let last = self.survey.len() - 1;
        &mut self.survey[last]
    }

    fn conditions(&mut self, question: &Question, name: &str, composite: bool, to: ToXPath<'_>) {
        match &question.required {
            Required::Always(false) => {}
            _ if composite => self.lose(name, "that it has to be answered: it is several questions there"),
            Required::Always(true) => drop(self.last().insert("required".to_owned(), "yes".to_owned())),
            Required::When(condition) => self.say(name, "required", condition, to),
        }
        if let Some(condition) = &question.shown_when {
            self.say(name, "relevant", condition, to);
        }
        if let Kind::Computed { value, .. } = &question.kind {
            // Without any calculation, other tools would refuse the whole form.
            self.last().insert("calculation".to_owned(), "''".to_owned());
            self.say(name, "calculation", value, to);
        }
        let mut limits = limits_of(&question.kind);
        if let Some(condition) = &question.valid_when {
            match parse(condition).map_err(|e| e.what).and_then(|expr| to.expression(&expr)) {
                Ok(said) if !composite => limits.push(said),
                Ok(_) => self.lose(name, "its condition for right answers: it is several questions there"),
                Err(why) => self.lose(name, format!("‘constraint’: XPath has no words for {why}")),
            }
            put(self.last(), "constraint_message", &question.invalid);
        }
        if !limits.is_empty() {
            self.last().insert("constraint".to_owned(), limits.join(" and "));
        }
        if question.prefill.is_some() {
            self.lose(name, "where its answer may be known from");
        }
        match &question.kind {
            Kind::Number { unit: Some(_), .. } | Kind::Computed { unit: Some(_), .. } => self.lose(name, "its unit"),
            Kind::File { max_mb: Some(_), .. } => self.lose(name, "the size a file may have"),
            Kind::Ranking { max: Some(_), .. } => self.lose(name, "that only the first few are ranked"),
            Kind::Group { min, max, .. } if min.is_some() || max.is_some() => self.lose(name, "how many rows there may be"),
            Kind::Budget { max, max_lines, .. } if max.is_some() || max_lines.is_some() => self.lose(name, "its limits"),
            Kind::Computed { .. } if !question.label.is_empty() => self.lose(name, "that its value is shown"),
            _ => {}
        }
    }

    fn options(&mut self, kind: &Kind, name: &str) {
        match kind {
            Kind::YesNo => {
                for (key, en, cy) in [("yes", "Yes", "Ie"), ("no", "No", "Na")] {
                    self.choice("yes-no", key, &Text::new(en, cy));
                }
            }
            Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } | Kind::Ranking { options, .. } => {
                self.choices_of(name, options);
                if options.iter().any(|o| o.score.is_some()) {
                    self.lose(name, "what its options are worth");
                }
            }
            Kind::Scale { points } | Kind::Grid { points, .. } => {
                for Point { value, label, .. } in points {
                    let words = if label.is_empty() { Text::from(value.to_string()) } else { label.clone() };
                    self.choice(name, &value.to_string(), &words);
                }
            }
            Kind::Organisation { schemes, sectors } => {
                self.choices_of(&format!("{name}.scheme"), schemes);
                self.choices_of(&format!("{name}.sector"), sectors);
            }
            _ => {}
        }
    }
    fn choices_of(&mut self, list: &str, options: &[Choice]) {
        for option in options {
            self.choice(list, &option.key, &option.label);
            if !option.help.is_empty() {
                self.lose(list, format!("the help of ‘{}’", option.key));
            }
        }
    }
    fn choice(&mut self, list: &str, key: &str, label: &Text) {
        let mut choice = row(&[("list_name", list), ("name", key)]);
        put(&mut choice, "label", label);
        if !self.choices.contains(&choice) {
            self.choices.push(choice);
        }
    }
}

/// The type of a row, its appearance, and whether more rows follow that belong to it.
fn tag_of(kind: &Kind, name: &str) -> (String, &'static str, bool) {
    let (tag, appearance, composite) = match kind {
        Kind::ShortText { .. } => ("text", "", false),
        Kind::LongText { .. } => ("text", "multiline", false),
        Kind::Number { decimals: None | Some(0), .. } => ("integer", "", false),
        Kind::Number { .. } | Kind::Money { .. } => ("decimal", "", false),
        Kind::Date { .. } => ("date", "", false),
        Kind::Month { .. } => ("date", "month-year", false),
        Kind::YesNo => ("select_one yes-no", "", false),
        Kind::ChooseOne { .. } => return (format!("select_one {name}"), "", false),
        Kind::Scale { .. } => return (format!("select_one {name}"), "likert", false),
        Kind::ChooseSeveral { .. } => return (format!("select_multiple {name}"), "", false),
        Kind::Ranking { .. } => return (format!("rank {name}"), "", false),
        Kind::File { accept, .. } if accept.as_slice() == [FileKind::Image] => ("image", "", false),
        Kind::File { .. } => ("file", "", false),
        Kind::Organisation { .. } | Kind::Person | Kind::Area => ("begin_group", "field-list", true),
        Kind::Grid { .. } => ("begin_group", "table-list", true),
        Kind::Budget { .. } | Kind::Group { .. } => ("begin_repeat", "", true),
        Kind::Computed { .. } => ("calculate", "", false),
    };
    (tag.to_owned(), appearance, composite)
}

/// The limits of a kind as conditions on `.`, the answer itself.
fn limits_of(kind: &Kind) -> Vec<String> {
    let bound = |sign: &str, bound: Option<String>| bound.map(|b| format!(". {sign} {b}"));
    let both = |min: Option<String>, max: Option<String>| bound(">=", min).into_iter().chain(bound("<=", max)).collect();
    let day = |text: String| format!("date('{text}')");
    match kind {
        Kind::ShortText { max_chars: Some(most) } => vec![format!("string-length(.) <= {most}")],
        Kind::LongText { max_words: Some(most) } => {
            let text = "normalize-space(.)";
            vec![format!("string-length({text}) - string-length(translate({text}, ' ', '')) + 1 <= {most}")]
        }
        Kind::Number { min, max, .. } => both(min.map(crate::Number::plain), max.map(crate::Number::plain)),
        Kind::Money { min, max } => {
            let plain = |m: kernel::Money| m.to_string().replace(['£', ','], "");
            both(min.map(plain), max.map(plain))
        }
        Kind::Date { min, max } => both(min.map(|d| day(d.iso())), max.map(|d| day(d.iso()))),
        Kind::Month { min, max } => {
            both(min.map(|m| day(format!("{}-01", m.iso()))), max.map(|m| day(format!("{}-28", m.iso()))))
        }
        Kind::ChooseSeveral { min, max, .. } => {
            let counted = |sign: &str, n: Option<u32>| n.map(|n| format!("count-selected(.) {sign} {n}"));
            counted(">=", *min).into_iter().chain(counted("<=", *max)).collect()
        }
        _ => Vec::new(),
    }
}
