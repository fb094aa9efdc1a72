//! Reading an answer out of the fields of a browser's form, and writing it back into them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Day, Money};

use crate::answer::RowId;
use crate::fields::Fields;
use crate::kind::{Choice, Kind, Point};
use crate::limits;
use crate::month::Month;
use crate::value::{AMOUNT, Area, BudgetLine, FileRef, Organisation, Person, Value};
use crate::words::count;

/// Something wrong with one part of an answer. The part is what follows the path in the field's name: empty for the
/// whole answer, `month` for `when.month`, `l2.amount` for `budget.l2.amount`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    pub part: String,
    pub message: String,
}

impl FieldProblem {
    pub(crate) fn new(part: impl Into<String>, message: impl Into<String>) -> Self {
        Self { part: part.into(), message: message.into() }
    }
    /// The name of the field, under this path.
    #[must_use]
    pub fn field(&self, path: &str) -> String {
        if self.part.is_empty() { path.to_owned() } else { format!("{path}.{}", self.part) }
    }
}

type Read = Result<Option<Value>, Vec<FieldProblem>>;

fn one(part: &str, message: impl Into<String>) -> Vec<FieldProblem> {
    vec![FieldProblem::new(part, message)]
}

impl Kind {
    /// Reads an answer that also keeps to the question's limits.
    ///
    /// # Errors
    /// What is wrong, part by part.
    pub fn read(&self, path: &str, fields: &Fields) -> Read {
        let value = self.draft(path, fields)?;
        let problems = value.as_ref().map(|v| self.problems(v)).unwrap_or_default();
        if problems.is_empty() { Ok(value) } else { Err(problems) }
    }

    /// Reads an answer that may still be over its limits: what a draft keeps. Nothing where the fields are empty.
    ///
    /// # Errors
    /// Where no answer can be made of what was typed, or where it is too large to keep.
    pub fn draft(&self, path: &str, fields: &Fields) -> Read {
        let typed = fields.get(path);
        match self {
            Self::ShortText { .. } | Self::LongText { .. } => {
                read_text(typed, limits::LONG_TEXT_CHARS, "").map(|t| t.map(Value::Text))
            }
            Self::Number { .. } => parsed(typed, |t| t.parse().map(Value::Number)),
            Self::Money { .. } => parsed(typed, |t| money(t).map(Value::Money)),
            Self::Date { .. } => read_date(path, fields),
            Self::Month { .. } => read_month(path, fields),
            Self::YesNo => match typed {
                "" => Ok(None),
                "yes" | "no" => Ok(Some(Value::YesNo(typed == "yes"))),
                _ => Err(one("", "Choose yes or no")),
            },
            Self::ChooseOne { options } => parsed(typed, |t| option(options, t).map(Value::Choice)),
            Self::ChooseSeveral { options, .. } => read_several(options, fields.all(path)),
            Self::Scale { points } => parsed(typed, |t| point(points, t).map(Value::Point)),
            Self::Grid { rows, points } => read_grid(rows, points, path, fields),
            Self::Ranking { options, .. } => read_ranking(options, path, fields),
            Self::File { .. } => read_file(path, fields),
            Self::Organisation { schemes, sectors } => read_organisation(schemes, sectors, path, fields),
            Self::Person => read_person(path, fields),
            Self::Area => read_area(path, fields),
            Self::Budget { columns, .. } => read_budget(columns, self.most_rows(), path, fields),
            Self::Group { .. } => read_rows(self.most_rows(), &format!("{path}.rows"), fields),
            Self::Computed { .. } => Ok(None),
        }
    }

    /// The fields that show this answer: reading them gives it back.
    pub fn write(&self, path: &str, value: &Value, fields: &mut Fields) {
        let part = |name: &str| format!("{path}.{name}");
        match value {
            Value::Text(text) | Value::Choice(text) => fields.add(path, text),
            Value::Number(number) => fields.add(path, number.plain()),
            Value::Money(money) => fields.add(path, money.to_string()),
            Value::Date(day) => fields.add(path, day.to_string()),
            Value::Month(month) => fields.add(path, month.to_string()),
            Value::YesNo(yes) => fields.add(path, if *yes { "yes" } else { "no" }),
            Value::Choices(keys) => keys.iter().for_each(|key| fields.add(path, key)),
            Value::Point(point) => fields.add(path, point.to_string()),
            Value::Grid(rows) => rows.iter().for_each(|(row, point)| fields.add(part(row), point.to_string())),
            Value::Ranking(keys) => keys.iter().enumerate().for_each(|(i, key)| fields.add(part(key), (i + 1).to_string())),
            Value::File(file) => {
                fields.add(part("name"), &file.name);
                fields.add(part("size"), file.size.to_string());
                fields.add(part("hash"), &file.hash);
                fields.add(part("media-type"), &file.media_type);
            }
            Value::Organisation(Organisation { name, scheme, id, sector }) => {
                fields.add(part("name"), name);
                for (key, text) in [("scheme", scheme), ("id", id), ("sector", sector)] {
                    text.iter().for_each(|text| fields.add(part(key), text));
                }
            }
            Value::Person(person) => {
                fields.add(part("name"), &person.name);
                fields.add(part("role"), &person.role);
            }
            Value::Area(area) => {
                fields.add(part("name"), &area.name);
                fields.add(part("code"), area.code.as_deref().unwrap_or_default());
            }
            Value::Budget(lines) => {
                for line in lines {
                    fields.add(part(&format!("{}.about", line.id)), &line.about);
                    for (column, amount) in &line.amounts {
                        fields.add(part(&format!("{}.{column}", line.id)), amount.to_string());
                    }
                }
            }
            Value::Rows(rows) => rows.iter().for_each(|row| fields.add(part("rows"), row.as_str())),
        }
    }
}

/// A text without what no form can mean: carriage returns and control characters.
fn read_text(typed: &str, most: usize, part: &str) -> Result<Option<String>, Vec<FieldProblem>> {
    if typed.len() > most * 4 || typed.chars().count() > most {
        let most = count(most, "character", "characters");
        return Err(one(part, format!("Shorten this to at most {most}")));
    }
    let text: String = typed.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// One line of a part of an answer, with line breaks as spaces.
fn line(path: &str, part: &str, fields: &Fields) -> Result<Option<String>, Vec<FieldProblem>> {
    let text = read_text(fields.get(&format!("{path}.{part}")), limits::SHORT_TEXT_CHARS, part)?;
    Ok(text.map(|t| t.replace(['\n', '\t'], " ")))
}

fn parsed<E: ToString>(typed: &str, parse: impl FnOnce(&str) -> Result<Value, E>) -> Read {
    if typed.is_empty() { Ok(None) } else { parse(typed).map(Some).map_err(|e| one("", e.to_string())) }
}

fn money(typed: &str) -> Result<Money, String> {
    if typed.len() > 100 {
        return Err(kernel::BadMoney::NotAnAmount.to_string());
    }
    if typed.starts_with(['-', '−']) {
        return Err("Enter an amount of £0 or more".to_owned());
    }
    typed.parse().map_err(|e: kernel::BadMoney| e.to_string())
}

fn option(options: &[Choice], typed: &str) -> Result<String, &'static str> {
    options.iter().find(|o| o.key == typed).map(|o| o.key.clone()).ok_or("Choose one of the answers listed")
}

fn point(points: &[Point], typed: &str) -> Result<i32, &'static str> {
    points.iter().map(|p| p.value).find(|v| v.to_string() == typed).ok_or("Choose one of the points of the scale")
}

fn read_date(path: &str, fields: &Fields) -> Read {
    let typed = in_parts(path, fields, &["day", "month", "year"]);
    if typed.len() > 100 {
        return Err(one("", kernel::BadDay.to_string()));
    }
    parsed(&typed, |t| Day::parse_as_written(t).map(Value::Date))
}

fn read_month(path: &str, fields: &Fields) -> Read {
    parsed(&in_parts(path, fields, &["month", "year"]), |t| Month::parse_as_written(t).map(Value::Month))
}

/// What is typed in one box, or in several side by side.
fn in_parts(path: &str, fields: &Fields, parts: &[&str]) -> String {
    let whole = fields.get(path);
    if !whole.is_empty() {
        return whole.to_owned();
    }
    let typed: Vec<&str> = parts.iter().map(|part| fields.get(&format!("{path}.{part}"))).collect();
    if typed.iter().all(|t| t.is_empty()) { String::new() } else { typed.join("/") }
}

fn read_several<'f>(options: &[Choice], typed: impl Iterator<Item = &'f str>) -> Read {
    let typed: BTreeSet<&str> = typed.collect();
    let known = options.iter().filter(|o| typed.contains(o.key.as_str()));
    let keys: Vec<String> = known.map(|o| o.key.clone()).collect();
    if keys.len() < typed.len() {
        return Err(one("", "Choose from the answers listed"));
    }
    Ok((!keys.is_empty()).then_some(Value::Choices(keys)))
}

fn read_grid(rows: &[Choice], points: &[Point], path: &str, fields: &Fields) -> Read {
    let mut answers = BTreeMap::new();
    let mut problems = Vec::new();
    for row in rows {
        match fields.get(&format!("{path}.{}", row.key)) {
            "" => {}
            typed => match point(points, typed) {
                Ok(value) => drop(answers.insert(row.key.clone(), value)),
                Err(message) => problems.push(FieldProblem::new(&row.key, message)),
            },
        }
    }
    if problems.is_empty() { Ok((!answers.is_empty()).then_some(Value::Grid(answers))) } else { Err(problems) }
}

fn read_ranking(options: &[Choice], path: &str, fields: &Fields) -> Read {
    let mut places: BTreeMap<usize, &str> = BTreeMap::new();
    for option in options {
        let typed = fields.get(&format!("{path}.{}", option.key));
        if typed.is_empty() {
            continue;
        }
        let Some(place) = typed.parse().ok().filter(|p| (1..=options.len()).contains(p)) else {
            return Err(one(&option.key, format!("Enter a place from 1 to {}", options.len())));
        };
        if places.insert(place, &option.key).is_some() {
            return Err(one(&option.key, format!("Two answers have place {place}; give each a place of its own")));
        }
    }
    if let Some(gap) = (1..=places.len()).find(|place| !places.contains_key(place)) {
        return Err(one("", format!("Nothing has place {gap}; number your choices from 1 without a gap")));
    }
    Ok((!places.is_empty()).then(|| Value::Ranking(places.into_values().map(ToOwned::to_owned).collect())))
}

/// A file that the caller has taken in before. Whoever stores the answer checks that its hash is one of the person's own.
fn read_file(path: &str, fields: &Fields) -> Read {
    let Some(hash) = line(path, "hash", fields)? else { return Ok(None) };
    let size = fields.get(&format!("{path}.size")).parse().ok();
    let (name, media_type) = (line(path, "name", fields)?, line(path, "media-type", fields)?);
    let sound = hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match (name, media_type, size, sound) {
        (Some(name), Some(media_type), Some(size), true) => Ok(Some(Value::File(FileRef { name, size, hash, media_type }))),
        _ => Err(one("", "Choose the file again: it did not arrive whole")),
    }
}

fn read_organisation(schemes: &[Choice], sectors: &[Choice], path: &str, fields: &Fields) -> Read {
    let listed = |part: &str, choices: &[Choice], message: &str| match line(path, part, fields)? {
        Some(key) if choices.iter().any(|c| c.key == key) => Ok(Some(key)),
        Some(_) => Err(one(part, message)),
        None => Ok(None),
    };
    let name = line(path, "name", fields)?;
    let sector = listed("sector", sectors, "Choose one of the sectors listed")?;
    let mut scheme = listed("scheme", schemes, "Choose one of the registers listed")?;
    let id = if schemes.is_empty() { None } else { line(path, "id", fields)? };
    match (&id, &mut scheme, schemes) {
        (Some(id), _, _) if !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | ' ' | '.')) => {
            return Err(one("id", "Enter the number as the register writes it, with letters and digits only"));
        }
        (Some(_), scheme @ None, [only]) => *scheme = Some(only.key.clone()),
        (Some(_), None, _) => return Err(one("scheme", "Say which register this number is from")),
        // A register chosen without a number says nothing.
        (None, scheme, _) => *scheme = None,
        _ => {}
    }
    match name {
        Some(name) => Ok(Some(Value::Organisation(Organisation { name, scheme, id, sector }))),
        None if id.is_some() || sector.is_some() => Err(one("name", "Enter the organisation's name")),
        None => Ok(None),
    }
}

fn read_person(path: &str, fields: &Fields) -> Read {
    let role = line(path, "role", fields)?;
    match line(path, "name", fields)? {
        Some(name) => Ok(Some(Value::Person(Person { name, role: role.unwrap_or_default() }))),
        None if role.is_some() => Err(one("name", "Enter the person's name")),
        None => Ok(None),
    }
}

fn read_area(path: &str, fields: &Fields) -> Read {
    let code = line(path, "code", fields)?.map(|c| c.to_ascii_uppercase());
    if code.as_deref().is_some_and(|c| !is_gss(c)) {
        return Err(one("code", "Enter the area's code as one letter and eight digits, like E08000003, or leave it out"));
    }
    match line(path, "name", fields)? {
        Some(name) => Ok(Some(Value::Area(Area { name, code }))),
        None if code.is_some() => Err(one("name", "Enter the area's name")),
        None => Ok(None),
    }
}

/// Whether this has the shape of a code of the Government Statistical Service.
pub(crate) fn is_gss(code: &str) -> bool {
    let mut bytes = code.bytes();
    code.len() == 9 && bytes.next().is_some_and(|b| b"EWSNKJLM".contains(&b)) && bytes.all(|b| b.is_ascii_digit())
}

fn read_budget(columns: &[Choice], most: usize, path: &str, fields: &Fields) -> Read {
    let ids = fields.steps(path);
    if ids.len() > most {
        let (most, found) = (count(most, "line", "lines"), crate::words::grouped(&ids.len().to_string()));
        return Err(one("", format!("Use at most {most}; there are {found}. Put small ones together")));
    }
    let columns: Vec<&str> = if columns.is_empty() { vec![AMOUNT] } else { columns.iter().map(|c| c.key.as_str()).collect() };
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for id in ids {
        let Ok(row) = id.parse::<RowId>() else { continue };
        let about = match line(path, &format!("{id}.about"), fields) {
            Ok(about) => about.unwrap_or_default(),
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        let mut amounts = BTreeMap::new();
        for column in &columns {
            match fields.get(&format!("{path}.{id}.{column}")) {
                "" => {}
                typed => match money(typed) {
                    Ok(amount) => drop(amounts.insert((*column).to_owned(), amount)),
                    Err(message) => problems.push(FieldProblem::new(format!("{id}.{column}"), message)),
                },
            }
        }
        if !about.is_empty() || !amounts.is_empty() {
            lines.push(BudgetLine { id: row, about, amounts });
        }
    }
    if problems.is_empty() { Ok((!lines.is_empty()).then_some(Value::Budget(lines))) } else { Err(problems) }
}

fn read_rows(most: usize, name: &str, fields: &Fields) -> Read {
    let typed: Vec<&str> = fields.all(name).collect();
    if typed.len() > most {
        return Err(one("", format!("Use at most {most}; there are {}", crate::words::grouped(&typed.len().to_string()))));
    }
    let mut seen = BTreeSet::new();
    let rows = typed.into_iter().filter(|t| seen.insert(*t)).map(str::parse).collect::<Result<Vec<RowId>, _>>();
    match rows {
        Ok(rows) => Ok((!rows.is_empty()).then_some(Value::Rows(rows))),
        Err(_) => Err(one("", "Load the page again: a row has lost its name")),
    }
}
