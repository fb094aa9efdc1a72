//! A chosen application becomes a place: its organisations the partners, its people the first with a role there, what it
//! said in its own words the place's problem and vision. Nothing is typed again.

use design::{Power, Role, Scope, Side};
use forms::{Answers, Form, Kind, Lang, Path, Value};
use kernel::{Fault, Invalid};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use store::{Write, fault};
use tables::{
    ApplicationId, AppointmentId, OrganisationId, PartnerId, PersonId, PlaceId, applicant, application, appointment, member,
    organisation, partner, person, place,
};
use ui::form::{self, Choice, Field};

use crate::answers::form_of;
use crate::calls::{Applied, Outcome, SUBMITTED, applicants, receipt_of};
use crate::deciding::outcomes;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form as Posted, Snapshot, Stop, free_slug, slug_of};
use crate::people;

const SHORT: usize = 120;

/// Everything that goes over, before anybody has chosen.
struct Whole {
    organisations: Vec<applicant::Model>,
    people: Vec<(member::Model, person::Model)>,
    /// The long texts of the application: path, question, text.
    texts: Vec<(String, String, String)>,
    roles: Vec<Choice>,
    /// The role for who leads, and the one for everybody else.
    usual: (String, String),
}

struct Typed {
    name: String,
    problem: String,
    vision: String,
    /// The role of each person, in their order; empty for none.
    roles: Vec<String>,
}

/// It was chosen, everybody has been told, and it is no place yet.
async fn may_become(cx: &Cx, applied: &Applied) -> Result<(), Stop> {
    let programme = cx.programme()?;
    if !cx.viewer().may(Power::ManagePeople, programme.id, None) {
        return Err(Stop::forbidden(
            "Making a place gives people roles",
            "Ask somebody who manages the people of this programme.",
        ));
    }
    if applied.row.place_id.is_some() {
        return Err(Stop::forbidden("It is a place already", "The application’s page leads to it."));
    }
    if applied.row.state != SUBMITTED {
        return Err(Stop::forbidden("It was withdrawn", "Those who wrote it have taken it back, so it becomes no place."));
    }
    let decided = outcomes(cx.read(), applied.call.id).await?;
    let chosen = decided.get(&applied.row.id).is_some_and(|d| d.outcome == Outcome::Chosen.key());
    match chosen && applied.call.released_at.is_some() {
        true => Ok(()),
        false => Err(Stop::forbidden(
            "It cannot become a place yet",
            "It has to be chosen, each sponsor has to have assented, and everybody has to have been told.",
        )),
    }
}

async fn whole(cx: &Cx, applied: &Applied) -> Result<Whole, Stop> {
    let receipt = receipt_of(&applied.row)?.ok_or(Stop::Missing)?;
    let form = form_of(cx.app(), applied.call.form_id).await?;
    let (roles, usual) = roles(cx.programme()?);
    Ok(Whole {
        organisations: applicants(cx.read(), applied.row.id).await?,
        people: writers(cx, applied.row.id).await?,
        texts: texts(form.form(), &receipt.answers),
        roles,
        usual,
    })
}

async fn writers(cx: &Cx, id: ApplicationId) -> Result<Vec<(member::Model, person::Model)>, Fault> {
    let members = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(id))
        .filter(member::COLUMN.ended_at.is_null())
        .order_by_asc(member::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list who writes"))?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(members.iter().map(|m| m.person_id)));
    let people = people.all(cx.read()).await.map_err(fault("list people"))?;
    let person = |m: member::Model| people.iter().find(|p| p.id == m.person_id).cloned().map(|p| (m, p));
    Ok(members.into_iter().filter_map(person).collect())
}

/// What was answered in the applicants' own words.
fn texts(form: &Form, answers: &Answers) -> Vec<(String, String, String)> {
    let questions = form.sections.iter().flat_map(|s| &s.questions).filter(|q| matches!(q.kind, Kind::LongText { .. }));
    let answered = questions.filter_map(|q| match answers.get(&Path::new(&q.key).ok()?)? {
        Value::Text(text) => Some((q.key.clone(), q.label.get(Lang::En).to_string(), text.clone())),
        _ => None,
    });
    answered.collect()
}

/// The roles of a place's own side, the one that leads first.
fn roles(programme: &Snapshot) -> (Vec<Choice>, (String, String)) {
    let here = |r: &&Role| r.scope == Scope::Place && r.side == Side::Place;
    let all: Vec<&Role> = programme.programme.design.roles.iter().filter(here).collect();
    let key = |leads| all.iter().find(|r| r.may.contains(&Power::ManagePeople) == leads).map(|r| r.key.clone());
    let usual = (key(true).unwrap_or_default(), key(false).unwrap_or_default());
    let none = Choice::new("", "No role");
    ([none].into_iter().chain(all.iter().map(|r| Choice::new(&r.key, &r.name))).collect(), usual)
}

pub(super) async fn form(cx: Cx) -> Answer {
    let applied = cx.application()?.clone();
    may_become(&cx, &applied).await?;
    let whole = whole(&cx, &applied).await?;
    let text = |key: &str| whole.texts.iter().find(|(k, ..)| k == key).map(|(k, ..)| k.clone()).unwrap_or_default();
    let leads = whole.organisations.iter().find(|o| o.lead).map(|o| o.id);
    let first = whole.people.iter().position(|(m, _)| Some(m.applicant_id) == leads).unwrap_or(0);
    let usual = |at: usize| if at == first { whole.usual.0.clone() } else { whole.usual.1.clone() };
    let roles = (0..whole.people.len()).map(usual);
    let typed =
        Typed { name: applied.row.name.clone(), problem: text("problem"), vision: text("vision"), roles: roles.collect() };
    page(&cx, &applied, &whole, &typed, &Invalid::default())
}

fn page(cx: &Cx, applied: &Applied, whole: &Whole, typed: &Typed, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?;
    let none = Choice::new("", "None of these: the place writes it itself");
    let texts: Vec<Choice> = [none]
        .into_iter()
        .chain(whole.texts.iter().map(|(key, label, text)| Choice::new(key, label).hint(start_of(text))))
        .collect();
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let named: Vec<(String, String)> =
        whole.people.iter().enumerate().map(|(i, (m, p))| (role_field(i), seat(whole, m, p))).collect();
    let draft = Draft::new(format!("Make {} a place", applied.row.name))
        .lead(
            "Its organisations become the partners, its people the first with a role. From then on the place speaks for itself.",
        )
        .invalid(wrong);
    Ok(applied.below(draft, programme).page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::text(field("name", "What is the place called?", "Where it is, as people there say it.", &typed.name)))
                (form::radios(field("problem", "Which of its words say what the problem is?", "", &typed.problem), &texts))
                (form::radios(field("vision", "Which say what it wants instead?", "", &typed.vision), &texts))
                h2 class="govuk-heading-m" { "Who plays which part" }
                p { "Each is told by mail. The place’s lead can appoint others, and change all this." }
                @for (i, (name, label)) in named.iter().enumerate() {
                    (form::select(Field::new(name, label).value(typed.roles.get(i).map_or("", String::as_str)).error(wrong.of(name)), &whole.roles))
                }
                (form::button("Make it a place"))
            }))
        },
    ))
}

fn role_field(number: usize) -> String {
    format!("role-{}", number + 1)
}

fn seat(whole: &Whole, of: &member::Model, person: &person::Model) -> String {
    let organisation = whole.organisations.iter().find(|o| o.id == of.applicant_id).map_or("", |o| &o.name);
    format!("{}, {organisation}", person.name)
}

/// Enough of a text to know it by.
fn start_of(text: &str) -> String {
    const SOME: usize = 160;
    let some: String = text.chars().take(SOME).collect();
    if some.len() < text.len() { format!("{some}…") } else { some }
}

impl Typed {
    fn of(form: &Posted, people: usize) -> Self {
        let text = |name: &str| form.get(name).to_string();
        let roles = (0..people).map(|i| text(&role_field(i))).collect();
        Self { name: text("name"), problem: text("problem"), vision: text("vision"), roles }
    }

    fn check(&self, programme: &Snapshot, whole: &Whole) -> Invalid {
        let mut wrong = Invalid::default();
        if self.name.is_empty() || self.name.chars().count() > SHORT || slug_of(&self.name).is_empty() {
            wrong.add("name", "Enter the place’s name, in at most 120 characters");
        }
        for (field, key) in [("problem", &self.problem), ("vision", &self.vision)] {
            if !key.is_empty() && !whole.texts.iter().any(|(k, ..)| k == key) {
                wrong.add(field, "Choose one of these");
            }
        }
        for (i, role) in self.roles.iter().enumerate() {
            if !whole.roles.iter().any(|c| c.value == *role) {
                wrong.add(role_field(i), "Choose a role, or none");
            }
        }
        let leads = |key: &String| programme.role_may(key, Power::ManagePeople);
        if wrong.is_empty() && !self.roles.iter().any(leads) && !self.roles.is_empty() {
            let named = programme.role_name(&whole.usual.0);
            wrong.add(role_field(0), format!("Make somebody {named}: without that role nobody there can appoint others"));
        }
        wrong
    }
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    may_become(&act, &applied).await?;
    let whole = whole(&act, &applied).await?;
    let typed = Typed::of(&act.form, whole.people.len());
    let mut wrong = typed.check(&programme, &whole);
    other_sides(&act, &programme, &whole, &typed, &mut wrong).await?;
    if named_already(&act, &programme, &typed.name).await? {
        wrong.add("name", "There is a place of this name already. Say which part of it this is, or what sets it apart");
    }
    if !wrong.is_empty() {
        return page(&act, &applied, &whole, &typed, &wrong);
    }
    let mut write = act.write("make an application a place").await?;
    let before = write.lock::<application::Entity>(applied.row.id).await?.ok_or(Stop::Missing)?;
    if before.place_id.is_some() {
        return Err(Stop::forbidden(
            "It is a place already",
            "Somebody made it one just now. The application’s page leads to it.",
        ));
    }
    let words = |key: &str| whole.texts.iter().find(|(k, ..)| k == key).map(|(.., text)| text.clone()).unwrap_or_default();
    let row = place::Model {
        id: PlaceId(write.id()),
        programme_id: programme.id,
        slug: free_slug_of(&write, &programme, &typed.name).await?,
        name: typed.name.clone(),
        problem: words(&typed.problem),
        vision: words(&typed.vision),
        revision: 1,
        created_at: write.at(),
    };
    let place = write.insert(row).await?;
    let seats = partners(&mut write, &programme, &place, &whole.organisations).await?;
    for ((of, person), role) in whole.people.iter().zip(&typed.roles).filter(|(_, role)| !role.is_empty()) {
        let organisation = whole.organisations.iter().position(|o| o.id == of.applicant_id).and_then(|i| seats.get(i).copied());
        appoint(&act, &mut write, &programme, &place, person, role, organisation).await?;
    }
    write.replace(&before, application::Model { place_id: Some(place.id), ..before.clone() }).await?;
    act.save(write, &format!("{}/places/{}", programme.href(), place.slug)).await
}

async fn named_already(cx: &Cx, programme: &Snapshot, name: &str) -> Result<bool, Fault> {
    let places = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id)).all(cx.read()).await;
    Ok(places.map_err(fault("list places"))?.iter().any(|p| store::search::folded(&p.name) == store::search::folded(name)))
}

/// The sides of a programme never mix: whoever funds, supports or evaluates gets no role in a place.
async fn other_sides(cx: &Cx, programme: &Snapshot, whole: &Whole, typed: &Typed, wrong: &mut Invalid) -> Result<(), Fault> {
    let ids: Vec<PersonId> = whole.people.iter().map(|(_, p)| p.id).collect();
    let held = appointment::Entity::find()
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.person_id.is_in(ids))
        .filter(people::held_on(cx.today(), cx.now()))
        .all(cx.read())
        .await
        .map_err(fault("list roles"))?;
    let elsewhere =
        |id: PersonId| held.iter().any(|h| h.person_id == id && programme.role(&h.role).is_some_and(|r| r.side != Side::Place));
    for (i, (_, person)) in whole.people.iter().enumerate() {
        if typed.roles.get(i).is_some_and(|r| !r.is_empty()) && elsewhere(person.id) {
            wrong.add(role_field(i), "Choose no role: this person holds one on another side of the programme");
        }
    }
    Ok(())
}

/// The organisations, each known by its name already or new, take their seats.
async fn partners(
    write: &mut Write,
    programme: &Snapshot,
    place: &place::Model,
    organisations: &[applicant::Model],
) -> Result<Vec<OrganisationId>, Fault> {
    let mut seats = Vec::new();
    for (number, one) in organisations.iter().enumerate() {
        let same = ExprTrait::eq(Func::lower(Expr::col(organisation::Column::Name)), one.name.to_lowercase());
        let known = organisation::Entity::find()
            .filter(same)
            .filter(organisation::COLUMN.practice.eq(programme.practice))
            .order_by_asc(organisation::Column::Id)
            .one(write.tx())
            .await
            .map_err(fault("look for an organisation"))?;
        let id = match known {
            Some(known) => known.id,
            None => {
                let id = OrganisationId(write.id());
                let row = organisation::Model {
                    id,
                    key: format!("{}-{}-{}", place.slug, number + 1, id.0.simple()),
                    name: one.name.clone(),
                    sector: one.sector.clone(),
                    identifier: String::new(),
                    practice: programme.practice,
                    created_at: write.at(),
                };
                write.insert(row).await?.id
            }
        };
        let seat = partner::Model {
            id: PartnerId(write.id()),
            programme_id: programme.id,
            place_id: place.id,
            organisation_id: id,
            lead: one.lead,
            from_day: Some(write.at().day()),
            to_day: None,
            created_at: write.at(),
        };
        write.insert(seat).await?;
        seats.push(id);
    }
    Ok(seats)
}

async fn appoint(
    act: &Act,
    write: &mut Write,
    programme: &Snapshot,
    place: &place::Model,
    person: &person::Model,
    role: &str,
    organisation: Option<OrganisationId>,
) -> Result<(), Fault> {
    let row = appointment::Model {
        id: AppointmentId(write.id()),
        programme_id: programme.id,
        person_id: person.id,
        role: role.to_string(),
        organisation_id: organisation,
        sponsor: None,
        place_id: Some(place.id),
        from_day: write.at().day(),
        to_day: None,
        ended_at: None,
        created_at: write.at(),
    };
    write.insert(row).await?;
    let Some(email) = &person.email else { return Ok(()) };
    let said = format!("{}, {}", programme.role_name(role), place.name);
    let (subject, text) = people::appointed(&act.app().settings.address, &said, &programme.name);
    write.mail(email, subject, text).await
}

/// The name as part of an address that no other place of the programme has.
async fn free_slug_of(write: &Write, programme: &Snapshot, name: &str) -> Result<String, Fault> {
    let taken = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id)).all(write.tx()).await;
    let taken: Vec<String> = taken.map_err(fault("list places"))?.into_iter().map(|p| p.slug).collect();
    Ok(free_slug(&slug_of(name), &taken))
}
