//! Two versions of a plan side by side, with what happened between them.

use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};

use super::lines::{self, Fate, count, matched};
use super::show;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

/// `/programmes/{programme}/places/{place}/plan/compare?from=1&to=3`
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, place, plan) = show::named(&cx).await?;
    let kind = super::kind(&programme)?;
    let history = show::history(&cx, &plan).await?;
    let versions = lines::versions(cx.read(), plan.id).await?;
    let asked = |name: &str, otherwise: i32| {
        let number = cx.query(name).parse().unwrap_or(otherwise);
        if history.iter().any(|v| v.number == number) { number } else { otherwise }
    };
    let (from, to) = (asked("from", 1), asked("to", plan.revision));
    let none = Vec::new();
    let (before, after) = (versions.get(&from).unwrap_or(&none), versions.get(&to).unwrap_or(&none));
    let all = matched(before, after);
    let heads = [format!("Version {from}"), format!("Version {to}")];
    let tables: Vec<_> = kind
        .parts
        .iter()
        .filter_map(|part| {
            let rows: Vec<Vec<Cell>> = all
                .iter()
                .filter(|(old, new, _)| old.or(*new).is_some_and(|line| line.part == part.key))
                .map(|(old, new, fate)| {
                    let said = |line: &Option<&lines::Line>| line.map_or_else(|| Cell::text("—"), |l| Cell::text(l.said()));
                    let words = match (old, new) {
                        (Some(old), Some(new)) if *fate == Fate::Changed => {
                            Cell::html(ui::words::difference(&old.said(), &new.said()))
                        }
                        _ => Cell::text(fate.words()),
                    };
                    vec![said(old).head(), said(new), words]
                })
                .collect();
            (!rows.is_empty()).then(|| Table::new(&part.name, &[&heads[0], &heads[1], "What happened"], rows).html())
        })
        .collect();
    let (low, high) = (from.min(to), from.max(to));
    let between: Vec<_> = history.iter().filter(|v| v.number > low && v.number <= high).collect();
    let choices: Vec<Choice> =
        history.iter().map(|v| Choice::new(v.number.to_string(), format!("Version {}, {}", v.number, v.at.day()))).collect();
    let home = super::home(&programme, &place);
    let draft = Draft::new("Two versions side by side")
        .crumb(&programme.name, programme.href())
        .crumb(format!("Plan of {}", place.name), &home);
    let lead = format!(
        "{} lines as they were, {} changed, {} dropped, {} new.",
        count(&all, Fate::Same),
        count(&all, Fate::Changed),
        count(&all, Fate::Dropped),
        count(&all, Fate::New)
    );
    Ok(draft.lead(lead).page(
        &cx,
        maud! {
            (form::asking_form(&format!("{home}/compare"), maud! {
                (form::select(Field::new("from", "The earlier").value(&from.to_string()), &choices))
                (form::select(Field::new("to", "The later").value(&to.to_string()), &choices))
                (form::secondary_button("Compare"))
            }))
            @if !between.is_empty() {
                section class="section" {
                    h2 { "Why it changed between them" }
                    ul class="govuk-list govuk-list--bullet" {
                        @for version in &between { li { "Version " (version.number) ", " (version.at.day().to_string()) ", " (&version.who) ": " (&version.why) } }
                    }
                }
            }
            @for table in &tables { (table) }
        },
    ))
}
