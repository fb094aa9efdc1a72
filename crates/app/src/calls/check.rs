//! Before anybody writes: is this call for us? Asked from what the design says of who can apply; nothing is kept.

use ui::form::{self, Choice, Field};
use ui::parts;
use ui::shell::InvalidSummary;

use super::call_page::href;
use super::reading::{Standing, standing};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let home = href(&programme, &call);
    let statements: Vec<_> = programme.programme.design.call.iter().flat_map(|c| &c.eligibility).collect();
    let name = |i: usize| format!("rule-{i}");
    let answers: Vec<&str> = (0..statements.len()).map(|i| cx.query(&name(i))).collect();
    let asked = !cx.query("asked").is_empty();
    let open = standing(&call, cx.now()) == Standing::Open;
    let (missing, refused): (Vec<usize>, Vec<usize>) = (
        (0..answers.len()).filter(|i| asked && answers[*i].is_empty()).collect(),
        (0..answers.len()).filter(|i| answers[*i] == "no").collect(),
    );
    let fits = asked && missing.is_empty() && refused.is_empty();
    let names: Vec<String> = (0..statements.len()).map(name).collect();
    let choices = [Choice::new("yes", "Yes"), Choice::new("no", "No")];
    let draft = Draft::new("Is this call for you?")
        .lead("A few questions before you write anything. What you answer here is not kept.")
        .crumb(&programme.name, programme.href());
    let wrong = missing.iter().map(|i| (names[*i].clone(), format!("Say yes or no: {}", statements[*i].text)));
    let summary = InvalidSummary { title: "Please look at this again".into(), items: wrong.collect() };
    Ok(draft.crumb(&call.name, &home).invalid_items((!missing.is_empty()).then_some(summary)).page(
        &cx,
        maud! {
            @if fits {
                (parts::inset(maud! { p { "Yes: as far as these questions go, this call is for you." } }))
                @if open { (form::button_link("Start an application", &format!("{home}/apply"))) }
                @else { p { "It is not open now. " a href=(&home) { "See its timetable" } "." } }
            } @else if !refused.is_empty() {
                (parts::inset(maud! {
                    p { "This one is not for you, because it asks for this:" }
                    ul { @for i in &refused { li { (&statements[*i].text) } } }
                    p { "Another may be: " a href="/programmes" { "see the other programmes and their calls" } "." }
                }))
            }
            @if !fits {
                (form::asking_form(cx.path(), maud! {
                    (form::hidden("asked", "yes"))
                    @for (i, statement) in statements.iter().enumerate() {
                        (form::radios(
                            Field::new(&names[i], &statement.text).hint("Is this so for your partnership?").value(answers[i])
                                .error(missing.contains(&i).then_some("Say yes or no")),
                            &choices,
                        ))
                    }
                    @if statements.is_empty() { p { "This call does not say who cannot apply." } }
                    (form::button("See whether it is for you"))
                }))
            }
        },
    ))
}
