//! What people need to take part: access and food. It is written in confidence, so it stands in no journal, is read by the
//! person and by those who run the event, and is wiped once it is of no more use.

use kernel::{Fault, Invalid, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{Set, sea_query::Expr};
use store::{Write, fault};
use tables::{GatheringId, gathering, sign_up};
use ui::form::{self, Field};
use ui::{Html, html, parts};

use super::found::Event;
use crate::ground::Snapshot;
use crate::ground::html::*;

const LONGEST: usize = 1_000;

/// When they are wiped.
pub(super) fn until(event: &Event<'_>, row: &gathering::Model) -> Moment {
    row.ends_at.plus_seconds(i64::from(event.rule.needs_days) * 24 * 3600)
}

pub(super) fn check(access: &str, dietary: &str, wrong: &mut Invalid) {
    for (field, text) in [("access_needs", access), ("dietary_needs", dietary)] {
        if text.chars().count() > LONGEST {
            wrong.add(field, "Shorten this to 1,000 characters");
        }
    }
}

/// Both boxes, under who reads them and for how long they are kept.
pub(super) fn fields(
    programme: &Snapshot,
    (event, row): (&Event<'_>, &gathering::Model),
    (access, dietary): (&str, &str),
    wrong: &Invalid,
) -> Html {
    let hint = "For example a step-free way in, a hearing loop, captions, or breaks.";
    let access =
        Field::new("access_needs", "What you need to take part").hint(hint).value(access).error(wrong.of("access_needs"));
    let food = Field::new("dietary_needs", "What you do not eat").value(dietary).error(wrong.of("dietary_needs"));
    html(maud! {
        (parts::inset(maud! {
            p { strong { "Who reads the next two: " } "you, and those who run it: " (event.run_by(programme)) ". Nobody else, and not the journal." }
            p {
                "They are wiped " (event.rule.needs_days) @if event.rule.needs_days == 1 { " day" } @else { " days" } " after the event, on "
                (until(event, row).day().to_string()) ", or when you say that you cannot come."
            }
        }))
        (form::long_text(access.optional(), 3))
        (form::long_text(food.optional(), 2))
    })
}

/// Wipes what everybody needs at an event. The journal never held it, so there is nothing to note there but that it was done.
pub(super) async fn wipe(write: &mut Write, id: GatheringId) -> Result<(), Fault> {
    let gone = sign_up::ActiveModel { access_needs: Set(String::new()), dietary_needs: Set(String::new()), ..Default::default() };
    sign_up::Entity::update_many()
        .set(gone)
        .filter(sign_up::COLUMN.gathering_id.eq(id))
        .filter(Expr::cust("(access_needs <> '' OR dietary_needs <> '')"))
        .exec(write.unrecorded())
        .await
        .map_err(fault("wipe what people need"))?;
    Ok(())
}
