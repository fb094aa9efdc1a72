//! A browser as far as forms go: it shows the boxes of a page, lets a person fill them in by the names they hear, and
//! sends what a browser would send.

use forms::Fields;
use scraper::{ElementRef, Html};

use super::common::{all, attr, text};

#[derive(Debug)]
struct Control {
    name: String,
    label: String,
    tag: String,
    kind: String,
    value: String,
    checked: bool,
    /// Of a list: what each option says, and what it sends.
    options: Vec<(String, String)>,
}

#[derive(Debug)]
pub struct Browser {
    controls: Vec<Control>,
}

fn label_of(page: &Html, element: ElementRef<'_>) -> String {
    let id = attr(element, "id");
    all(page, "label").into_iter().find(|l| !id.is_empty() && attr(*l, "for") == id).map(text).unwrap_or_default()
}

impl Browser {
    pub fn open(page: &Html) -> Self {
        let read = |element: ElementRef<'_>| {
            let tag = element.value().name().to_owned();
            let options: Vec<ElementRef<'_>> = element.select(&super::common::select("option")).collect();
            let chosen = options.iter().find(|o| o.value().attr("selected").is_some()).or(options.first());
            let value = match tag.as_str() {
                // A browser leaves out the line break after the tag; so does the parser.
                "textarea" => element.text().collect(),
                "select" => chosen.map(|o| attr(*o, "value").to_owned()).unwrap_or_default(),
                _ => attr(element, "value").to_owned(),
            };
            Control {
                name: attr(element, "name").to_owned(),
                label: label_of(page, element),
                kind: attr(element, "type").to_owned(),
                value,
                checked: element.value().attr("checked").is_some(),
                options: options.iter().map(|o| (text(*o), attr(*o, "value").to_owned())).collect(),
                tag,
            }
        };
        Self { controls: all(page, "input, textarea, select").into_iter().map(read).collect() }
    }

    fn named(&mut self, label: &str) -> &mut Control {
        let names: Vec<String> = self.controls.iter().map(|c| c.label.clone()).collect();
        let mut found: Vec<&mut Control> = self.controls.iter_mut().filter(|c| c.label == label).collect();
        assert_eq!(found.len(), 1, "‘{label}’ is there {} times among {names:#?}", found.len());
        found.remove(0)
    }

    /// Writes into the box of this name.
    pub fn write(&mut self, label: &str, words: &str) {
        let control = self.named(label);
        assert!(control.kind == "text" || control.tag == "textarea", "{control:?}");
        words.clone_into(&mut control.value);
    }
    /// Takes an option of the list of this name.
    pub fn choose(&mut self, label: &str, option: &str) {
        let control = self.named(label);
        let sent = control.options.iter().find(|(says, _)| says == option).map(|(_, sent)| sent.clone());
        control.value = sent.unwrap_or_else(|| panic!("‘{label}’ has no ‘{option}’: {:?}", control.options));
    }
    /// Presses a radio button, or ticks a box or takes the tick away.
    pub fn tick(&mut self, label: &str) {
        let control = self.named(label);
        let (name, radio) = (control.name.clone(), control.kind == "radio");
        assert!(radio || control.kind == "checkbox", "{control:?}");
        if radio {
            self.controls.iter_mut().filter(|c| c.name == name).for_each(|c| c.checked = false);
        }
        let control = self.named(label);
        control.checked = radio || !control.checked;
    }

    /// What the browser would send, with line breaks as browsers send them.
    pub fn send(&self) -> Fields {
        let sent = self.controls.iter().filter(|c| match c.kind.as_str() {
            "radio" | "checkbox" => c.checked,
            "file" => false,
            _ => true,
        });
        sent.map(|c| (c.name.clone(), c.value.replace('\n', "\r\n"))).collect()
    }

    /// The names of all boxes that a person can use.
    pub fn labels(&self) -> Vec<&str> {
        self.controls.iter().filter(|c| c.kind != "hidden").map(|c| c.label.as_str()).collect()
    }
}
