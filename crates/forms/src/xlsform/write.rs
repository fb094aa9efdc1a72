//! A form as a workbook.

use super::Lost;
use super::book::{BadBook, Book, CELL_CHARS, Row};
use super::kinds::{Block, put, row};
use super::to_xpath::ToXPath;
use crate::compile::names_of;
use crate::expr::check::Names;
use crate::expr::parse;
use crate::form::{Form, Section};

/// Writes a form as an XLSForm workbook, and says what other tools will not find in it.
///
/// # Errors
/// Where the workbook could not be written.
pub fn write(form: &Form) -> Result<(Vec<u8>, Vec<Lost>), BadBook> {
    let (book, lost) = book_of(form)?;
    Ok((book.to_bytes()?, lost))
}

/// The names that the kept sheet calls things by.
pub(super) const FORM: &str = "form";
pub(super) fn section_name(key: &str) -> String {
    format!("section.{key}")
}

pub(super) fn question_name(key: &str) -> String {
    format!("question.{key}")
}

fn book_of(form: &Form) -> Result<(Book, Vec<Lost>), BadBook> {
    let names = names_of(form);
    let (mut book, mut lost) = (Book::default(), Vec::new());
    let bare = Form { sections: Vec::new(), ..form.clone() };
    keep(&mut book, FORM, &bare)?;
    book.settings.push(settings(form));
    let mut say =
        |sheet, row, name: &str, what: &str| lost.push(Lost { sheet, row, name: name.to_owned(), what: what.to_owned() });
    if form.title.cy.is_some() {
        say("settings", 2, &form.key, "the Welsh title");
    }
    if !form.about.is_empty() {
        say("", 0, &form.key, "the introduction");
    }
    for rule in &form.rules {
        say("", 0, &rule.holds, "a rule across answers");
    }
    for score in &form.scores {
        say("", 0, &score.key, "a score");
    }
    for section in &form.sections {
        let (begin, untold) = section_row(section, &names);
        if let Some(why) = untold {
            say("survey", book.survey.len() + 2, &section.key, &why);
        }
        if !section.about.is_empty() {
            say("survey", book.survey.len() + 2, &section.key, "its introduction");
        }
        book.survey.push(begin);
        keep(&mut book, &section_name(&section.key), &Section { questions: Vec::new(), ..section.clone() })?;
        for question in &section.questions {
            let block = block_of(question, &names);
            for (at, name, what) in &block.lost {
                say("survey", book.survey.len() + 2 + at, name, what);
            }
            book.survey.extend(block.survey);
            for choice in block.choices {
                if !book.choices.contains(&choice) {
                    book.choices.push(choice);
                }
            }
            keep(&mut book, &question_name(&question.key), question)?;
        }
        book.survey.push(row(&[("type", "end_group"), ("name", &section_name(&section.key))]));
    }
    Ok((book, lost))
}

pub(super) fn settings(form: &Form) -> Row {
    row(&[("form_title", &form.title.en), ("form_id", &form.key), ("default_language", "English (en)")])
}

pub(super) fn block_of(question: &crate::Question, names: &Names) -> Block {
    let mut block = Block::default();
    block.question(question, &question.key, ToXPath { names, group: None });
    block
}

/// The row that begins a section, and what could not be said in it.
pub(super) fn section_row(section: &Section, names: &Names) -> (Row, Option<String>) {
    let mut begin = row(&[("type", "begin_group"), ("name", &section_name(&section.key))]);
    put(&mut begin, "label", &section.title);
    let said = section.shown_when.as_ref().map(|text| {
        let parsed = parse(text).map_err(|e| e.what);
        parsed.and_then(|expr| ToXPath { names, group: None }.expression(&expr))
    });
    match said {
        Some(Ok(said)) => drop(begin.insert("relevant".to_owned(), said)),
        Some(Err(why)) => return (begin, Some(format!("‘relevant’: XPath has no words for {why}"))),
        None => {}
    }
    (begin, None)
}

/// Keeps something whole on the sheet of our own, in as many rows as it takes.
fn keep(book: &mut Book, name: &str, value: &impl serde::Serialize) -> Result<(), BadBook> {
    let json = serde_json::to_string(value).map_err(|e| BadBook::NotWritten(e.to_string()))?;
    // What no XML file can hold is written in the way of JSON.
    let rare = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let json: String = json.chars().map(|c| if rare(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect();
    let letters: Vec<char> = json.chars().collect();
    // A spreadsheet counts in units of UTF-16, of which a letter takes at most two. White space at the ends of a piece
    // is guarded by the bars around it.
    for piece in letters.chunks(CELL_CHARS / 2) {
        book.kept.push(row(&[("name", name), ("json", &format!("|{}|", piece.iter().collect::<String>()))]));
    }
    Ok(())
}
