//! Somebody starts an output: what it is, whom it is for, who looks after it and by when.

use design::Scope;
use kernel::{Day, Days, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{CircleId, OutputId, PersonId, appointment, output, person, place};
use ui::form::{self, Choice, Field};
use ui::html;
use ui::parts::{self, FilterGroup, FilterOption};

use super::State;
use crate::entries::{self, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};
use crate::people::held_on;
use crate::places;

const LONGEST_AUDIENCE: usize = 1_000;
/// The time that can be booked for one output, in days.
const MOST_DAYS: i64 = 400;

/// The kinds of output that the viewer may write about this place, or about the programme.
fn offers<'a>(cx: &'a Cx, programme: &'a Snapshot, place: Option<&place::Model>) -> Vec<EntryOffer<'a>> {
    let mut offers = entries::offers(cx, programme, place.map(|p| p.id));
    // What is of a place stands in a circle of that place, where there is one.
    for offer in &mut offers {
        offer.circles.sort_by_key(|(circle, _)| (circle.scope == Scope::Place) != place.is_some());
    }
    offers.retain(|o| o.kind.output.is_some());
    offers
}

/// Whether the viewer can start an output anywhere in the programme, and where.
pub(super) async fn starts(cx: &Cx, programme: &Snapshot) -> Result<Vec<(String, String)>, Stop> {
    let home = format!("{}/outputs/new", programme.href());
    let mut links = Vec::new();
    if !offers(cx, programme, None).is_empty() {
        links.push((format!("Start one for {}", programme.name), home.clone()));
    }
    for place in places::all(cx, programme).await? {
        let here = cx.held().any(|h| h.place == Some(place.id)) || cx.held().any(|h| h.place.is_none());
        if here && !offers(cx, programme, Some(&place)).is_empty() {
            links.push((format!("Start one for {}", place.name), format!("{home}?place={}", place.slug)));
        }
    }
    Ok(links)
}

async fn place_named(cx: &Cx, programme: &Snapshot, slug: &str) -> Result<Option<place::Model>, Stop> {
    if slug.is_empty() {
        return Ok(None);
    }
    let found = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id)).filter(place::COLUMN.slug.eq(slug));
    Ok(Some(found.one(cx.read()).await.map_err(fault("load a place"))?.ok_or(Stop::Missing)?))
}

/// `/programmes/{programme}/outputs/new`
pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let place = place_named(&cx, &programme, cx.query("place")).await?;
    let me = cx.person()?.to_string();
    let begun = [("kind", cx.query("kind")), ("title", cx.query("title")), ("owner", &me)];
    let typed = Form::with(begun.into_iter().map(|(n, v)| (n.to_string(), v.to_string())).collect());
    page(&cx, &programme, place.as_ref(), &typed, &Invalid::default()).await
}

fn nothing() -> Stop {
    Stop::forbidden(
        "There is nothing here for you to start",
        "Your roles write no outputs here. You can read those that others write.",
    )
}

async fn page(cx: &Cx, programme: &Snapshot, place: Option<&place::Model>, typed: &Form, wrong: &Invalid) -> Answer {
    let offers = offers(cx, programme, place);
    let first = offers.first().ok_or_else(nothing)?;
    let shown = offers.iter().find(|o| o.kind.key == typed.get("kind")).unwrap_or(first);
    let words = EntryTyped { title: typed.get("title").into(), text: typed.get("text").into(), ..EntryTyped::default() };
    let fields = entries::words_fields(cx, place.map(|p| p.id), shown, &words, wrong).await?;
    let (circle, _) = shown.circles.first().ok_or_else(nothing)?;
    let circle = programme.circle_id(&circle.key).ok_or(Stop::Missing)?;
    let plan = plan_fields(cx, programme, (circle, place.map(|p| p.id)), typed, wrong).await?;
    let slug = place.map(|p| p.slug.as_str()).unwrap_or_default();
    let about = place.map_or_else(|| programme.name.clone(), |p| p.name.clone());
    let home = format!("{}/outputs", programme.href());
    let kinds = offers.iter().map(|o| FilterOption {
        text: o.kind.name.clone(),
        href: format!("{home}/new?place={slug}&kind={}", o.kind.key),
        current: o.kind.key == shown.kind.key,
        count: None,
    });
    let kinds = FilterGroup { label: "What will it be?".into(), options: kinds.collect() };
    let draft = Draft::new("Start an output").crumb(&programme.name, programme.href()).crumb("Outputs", &home).invalid(wrong);
    let lead = format!("About {about}. {} It is public only once everybody it is about has agreed.", shown.kind.about);
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            @if offers.len() > 1 { (parts::filters(std::slice::from_ref(&kinds))) }
            (form::form(&format!("{home}/new"), &cx.form_keys(), maud! {
                (form::hidden("place", slug))
                (form::hidden("kind", &shown.kind.key))
                (fields)
                (plan)
                (form::button("Start it"))
            }))
        },
    ))
}

/// Whom it is for, who looks after it, by when and with how much time.
pub(super) async fn plan_fields(
    cx: &Cx,
    programme: &Snapshot,
    at: (CircleId, Option<tables::PlaceId>),
    typed: &Form,
    wrong: &Invalid,
) -> Result<ui::Html, Stop> {
    let owners = owners(cx, programme, at).await?;
    let owners: Vec<Choice> =
        owners.iter().map(|(id, name)| Choice::new(id.to_string(), name).checked(id.to_string() == typed.get("owner"))).collect();
    let hint = "Who should read it, and what they should know, do or decide then.";
    let audience = Field::new("audience", "Whom it is for").hint(hint).value(typed.get("audience")).error(wrong.of("audience"));
    let due = Field::new("due", "When it should be out").value(typed.get("due")).error(wrong.of("due")).optional();
    let booked = Field::new("booked", "Days booked for it")
        .hint("In quarters, such as 1.5. Writing, asking and layout all take time.")
        .width(5)
        .inputmode("decimal")
        .value(typed.get("booked"))
        .error(wrong.of("booked"))
        .optional();
    Ok(html(maud! {
        (form::long_text(audience.optional(), 2))
        (form::select(Field::new("owner", "Who looks after it").error(wrong.of("owner")), &owners))
        (form::date(due))
        (form::text(booked))
    }))
}

/// Everybody who writes in the circle today, by name.
async fn owners(
    cx: &Cx,
    programme: &Snapshot,
    (circle, at): (CircleId, Option<tables::PlaceId>),
) -> Result<Vec<(PersonId, String)>, Stop> {
    let circle = programme.circle(circle).ok_or(Stop::Missing)?;
    let link = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    let here =
        Condition::any().add(appointment::COLUMN.place_id.is_null()).add_option(at.map(|p| appointment::COLUMN.place_id.eq(p)));
    let here = if circle.scope == Scope::Place { here } else { Condition::all() };
    let found: Vec<(PersonId, String)> = appointment::Entity::find()
        .select_only()
        .columns([appointment::Column::PersonId])
        .column(person::Column::Name)
        .distinct()
        .join(JoinType::InnerJoin, link.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(circle.writers.iter().map(String::as_str)))
        .filter(held_on(cx.today(), cx.now()))
        .filter(here)
        .order_by_asc(person::Column::Name)
        .order_by_asc(appointment::Column::PersonId)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list who could look after it"))?;
    Ok(found)
}

/// What was said of an output's plan.
pub(super) struct Planned {
    pub owner: PersonId,
    pub due: Option<Day>,
    pub audience: String,
    pub booked: i32,
}

pub(super) async fn planned(
    cx: &Cx,
    programme: &Snapshot,
    at: (CircleId, Option<tables::PlaceId>),
    form: &Form,
    wrong: &mut Invalid,
) -> Result<Option<Planned>, Stop> {
    let owners = owners(cx, programme, at).await?;
    let owner = owners.iter().map(|(id, _)| *id).find(|id| id.to_string() == form.get("owner"));
    if owner.is_none() {
        wrong.add("owner", "Choose who looks after it: somebody who writes where it stands");
    }
    let due = match form.get("due") {
        "" => None,
        text => Day::parse_as_written(text).map_err(|e| wrong.add("due", e.to_string())).ok(),
    };
    let booked = match form.get("booked") {
        "" => Some(0),
        text => text.parse::<Days>().ok().map(Days::quarters).filter(|q| (0..=MOST_DAYS * 4).contains(q)),
    };
    if booked.is_none() {
        wrong.add("booked", "Write days in quarters, such as 0.5 or 2.25, and no more than 400");
    }
    let audience = form.get("audience").to_string();
    if audience.chars().count() > LONGEST_AUDIENCE {
        wrong.add("audience", "Shorten this to 1,000 characters");
    }
    let planned =
        owner.zip(booked).map(|(owner, booked)| Planned { owner, due, audience, booked: i32::try_from(booked).unwrap_or(0) });
    Ok(planned.filter(|_| wrong.is_empty()))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let place = place_named(&act, &programme, act.form.get("place")).await?;
    let offers = offers(&act, &programme, place.as_ref());
    let offer = offers.iter().find(|o| o.kind.key == act.form.get("kind")).or(offers.first()).ok_or_else(nothing)?;
    let mut wrong = Invalid::default();
    let (circle, _) = offer.circles.first().ok_or_else(nothing)?;
    let circle = programme.circle_id(&circle.key).ok_or(Stop::Missing)?;
    let words = EntryTyped {
        title: act.form.get("title").into(),
        text: act.form.get("text").into(),
        happened_on: act.today().to_string(),
        circle: programme.circle(circle).map(|c| c.key.clone()).unwrap_or_default(),
        ..EntryTyped::default()
    };
    let read = words.read(&act, &programme, offer);
    for problem in read.as_ref().err().map(|w| w.problems().to_vec()).unwrap_or_default() {
        wrong.add(problem.field, problem.message.clone());
    }
    let plan = planned(&act, &programme, (circle, place.as_ref().map(|p| p.id)), &act.form, &mut wrong).await?;
    let (Ok(read), Some(plan), true) = (read, plan, wrong.is_empty()) else {
        return page(&act, &programme, place.as_ref(), &act.form, &wrong).await;
    };
    let mut write = act.write("start an output").await?;
    let entry = entries::record_entry(&mut write, &act, &programme, place.as_ref(), &offer.kind.key, read).await?;
    let row = output::Model {
        id: OutputId(write.id()),
        programme_id: programme.id,
        entry_id: entry.id,
        state: State::Idea.key().into(),
        owner_id: plan.owner,
        due_on: plan.due,
        audience: plan.audience,
        booked: plan.booked,
        summary: String::new(),
        by_line: String::new(),
        topics: String::new(),
        about: String::new(),
        moved_at: write.at(),
        slug: None,
    };
    write.insert(row).await?;
    act.save(write, &format!("{}/outputs/{}?done=started", programme.href(), entry.id)).await
}
