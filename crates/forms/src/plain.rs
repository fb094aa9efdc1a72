//! Answers as plain text for people.

use kernel::Money;

use crate::kind::{Choice, Kind, Point};
use crate::month::day_words;
use crate::text::{Lang, Text};
use crate::value::{AMOUNT, BudgetLine, FileRef, Organisation, Value, budget_total};

impl Kind {
    /// The answer as people read it, one or several lines.
    #[must_use]
    pub fn plain(&self, value: &Value, lang: Lang) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => self.with_unit(number.to_string(), lang),
            Value::Money(money) => self.with_unit(money.to_string(), lang),
            Value::Date(day) => day_words(*day, lang),
            Value::Month(month) => month.words(lang),
            Value::YesNo(yes) => yes_no(*yes, lang).to_owned(),
            Value::Choice(key) => self.option_label(key, lang),
            Value::Choices(keys) => keys.iter().map(|key| self.option_label(key, lang)).collect::<Vec<_>>().join(", "),
            Value::Point(point) => self.point_label(*point, lang),
            Value::Grid(answers) => {
                let Self::Grid { rows, .. } = self else { return String::new() };
                let answered = rows.iter().filter_map(|row| Some((row.label.get(lang), *answers.get(&row.key)?)));
                answered.map(|(row, point)| format!("{row}: {}", self.point_label(point, lang))).collect::<Vec<_>>().join("\n")
            }
            Value::Ranking(keys) => {
                let places = keys.iter().enumerate();
                places.map(|(i, key)| format!("{}. {}", i + 1, self.option_label(key, lang))).collect::<Vec<_>>().join("\n")
            }
            Value::File(file) => format!("{} ({})", file.name, size_words(file)),
            Value::Organisation(org) => self.organisation(org, lang),
            Value::Person(person) => joined([Some(person.name.clone()), Some(person.role.clone())]),
            Value::Area(area) => joined([Some(area.name.clone()), area.code.clone()]),
            Value::Budget(lines) => self.budget(lines, lang),
            Value::Rows(rows) => rows.len().to_string(),
        }
    }

    fn with_unit(&self, text: String, lang: Lang) -> String {
        match self {
            Self::Number { unit: Some(unit), .. } | Self::Computed { unit: Some(unit), .. } => {
                format!("{text} {}", unit.get(lang))
            }
            _ => text,
        }
    }

    /// What people read for an option; its key where there is no such option any more.
    #[must_use]
    pub fn option_label(&self, key: &str, lang: Lang) -> String {
        match self {
            Self::ChooseOne { options } | Self::ChooseSeveral { options, .. } | Self::Ranking { options, .. } => {
                label_of(options, key, lang)
            }
            _ => key.to_owned(),
        }
    }

    /// A point of a scale with its meaning: `3 (Fully)`.
    #[must_use]
    pub fn point_label(&self, value: i32, lang: Lang) -> String {
        let (Self::Scale { points } | Self::Grid { points, .. }) = self else { return value.to_string() };
        match points.iter().find(|p: &&Point| p.value == value).map(|p| p.label.get(lang)) {
            Some(label) if !label.is_empty() => format!("{value} ({label})"),
            _ => value.to_string(),
        }
    }

    fn organisation(&self, org: &Organisation, lang: Lang) -> String {
        let Self::Organisation { schemes, sectors } = self else { return org.name.clone() };
        let id = org.id.as_ref().map(|id| match &org.scheme {
            Some(scheme) => format!("{} {id}", label_of(schemes, scheme, lang)),
            None => id.clone(),
        });
        joined([Some(org.name.clone()), id, org.sector.as_ref().map(|s| label_of(sectors, s, lang))])
    }

    fn budget(&self, lines: &[BudgetLine], lang: Lang) -> String {
        let Self::Budget { columns, lines: given, .. } = self else { return String::new() };
        let mut rows: Vec<String> = Vec::with_capacity(lines.len() + 1);
        for line in lines {
            let named = given.iter().find(|g| g.key == line.id.as_str()).map(|g| g.label.get(lang));
            let name = joined([named.map(ToOwned::to_owned), Some(line.about.clone())]);
            let amounts: Vec<String> =
                line.amounts.iter().map(|(column, amount)| in_column(columns, column, *amount, lang)).collect();
            rows.push(format!("{name}: {}", amounts.join(", ")));
        }
        if let Some(total) = budget_total(lines, None) {
            let word = if lang == Lang::Cy { "Cyfanswm" } else { "Total" };
            rows.push(format!("{word}: {total}"));
        }
        rows.join("\n")
    }
}

fn in_column(columns: &[Choice], column: &str, amount: Money, lang: Lang) -> String {
    if column == AMOUNT && columns.is_empty() {
        amount.to_string()
    } else {
        format!("{} {amount}", label_of(columns, column, lang))
    }
}

pub(crate) const fn yes_no(yes: bool, lang: Lang) -> &'static str {
    match (yes, lang) {
        (true, Lang::En) => "Yes",
        (false, Lang::En) => "No",
        (true, Lang::Cy) => "Ie",
        (false, Lang::Cy) => "Na",
    }
}

fn label_of(choices: &[Choice], key: &str, lang: Lang) -> String {
    choices.iter().find(|c| c.key == key).map(|c| &c.label).map_or(key, |label: &Text| label.get(lang)).to_owned()
}

/// What there is of it, with commas between.
fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

fn size_words(file: &FileRef) -> String {
    match file.size {
        0..1_000 => format!("{} bytes", file.size),
        1_000..1_000_000 => format!("{} kB", file.size.div_ceil(1000)),
        size => format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000),
    }
}
