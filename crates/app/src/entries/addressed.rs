//! To whom something is said, or who has it to do, and by when: asked where the design lets a kind be addressed.

use kernel::{Day, Invalid};
use tables::{AppointmentId, PersonId, PlaceId};
use ui::form::{self, Choice, Field};
use ui::{Html, html};

use super::compose::Offer;
use super::matters::{About, addressees};
use crate::ground::html::*;
use crate::ground::{Cx, Form, Snapshot, Stop};

/// Whoever can be chosen: who, as whom, name, role.
pub(super) type People = Vec<(PersonId, AppointmentId, String, String)>;

pub(super) async fn people(cx: &Cx, programme: &Snapshot, offer: &Offer<'_>, place: Option<PlaceId>) -> Result<People, Stop> {
    Ok(addressees(cx, programme, offer.kind, place).await?)
}

/// What is said happened on `on`.
pub(super) fn read(programme: &Snapshot, people: &People, form: &Form, (circle, on): (&str, Day), wrong: &mut Invalid) -> About {
    let (to, due) = (form.get("to"), form.get("due"));
    let mut about = About::default();
    // Where nobody can be chosen, the page does not ask, and has no place for an answer that came all the same.
    if !to.is_empty() && !people.is_empty() {
        match people.iter().find(|(_, held, ..)| held.to_string() == to) {
            None => wrong.add("to", "Choose somebody of the list, or nobody in particular"),
            Some((person, _, _, role)) => {
                let reads = programme.programme.design.circle(circle).is_some_and(|c| c.public || c.readers.contains(role));
                if !reads {
                    wrong.add("to", "They do not read this circle. Choose somebody who does, or another circle");
                }
                about.to = Some(*person);
            }
        }
    }
    if !due.is_empty() && !people.is_empty() {
        match Day::parse_as_written(due) {
            // What happened earlier and is written down now may have been due before today.
            Ok(day) if day < on => {
                wrong.add("due", "Choose a day that is not before it happened, or leave it empty");
            }
            Ok(day) => about.due = Some(day),
            Err(e) => wrong.add("due", e.to_string()),
        }
    }
    about
}

pub(super) fn fields(programme: &Snapshot, people: &People, (to, due): (&str, &str), wrong: &Invalid) -> Html {
    if people.is_empty() {
        return html("");
    }
    let person = |(_, held, name, role): &(PersonId, AppointmentId, String, String)| {
        Choice::new(held.to_string(), super::listing::byline(name, programme.role_name(role)).into_owned())
    };
    let choices: Vec<Choice> =
        std::iter::once(Choice::new("", "Nobody in particular")).chain(people.iter().map(person)).collect();
    let hint = "Who is expected to answer, or to do it.";
    let by = "Leave it empty to keep to what the programme expects.";
    html(maud! {
        (form::select(Field::new("to", "To whom").hint(hint).value(to).error(wrong.of("to")), &choices))
        (form::date(Field::new("due", "By when").hint(by).value(due).error(wrong.of("due")).optional()))
    })
}
