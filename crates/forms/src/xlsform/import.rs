//! A workbook as a form.

use std::collections::{BTreeMap, BTreeSet};

use super::Lost;
use super::book::{BadBook, Book, Row};
use super::from_xpath::{Meant, Sort, translate};
use super::write::{FORM, block_of, section_name, section_row, settings};
use crate::compile::names_of;
use crate::form::{Form, Question, Required, Section};
use crate::kind::{Choice, FileKind, Kind};
use crate::text::Text;
use crate::words::is_key;

/// Reads an XLSForm workbook, and says row by row what could not be carried over. The form may still have flaws.
///
/// # Errors
/// Where the file is no XLSForm workbook.
pub fn read(bytes: &[u8]) -> Result<(Form, Vec<Lost>), BadBook> {
    let book = Book::from_bytes(bytes)?;
    let mut import = Import::of(&book);
    let form = import.form();
    import.lost.sort_by_key(|lost| (lost.sheet != "survey", lost.row));
    Ok((form, import.lost))
}

/// The headings that are understood on the survey sheet, without their language.
const UNDERSTOOD: [&str; 13] = [
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "appearance",
    "required_message",
    "list_name",
];

struct Import<'b> {
    book: &'b Book,
    kept: Kept,
    /// What each name of the workbook stands for.
    meant: BTreeMap<String, Meant>,
    keys: BTreeSet<String>,
    lost: Vec<Lost>,
}

/// What was kept beside the rows, as it was written.
#[derive(Default)]
struct Kept {
    form: Option<Form>,
    /// By the name that the workbook calls it, with its row.
    sections: BTreeMap<String, (Row, Section)>,
    questions: BTreeMap<String, Question>,
    /// The rows that each question of it takes, and the choices.
    blocks: BTreeMap<String, (Vec<Row>, Vec<Row>)>,
}

impl Kept {
    fn of(book: &Book) -> Self {
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for row in &book.kept {
            if let (Some(name), Some(piece)) = (row.get("name"), row.get("json")) {
                let piece = piece.strip_prefix('|').and_then(|p| p.strip_suffix('|')).unwrap_or(piece);
                texts.entry(name).or_default().push_str(piece);
            }
        }
        let mut kept = Self::default();
        let mut sections: Vec<Section> = Vec::new();
        for (name, json) in &texts {
            if *name == FORM {
                kept.form = serde_json::from_str(json).ok();
            } else if name.starts_with("section.") {
                sections.extend(serde_json::from_str::<Section>(json));
            } else if let Ok(question) = serde_json::from_str::<Question>(json) {
                kept.questions.insert(question.key.clone(), question);
            }
        }
        let names = names_of(&only_of(kept.questions.values().cloned().collect()));
        for section in sections {
            kept.sections.insert(section_name(&section.key), (section_row(&section, &names).0, section));
        }
        for (key, question) in &kept.questions {
            let block = block_of(question, &names);
            kept.blocks.insert(key.clone(), (block.survey, block.choices));
        }
        kept
    }
}

/// A form of these questions and nothing else.
fn only_of(questions: Vec<Question>) -> Form {
    let section = Section { key: "all".into(), title: Text::default(), about: Text::default(), shown_when: None, questions };
    let (key, title) = ("all".into(), Text::default());
    Form { key, title, about: Text::default(), sections: vec![section], rules: Vec::new(), scores: Vec::new() }
}

fn get<'r>(row: &'r Row, heading: &str) -> &'r str {
    row.get(heading).map_or("", |text| text.trim())
}

/// A text in both languages, whatever its headings call them. The first language that is not Welsh counts as English.
fn text(row: &Row, heading: &str) -> Text {
    let mut text = Text { en: get(row, heading).to_owned(), cy: None };
    for (name, found) in row {
        let Some((own, language)) = name.split_once("::") else { continue };
        let language = language.to_lowercase();
        if own.trim() != heading {
            continue;
        }
        if language.contains("(cy)") || language.contains("welsh") || language.contains("cymraeg") {
            text.cy = Some(found.clone());
        } else if text.en.is_empty() || language.contains("(en)") {
            text.en.clone_from(found);
        }
    }
    text
}

impl<'b> Import<'b> {
    fn of(book: &'b Book) -> Self {
        let mut import = Self { book, kept: Kept::of(book), meant: BTreeMap::new(), keys: BTreeSet::new(), lost: Vec::new() };
        import.name_all();
        import.unknown_headings();
        import
    }

    fn lose(&mut self, row: usize, what: impl Into<String>) {
        let name = self.book.survey.get(row).map_or("", |r| get(r, "name")).to_owned();
        self.lost.push(Lost { sheet: "survey", row: row + 2, name, what: what.into() });
    }

    /// Gives every question a key, and remembers by which name conditions call it.
    fn name_all(&mut self) {
        let mut group: Option<(String, String)> = None;
        for (i, row) in self.book.survey.iter().enumerate() {
            let (tag, name) = (normal(get(row, "type")), get(row, "name"));
            if name.is_empty() || tag.starts_with("end_") || name.starts_with("section.") {
                if tag == "end_repeat" {
                    group = None;
                }
                continue;
            }
            let plain = group.as_ref().and_then(|(theirs, _)| name.strip_prefix(&format!("{theirs}."))).unwrap_or(name);
            let key = self.free_key(plain, group.is_none());
            if key != plain && !plain.contains('.') {
                self.lost.push(Lost {
                    sheet: "survey",
                    row: i + 2,
                    name: name.to_owned(),
                    what: format!("it is called ‘{key}’ here"),
                });
            }
            let sort = match tag.as_str() {
                "begin_repeat" => Sort::Group,
                t if t.starts_with("select_multiple") => Sort::Several,
                t if t.starts_with("select_one") && is_yes_no(&self.options(&tag)) => Sort::YesNo,
                "acknowledge" => Sort::YesNo,
                _ => Sort::Other,
            };
            let ours = group.as_ref().map_or_else(|| vec![key.clone()], |(_, g)| vec![g.clone(), key.clone()]);
            self.meant.entry(name.to_owned()).or_insert(Meant { name: ours, sort });
            if tag == "begin_repeat" {
                group = Some((name.to_owned(), key));
            }
        }
    }

    /// A key as like the name as can be, that nothing else has.
    fn free_key(&mut self, name: &str, outside: bool) -> String {
        let small: String =
            name.to_lowercase().chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' }).collect();
        let mut key: String = small.split('-').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-").chars().take(50).collect();
        if !key.starts_with(|c: char| c.is_ascii_lowercase()) || crate::expr::RESERVED.contains(&key.as_str()) || !is_key(&key) {
            key = format!("q-{key}").trim_end_matches('-').to_owned();
        }
        let free =
            (1..).map(|n| if n == 1 { key.clone() } else { format!("{key}-{n}") }).find(|k| !outside || !self.keys.contains(k));
        let key = free.unwrap_or(key);
        if outside {
            self.keys.insert(key.clone());
        }
        key
    }

    fn unknown_headings(&mut self) {
        let headings: BTreeSet<&String> = self.book.survey.iter().flat_map(|row| row.keys()).collect();
        for heading in headings {
            let own = heading.split("::").next().unwrap_or(heading).trim();
            let language = heading.split("::").nth(1).unwrap_or("").to_lowercase();
            let known = UNDERSTOOD.contains(&own)
                && ["", "en", "eng", "wel", "cy", "cym"]
                    .iter()
                    .any(|l| language.contains(l) && (l.is_empty() == language.is_empty()));
            if !known {
                for (i, _) in self.book.survey.iter().enumerate().filter(|(_, row)| row.contains_key(heading)) {
                    let name = get(&self.book.survey[i], "name").to_owned();
                    self.lost
                        .push(Lost { sheet: "survey", row: i + 2, name, what: format!("what stands under ‘{heading}’") });
                }
            }
        }
    }

    /// The options of a row's list.
    fn options(&self, tag: &str) -> Vec<Choice> {
        let list = tag.split_whitespace().nth(1).unwrap_or("");
        let rows = self
            .book
            .choices
            .iter()
            .filter(|row| [get(row, "list_name"), get(row, "list name")].contains(&list) && !list.is_empty());
        rows.map(|row| Choice { key: get(row, "name").to_owned(), label: text(row, "label"), help: Text::default(), score: None })
            .collect()
    }

    fn form(&mut self) -> Form {
        let row = self.book.settings.first().cloned().unwrap_or_default();
        let mut form = match self.kept.form.take() {
            Some(form) if settings(&form) == row => form,
            _ => {
                let title = Text::from(get(&row, "form_title"));
                let title = if title.is_empty() { "Untitled form".into() } else { title };
                let key = self.free_key(get(&row, "form_id"), false);
                Form { key, title, about: Text::default(), sections: Vec::new(), rules: Vec::new(), scores: Vec::new() }
            }
        };
        form.sections = self.sections();
        form
    }

    fn sections(&mut self) -> Vec<Section> {
        let book = self.book;
        let mut sections: Vec<Section> = Vec::new();
        // How deep groups within the section stand, and the conditions of those that are open.
        let mut open: Vec<String> = Vec::new();
        let mut i = 0;
        while let Some(row) = book.survey.get(i) {
            let tag = normal(get(row, "type"));
            if let Some((question, length)) = self.kept_question(i) {
                section_for(&mut sections, open.len()).push(question);
                i += length;
                continue;
            }
            match tag.as_str() {
                "" if row.is_empty() => {}
                "begin_group" if open.is_empty() => {
                    let section = self.section(i, sections.len());
                    sections.push(section);
                    open.push(String::new());
                }
                "begin_group" => {
                    self.lose(i, "a group within a group: its questions stand in the section, with its condition");
                    open.push(self.expression(i, "relevant", None).unwrap_or_default());
                }
                "end_group" => drop(open.pop()),
                "begin_repeat" => {
                    let end = (i + 1..book.survey.len()).find(|j| normal(get(&book.survey[*j], "type")) == "end_repeat");
                    let end = end.unwrap_or(book.survey.len());
                    let questions = (i + 1..end).filter_map(|j| self.question(j, &[])).collect();
                    let kind = Kind::Group { item: Text::default(), questions, min: None, max: None };
                    if let Some(question) = self.dressed(i, kind, &open) {
                        section_for(&mut sections, open.len()).push(question);
                    }
                    i = end;
                }
                _ => {
                    if let Some(question) = self.question(i, &open) {
                        section_for(&mut sections, open.len()).push(question);
                    }
                }
            }
            i += 1;
        }
        sections
    }

    /// The question that was kept for the rows from here on, where they stand as they were written.
    fn kept_question(&mut self, at: usize) -> Option<(Question, usize)> {
        let name = get(self.book.survey.get(at)?, "name");
        let (rows, choices) = self.kept.blocks.get(name)?;
        let same = self.book.survey.get(at..at + rows.len())? == rows.as_slice()
            && choices.iter().all(|c| self.book.choices.contains(c));
        let lists: BTreeSet<&str> = choices.iter().map(|c| get(c, "list_name")).collect();
        let as_many = self.book.choices.iter().filter(|c| lists.contains(get(c, "list_name"))).count() == choices.len();
        let length = rows.len();
        if same && as_many {
            return self.kept.questions.remove(name).map(|question| (question, length));
        }
        self.kept.blocks.remove(name);
        self.lose(at, "it was changed after it was written, so what other tools have no words for is taken from its row alone");
        None
    }

    fn section(&mut self, at: usize, number: usize) -> Section {
        let row = &self.book.survey[at];
        let name = get(row, "name").to_owned();
        if let Some((_, kept)) = self.kept.sections.remove(&name).filter(|(written, _)| written == row) {
            return kept;
        }
        let title = text(row, "label");
        let title = if title.is_empty() { Text::from(format!("Section {}", number + 1)) } else { title };
        let key = self.free_key(name.trim_start_matches("section."), false);
        Section { key, title, about: Text::default(), shown_when: self.expression(at, "relevant", None), questions: Vec::new() }
    }

    /// An expression of a row in our words; where it has none, that is said.
    fn expression(&mut self, at: usize, heading: &str, own: Option<&Meant>) -> Option<String> {
        let text = get(&self.book.survey[at], heading).to_owned();
        if text.is_empty() {
            return None;
        }
        let meant = |name: &str| self.meant.get(name).cloned();
        let within = own.filter(|own| own.name.len() > 1).map(|own| own.name[0].clone());
        // In a row, the questions of the same row go by their own names.
        let nearer = |name: &str| {
            let mut found = meant(name)?;
            if found.name.len() > 1 && within.as_ref() == found.name.first() {
                found.name.remove(0);
            }
            Some(found)
        };
        let own_here = own.map(|own| Meant { name: own.name.last().cloned().into_iter().collect(), sort: own.sort });
        match translate(&text, own_here.as_ref(), &nearer) {
            Ok(said) => Some(said),
            Err(why) => {
                self.lose(at, format!("‘{heading}’ ({}): {why}", crate::words::short(&text)));
                None
            }
        }
    }

    fn question(&mut self, at: usize, open: &[String]) -> Option<Question> {
        let row = &self.book.survey[at];
        let tag = normal(get(row, "type"));
        let first = tag.split_whitespace().next().unwrap_or("").to_owned();
        let appearance = get(row, "appearance").to_owned();
        let kind = match first.as_str() {
            "" => {
                if !row.is_empty() {
                    self.lose(at, "a row without a type");
                }
                return None;
            }
            "text" | "string" if appearance.contains("multiline") => Kind::LongText { max_words: None },
            "text" | "string" => Kind::ShortText { max_chars: None },
            "integer" | "int" => Kind::Number { unit: None, min: None, max: None, decimals: None },
            "decimal" | "range" => Kind::Number { unit: None, min: None, max: None, decimals: Some(9) },
            "date" if appearance.contains("month-year") => Kind::Month { min: None, max: None },
            "date" => Kind::Date { min: None, max: None },
            "acknowledge" | "trigger" => Kind::YesNo,
            "image" => Kind::File { accept: vec![FileKind::Image], max_mb: None },
            "file" => Kind::File { accept: Vec::new(), max_mb: None },
            "select_one" | "select_multiple" | "rank" => {
                let options = self.options_of(at, &tag);
                match first.as_str() {
                    "select_one" if is_yes_no(&options) => Kind::YesNo,
                    "select_one" => Kind::ChooseOne { options },
                    "rank" => Kind::Ranking { options, max: None },
                    _ => Kind::ChooseSeveral { options, min: None, max: None },
                }
            }
            "calculate" => Kind::Computed { value: String::new(), unit: None },
            other => {
                self.lose(at, format!("rows of type ‘{other}’ have no counterpart"));
                return None;
            }
        };
        self.dressed(at, kind, open)
    }

    /// The options of a list, with keys as they can be here.
    fn options_of(&mut self, at: usize, tag: &str) -> Vec<Choice> {
        let mut options = self.options(tag);
        if options.is_empty() {
            self.lose(at, format!("there are no options for ‘{tag}’ on the sheet of choices"));
        }
        for option in &mut options {
            if !is_key(&option.key) {
                let key = self.free_key(&option.key, false);
                let what = format!("the option ‘{}’ is called ‘{key}’ here", option.key);
                self.lose(at, what);
                option.key = key;
            }
            if option.label.is_empty() {
                option.label = option.key.as_str().into();
            }
        }
        options
    }

    /// A question of this kind with all that stands in its row beside.
    fn dressed(&mut self, at: usize, mut kind: Kind, open: &[String]) -> Option<Question> {
        let row = &self.book.survey[at];
        let Some(own) = self.meant.get(get(row, "name")).cloned() else {
            self.lose(at, "a question without a name");
            return None;
        };
        let label = text(row, "label");
        let key = own.name.last().cloned().unwrap_or_default();
        let (help, guidance, invalid) = (text(row, "hint"), text(row, "guidance_hint"), text(row, "constraint_message"));
        if let Kind::Computed { value, .. } = &mut kind {
            *value = self.expression(at, "calculation", Some(&own))?;
        }
        let label = if label.is_empty() { Text::from(key.as_str()) } else { label };
        let mut question = Question { help, guidance, ..Question::new(key, label, kind) };
        question.required = match get(&self.book.survey[at], "required").to_lowercase().as_str() {
            "" | "no" | "false" | "false()" => Required::Always(false),
            "yes" | "true" | "true()" => Required::Always(true),
            _ => self.expression(at, "required", Some(&own)).map_or_else(Required::default, Required::When),
        };
        question.valid_when = self.expression(at, "constraint", Some(&own));
        if question.valid_when.is_some() {
            question.invalid = invalid;
        }
        let shown = self.expression(at, "relevant", Some(&own));
        let above = open.iter().filter(|condition| !condition.is_empty()).cloned();
        let all: Vec<String> = above.chain(shown).collect();
        question.shown_when = match all.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(several.iter().map(|c| format!("({c})")).collect::<Vec<_>>().join(" and ")),
        };
        Some(question)
    }
}

/// `begin group` and `begin_group` are the same.
fn normal(tag: &str) -> String {
    let words: Vec<&str> = tag.split_whitespace().collect();
    match words.as_slice() {
        [first @ ("begin" | "end"), rest @ ..] => format!("{first}_{}", rest.join(" ")),
        words => words.join(" "),
    }
}

fn is_yes_no(options: &[Choice]) -> bool {
    let keys: BTreeSet<&str> = options.iter().map(|o| o.key.as_str()).collect();
    keys == BTreeSet::from(["yes", "no"])
}

/// Where the next question goes; those that stand outside all groups get a section of their own.
fn section_for(sections: &mut Vec<Section>, depth: usize) -> &mut Vec<Question> {
    let loose = |n: usize| Section {
        key: if n == 0 { "questions".to_owned() } else { format!("questions-{}", n + 1) },
        title: "Questions".into(),
        about: Text::default(),
        shown_when: None,
        questions: Vec::new(),
    };
    let number = sections.len();
    if number == 0 || (depth == 0 && !sections[number - 1].key.starts_with("questions")) {
        sections.push(loose(number));
    }
    let last = sections.len() - 1;
    &mut sections[last].questions
}
