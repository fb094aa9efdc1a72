//! Forms: one question's worth of thought at a time. Every field has a label tied to it, its hint and its error are
//! read with it, and its id is its name, so that an error summary can link to it.

use crate::dsl::*;
use crate::shell::FormKeys;

/// One question: what it is called, what helps to answer it, what was answered, and what was wrong with that.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    pub hint: Option<&'a str>,
    pub value: &'a str,
    pub error: Option<&'a str>,
    pub autocomplete: Option<&'a str>,
    /// Where it is not, the label says "(optional)".
    pub required: bool,
    /// How wide the box is, in characters, where the length of an answer is known.
    pub width: Option<u8>,
    /// The keyboard that a phone offers, like `numeric`.
    pub inputmode: Option<&'a str>,
}

impl<'a> Field<'a> {
    #[must_use]
    pub const fn new(name: &'a str, label: &'a str) -> Self {
        Self { name, label, hint: None, value: "", error: None, autocomplete: None, required: true, width: None, inputmode: None }
    }
    #[must_use]
    pub const fn hint(mut self, hint: &'a str) -> Self {
        // A question without a hint has no empty one to be read out.
        self.hint = if hint.is_empty() { None } else { Some(hint) };
        self
    }
    #[must_use]
    pub const fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }
    /// What was wrong with the answer: `.error(invalid.of("name"))`.
    #[must_use]
    pub const fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }
    #[must_use]
    pub const fn autocomplete(mut self, purpose: &'a str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }
    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }
    #[must_use]
    pub const fn optional(self) -> Self {
        self.required(false)
    }
    #[must_use]
    pub const fn width(mut self, characters: u8) -> Self {
        self.width = Some(characters);
        self
    }
    #[must_use]
    pub const fn inputmode(mut self, keyboard: &'a str) -> Self {
        self.inputmode = Some(keyboard);
        self
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let error = self.error.map(|_| format!("{}-error", self.name));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
    fn group_class(&self) -> &'static str {
        if self.error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }
    }
    fn invalid(&self) -> Option<&'static str> {
        self.error.map(|_| "true")
    }
    fn caption(&self) -> String {
        if self.required { self.label.to_owned() } else { format!("{} (optional)", self.label) }
    }
    /// Hint and error, in the order in which they are read.
    fn help(&self) -> Html {
        html(maud! {
            @if let Some(hint) = self.hint {
                div class="govuk-hint" id={ (self.name) "-hint" } { (hint) }
            }
            @if let Some(error) = self.error {
                p class="govuk-error-message" id={ (self.name) "-error" } {
                    span class="govuk-visually-hidden" { "Error: " } (error)
                }
            }
        })
    }
    /// Label, help and the box itself.
    fn labelled(&self, control: &Html) -> Html {
        html(maud! {
            div class=(self.group_class()) {
                label class="govuk-label" for=(self.name) { (self.caption()) }
                (self.help())
                (control)
            }
        })
    }
    /// The same for a question that has several boxes.
    fn grouped(&self, controls: &Html) -> Html {
        html(maud! {
            div class=(self.group_class()) {
                fieldset class="govuk-fieldset" aria-describedby=[self.described_by()] {
                    legend class="govuk-fieldset__legend" { (self.caption()) }
                    (self.help())
                    (controls)
                }
            }
        })
    }
}

/// One of the answers a question offers.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    /// What one may open below it, to know more before choosing.
    pub more: Option<Html>,
    pub checked: bool,
}

impl Choice {
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, more: None, checked: false }
    }
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    #[must_use]
    pub fn more(mut self, more: Option<Html>) -> Self {
        self.more = more;
        self
    }
    #[must_use]
    pub const fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }
}

/// A form that writes: it carries its keys, and leaves checking to the server so that errors read alike everywhere.
#[must_use]
pub fn form(action: &str, keys: &FormKeys, body: impl Renderable) -> Html {
    html(maud! {
        form class="form" method="post" action=(action) novalidate data-form="" { (hidden_keys(keys)) (body) }
    })
}

/// The same, kept on the device until the server has it, where there is script; `page` is where the form can be opened again.
#[must_use]
pub fn kept_form(action: &str, page: &str, keys: &FormKeys, body: impl Renderable) -> Html {
    html(maud! {
        form class="form" method="post" action=(action) novalidate data-form="" data-keep-offline=(page) { (hidden_keys(keys)) (body) }
    })
}

/// The same where files can be sent along.
#[must_use]
pub fn form_with_files(action: &str, keys: &FormKeys, body: impl Renderable) -> Html {
    html(maud! {
        form class="form" method="post" enctype="multipart/form-data" action=(action) novalidate data-form="" {
            (hidden_keys(keys)) (body)
        }
    })
}

/// A form that only asks, like a search: its answers stand in the address.
#[must_use]
pub fn asking_form(action: &str, body: impl Renderable) -> Html {
    html(maud! { form class="form" method="get" action=(action) novalidate { (body) } })
}

/// A form that is a single button: to undo, to end, to sign out.
#[must_use]
pub fn button_form(action: &str, keys: &FormKeys, button: impl Renderable) -> Html {
    html(maud! {
        form class="form-inline" method="post" action=(action) data-form="" { (hidden_keys(keys)) (button) }
    })
}

/// The two hidden fields of a form that writes.
#[must_use]
pub fn hidden_keys(keys: &FormKeys) -> Html {
    html((hidden("form_token", &keys.token), hidden("once", &keys.once)))
}

#[must_use]
pub fn hidden(name: &str, value: &str) -> Html {
    html(maud! { input type="hidden" name=(name) value=(value); })
}

/// One line.
#[must_use]
pub fn text(field: Field<'_>) -> Html {
    one_line(field, "text", None)
}

/// One line for an e-mail address.
#[must_use]
pub fn email(field: Field<'_>) -> Html {
    one_line(field, "email", Some("false"))
}

/// One line that does not show what is typed. What was typed is never written back.
#[must_use]
pub fn password(field: Field<'_>) -> Html {
    one_line(field.value(""), "password", Some("false"))
}

/// A file to be sent along, with one of these endings. The form around it is [`form_with_files`].
#[must_use]
pub fn file(field: Field<'_>, endings: &str) -> Html {
    field.labelled(&html(maud! {
        input class="file" type="file" id=(field.name) name=(field.name) accept=(endings)
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    }))
}

/// A date, as a person writes it.
#[must_use]
pub fn date(field: Field<'_>) -> Html {
    const EXAMPLE: &str = "For example, 27 March 2026";
    let hint = field.hint.map_or_else(|| EXAMPLE.to_owned(), |hint| format!("{hint} {EXAMPLE}"));
    let width = field.width.unwrap_or(20);
    one_line(Field { hint: Some(&hint), width: Some(width), ..field }, "text", Some("false"))
}

/// An amount of money in pounds.
#[must_use]
pub fn money(field: Field<'_>) -> Html {
    let control = input(&field.inputmode("decimal").width(field.width.unwrap_or(10)), "text", Some("false"));
    field.labelled(&html(maud! {
        div class="govuk-input__wrapper" {
            div class="govuk-input__prefix" aria-hidden="true" { "£" }
            (control)
        }
    }))
}

fn one_line(field: Field<'_>, kind: &str, spellcheck: Option<&str>) -> Html {
    field.labelled(&input(&field, kind, spellcheck))
}

fn input(field: &Field<'_>, kind: &str, spellcheck: Option<&str>) -> Html {
    let error = if field.error.is_some() { " govuk-input--error" } else { "" };
    let width = match field.width {
        None => "",
        Some(0..=2) => " govuk-input--width-2",
        Some(3..=5) => " govuk-input--width-5",
        Some(6..=10) => " govuk-input--width-10",
        Some(11..=20) => " govuk-input--width-20",
        Some(_) => " govuk-input--width-30",
    };
    html(maud! {
        input class={ "govuk-input" (width) (error) } id=(field.name) name=(field.name) type=(kind) value=(field.value)
            autocomplete=[field.autocomplete] inputmode=[field.inputmode] spellcheck=[spellcheck]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    })
}

/// Several lines, for what takes some thought.
#[must_use]
pub fn long_text(field: Field<'_>, rows: u16) -> Html {
    let error = if field.error.is_some() { " govuk-textarea--error" } else { "" };
    // The line break after the tag is not part of the value; without it, one that begins the value would be lost.
    field.labelled(&html(maud! {
        textarea class={ "govuk-textarea" (error) } id=(field.name) name=(field.name) rows=(rows)
            autocomplete=[field.autocomplete] aria-describedby=[field.described_by()] aria-invalid=[field.invalid()]
            { "\n" (field.value) }
    }))
}

/// One of many, from a list.
#[must_use]
pub fn select(field: Field<'_>, choices: &[Choice]) -> Html {
    let error = if field.error.is_some() { " govuk-select--error" } else { "" };
    field.labelled(&html(maud! {
        select class={ "govuk-select" (error) } id=(field.name) name=(field.name)
            autocomplete=[field.autocomplete] aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            @for choice in choices {
                option value=(&choice.value) selected[choice.checked || (!field.value.is_empty() && choice.value == field.value)] {
                    (&choice.label)
                }
            }
        }
    }))
}

/// One of a few, all in view.
#[must_use]
pub fn radios(field: Field<'_>, choices: &[Choice]) -> Html {
    boxes(&field, choices, "radio", "govuk-radios")
}

/// Any of a few, all in view.
#[must_use]
pub fn checkboxes(field: Field<'_>, choices: &[Choice]) -> Html {
    boxes(&field, choices, "checkbox", "govuk-checkboxes")
}

/// A box in a row of a table, where the row says what it is of: its label is heard, and not seen.
#[must_use]
pub fn tick(id: &str, name: &str, value: &str, label: &str, checked: bool) -> Html {
    html(maud! {
        div class="govuk-checkboxes govuk-checkboxes--small tick" {
            div class="govuk-checkboxes__item" {
                input class="govuk-checkboxes__input" id=(id) name=(name) type="checkbox" value=(value) checked[checked];
                label class="govuk-label govuk-checkboxes__label" for=(id) { span class="govuk-visually-hidden" { (label) } }
            }
        }
    })
}

/// The first box takes the field's name as its id, so that the error summary leads to it.
fn boxes(field: &Field<'_>, choices: &[Choice], kind: &str, class: &str) -> Html {
    let id = |i: usize| if i == 0 { field.name.to_owned() } else { format!("{}-{}", field.name, i + 1) };
    field.grouped(&html(maud! {
        div class=(class) {
            @for (i, choice) in choices.iter().enumerate() {
                @let id = id(i);
                @let described = choice.hint.as_ref().map(|_| format!("{id}-item-hint"));
                div class={ (class) "__item" } {
                    input class={ (class) "__input" } id=(&id) name=(field.name) type=(kind) value=(&choice.value)
                        checked[choice.checked || (!field.value.is_empty() && choice.value == field.value)]
                        aria-describedby=[described];
                    label class={ "govuk-label " (class) "__label" } for=(&id) { (&choice.label) }
                    @if let Some(hint) = &choice.hint {
                        div class={ "govuk-hint " (class) "__hint" } id={ (&id) "-item-hint" } { (hint) }
                    }
                    @if let Some(more) = &choice.more { div class={ "govuk-hint " (class) "__hint" } { (more) } }
                }
            }
        }
    }))
}

/// The button that does what the page is for. There is one on a page.
#[must_use]
pub fn button(text: &str) -> Html {
    html(maud! { button class="govuk-button" type="submit" { (text) } })
}

/// A button for what one may do instead.
#[must_use]
pub fn secondary_button(text: &str) -> Html {
    html(maud! { button class="govuk-button govuk-button--secondary" type="submit" { (text) } })
}

/// A button for what cannot be undone.
#[must_use]
pub fn warning_button(text: &str) -> Html {
    html(maud! { button class="govuk-button govuk-button--warning" type="submit" { (text) } })
}

/// One of several buttons of the same form; the form arrives with its name and value.
#[must_use]
pub fn named_button(text: &str, name: &str, value: &str) -> Html {
    html(maud! {
        button class="govuk-button govuk-button--secondary" type="submit" name=(name) value=(value) { (text) }
    })
}

/// One of several buttons of a form that is kept on the device, which asks for another page and saves nothing: what is typed goes
/// along as it would without script.
#[must_use]
pub fn passing_button(text: &str, name: &str, value: &str) -> Html {
    html(maud! {
        button class="govuk-button govuk-button--secondary" type="submit" name=(name) value=(value) data-not-kept="" { (text) }
    })
}

/// The one of them that does what the page is for.
#[must_use]
pub fn main_named_button(text: &str, name: &str, value: &str) -> Html {
    html(maud! { button class="govuk-button" type="submit" name=(name) value=(value) { (text) } })
}

/// A link that is the page's next step.
#[must_use]
pub fn button_link(text: &str, href: &str) -> Html {
    html(maud! { a class="govuk-button" href=(href) { (text) } })
}

/// Buttons and links side by side.
#[must_use]
pub fn button_group(buttons: impl Renderable) -> Html {
    html(maud! { div class="govuk-button-group" { (buttons) } })
}
