//! What is worth knowing about a programme and yet no error.

use std::collections::BTreeMap;

use crate::words::{and, quoted};
use crate::{Citation, Claim, Design, PLACES, Power, Programme, Role, StatedTotal};

/// All notes, in the order of the design.
pub(crate) fn of(programme: &Programme) -> Vec<String> {
    let design = &programme.design;
    let mut notes = Vec::new();
    asked_twice(design, &mut notes);
    needed_by_nobody(design, &mut notes);
    unread(design, &mut notes);
    money(design, &mut notes);
    if let Some(call) = &design.call {
        disagreement("when the call opened", &call.opened, &mut notes);
        disagreement("how many applied", &call.applications, &mut notes);
    }
    for event in &programme.history.events {
        if let Some(how) = &event.disagrees {
            notes.push(format!("The sources disagree about “{}”: {how}", event.title));
        }
    }
    notes
}

/// `S0 and S3 §2`.
pub(crate) fn cited(sources: &[Citation]) -> String {
    let shown: Vec<String> = sources.iter().map(ToString::to_string).collect();
    and(&shown)
}

fn asked_twice(design: &Design, notes: &mut Vec<String>) {
    let mut asking: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut what: BTreeMap<&str, &str> = BTreeMap::new();
    for component in &design.components {
        for need in component.needs.iter().filter(|n| n.from.iter().any(|f| f == PLACES)) {
            asking.entry(&need.key).or_default().push(component.name.clone());
            what.insert(&need.key, &need.what);
        }
    }
    for (key, who) in asking.iter().filter(|(_, who)| who.len() > 1) {
        notes.push(format!(
            "{} would each ask the places for the same thing ({}): ask once and share the answer.",
            and(who),
            what[key]
        ));
    }
}

fn needed_by_nobody(design: &Design, notes: &mut Vec<String>) {
    for component in &design.components {
        let unused: Vec<&str> = component
            .supplies
            .iter()
            .map(String::as_str)
            .filter(|key| {
                !design.components.iter().flat_map(|c| &c.needs).any(|n| n.key == *key && n.from.contains(&component.key))
            })
            .collect();
        if !unused.is_empty() {
            notes.push(format!("{} supplies {}, which no component asks it for.", component.name, quoted(&unused)));
        }
    }
}

fn unread(design: &Design, notes: &mut Vec<String>) {
    // Who only reads and decides on applications needs no circle.
    let chooses = |role: &&Role| !role.may.is_empty() && role.may.iter().all(|p| matches!(p, Power::Assess | Power::Decide));
    for role in design.roles.iter().filter(|role| !chooses(role)) {
        if !design.circles.iter().any(|c| c.readers.contains(&role.key)) {
            notes.push(format!("{} reads no circle but the public one.", role.name));
        }
    }
}

fn money(design: &Design, notes: &mut Vec<String>) {
    for total in &design.totals {
        let Some(sum) = design.sum_of(&total.of).filter(|sum| *sum != total.amount) else { continue };
        let lines = design.money.iter().filter(|l| total.of.contains(&l.key));
        let up_to = lines.clone().any(|l| l.up_to);
        let parts: Vec<String> = lines
            .map(|l| {
                format!(
                    "{}{}{}",
                    l.count.map_or_else(String::new, |c| format!("{c} × ")),
                    if l.up_to { "up to " } else { "" },
                    l.amount
                )
            })
            .collect();
        let (larger, apart) =
            if sum > total.amount { ("more", sum.checked_sub(total.amount)) } else { ("less", total.amount.checked_sub(sum)) };
        let apart = apart.map_or_else(String::new, |a| a.to_string());
        notes.push(format!(
            "The planned lines ({}) come to {}{sum}: {apart} {larger} than {}. Both stand.",
            parts.join(" + "),
            if up_to { "up to " } else { "" },
            stated(total)
        ));
    }
    for (i, total) in design.totals.iter().enumerate() {
        for other in design.totals.iter().skip(i + 1) {
            if total.of == other.of && !total.of.is_empty() && (total.amount, total.up_to) != (other.amount, other.up_to) {
                notes.push(format!(
                    "Two totals are stated for the same money: {}, and {}. Both stand.",
                    stated(total),
                    stated(other)
                ));
            }
        }
    }
}

/// `the grants in all, stated as up to £3,000,000 (S0)`.
fn stated(total: &StatedTotal) -> String {
    let up_to = if total.up_to { "up to " } else { "" };
    format!("{}, stated as {up_to}{}{}", total.what, total.amount, from(&total.sources))
}

/// The sources in brackets; nothing where none is named, as in what is made up.
fn from(sources: &[Citation]) -> String {
    if sources.is_empty() { String::new() } else { format!(" ({})", cited(sources)) }
}

fn disagreement(about: &str, claims: &[Claim], notes: &mut Vec<String>) {
    if claims.len() > 1 {
        let each: Vec<String> = claims.iter().map(|c| format!("{}{}", c.text, from(&c.sources))).collect();
        notes.push(format!("The sources disagree about {about}: {}. All stand.", each.join("; ")));
    }
}
