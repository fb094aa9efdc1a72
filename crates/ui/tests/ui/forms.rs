//! Fields are named, described and led to.

use super::common::{all, attr, description, one, page, text};
use hypertext::prelude::*;
use ui::form::{self, Choice, Field};
use ui::shell::{FormKeys, InvalidSummary, Shell};

const HOSTILE: &str = r#"<script>"'&"#;

#[test]
fn a_label_is_tied_to_its_field() {
    for (piece, tag) in [
        (form::text(Field::new("name", "Name of the place")), "input"),
        (form::email(Field::new("name", "Name of the place")), "input"),
        (form::date(Field::new("name", "Name of the place")), "input"),
        (form::money(Field::new("name", "Name of the place")), "input"),
        (form::password(Field::new("name", "Name of the place")), "input"),
        (form::long_text(Field::new("name", "Name of the place"), 4), "textarea"),
        (form::select(Field::new("name", "Name of the place"), &[Choice::new("a", "A")]), "select"),
    ] {
        let page = page(piece);
        assert_eq!(attr(one(&page, tag), "id"), "name");
        assert_eq!(attr(one(&page, tag), "name"), "name");
        assert_eq!(text(one(&page, "label[for=name]")), "Name of the place");
    }
}

#[test]
fn hint_and_error_are_read_with_the_field() {
    let field = Field::new("award", "Award").hint("In pounds").error(Some("Enter the award as pounds, like £50,000"));
    for (piece, css) in [
        (form::text(field), "input"),
        (form::long_text(field, 3), "textarea"),
        (form::select(field, &[]), "select"),
        (form::radios(field, &[Choice::new("a", "A")]), "fieldset"),
        (form::checkboxes(field, &[Choice::new("a", "A")]), "fieldset"),
    ] {
        let page = page(piece);
        let control = one(&page, css);
        assert_eq!(description(&page, control), "In pounds | Error: Enter the award as pounds, like £50,000");
        assert!(css == "fieldset" || attr(control, "aria-invalid") == "true");
    }
    let fine = page(form::text(Field::new("award", "Award")));
    assert_eq!(one(&fine, "input").value().attr("aria-invalid"), None);
    assert_eq!(one(&fine, "input").value().attr("aria-describedby"), None);
}

#[test]
fn a_date_shows_how_to_write_one_whatever_else_it_says() {
    let page = page(form::date(Field::new("paid", "When is it paid?").hint("The first instalment.")));
    assert_eq!(description(&page, one(&page, "input")), "The first instalment. For example, 27 March 2026");
}

#[test]
fn a_group_has_a_legend_and_its_first_box_is_led_to() {
    let choices = [Choice::new("a", "Support circle").hint("9 people"), Choice::new("b", "Public").checked(true)];
    let page = page(form::radios(Field::new("circle", "Who reads this?"), &choices));
    assert_eq!(text(one(&page, "fieldset > legend")), "Who reads this?");
    let boxes = all(&page, "input[type=radio]");
    assert_eq!(attr(boxes[0], "id"), "circle");
    assert_eq!(description(&page, boxes[0]), "9 people");
    assert_eq!(text(one(&page, "label[for=circle-2]")), "Public");
    assert!(boxes[1].value().attr("checked").is_some() && boxes[0].value().attr("checked").is_none());
}

#[test]
fn the_answer_given_before_is_chosen_again() {
    let choices = [Choice::new("a", "A"), Choice::new("b", "B")];
    let listed = page(form::select(Field::new("x", "X").value("b"), &choices));
    assert_eq!(attr(one(&listed, "option[selected]"), "value"), "b");
    let shown = page(form::radios(Field::new("x", "X").value("b"), &choices));
    assert_eq!(attr(one(&shown, "input[checked]"), "value"), "b");
}

#[test]
fn what_was_typed_comes_back_exactly() {
    let typed = format!("\n  {HOSTILE}\nsecond line");
    let page = page(form::long_text(Field::new("story", "What happened?").value(&typed), 4));
    assert_eq!(one(&page, "textarea").text().collect::<String>(), typed);
    assert!(all(&page, "script").is_empty());
}

#[test]
fn a_password_is_never_written_back() {
    let piece = form::password(Field::new("password", "Password").value("correct horse"));
    assert!(!piece.as_str().contains("correct horse"));
}

#[test]
fn a_form_carries_its_keys() {
    let keys = FormKeys { token: HOSTILE.into(), once: "once-7".into() };
    let page = page(form::form("/save", &keys, maud! { (form::button("Save")) }));
    assert_eq!(attr(one(&page, "form"), "method"), "post");
    assert_eq!(attr(one(&page, "input[name=form_token]"), "value"), HOSTILE);
    assert_eq!(attr(one(&page, "input[name=once]"), "value"), "once-7");
}

#[test]
fn the_summary_of_what_is_wrong_leads_to_each_field_before_the_heading() {
    let mut invalid = kernel::Invalid::one("award", "Enter the award as pounds, like £50,000");
    invalid.add("circle", "Choose who reads this");
    let shell = Shell { title: "New award".into(), invalid: Some(InvalidSummary::from(&invalid)), ..Shell::default() };
    let written = shell.page(maud! {
        (form::text(Field::new("award", "Award").error(invalid.of("award"))))
        (form::radios(Field::new("circle", "Who reads this?").error(invalid.of("circle")), &[Choice::new("a", "A"), Choice::new("b", "B")]))
    });
    let written = written.into_inner();
    let page = scraper::Html::parse_document(&written);
    assert!(text(one(&page, "title")).starts_with("Error: New award"));
    let links = all(&page, ".govuk-error-summary a");
    assert_eq!(links.len(), 2);
    for link in links {
        let id = attr(link, "href").trim_start_matches('#');
        assert!(one(&page, &format!("[id='{id}']")).value().name() == "input");
    }
    assert!(written.find("govuk-error-summary").unwrap() < written.find("<h1").unwrap());
}
