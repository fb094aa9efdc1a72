//! Contracting agreements: how a place and those who support it work together, and what may be passed on to whom. Both
//! sides sign; from then on the software offers exactly the flows that were agreed. Earlier ones stay as they were.

use design::{AgreementRule, AgreementSide, EntryKind};
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{AgreementId, ConsentId, PersonId, agreement, consent, entry, person, place};
use ui::parts::{Task, Tone};
use ui::table::{Cell, Table};
use ui::{form, words};

use crate::entries::{self, EntryOffer};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Held, Snapshot, Stop, see_other};

const SAID: &[(&str, &str)] = &[
    ("offered", "Saved. It is in force once both sides have signed."),
    ("waits", "This one still waits for signatures. Sign it, or take it back before another is written."),
    ("signed", "Signed."),
    ("in-force", "Signed by both sides. From its first day on, sharing follows it."),
    ("taken-back", "Taken back. What was agreed before stays in force."),
];

pub(super) fn rule(programme: &Snapshot) -> Result<&AgreementRule, Stop> {
    programme.programme.design.agreement.as_ref().ok_or(Stop::Missing)
}

pub(super) fn home(programme: &Snapshot, place: &place::Model) -> String {
    format!("{}/places/{}/agreements", programme.href(), place.slug)
}

/// The kinds of entry that can stand in a circle: those that are written there, and those that are shared into it, which keep
/// their kind.
pub(crate) fn kinds_in<'a>(design: &'a design::Design, circle: &'a str) -> impl Iterator<Item = &'a EntryKind> {
    let comes = move |kind: &EntryKind| {
        let from = |c: &String| design.flows.iter().any(|f| f.to == circle && f.from == *c);
        kind.circles.iter().any(|c| c == circle || from(c))
    };
    design.kinds.iter().filter(move |kind| comes(kind))
}

pub(super) fn circle_name<'a>(programme: &'a Snapshot, key: &'a str) -> &'a str {
    programme.programme.design.circle(key).map_or(key, |c| &c.name)
}

/// An agreement with its words, which only those read who are in its circle.
type Readable = (agreement::Model, entry::Model);

async fn of_place(cx: &Cx, programme: &Snapshot, place: &place::Model) -> Result<Vec<Readable>, Fault> {
    let link = agreement::Entity::belongs_to(entry::Entity).from(agreement::Column::EntryId).to(entry::Column::Id);
    let found: Vec<(agreement::Model, Option<entry::Model>)> = agreement::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(entry::Entity)
        .filter(agreement::COLUMN.place_id.eq(place.id))
        .filter(entries::readable(cx.viewer(), programme))
        .order_by_desc(agreement::Column::Number)
        .all(cx.read())
        .await
        .map_err(fault("list agreements"))?;
    Ok(found.into_iter().filter_map(|(row, words)| Some((row, words?))).collect())
}

async fn signed(db: &impl ConnectionTrait, id: AgreementId) -> Result<Vec<(consent::Model, String)>, Fault> {
    let link = consent::Entity::belongs_to(person::Entity).from(consent::Column::PersonId).to(person::Column::Id);
    let found: Vec<(consent::Model, Option<person::Model>)> = consent::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(person::Entity)
        .filter(consent::COLUMN.agreement_id.eq(id))
        .order_by_asc(consent::Column::Id)
        .all(db)
        .await
        .map_err(fault("list signatures"))?;
    Ok(found.into_iter().filter_map(|(row, person)| Some((row, person?.name))).collect())
}

fn standing(row: &agreement::Model, current: Option<AgreementId>, today: Day) -> String {
    match (row.void_at, row.in_force_at) {
        (Some(at), _) => format!("taken back on {}", at.day()),
        (None, None) => "waits for signatures".into(),
        (None, Some(_)) if row.from_day > today => format!("agreed, in force from {}", row.from_day),
        (None, Some(_)) if current == Some(row.id) => format!("in force since {}", row.from_day),
        (None, Some(_)) => format!("in force from {} until a later one", row.from_day),
    }
}

/// `/programmes/{programme}/places/{place}/agreements`
pub(super) async fn list(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let rule = rule(&programme)?;
    let found = of_place(&cx, &programme, &place).await?;
    let current = entries::in_force(cx.read(), place.id, cx.today()).await?.map(|a| a.id);
    let home = home(&programme, &place);
    let rows = found.iter().map(|(row, entry)| {
        vec![
            Cell::link(&format!("{home}/{}", row.id), &entry.title).head(),
            Cell::text(phase_name(&programme, &row.phase)),
            Cell::text(standing(row, current, cx.today())),
        ]
    });
    let table = Table::new("Agreements", &["Agreement", "For", "Stands"], rows.collect()).quiet().html();
    let writes = offer(&cx, &programme, &place).is_some();
    let draft = Draft::new(format!("Agreements with {}", place.name)).crumb(&programme.name, programme.href());
    let draft = draft.crumb(&place.name, format!("{}/places/{}", programme.href(), place.slug)).done(&cx, SAID);
    Ok(draft.lead("How this place and those who support it work together, and what may be passed on.").page(
        &cx,
        maud! {
            @if !rule.about.is_empty() { p { (&rule.about) } }
            @if writes { (form::button_link(if found.is_empty() { "Write the first agreement" } else { "Renew it" }, &format!("{home}/new"))) }
            @if found.is_empty() && current.is_some() {
                p { (&place.name) " and those who support it have an agreement. You are not one of its readers." }
            } @else if found.is_empty() {
                p { "There is no agreement in force. Until there is one, nothing is shared onward from: "
                    (rule.governs.iter().map(|key| circle_name(&programme, key)).collect::<Vec<_>>().join(", ")) "." }
            } @else { (table) }
        },
    ))
}

fn phase_name<'a>(programme: &'a Snapshot, key: &'a str) -> &'a str {
    if key.is_empty() { "no phase in particular" } else { programme.programme.design.phase(key).map_or(key, |p| &p.name) }
}

/// The agreement's kind with the circles in which the viewer may write it about this place.
pub(super) fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, place: &place::Model) -> Option<EntryOffer<'a>> {
    let kind = programme.programme.design.agreement_kind()?;
    entries::offers(cx, programme, Some(place.id)).into_iter().find(|o| o.kind.key == kind.key)
}

/// The agreement that the path names, if the viewer may read its words.
async fn named(cx: &Cx) -> Result<Readable, Stop> {
    let id: AgreementId = cx.param("agreement").parse().map_err(|_| Stop::Missing)?;
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    of_place(cx, &programme, &place).await?.into_iter().find(|(row, _)| row.id == id).ok_or(Stop::Missing)
}

/// The side for which the viewer can sign, with the role.
fn signs_for<'a>(
    cx: &'a Cx,
    rule: &'a AgreementRule,
    place: &place::Model,
    given: &[(consent::Model, String)],
) -> Option<(&'a AgreementSide, &'a Held)> {
    let me = cx.viewer().person();
    if given.iter().any(|(c, _)| Some(c.person_id) == me) {
        return None;
    }
    let open = rule.sides.iter().filter(|side| given.iter().all(|(c, _)| c.side != side.key));
    open.filter_map(|side| Some((side, cx.held().find(|h| h.reaches(Some(place.id)) && side.signed_by.contains(&h.role))?)))
        .next()
}

/// `…/agreements/{agreement}`
pub(super) async fn show(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let rule = rule(&programme)?;
    let (row, words) = named(&cx).await?;
    let given = signed(cx.read(), row.id).await?;
    let current = entries::in_force(cx.read(), place.id, cx.today()).await?.map(|a| a.id);
    let flows = entries::flows_of(&row)?;
    let waits = row.in_force_at.is_none() && row.void_at.is_none();
    let side = signs_for(&cx, rule, &place, &given).filter(|_| waits);
    let takes_back = waits && cx.viewer().person() == Some(row.made_by);
    let home = home(&programme, &place);
    let here = format!("{home}/{}", row.id);
    let names = |keys: &[String], name: &dyn Fn(&str) -> String| keys.iter().map(|k| name(k)).collect::<Vec<_>>().join(", ");
    let flow_rows = flows.iter().map(|flow| {
        let by_design = programme.programme.design.flows.iter().find(|f| f.from == flow.from && f.to == flow.to);
        let by_design = by_design.map(|f| f.agreed_by.as_slice()).unwrap_or_default();
        let consent = names(&flow.consent, &|r| programme.role_name(r).to_string());
        let designed = names(by_design, &|r| format!("{} (the design asks for it)", programme.role_name(r)));
        let consent = [consent, designed].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ");
        vec![
            Cell::text(circle_name(&programme, &flow.from)).head(),
            Cell::text(circle_name(&programme, &flow.to)),
            Cell::text(names(&flow.kinds, &|k| programme.kind_name(k).to_string())),
            Cell::text(if consent.is_empty() { "nobody beside whoever shares it".into() } else { consent }),
        ]
    });
    let flow_table =
        Table::new("What may be passed on", &["From", "To", "Parts of", "Who agrees each time"], flow_rows.collect())
            .quiet()
            .html();
    let sides = rule.sides.iter().map(|side| {
        let signature = given.iter().find(|(c, _)| c.side == side.key);
        let said = signature.map_or_else(
            || format!("has not signed; any of these can: {}", names(&side.signed_by, &|r| programme.role_name(r).to_string())),
            |(c, name)| format!("{name}, {}, on {}", programme.role_name(&c.role), c.given_at.day()),
        );
        vec![Cell::text(&side.name).head(), Cell::text(said)]
    });
    let side_table = Table::new("Who has signed", &["Side", "Signed by"], sides.collect()).quiet().html();
    let draft = Draft::new(&words.title).crumb(&programme.name, programme.href()).crumb("Agreements", &home).done(&cx, SAID);
    let lead =
        format!("With {}, for {}: {}.", place.name, phase_name(&programme, &row.phase), standing(&row, current, cx.today()));
    Ok(draft.lead(lead).page(
        &cx,
        maud! {
            (words::markdown(&words.text))
            h2 { "What may be passed on" }
            @if flows.is_empty() { p { "Nothing leaves these circles under this agreement." } } @else { (flow_table) }
            h2 { "Signatures" }
            (side_table)
            @if let Some((side, _)) = side {
                (form::form(&here, &cx.form_keys(), maud! {
                    (form::hidden("do", "sign"))
                    (form::hidden("hash", &row.hash))
                    (form::button(&format!("Sign for: {}", side.name)))
                }))
            }
            @if takes_back {
                (form::form(&here, &cx.form_keys(), maud! {
                    (form::hidden("do", "take-back"))
                    (form::secondary_button("Take it back"))
                }))
            }
            p { a href={ (programme.href()) "/entries/" (words.id.to_string()) } { "The entry that holds these words" } }
        },
    ))
}

pub(super) async fn sign(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let rule = rule(&programme)?;
    let (seen, _) = named(&act).await?;
    let here = format!("{}/{}", home(&programme, &place), seen.id);
    let mut write = act.write("sign an agreement with a place").await?;
    let row = write.lock::<agreement::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
    if row.void_at.is_some() || row.in_force_at.is_some() {
        return Ok(see_other(&here));
    }
    if act.form.get("do") == "take-back" {
        if act.viewer().person() != Some(row.made_by) {
            return Err(Stop::forbidden("Only whoever wrote it takes it back", "It can be signed or left."));
        }
        let at = write.at();
        write.replace(&row, agreement::Model { void_at: Some(at), ..row.clone() }).await?;
        return act.save(write, &format!("{here}?done=taken-back")).await;
    }
    let given = signed(write.tx(), row.id).await?;
    let Some((side, held)) = signs_for(&act, rule, &place, &given).filter(|_| act.form.get("hash") == row.hash) else {
        return Err(Stop::forbidden("You do not sign this", "Your side has signed already, or signs by another role."));
    };
    let signature = consent::Model {
        id: ConsentId(write.id()),
        programme_id: programme.id,
        agreement_id: Some(row.id),
        proposal_id: None,
        side: side.key.clone(),
        person_id: act.person()?,
        role: held.role.clone(),
        hash: row.hash.clone(),
        given_at: write.at(),
        answer: String::new(),
        why: String::new(),
        replaced_at: None,
        entry_id: None,
    };
    write.insert(signature).await?;
    let all = rule.sides.iter().all(|s| s.key == side.key || given.iter().any(|(c, _)| c.side == s.key));
    if all {
        let at = write.at();
        // It does not reach back: what was said before both had signed stays under what was agreed then.
        let from_day = row.from_day.max(at.day());
        write.replace(&row, agreement::Model { in_force_at: Some(at), from_day, ..row.clone() }).await?;
    }
    act.save(write, &format!("{here}?done={}", if all { "in-force" } else { "signed" })).await
}

/// What waits for the viewer's signature, and places that have no agreement yet, for whoever writes it.
pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let Some(rule) = &programme.programme.design.agreement else { return Ok(Vec::new()) };
    let me: Option<PersonId> = cx.viewer().person();
    let places: Vec<_> = cx.viewer().held_in(programme.id).filter_map(|h| h.place).collect();
    let open = agreement::Entity::find()
        .filter(agreement::COLUMN.programme_id.eq(programme.id))
        .filter(agreement::COLUMN.place_id.is_in(places))
        .filter(agreement::COLUMN.in_force_at.is_null())
        .filter(agreement::COLUMN.void_at.is_null())
        .order_by_asc(agreement::Column::Id);
    let mut tasks = Vec::new();
    for row in open.all(cx.read()).await.map_err(fault("list agreements that wait"))? {
        let given = signed(cx.read(), row.id).await?;
        let signs = |side: &AgreementSide| {
            given.iter().all(|(c, _)| c.side != side.key)
                && cx.viewer().held_in(programme.id).any(|h| h.reaches(Some(row.place_id)) && side.signed_by.contains(&h.role))
        };
        if given.iter().any(|(c, _)| Some(c.person_id) == me) || !rule.sides.iter().any(signs) {
            continue;
        }
        let Some(place) = place::Entity::find_by_id(row.place_id).one(cx.read()).await.map_err(fault("load a place"))? else {
            continue;
        };
        tasks.push(Task {
            text: format!("Sign the agreement with {}", place.name),
            href: format!("{}/{}", home(programme, &place), row.id),
            detail: Some(
                "It says how you work together and what may be passed on. It is in force once both sides have signed.".into(),
            ),
            due: Some(format!("from {}", row.from_day)),
            tone: Tone::Waiting,
        });
    }
    Ok(tasks)
}
