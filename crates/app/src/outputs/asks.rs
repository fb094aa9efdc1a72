//! Those whose words or place an output is about are told that they are asked, and find it in their Today until they answer.

use std::sync::Arc;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{PersonId, PlaceId, appointment, consent, entry, output, person, quotation};
use ui::parts::{Task, Tone};

use super::consents::{self, Consents, Stands};
use super::{Output, State, rule_of};
use crate::ground::{Act, Cx, Snapshot, Stop};
use crate::people::held_on;

/// So many outputs are looked through for what waits for somebody.
const MOST: u64 = 100;

/// Writes to everybody whom an output asks. No word of it stands in a mail.
pub(super) async fn tell(write: &mut store::Write, act: &Act, output: &Output) -> Result<(), Stop> {
    let rows = consents::rows(write.tx(), output.entry.id).await?;
    let consents = Consents::of(write.tx(), output.entry.id).await?;
    let quoted = consents::standing(output, rows, &consents, |_| false);
    let asked: Vec<PersonId> = quoted.iter().filter(|q| q.stands == Stands::Waiting).map(|q| q.row.person_id).collect();
    let hash = consents::hash_of_all(output, &quoted);
    let mut places = consents::places(output, &quoted, &consents);
    places.retain(|place| !consents.agreed(place, &hash));
    let signers: Vec<PersonId> = signers(act, output, &places).await?;
    let address = &act.app().settings.address;
    let everybody = addresses(act, asked.iter().chain(&signers).copied().collect()).await?;
    for (id, email) in everybody {
        let (subject, text) = match asked.contains(&id) {
            true => (
                "You are asked for your words",
                format!(
                    "In {}, something is to be published that quotes you. Open it, read exactly what would be published, and say yes, yes if it is changed, or no.\n\n{address}/your-words\n",
                    output.programme.name
                ),
            ),
            false => (
                "You are asked to sign something off",
                format!(
                    "In {}, something about your place is to be published. It stands in your Today.\n\n{address}/\n",
                    output.programme.name
                ),
            ),
        };
        write.mail(&email, subject.into(), text).await?;
    }
    Ok(())
}

/// Those who can sign off for these places today.
async fn signers(cx: &Cx, output: &Output, places: &[PlaceId]) -> Result<Vec<PersonId>, Fault> {
    let found = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::PersonId)
        .distinct()
        .filter(appointment::COLUMN.programme_id.eq(output.programme.id))
        .filter(appointment::COLUMN.place_id.is_in(places.iter().copied()))
        .filter(appointment::COLUMN.role.is_in(output.rule.signed_by.iter().map(String::as_str)))
        .filter(held_on(cx.today(), cx.now()));
    found.into_tuple().all(cx.read()).await.map_err(fault("list who signs off"))
}

/// Where mail reaches these people, each once.
async fn addresses(cx: &Cx, people: Vec<PersonId>) -> Result<Vec<(PersonId, String)>, Fault> {
    let found = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Email])
        .filter(person::COLUMN.id.is_in(people))
        .order_by_asc(person::Column::Id);
    let found: Vec<(PersonId, Option<String>)> = found.into_tuple().all(cx.read()).await.map_err(fault("load addresses"))?;
    Ok(found.into_iter().filter_map(|(id, email)| Some((id, email?))).collect())
}

/// What waits for the viewer in a programme: words to agree to, a place to sign off for, outputs of theirs that stall.
pub(crate) async fn waiting(cx: &Cx, programme: &Arc<Snapshot>) -> Result<Vec<Task>, Stop> {
    let Some(me) = cx.viewer().person() else { return Ok(Vec::new()) };
    let mut tasks = words(cx, programme, me).await?;
    tasks.extend(places(cx, programme).await?);
    tasks.extend(late(cx, programme, me).await?);
    Ok(tasks)
}

/// Outputs that are with those they are about, each with its entry.
async fn asking(cx: &Cx, wanted: Condition) -> Result<Vec<(output::Model, entry::Model)>, Fault> {
    let of = output::Entity::belongs_to(entry::Entity).from(output::Column::EntryId).to(entry::Column::Id);
    let found = output::Entity::find()
        .select_also(entry::Entity)
        .join(JoinType::InnerJoin, of.into())
        .filter(output::COLUMN.state.eq(State::Asking.key()))
        .filter(wanted)
        .order_by_asc(output::Column::MovedAt)
        .order_by_asc(output::Column::Id)
        .limit(MOST);
    let found: Vec<(output::Model, Option<entry::Model>)> = found.all(cx.read()).await.map_err(fault("list outputs"))?;
    Ok(found.into_iter().filter_map(|(row, entry)| Some((row, entry?))).collect())
}

async fn words(cx: &Cx, programme: &Arc<Snapshot>, me: PersonId) -> Result<Vec<Task>, Stop> {
    let asked = quotation::Entity::find()
        .select_only()
        .column(quotation::Column::EntryId)
        .filter(quotation::COLUMN.programme_id.eq(programme.id))
        .filter(quotation::COLUMN.person_id.eq(me))
        .filter(quotation::COLUMN.removed_at.is_null());
    let entries: Vec<tables::EntryId> = asked.into_tuple().all(cx.read()).await.map_err(fault("list quotations"))?;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let mut tasks = Vec::new();
    for (row, entry) in asking(cx, Condition::all().add(output::COLUMN.entry_id.is_in(entries))).await? {
        let Some((_, rule)) = rule_of(programme, &entry.kind) else { continue };
        let since = row.moved_at.day();
        let output = Output { programme: programme.clone(), rule: rule.clone(), entry, row };
        for q in consents::quoted(cx, &output).await?.iter().filter(|q| q.row.person_id == me && q.stands == Stands::Waiting) {
            tasks.push(Task {
                text: format!("Say whether your words may be used in “{}”", output.entry.title),
                href: format!("/your-words/{}", q.row.id),
                detail: Some("You see exactly what would be published.".into()),
                due: Some(format!("since {since}")),
                tone: Tone::Waiting,
            });
        }
    }
    Ok(tasks)
}

/// What the viewer can sign off for their places.
async fn places(cx: &Cx, programme: &Arc<Snapshot>) -> Result<Vec<Task>, Stop> {
    let signs = |role: &str| {
        programme.programme.design.kinds.iter().filter_map(|k| k.output.as_ref()).any(|o| o.signed_by.iter().any(|r| r == role))
    };
    let mine: Vec<PlaceId> = cx.viewer().held_in(programme.id).filter(|h| signs(&h.role)).filter_map(|h| h.place).collect();
    if mine.is_empty() {
        return Ok(Vec::new());
    }
    let mut tasks = Vec::new();
    // Those that may concern them; which do is looked at one by one.
    let quoting = quotation::Entity::find()
        .select_only()
        .column(quotation::Column::EntryId)
        .filter(quotation::COLUMN.place_id.is_in(mine.iter().copied()));
    let quoting = sea_orm::QuerySelect::query(&mut quoting.clone()).to_owned();
    let objected =
        consent::Entity::find().select_only().column(consent::Column::EntryId).filter(consent::COLUMN.replaced_at.is_null());
    let sides = mine.iter().fold(Condition::any(), |any, place| any.add(consent::COLUMN.side.starts_with(format!("{place}/"))));
    let objected = sea_orm::QuerySelect::query(&mut objected.filter(sides)).to_owned();
    let concerned = mine.iter().fold(Condition::any(), |any, place| any.add(output::COLUMN.about.contains(place.to_string())));
    let concerned = concerned
        .add(entry::COLUMN.place_id.is_in(mine.iter().copied()))
        .add(output::COLUMN.entry_id.in_subquery(quoting))
        .add(output::COLUMN.entry_id.in_subquery(objected));
    for (row, entry) in asking(cx, Condition::all().add(output::COLUMN.programme_id.eq(programme.id)).add(concerned)).await? {
        let Some((_, rule)) = rule_of(programme, &entry.kind) else { continue };
        let (since, id) = (row.moved_at.day(), row.id);
        let output = Output { programme: programme.clone(), rule: rule.clone(), entry, row };
        let quoted = consents::quoted(cx, &output).await?;
        let ready = quoted.iter().all(|q| matches!(q.stands, Stands::Agreed | Stands::Unused));
        let consents = Consents::of(cx.read(), output.entry.id).await?;
        let concerned = consents::places(&output, &quoted, &consents);
        let hash = consents::hash_of_all(&output, &quoted);
        for place in
            concerned.iter().filter(|p| super::sign::role(cx, &output, **p).is_some() && consents.said(**p, &hash).is_none())
        {
            tasks.push(Task {
                text: format!("Sign off “{}”", output.entry.title),
                href: format!("{}/sign-off/{id}?place={place}", programme.href()),
                detail: Some(
                    if ready {
                        "Everybody who is quoted has agreed."
                    } else {
                        "Some who are quoted are still being asked; you can read it already."
                    }
                    .into(),
                ),
                due: Some(format!("since {since}")),
                tone: if ready { Tone::Waiting } else { Tone::Neutral },
            });
        }
    }
    Ok(tasks)
}

/// Outputs that the viewer looks after and that are late.
async fn late(cx: &Cx, programme: &Arc<Snapshot>, me: PersonId) -> Result<Vec<Task>, Stop> {
    let of = output::Entity::belongs_to(entry::Entity).from(output::Column::EntryId).to(entry::Column::Id);
    let found = output::Entity::find()
        .select_also(entry::Entity)
        .join(JoinType::InnerJoin, of.into())
        .filter(output::COLUMN.programme_id.eq(programme.id))
        .filter(output::COLUMN.owner_id.eq(me))
        .filter(output::COLUMN.state.is_in([State::Idea.key(), State::Draft.key(), State::Asking.key()]))
        .filter(output::COLUMN.due_on.lte(cx.today().plus_days(7)))
        .filter(crate::entries::readable(cx.viewer(), programme))
        .order_by_asc(output::Column::DueOn)
        .order_by_asc(output::Column::Id)
        .limit(20);
    let found: Vec<(output::Model, Option<entry::Model>)> = found.all(cx.read()).await.map_err(fault("list outputs"))?;
    let task = |(row, entry): (output::Model, Option<entry::Model>)| {
        let entry = entry?;
        let over = row.due_on.is_some_and(|d| d < cx.today());
        Some(Task {
            text: format!("Bring “{}” out", entry.title),
            href: format!("{}/outputs/{}", programme.href(), entry.id),
            detail: Some(format!("You look after it. It stands: {}.", State::of(&row).name().to_lowercase())),
            due: row.due_on.map(|d| d.to_string()),
            tone: if over { Tone::Warning } else { Tone::Waiting },
        })
    };
    Ok(found.into_iter().filter_map(task).collect())
}
