//! Stages: conferences and events at which a place could tell its story. Who was offered one and who told their story is
//! counted by the places that the words of each step name, so that it shows where some stand often and others never.

use design::InfluencePart;
use kernel::{Day, Fault};
use tables::place;
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::followed::{self, Followed, Taken, under};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};

/// What somebody writes who names no place because all are meant.
const ALL: &str = "all places";

pub(super) async fn body(cx: &Cx, programme: &Snapshot, places: &[place::Model]) -> Result<Option<Html>, Fault> {
    let all = followed::of(cx, programme, InfluencePart::Stage).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let stood: Vec<Stood> = places.iter().map(|place| Stood::of(place, &all)).collect();
    let never: Vec<&str> =
        places.iter().zip(&stood).filter(|(_, stood)| stood.told == 0).map(|(place, _)| place.name.as_str()).collect();
    let never = never.join(", ");
    let (each, list) = (by_place(programme, places, &stood), list(programme, places, &all));
    Ok(Some(html(maud! {
        (list)
        p { "A place counts as offered a stage, or as having told its story there, where the words of that step name it or say “" (ALL) "”; and where the stage was recorded for it alone." }
        (each)
        @if !never.is_empty() { p { "Never stood anywhere: " (&never) "." } }
        (super::cut(all.len()))
    })))
}

/// Whether a text holds a name as words of their own.
fn says(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let edge = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
    text.match_indices(name.as_str())
        .any(|(at, found)| edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next()))
}

/// Whether a step names a place in its first part, which asks for places; in all of its words where it has no parts.
fn names(one: &Followed<'_>, taken: &Taken, place: &place::Model) -> bool {
    let parts = one.kind.step(&taken.key).map(|rule| rule.parts.as_slice()).unwrap_or_default();
    let said = parts.first().and_then(|part| under(&taken.text, parts, &part.key));
    let said = said.as_deref().unwrap_or(&taken.text);
    says(said, &place.name) || said.trim().trim_end_matches('.').eq_ignore_ascii_case(ALL)
}

/// When a place told its story at this stage.
fn told_on(one: &Followed<'_>, place: &place::Model) -> Option<Day> {
    let its_own = one.listed.matter.place_id == Some(place.id);
    one.taken(&one.mark.came).filter(|taken| its_own || names(one, taken, place)).map(|taken| taken.on).max()
}

fn was_offered(one: &Followed<'_>, place: &place::Model) -> bool {
    one.listed.matter.place_id == Some(place.id) || one.taken(&one.mark.done).any(|taken| names(one, taken, place))
}

/// How often a place was offered a stage, and stood there.
struct Stood {
    offered: usize,
    told: usize,
    last: Option<Day>,
}

impl Stood {
    fn of(place: &place::Model, all: &[Followed<'_>]) -> Self {
        let told: Vec<Option<Day>> = all.iter().map(|one| told_on(one, place)).collect();
        // Whoever stood there was offered it, whether somebody noted that or not.
        let offered = all.iter().zip(&told).filter(|(one, told)| told.is_some() || was_offered(one, place)).count();
        Self { offered, told: told.iter().flatten().count(), last: told.iter().flatten().max().copied() }
    }
}

fn by_place(programme: &Snapshot, places: &[place::Model], stood: &[Stood]) -> Html {
    let rows = places.iter().zip(stood).map(|(place, stood)| {
        vec![
            Cell::link(&format!("{}/places/{}", programme.href(), place.slug), &place.name).head(),
            Cell::number(stood.offered),
            Cell::number(stood.told),
            stood.last.map_or_else(|| Cell::text("never"), Cell::day),
        ]
    });
    let headers = ["Place", "Stages offered", "Stories told", "Last on"];
    Table::new("Which places were offered a stage, and which told their story", &headers, rows.collect()).html()
}

/// The names of some places; a word where it is all of them, or none.
fn listed(places: &[place::Model], some: impl Fn(&place::Model) -> bool) -> String {
    let names: Vec<&str> = places.iter().filter(|place| some(place)).map(|place| place.name.as_str()).collect();
    match names.len() {
        0 => "nobody yet".to_string(),
        n if n > 1 && n == places.len() => ALL.to_string(),
        _ => names.join(", "),
    }
}

fn list(programme: &Snapshot, places: &[place::Model], all: &[Followed<'_>]) -> Html {
    let rows = all.iter().map(|one| {
        let matter = &one.listed.matter;
        vec![
            Cell::link(&one.href(programme), &one.listed.title).head(),
            Cell::text(listed(places, |place| was_offered(one, place))),
            Cell::text(listed(places, |place| told_on(one, place).is_some())),
            Cell::text(one.stands()),
            Cell::text(entries::waits_for(programme, matter)),
            matter.due_on.map_or_else(|| Cell::text("—"), Cell::day),
        ]
    });
    let headers = ["Stage", "Offered to", "Told by", "Stands", "Waits for", "Expected by"];
    Table::new("Stages, the oldest first", &headers, rows.collect()).html()
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_place_is_named_by_its_whole_name() {
        assert!(says("Riverside and Kite Common.", "Kite Common"));
        assert!(says("we asked ALL PLACES", "all places"));
        assert!(!says("Riversides", "Riverside"));
        assert!(!says("Kite and Common", "Kite Common"));
    }
}
