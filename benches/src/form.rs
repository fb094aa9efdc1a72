//! A form as the page gives it: what it holds already is sent back with what we write.

use scraper::{ElementRef, Html, Selector};

use crate::Outcome;
use crate::http::encode;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    fields: Vec<(String, String)>,
    buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Button {
    says: String,
    /// What it sends, where it has a name.
    sends: Option<(String, String)>,
}

impl Form {
    /// Every form of the page that writes.
    pub fn all(page: &str, path: &str) -> Outcome<Vec<Self>> {
        let document = Html::parse_document(page);
        let forms = selector("form[method=post], form[method=POST]")?;
        let (controls, buttons) = (selector("input, select, textarea")?, selector("button, input[type=submit]")?);
        let options = selector("option")?;
        let read = document.select(&forms).map(|form| {
            let mut read = Self {
                action: form.attr("action").unwrap_or(path).to_owned(),
                fields: Vec::new(),
                buttons: form.select(&buttons).map(Button::read).collect(),
            };
            for control in form.select(&controls) {
                read.add(control, &options);
            }
            read
        });
        Ok(read.collect())
    }

    /// The form as it is sent by the button that says this, or else by the first that begins with it, or has it in it.
    pub fn with_button(page: &str, path: &str, says: &str) -> Outcome<Self> {
        let all = Self::all(page, path)?;
        let is: [fn(&str, &str) -> bool; 3] =
            [|words, says| words == says, |words, says| words.starts_with(says), |words, says| words.contains(says)];
        for is in is {
            for form in &all {
                if let Some(button) = form.buttons.iter().find(|button| is(&button.says, says)) {
                    let mut pressed = form.clone();
                    pressed.fields.extend(button.sends.clone());
                    return Ok(pressed);
                }
            }
        }
        let there: Vec<&str> = all.iter().flat_map(|form| &form.buttons).map(|b| b.says.as_str()).take(20).collect();
        Err(format!("{path} has no form with a button “{says}…”; its buttons: {}", there.join(" · ")).into())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The names of its fields, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// Writes into a field that the form has.
    pub fn set(&mut self, name: &str, value: &str) -> Outcome<()> {
        let field = self.fields.iter_mut().find(|(n, _)| n == name);
        let Some((_, written)) = field else {
            let names: Vec<&str> = self.fields.iter().map(|(n, _)| n.as_str()).collect();
            return Err(format!("the form of {} has no field {name}, only {}", self.action, names.join(", ")).into());
        };
        value.clone_into(written);
        Ok(())
    }

    pub fn body(&self) -> String {
        let pairs: Vec<String> = self.fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        pairs.join("&")
    }

    fn add(&mut self, control: ElementRef<'_>, options: &Selector) {
        let Some(name) = control.attr("name") else { return };
        let value = control.attr("value");
        let value = match (control.value().name(), control.attr("type")) {
            ("textarea", _) => control.text().collect(),
            ("select", _) => {
                let chosen = control.select(options).find(|o| o.attr("selected").is_some());
                let chosen = chosen.or_else(|| control.select(options).next());
                chosen.map(|o| o.attr("value").map_or_else(|| words(o), str::to_owned)).unwrap_or_default()
            }
            (_, Some("checkbox")) if control.attr("checked").is_none() => return,
            (_, Some("checkbox")) => value.unwrap_or("on").to_owned(),
            (_, Some("radio")) => {
                let chosen = if control.attr("checked").is_some() { value.unwrap_or("on") } else { "" };
                // A group is one field, there to be set even where nothing is chosen yet.
                if let Some((_, so_far)) = self.fields.iter_mut().find(|(n, _)| n == name) {
                    if !chosen.is_empty() {
                        chosen.clone_into(so_far);
                    }
                    return;
                }
                chosen.to_owned()
            }
            (_, Some("submit" | "button" | "file")) => return,
            _ => value.unwrap_or_default().to_owned(),
        };
        self.fields.push((name.to_owned(), value));
    }
}

impl Button {
    fn read(button: ElementRef<'_>) -> Self {
        let sends = button.attr("name").zip(button.attr("value")).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { says: words(button), sends }
    }
}

fn selector(text: &str) -> Outcome<Selector> {
    Selector::parse(text).map_err(|e| e.to_string().into())
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The addresses of the page's links that contain this.
pub fn links(page: &str, containing: &str) -> Outcome<Vec<String>> {
    let document = Html::parse_document(page);
    let all = selector("a[href]")?;
    let mut found: Vec<String> = Vec::new();
    for href in document.select(&all).filter_map(|link| link.attr("href")) {
        if href.contains(containing) && !found.iter().any(|known| known == href) {
            found.push(href.to_owned());
        }
    }
    Ok(found)
}

/// How many elements of the page a selector finds.
pub fn count(page: &str, wanted: &str) -> Outcome<usize> {
    let document = Html::parse_document(page);
    let wanted = selector(wanted)?;
    Ok(document.select(&wanted).count())
}

/// The words of the page's main part.
pub fn main_text(page: &str) -> Outcome<String> {
    let document = Html::parse_document(page);
    let main = selector("main")?;
    Ok(document.select(&main).next().map(words).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<main><form method="post" action="/a"><input type="hidden" name="form_token" value="t&amp;1">
        <button>Consultant, Riverside</button></form>
        <form method="post"><input type="radio" name="circle" value="place"><input type="radio" name="circle" value="support" checked>
        <select name="kind"><option value="x">X<option value="y" selected>Y</select><textarea name="text">old</textarea>
        <button name="do" value="record">Record</button></form><a href="/p/entries/ent_1">One</a><a href="/p/entries/ent_1">again</a></main>"#;

    #[test]
    fn what_a_form_holds_is_sent_back_with_what_is_written() {
        let mut form = Form::with_button(PAGE, "/here", "Record").unwrap();
        form.set("text", "new & shiny").unwrap();
        assert_eq!(form.action, "/here");
        assert_eq!(form.body(), "circle=support&kind=y&text=new+%26+shiny&do=record");
        assert!(form.set("nothing", "").is_err());
    }

    #[test]
    fn a_form_is_found_by_the_beginning_of_its_button() {
        assert_eq!(Form::with_button(PAGE, "/here", "Consultant").unwrap().get("form_token"), Some("t&1"));
        assert!(Form::with_button(PAGE, "/here", "Mayor").is_err());
    }

    #[test]
    fn one_of_several_buttons_is_pressed() {
        let page = r#"<form method="post" action="/in"><button name="person" value="1">Lead</button>
            <button name="person" value="2">Writer, Oak</button></form>"#;
        assert_eq!(Form::with_button(page, "/", "Writer").unwrap().body(), "person=2");
    }

    #[test]
    fn elements_are_counted() {
        assert_eq!(count(PAGE, "a[href*=\"/entries/\"]").unwrap(), 2);
        assert!(count(PAGE, "").is_err());
    }

    #[test]
    fn links_are_given_once() {
        assert_eq!(links(PAGE, "/entries/").unwrap(), ["/p/entries/ent_1"]);
    }
}
