//! The best match of consultants and places, all together: a proposal with its reasons and who would be next. People decide.

use std::collections::{BTreeMap, BTreeSet};

use allocation::matching::{self, Consultant, Fit, Matching, Need, Place, Refusal, Request, RunnerUp, Side, Wish};
use design::{Design, Power};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{PersonId, PlaceId, appointment, place, skill};
use ui::parts;
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::skills::{self, CONFLICT, HAS, NEEDS, TAKES, WISHED, WISHES, candidates, matched_roles, name};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::people::held_on;

/// What a wish counts for: as much as a need that would help.
const WISH: u32 = 1;
/// As many places as are matched at once: beyond that nobody reads the reasons.
const MOST: usize = 300;

/// What the page is made of.
struct Ground {
    places: Vec<place::Model>,
    people: Vec<(PersonId, String)>,
    rows: Vec<skill::Model>,
    /// Who supports which place today.
    now: Vec<(PlaceId, PersonId)>,
    /// In which role each does.
    roles: Vec<(PersonId, String)>,
}

async fn ground(cx: &Cx, programme: &Snapshot) -> Result<Ground, Fault> {
    let now: Vec<(Option<PlaceId>, PersonId, String)> = appointment::Entity::find()
        .select_only()
        .columns([appointment::Column::PlaceId, appointment::Column::PersonId, appointment::Column::Role])
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(matched_roles(&programme.programme.design)))
        .filter(held_on(cx.today(), cx.now()))
        .order_by_asc(appointment::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who supports which place"))?;
    Ok(Ground {
        places: crate::places::all(cx, programme).await?,
        people: candidates(cx, programme).await?,
        rows: skills::all(cx.read(), programme, Condition::all().add(skill::COLUMN.weight.gt(0))).await?,
        now: now.iter().filter_map(|(place, person, _)| Some(((*place)?, *person))).collect(),
        roles: now.into_iter().map(|(_, person, role)| (person, role)).collect(),
    })
}

fn weight(row: &skill::Model) -> u32 {
    u32::try_from(row.weight).unwrap_or(0)
}

fn request(design: &Design, ground: &Ground) -> Request<PlaceId, PersonId> {
    let of = |what: &'static str| ground.rows.iter().filter(move |r| r.what == what);
    let known = |key: &str| design.skills.iter().any(|s| s.key == key);
    let need = |r: &skill::Model| Need { key: r.key.clone(), weight: weight(r) };
    let places = ground
        .places
        .iter()
        .map(|p| Place { id: p.id, needs: of(NEEDS).filter(|r| r.place_id == Some(p.id) && known(&r.key)).map(need).collect() });
    let consultants = ground.people.iter().map(|(id, _)| {
        let supported: BTreeSet<PlaceId> = ground.now.iter().filter(|(_, who)| who == id).map(|(place, _)| *place).collect();
        let takes = of(TAKES).find(|r| r.person_id == Some(*id)).map(weight);
        Consultant {
            id: *id,
            skills: of(HAS).filter(|r| r.person_id == Some(*id)).map(|r| r.key.clone()).collect(),
            capacity: takes.unwrap_or_else(|| u32::try_from(supported.len().max(1)).unwrap_or(1)),
        }
    });
    let wish = |by: Side| move |r: &skill::Model| Some(Wish { by, place: r.place_id?, consultant: r.person_id?, weight: WISH });
    let wishes = of(WISHES).filter_map(wish(Side::Consultant)).chain(of(WISHED).filter_map(wish(Side::Place)));
    Request {
        places: places.collect(),
        consultants: consultants.collect(),
        wishes: wishes.collect(),
        conflicts: of(CONFLICT).filter_map(|r| Some((r.place_id?, r.person_id?))).collect(),
    }
}

/// `/programmes/{programme}/match`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    if design.skills.is_empty() {
        return Err(Stop::Missing);
    }
    let ground = ground(&cx, &programme).await?;
    let draft = Draft::new("Consultants and places").crumb(&programme.name, programme.href());
    let draft = draft.lead("The match in which the most of what places need and both sides wish for comes together, within the time that people have. It is a proposal: people decide.");
    let body = match ground.places.len() > MOST {
        true => html(maud! { p { "There are " (ground.places.len()) " places; up to " (MOST) " are matched at once." } }),
        false => {
            let request = request(design, &ground);
            // It takes a core for a moment, which nobody else should wait for.
            let found =
                tokio::task::spawn_blocking(move || matching::best(&request)).await.map_err(|e| Fault::new("match", e))?;
            match found {
                Ok(matching) => matched(&cx, &programme, &ground, &matching),
                Err(refusal) => refused(&ground, &refusal),
            }
        }
    };
    Ok(draft.page(
        &cx,
        maud! {
            (body)
            (parts::section("people", "What people can do", people(&programme, &ground)))
            (parts::section("how", "How it is counted", maud! {
                p { "A need that is met counts as much as the place said: 1 where it would help, 2 where it matters, 3 where it matters most. A wish of either side counts " (WISH) ". Nobody supports more places than they have time for, and never a place with which they have a conflict. Of all ways to do so, this is the one that counts most in all." }
                p { "“Next best” is what would be best for all places together without this one pair, and what it would cost." }
            }))
        },
    ))
}

fn who<'a>(ground: &'a Ground, id: &PersonId) -> &'a str {
    ground.people.iter().find(|(p, _)| p == id).map_or("", |(_, name)| name)
}

fn place_name<'a>(ground: &'a Ground, id: &PlaceId) -> &'a str {
    ground.places.iter().find(|p| p.id == *id).map_or("", |p| &p.name)
}

/// Why a pair fits, in words.
fn reasons(design: &Design, fit: &Fit) -> Vec<String> {
    let list =
        |needs: &[Need]| needs.iter().map(|n| format!("{} ({})", name(design, &n.key), n.weight)).collect::<Vec<_>>().join(", ");
    let mut said = Vec::new();
    if !fit.met.is_empty() {
        said.push(format!("Meets: {}.", list(&fit.met)));
    }
    if !fit.unmet.is_empty() {
        said.push(format!("Does not meet: {}.", list(&fit.unmet)));
    }
    let wishes: Vec<&Side> = fit.wishes.keys().collect();
    match wishes.as_slice() {
        [] => {}
        [Side::Place] => said.push("The place wishes for them.".into()),
        [Side::Consultant] => said.push("They wish for the place.".into()),
        _ => said.push("Both wish for each other.".into()),
    }
    if said.is_empty() {
        said.push("Neither needs nor wishes are known.".into());
    }
    said
}

fn next(ground: &Ground, next: &RunnerUp<PlaceId, PersonId>) -> String {
    let cost = match next.loss {
        0 => "as good in all".to_string(),
        loss => format!("{loss} less in all"),
    };
    let moves = next.moves.iter().map(|m| format!("{} would go to {}", place_name(ground, &m.place), who(ground, &m.to)));
    let moves: Vec<String> = moves.collect();
    let others = if moves.is_empty() { String::new() } else { format!("; {}", moves.join(", ")) };
    format!("{}: {cost}{others}", who(ground, &next.consultant))
}

/// Where somebody is appointed who is proposed for a place, with all of it chosen already.
fn appoint_href(programme: &Snapshot, ground: &Ground, person: &PersonId, slug: &str) -> String {
    let held = ground.roles.iter().find(|(who, _)| who == person).map(|(_, role)| role.as_str());
    let role = held.or_else(|| matched_roles(&programme.programme.design).first().copied()).unwrap_or_default();
    format!("{}/people/new?person={person}&role={role}&place={slug}", programme.href())
}

fn matched(cx: &Cx, programme: &Snapshot, ground: &Ground, matching: &Matching<PlaceId, PersonId>) -> Html {
    let design = &programme.programme.design;
    let appoints = cx.viewer().may_somewhere(Power::ManagePeople, programme.id);
    let mut by_name: Vec<_> = matching.matches.iter().collect();
    by_name.sort_by_key(|m| ground.places.iter().position(|p| p.id == m.place));
    let rows = by_name.iter().map(|m| {
        let now: Vec<&str> = ground.now.iter().filter(|(p, _)| *p == m.place).map(|(_, id)| who(ground, id)).collect();
        let slug = ground.places.iter().find(|p| p.id == m.place).map_or("", |p| &p.slug);
        let why = reasons(design, &m.fit);
        let mut cells = vec![
            Cell::link(&format!("{}/places/{slug}/skills", programme.href()), place_name(ground, &m.place)).head(),
            Cell::text(who(ground, &m.consultant)),
            Cell::number(m.fit.total()),
            Cell::html(maud! { ul class="govuk-list" { @for one in &why { li { (one) } } } }),
            Cell::text(m.runner_up.as_ref().map_or_else(|| "nobody else can".into(), |n| next(ground, n))),
            Cell::text(if now.is_empty() { "nobody".into() } else { now.join(", ") }),
        ];
        if appoints {
            cells.push(match ground.now.contains(&(m.place, m.consultant)) {
                true => Cell::text("supports it already"),
                false => {
                    let href = appoint_href(programme, ground, &m.consultant, slug);
                    let whom = format!(" {} for {}", who(ground, &m.consultant), place_name(ground, &m.place));
                    Cell::html(
                        maud! { a class="govuk-link" href=(&href) { "Appoint" span class="govuk-visually-hidden" { (&whom) } } },
                    )
                }
            });
        }
        cells
    });
    let mut headers = vec!["Place", "Best match", "Counts", "Why", "Next best", "Now"];
    if appoints {
        headers.push("Appoint");
    }
    let table = Table::new("The best match for all places together", &headers, rows.collect()).html();
    html(maud! {
        p { "In all it counts " (matching.total) "." }
        (table)
        @if appoints { p { a href={ (programme.href()) "/people/new" } { "Appoint somebody else" } } }
    })
}

fn refused(ground: &Ground, refusal: &Refusal<PlaceId, PersonId>) -> Html {
    let short = match refusal {
        Refusal::Short(all) => all.as_slice(),
        _ => &[],
    };
    let lines: Vec<(String, String)> = short
        .iter()
        .map(|s| {
            let places: Vec<&str> = s.places.iter().map(|p| place_name(ground, p)).collect();
            let people: Vec<&str> = s.consultants.iter().map(|c| who(ground, c)).collect();
            let people = if people.is_empty() { "nobody".into() } else { people.join(", ") };
            (s.to_string(), format!("Places: {}. Who could: {people}.", places.join(", ")))
        })
        .collect();
    html(maud! {
        (parts::inset(maud! {
            p { strong { "Not every place can have a consultant." } }
            @if lines.is_empty() { p { (refusal.to_string()) "." } }
            @for (what, which) in &lines { p { (what) ". " (which) } }
            p { "Somebody needs time for more places, or somebody else has to be found." }
        }))
    })
}

/// What everybody can do and has time for.
fn people(programme: &Snapshot, ground: &Ground) -> Html {
    let design = &programme.programme.design;
    if ground.people.is_empty() {
        return html(maud! { p { "Nobody supports a place yet." } });
    }
    let of = |id: &PersonId, what: &'static str| {
        let id = *id;
        ground.rows.iter().filter(move |r| r.what == what && r.person_id == Some(id))
    };
    let mut supports: BTreeMap<PersonId, BTreeSet<PlaceId>> = BTreeMap::new();
    for (place, person) in &ground.now {
        supports.entry(*person).or_default().insert(*place);
    }
    let rows = ground.people.iter().map(|(id, person)| {
        let can: Vec<&str> = of(id, HAS).map(|r| name(design, &r.key)).collect();
        let names = |what| of(id, what).filter_map(|r| Some(place_name(ground, &r.place_id?))).collect::<Vec<_>>().join(", ");
        let or_none = |text: String| if text.is_empty() { "—".to_string() } else { text };
        vec![
            Cell::text(person).head(),
            if can.is_empty() { Cell::not_stated() } else { Cell::text(can.join(", ")) },
            of(id, TAKES).next().map_or_else(Cell::not_stated, |r| Cell::number(r.weight)),
            Cell::number(supports.get(id).map_or(0, BTreeSet::len)),
            Cell::text(or_none(names(WISHES))),
            Cell::text(or_none(names(CONFLICT))),
        ]
    });
    let headers = ["Who", "Can do", "Has time for", "Supports now", "Would like", "Must not"];
    Table::new("Those who support places", &headers, rows.collect()).quiet().html()
}
