//! Writing an agreement: its words, what may be passed on under it, and offering it to both sides for their signatures.

use design::{AgreementRule, Flow};
use kernel::{Day, Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{AgreementId, PlaceId, agreement, place};
use ui::Html;
use ui::form::{self, Choice, Field};
use ui::parts;

use super::agreements::{circle_name, home, kinds_in, offer, rule};
use crate::entries::{self, AgreedFlow, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop, see_other};

/// The flows that an agreement can open: those of the design out of circles that it governs.
fn possible<'a>(programme: &'a Snapshot, rule: &'a AgreementRule) -> impl Iterator<Item = &'a Flow> {
    programme.programme.design.flows.iter().filter(|flow| rule.governs.contains(&flow.from))
}

/// The roles of a place whose consent can be asked for: those that read what would be shared.
fn who_consents<'a>(programme: &'a Snapshot, flow: &'a Flow) -> impl Iterator<Item = &'a design::Role> {
    let design = &programme.programme.design;
    let readers = design.circle(&flow.from).map(|c| c.readers.as_slice()).unwrap_or_default();
    readers.iter().filter_map(|key| design.role(key)).filter(|role| !flow.agreed_by.contains(&role.key))
}

fn may_write<'a>(cx: &'a Cx, programme: &'a Snapshot, place: &place::Model) -> Result<EntryOffer<'a>, Stop> {
    offer(cx, programme, place)
        .ok_or_else(|| Stop::forbidden("Others write the agreement", "Your roles sign it or read it, and do not write it."))
}

/// `…/agreements/new`
pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let (rule, offer) = (rule(&programme)?, may_write(&cx, &programme, &place)?);
    if let Some(open) = on_offer(cx.read(), place.id).await? {
        return Ok(see_other(&format!("{}/{}?done=waits", home(&programme, &place), open.id)));
    }
    let before = entries::in_force(cx.read(), place.id, cx.today()).await?;
    let words = match &before {
        Some(row) => entries::find(&cx, row.entry_id).await?.map(|(entry, _)| entry),
        None => None,
    };
    let flows = before.as_ref().map(entries::flows_of).transpose()?.unwrap_or_default();
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let mut typed = match &words {
        Some(entry) => EntryTyped::standing(entry, offer.kind, circle),
        None => EntryTyped { circle, title: format!("Agreement with {}", place.name), ..EntryTyped::default() },
    };
    typed.happened_on = cx.today().to_string();
    let asked = Asked { phase: String::new(), from: cx.today().to_string(), flows };
    page(&cx, (&programme, rule, &place), &offer, (&typed, &asked), &Invalid::default()).await
}

/// The agreement that waits for signatures: there is one at a time, so that nobody signs the wrong one.
async fn on_offer(db: &impl ConnectionTrait, place: PlaceId) -> Result<Option<agreement::Model>, Fault> {
    let open = agreement::Entity::find()
        .filter(agreement::COLUMN.place_id.eq(place))
        .filter(agreement::COLUMN.in_force_at.is_null())
        .filter(agreement::COLUMN.void_at.is_null())
        .order_by_asc(agreement::Column::Number);
    open.one(db).await.map_err(fault("look for an agreement on offer"))
}

/// What is asked beside the words.
struct Asked {
    phase: String,
    from: String,
    flows: Vec<AgreedFlow>,
}

impl Asked {
    fn of(programme: &Snapshot, rule: &AgreementRule, form: &Form) -> Self {
        let flows = possible(programme, rule).filter_map(|flow| {
            let all = |what: &str| form.all(&field(what, flow)).map(ToString::to_string).collect::<Vec<_>>();
            let known: Vec<&str> = kinds_in(&programme.programme.design, &flow.from).map(|k| k.key.as_str()).collect();
            let kinds: Vec<String> = all("kinds").into_iter().filter(|k| known.contains(&k.as_str())).collect();
            let roles: Vec<&str> = who_consents(programme, flow).map(|r| r.key.as_str()).collect();
            let consent: Vec<String> = all("consent").into_iter().filter(|r| roles.contains(&r.as_str())).collect();
            (!kinds.is_empty() || !consent.is_empty()).then(|| AgreedFlow {
                from: flow.from.clone(),
                to: flow.to.clone(),
                kinds,
                consent,
            })
        });
        Self { phase: form.get("phase").to_string(), from: form.get("from").to_string(), flows: flows.collect() }
    }
    fn with(&self, flow: &Flow) -> Option<&AgreedFlow> {
        self.flows.iter().find(|f| f.from == flow.from && f.to == flow.to)
    }
}

fn field(what: &str, flow: &Flow) -> String {
    format!("{what}-{}-{}", flow.from, flow.to)
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let (rule, offer) = (rule(&programme)?, may_write(&act, &programme, &place)?);
    let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
    let typed = EntryTyped { circle, happened_on: act.today().to_string(), ..EntryTyped::of(&act.form, offer.kind) };
    let asked = Asked::of(&programme, rule, &act.form);
    let (read, mut wrong) = match typed.read(&act, &programme, &offer) {
        Ok(read) => (Some(read), Invalid::default()),
        Err(wrong) => (None, wrong),
    };
    let from = Day::parse_as_written(&asked.from);
    match &from {
        Err(e) => wrong.add("from", e.to_string()),
        Ok(day) if *day < act.today() => {
            wrong.add("from", "Enter today or a later day: what was said before stays under what was agreed then")
        }
        Ok(_) => {}
    }
    if !asked.phase.is_empty() && programme.programme.design.phase(&asked.phase).is_none() {
        wrong.add("phase", "Choose a phase of the list");
    }
    let (Some(read), Ok(from_day), true) = (read, from, wrong.is_empty()) else {
        return page(&act, (&programme, rule, &place), &offer, (&typed, &asked), &wrong).await;
    };
    // Who would agree to a flow that is closed is kept as long as the form is open, and no longer.
    let open: Vec<&AgreedFlow> = asked.flows.iter().filter(|flow| !flow.kinds.is_empty()).collect();
    let flows = serde_json::to_string(&open).map_err(|e| Fault::new("write the flows of an agreement", e))?;
    let hash = store::sha256(format!("{}\n{}\n{}\n{flows}", typed.title, typed.text, asked.phase).as_bytes());
    let mut write = act.write("write an agreement with a place").await?;
    write.lock::<place::Entity>(place.id).await?.ok_or(Stop::Missing)?;
    if let Some(open) = on_offer(write.tx(), place.id).await? {
        return Ok(see_other(&format!("{}/{}?done=waits", home(&programme, &place), open.id)));
    }
    let last: Option<Option<i32>> = agreement::Entity::find()
        .select_only()
        .column_as(agreement::Column::Number.max(), "last")
        .filter(agreement::COLUMN.place_id.eq(place.id))
        .into_tuple()
        .one(write.tx())
        .await
        .map_err(fault("number an agreement"))?;
    let words = entries::record_entry(&mut write, &act, &programme, Some(&place), &offer.kind.key, read).await?;
    let row = agreement::Model {
        id: AgreementId(write.id()),
        programme_id: programme.id,
        place_id: place.id,
        entry_id: words.id,
        number: last.flatten().unwrap_or(0) + 1,
        phase: asked.phase,
        from_day,
        flows,
        hash,
        made_by: act.person()?,
        made_at: write.at(),
        in_force_at: None,
        void_at: None,
    };
    let row = write.insert(row).await?;
    act.save(write, &format!("{}/{}?done=offered", home(&programme, &place), row.id)).await
}

async fn page(
    cx: &Cx,
    (programme, rule, place): (&Snapshot, &AgreementRule, &place::Model),
    offer: &EntryOffer<'_>,
    (typed, asked): (&EntryTyped, &Asked),
    wrong: &Invalid,
) -> Answer {
    let fields = entries::words_fields(cx, Some(place.id), offer, typed, wrong).await?;
    let phases = std::iter::once(Choice::new("", "No phase in particular"))
        .chain(programme.programme.design.phases.iter().map(|p| Choice::new(&p.key, &p.name)))
        .collect::<Vec<_>>();
    let flows: Vec<Html> = possible(programme, rule).map(|flow| flow_fields(programme, flow, asked)).collect();
    let home = home(programme, place);
    let draft =
        Draft::new(format!("Agreement with {}", place.name)).crumb(&programme.name, programme.href()).crumb("Agreements", &home);
    Ok(draft.invalid(wrong).lead("Both sides sign these words and what may be passed on. A later agreement replaces it; what was said under it stays under it.").page(
        cx,
        maud! {
            (form::form(&format!("{home}/new"), &cx.form_keys(), maud! {
                (fields)
                (form::select(Field::new("phase", "For which phase").value(&asked.phase).error(wrong.of("phase")), &phases))
                (form::date(Field::new("from", "In force from").value(&asked.from).error(wrong.of("from"))))
                h2 { "What may be passed on" }
                p { "Nothing else leaves these circles. Open each way to tick the kinds of entry of which a part may be shared, and who has to agree each time." }
                @for flow in &flows { (flow) }
                (form::button("Offer it for signature"))
            }))
        },
    ))
}

fn flow_fields(programme: &Snapshot, flow: &Flow, asked: &Asked) -> Html {
    let agreed = asked.with(flow);
    let (kinds_name, consent_name) = (field("kinds", flow), field("consent", flow));
    let ticked = |list: Option<&Vec<String>>, key: &str| list.is_some_and(|l| l.iter().any(|k| k == key));
    let kinds: Vec<Choice> = kinds_in(&programme.programme.design, &flow.from)
        .map(|k| Choice::new(&k.key, &k.name).checked(ticked(agreed.map(|a| &a.kinds), &k.key)))
        .collect();
    let roles: Vec<Choice> = who_consents(programme, flow)
        .map(|r| Choice::new(&r.key, &r.name).checked(ticked(agreed.map(|a| &a.consent), &r.key)))
        .collect();
    let by: Vec<&str> = flow.by.iter().map(|r| programme.role_name(r)).collect();
    let (from, to) = (circle_name(programme, &flow.from), circle_name(programme, &flow.to));
    let kinds_label = format!("From {from} to {to}: parts of which entries?");
    let consent_label = format!("From {from} to {to}: who agrees each time?");
    let always = match flow.agreed_by.is_empty() {
        true => "Beside whoever shares it.".to_string(),
        false => format!(
            "The design asks for {} in any case.",
            flow.agreed_by.iter().map(|r| programme.role_name(r)).collect::<Vec<_>>().join(", ")
        ),
    };
    let why = format!("Shared by {}. {}", by.join(", "), flow.why);
    let ticked = kinds.iter().filter(|k| k.checked).count();
    let summary = match ticked {
        0 => format!("From {from} to {to}: nothing"),
        1 => format!("From {from} to {to}: one kind of entry"),
        n => format!("From {from} to {to}: {n} kinds of entry"),
    };
    parts::details(
        &summary,
        maud! {
            (form::checkboxes(Field::new(&kinds_name, &kinds_label).hint(&why).optional(), &kinds))
            (form::checkboxes(Field::new(&consent_name, &consent_label).hint(&always).optional(), &roles))
        },
    )
}
