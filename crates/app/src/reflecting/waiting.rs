//! What waits for those who reflect: a round to answer, and for those who open them, a round to show or to open.

use std::collections::{BTreeMap, HashSet};

use design::{Framework, Group};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{PlaceId, ReflectionRoundId, place, reflection, reflection_round};
use ui::parts::{Task, Tone};

use super::{group, href, is_open, list, opens, takes_part};
use crate::ground::{Cx, Snapshot, Stop};

/// Rounds that are looked through: whoever is in the groups of many places sees the latest.
const MOST: u64 = 200;

/// For somebody's Today.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let rounds = rounds(cx, programme).await?;
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let finished = finished(cx, &rounds).await?;
    let places = places(cx, &rounds).await?;
    let mut groups: BTreeMap<(&str, Option<PlaceId>), Vec<reflection_round::Model>> = BTreeMap::new();
    for row in &rounds {
        groups.entry((row.framework.as_str(), row.place_id)).or_default().push(row.clone());
    }
    let mut tasks = Vec::new();
    for ((key, here), of_group) in groups {
        let Some(framework) = programme.programme.design.framework(key) else { continue };
        let place = here.and_then(|id| places.iter().find(|p| p.id == id));
        tasks.extend(of_one(cx, programme, (framework, place), &of_group, &finished).await?);
    }
    Ok(tasks)
}

async fn of_one(
    cx: &Cx,
    programme: &Snapshot,
    (framework, place): (&Framework, Option<&place::Model>),
    rounds: &[reflection_round::Model],
    finished: &HashSet<ReflectionRoundId>,
) -> Result<Vec<Task>, Stop> {
    let whose = place.map_or(programme.name.as_str(), |p| p.name.as_str());
    let may = opens(cx, programme, framework, place.map(|p| p.id));
    let name = |number: i32| format!("{}, round {number}", framework.name);
    let task = |text: String, href: String, detail: &str, due: Option<String>| Task {
        text,
        href,
        detail: Some(format!("{whose}. {detail}")),
        due,
        tone: Tone::Waiting,
    };
    let mut tasks = Vec::new();
    for row in rounds.iter().filter(|r| is_open(r)) {
        let to = href(programme, row.id);
        if !finished.contains(&row.id) {
            tasks.push(task(
                format!("Reflect alone: {}", name(row.number)),
                to.clone(),
                "Nobody else reads what you answer.",
                None,
            ));
        }
        if may {
            let people = group::people(cx.read(), framework, row, cx.now()).await?;
            let done = group::finished(cx.read(), row, &people).await?.len();
            if done >= super::FEWEST && done == people.len() {
                tasks.push(task(format!("Look together: {}", name(row.number)), to, "All have finished.", None));
            }
        }
    }
    let due = list::due(framework, rounds).filter(|day| *day <= cx.today() && may && rounds.iter().all(|r| !is_open(r)));
    if let Some(day) = due {
        let next = rounds.iter().map(|r| r.number).max().unwrap_or(0) + 1;
        let to = list::home(programme, place);
        tasks.push(task(format!("Open {}", name(next)), to, "Another round is due.", Some(format!("since {day}"))));
    }
    Ok(tasks)
}

/// The rounds of every group that the viewer is in.
async fn rounds(cx: &Cx, programme: &Snapshot) -> Result<Vec<reflection_round::Model>, Fault> {
    let design = &programme.programme.design;
    let mine = |f: &&Framework| cx.viewer().held_in(programme.id).any(|h| f.roles.contains(&h.role));
    let frameworks: Vec<&Framework> = design.frameworks.iter().filter(mine).collect();
    if frameworks.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<PlaceId> = cx.viewer().held_in(programme.id).filter_map(|h| h.place).collect();
    let whole = cx
        .viewer()
        .held_in(programme.id)
        .any(|h| h.place.is_none() && frameworks.iter().any(|f| f.each == Group::Place && f.roles.contains(&h.role)));
    let here =
        Condition::any().add(reflection_round::COLUMN.place_id.is_null()).add(reflection_round::COLUMN.place_id.is_in(places));
    let keys: Vec<String> = frameworks.iter().map(|f| f.key.clone()).collect();
    let found = reflection_round::Entity::find()
        .filter(reflection_round::COLUMN.programme_id.eq(programme.id))
        .filter(reflection_round::COLUMN.framework.is_in(keys))
        .filter(Condition::all().add_option((!whole).then_some(here)))
        .order_by_desc(reflection_round::Column::OpenedAt)
        .order_by_desc(reflection_round::Column::Id)
        .limit(MOST)
        .all(cx.read())
        .await
        .map_err(fault("list rounds of reflection"))?;
    let takes =
        |r: &reflection_round::Model| frameworks.iter().any(|f| f.key == r.framework && takes_part(cx, programme, f, r.place_id));
    Ok(found.into_iter().filter(takes).collect())
}

/// Those of these rounds in which the viewer has finished.
async fn finished(cx: &Cx, rounds: &[reflection_round::Model]) -> Result<HashSet<ReflectionRoundId>, Stop> {
    let open: Vec<ReflectionRoundId> = rounds.iter().filter(|r| is_open(r)).map(|r| r.id).collect();
    let found: Vec<ReflectionRoundId> = reflection::Entity::find()
        .select_only()
        .column(reflection::Column::RoundId)
        .filter(reflection::COLUMN.person_id.eq(cx.person()?))
        .filter(reflection::COLUMN.round_id.is_in(open))
        .filter(reflection::COLUMN.done_at.is_not_null())
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("look what is answered"))?;
    Ok(found.into_iter().collect())
}

async fn places(cx: &Cx, rounds: &[reflection_round::Model]) -> Result<Vec<place::Model>, Fault> {
    let ids: Vec<PlaceId> = rounds.iter().filter_map(|r| r.place_id).collect();
    place::Entity::find().filter(place::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list places"))
}
