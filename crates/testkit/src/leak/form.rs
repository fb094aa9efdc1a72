//! Forms as they are offered, filled in by somebody who has nothing to say but marker words.

use std::collections::BTreeSet;

use kernel::Day;
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use scraper::{ElementRef, Html};

use super::marks::{Mark, word};
use crate::page::select;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hidden,
    Line,
    Long,
    One,
    Many,
}

#[derive(Debug)]
struct Field {
    name: String,
    kind: Kind,
    /// What would be sent.
    values: Vec<String>,
    /// What can be chosen.
    offered: Vec<String>,
}

/// A form of a page.
#[derive(Debug)]
pub(super) struct Form {
    pub action: String,
    fields: Vec<Field>,
}

/// By what one of several forms is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pick {
    /// It has a field of this name, which holds this where it is not empty.
    Field(&'static str, &'static str),
    /// It has a field whose name ends like this.
    Ends(&'static str),
    /// It is sent to an address that ends like this.
    Leads(&'static str),
}

/// How somebody fills in what is asked in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// In words of their own.
    Anew,
    /// What stands there stays, and more is added.
    After,
    /// What stands there stays as it is.
    Leave,
    /// In words that hold no marker: what is asked for is no entry.
    Plain,
}

/// Whoever fills in a form, by chance.
pub(super) struct Hand<'a> {
    pub rng: &'a mut StdRng,
    /// The last marker word there was.
    pub last: &'a mut Mark,
    /// Those that this hand has written.
    pub typed: &'a mut BTreeSet<Mark>,
    pub today: Day,
    pub manner: Manner,
}

/// The forms of a page that write.
pub(super) fn forms(body: &str, path: &str) -> Vec<Form> {
    let page = Html::parse_document(body);
    page.select(&select("main form[method=post]")).map(|form| read(form, path)).collect()
}

fn read(form: ElementRef<'_>, path: &str) -> Form {
    let action = form.value().attr("action").filter(|a| !a.is_empty()).unwrap_or(path).to_string();
    let mut fields: Vec<Field> = Vec::new();
    for control in form.select(&select("input[name], select[name], textarea[name]")) {
        let value = control.value();
        let name = value.attr("name").unwrap_or_default().to_string();
        let stated = value.attr("value").unwrap_or_default().to_string();
        let (kind, values, offered) = match (value.name(), value.attr("type").unwrap_or("text")) {
            (_, "file" | "submit") => continue,
            ("input", "radio" | "checkbox") => {
                let kind = if value.attr("type") == Some("radio") { Kind::One } else { Kind::Many };
                let sent = if value.attr("checked").is_some() { vec![stated.clone()] } else { Vec::new() };
                if let Some(known) = fields.iter_mut().find(|f| f.name == name) {
                    known.values.extend(sent);
                    known.offered.push(stated);
                    continue;
                }
                (kind, sent, vec![stated])
            }
            ("select", _) => {
                let options: Vec<ElementRef<'_>> = control.select(&select("option")).collect();
                let chosen = options.iter().find(|o| o.value().attr("selected").is_some()).or(options.first());
                let text = |o: &ElementRef<'_>| o.value().attr("value").unwrap_or_default().to_string();
                (Kind::One, chosen.map(text).into_iter().collect(), options.iter().map(text).collect())
            }
            ("textarea", _) => (Kind::Long, vec![control.text().collect::<String>()], Vec::new()),
            (_, "hidden") => (Kind::Hidden, vec![stated], Vec::new()),
            _ => (Kind::Line, vec![stated], Vec::new()),
        };
        fields.push(Field { name, kind, values, offered });
    }
    Form { action, fields }
}

impl Form {
    pub fn is(&self, pick: Pick) -> bool {
        match pick {
            Pick::Field(name, value) => {
                self.fields.iter().any(|f| f.name == name && (value.is_empty() || f.values.iter().any(|v| v == value)))
            }
            Pick::Ends(end) => self.fields.iter().any(|f| f.name.ends_with(end)),
            Pick::Leads(end) => self.action.ends_with(end),
        }
    }

    /// Puts something into a field, if the form has it; where something is to be chosen, only what is offered.
    pub fn set(&mut self, name: &str, value: &str) {
        if let Some(field) = self.fields.iter_mut().find(|f| f.name == name && f.kind != Kind::Hidden)
            && (field.offered.is_empty() || field.offered.iter().any(|o| o == value))
        {
            field.values = vec![value.to_string()];
        }
    }

    /// Presses a button that says something.
    pub fn press(&mut self, name: &str, value: &str) {
        let values = vec![value.to_string()];
        self.fields.push(Field { name: name.to_string(), kind: Kind::Hidden, values, offered: Vec::new() });
    }

    pub fn fill(&mut self, hand: &mut Hand<'_>) {
        for field in &mut self.fields {
            match field.kind {
                Kind::Hidden => {}
                Kind::Line => hand.line(field),
                Kind::Long => hand.long(field),
                Kind::One => hand.one(field),
                Kind::Many => hand.many(field),
            }
        }
        // A plan has one line at least.
        let is_line = |f: &&mut Field| f.name.ends_with("-text");
        let written = self.fields.iter_mut().filter(is_line).any(|f| !f.text().is_empty());
        if let Some(first) = self.fields.iter_mut().find(is_line).filter(|_| !written) {
            first.values = vec![format!("To come to {}", hand.word())];
        }
    }

    /// As it is sent.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.fields.iter().flat_map(|f| f.values.iter().map(|v| (f.name.clone(), v.clone()))).collect()
    }
}

impl Field {
    fn text(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

impl Hand<'_> {
    /// A marker word that nobody has written yet.
    fn word(&mut self) -> String {
        *self.last += 1;
        self.typed.insert(*self.last);
        word(*self.last)
    }

    fn line(&mut self, field: &mut Field) {
        let (title, why) = (field.name == "title", ["reason", "why"].contains(&field.name.as_str()));
        let new = match (field.name.as_str(), self.manner) {
            (_, Manner::Plain) if title || why => "It looks so".to_string(),
            (_, Manner::After) if title => format!("{} {}", field.text(), self.word()),
            (_, Manner::Leave) if title => return,
            _ if title => format!("About {}", self.word()),
            _ if why => format!("Because of {}", self.word()),
            ("happened_on", _) if self.rng.random_bool(0.25) => self.today.plus_days(-self.rng.random_range(1..60_i64)).iso(),
            ("days", _) if self.rng.random_bool(0.5) => "0.5".to_string(),
            (name, _) if name.ends_with("-text") && self.rng.random_bool(0.35) => format!("To come to {}", self.word()),
            _ => return,
        };
        field.values = vec![new];
    }

    fn long(&mut self, field: &mut Field) {
        if field.name.starts_with("layer-") && self.rng.random_bool(0.4) {
            return;
        }
        let new = match self.manner {
            Manner::Leave => return,
            Manner::Plain => "So it looks from here.".to_string(),
            Manner::Anew => self.words(),
            Manner::After => format!("{}\n\n{}", field.text(), self.words()),
        };
        field.values = vec![new];
    }

    /// At its beginning, in its middle and at its end, so that no part of a text gets out without its word.
    fn words(&mut self) -> String {
        let word = self.word();
        format!("First {word} came up.\n\n- More was said of {word} than of *{word}*.\n- Of {word}, nothing.\n\nSo it is {word}.")
    }

    fn one(&mut self, field: &mut Field) {
        if let Some(chosen) = field.offered.choose(self.rng).filter(|_| field.text().is_empty() || self.rng.random_bool(0.7)) {
            field.values = vec![chosen.clone()];
        }
    }

    fn many(&mut self, field: &mut Field) {
        let chance = match field.name.as_str() {
            "sure" => 1.0,
            // What is kept to oneself is told nobody.
            "apart" => 0.3,
            _ => 0.7,
        };
        field.values = field.offered.iter().filter(|_| self.rng.random_bool(chance)).cloned().collect();
    }
}
