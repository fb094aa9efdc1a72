//! Appointing somebody to a role, inviting them if they are new, and ending an appointment.

use design::{Power, Scope, Side};
use std::sync::Arc;

use kernel::{Clock, Day, Fault, IdSource, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder};
use store::{Db, Write, Writer, fault};
use tables::{AppointmentId, OrganisationId, PersonId, PlaceId, appointment, organisation, partner, person, place};
use ui::form::{self, Choice, Field};

use super::{Named, Standing, appointments, held_on, mail, sessions};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Snapshots, Stop};

const INVITATION_LASTS_SECONDS: i64 = 14 * 24 * 3600;

#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    role: String,
    place: String,
    organisation: String,
    sponsor: String,
    from: String,
    to: String,
}

struct Read {
    name: String,
    email: String,
    role: String,
    place: Option<PlaceId>,
    organisation: Option<OrganisationId>,
    sponsor: Option<String>,
    from: Day,
    to: Option<Day>,
}

/// What the viewer may choose from: a manager of a place appoints to roles of that place and to no others.
struct Choices {
    roles: Vec<Choice>,
    places: Vec<(PlaceId, Choice)>,
    organisations: Vec<(OrganisationId, Choice)>,
    /// Where the programme has roles that speak for one of several sponsors.
    sponsors: Vec<Choice>,
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let known = match cx.query("person").parse::<PersonId>() {
        Ok(id) => known_here(&cx, &programme, id).await?,
        Err(_) => None,
    };
    let (name, email) = known.map(|p| (p.name, p.email.unwrap_or_default())).unwrap_or_default();
    let typed = Typed {
        name,
        email,
        from: cx.today().to_string(),
        role: cx.query("role").into(),
        place: cx.query("place").into(),
        ..Typed::default()
    };
    page(&cx, &programme, &typed, &Invalid::default()).await
}

/// Somebody whom the address of the form names. Only those learn their e-mail address from it who manage a role that they hold
/// here, since by that address they were appointed; and of a place's people nobody from outside it.
async fn known_here(cx: &Cx, programme: &Snapshot, id: PersonId) -> Result<Option<person::Model>, Stop> {
    let theirs = appointments(cx, Condition::all().add(appointment::COLUMN.person_id.eq(id)), 100).await?;
    let holds = |n: &Named| matches!(n.standing(cx), Standing::Today | Standing::Later);
    let near = |n: &Named| {
        let of_place = programme.role(&n.role).is_none_or(|r| r.side == Side::Place);
        !of_place || cx.held().any(|h| h.place.is_some() && h.place == n.place_id)
    };
    if !theirs.iter().any(|n| holds(n) && near(n) && manages(cx, programme, &n.role, n.place_id)) {
        return Ok(None);
    }
    Ok(person::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a person"))?)
}

async fn page(cx: &Cx, programme: &Snapshot, typed: &Typed, wrong: &Invalid) -> Answer {
    let choices = choices(cx, programme).await?;
    let with_none = |text: &str, rest: Vec<Choice>| std::iter::once(Choice::new("", text)).chain(rest).collect::<Vec<_>>();
    let places = choices.places.iter().map(|(_, c)| c.clone()).collect();
    let places = if may_everywhere(cx, programme) { with_none("The whole programme", places) } else { places };
    let organisations = with_none("Not stated", choices.organisations.iter().map(|(_, c)| c.clone()).collect());
    let field = |name, label, value| Field::new(name, label).value(value).error(wrong.of(name));
    let email = field("email", "E-mail address", &typed.email)
        .hint("Somebody new is invited by mail. Somebody who has an account keeps it.");
    let draft =
        Draft::new("Appoint somebody").lead("They can do and read what the role includes, from the first day to the last.");
    Ok(draft
        .crumb(&programme.name, programme.href())
        .crumb("People", format!("{}/people", programme.href()))
        .invalid(wrong)
        .page(
            cx,
            maud! {
                (form::form(&format!("{}/people/new", programme.href()), &cx.form_keys(), maud! {
                    (form::text(field("name", "Name", &typed.name)))
                    (form::email(email))
                    (form::select(field("role", "Role", &typed.role), &choices.roles))
                    (form::select(field("place", "For", &typed.place), &places))
                    (form::select(field("organisation", "Organisation", &typed.organisation).optional(), &organisations))
                    @if !choices.sponsors.is_empty() {
                        (form::select(
                            field("sponsor", "Speaks for", &typed.sponsor).optional().hint("Who decides on applications does so for one sponsor."),
                            &with_none("No sponsor", choices.sponsors.clone()),
                        ))
                    }
                    (form::date(field("from", "First day", &typed.from)))
                    (form::date(field("to", "Last day", &typed.to).optional()))
                    (form::button("Appoint"))
                }))
            },
        ))
}

fn may_everywhere(cx: &Cx, programme: &Snapshot) -> bool {
    cx.viewer().may(Power::ManagePeople, programme.id, None)
}

/// Whether the viewer may appoint to this role, or end an appointment to it, as far as the design goes: whoever runs
/// the programme for every side, others who manage people for their own side, and a place's for that place only.
pub(crate) fn manages(cx: &Cx, programme: &Snapshot, role: &str, place: Option<PlaceId>) -> bool {
    let Some(role) = programme.role(role) else { return false };
    let held = cx.viewer().held_in(programme.id);
    let managing = held.filter(|h| programme.role_may(&h.role, Power::ManagePeople) && h.reaches(place));
    managing.into_iter().any(|h| {
        let same_side = programme.role(&h.role).is_some_and(|own| own.side == role.side);
        same_side || (h.place.is_none() && programme.role_may(&h.role, Power::RunProgramme))
    })
}

/// The sides never mix: a place's own circle would not be its own if a sponsor could step into it. Once a place has
/// somebody who manages its people, only they appoint to its roles.
async fn would_mix(
    cx: &Cx,
    write: &Write,
    programme: &Snapshot,
    person: PersonId,
    read: &Read,
) -> Result<Option<(&'static str, String)>, Stop> {
    let side = |role: &str| programme.role(role).map(|r| r.side);
    let of_place = side(&read.role) == Some(Side::Place);
    if cx.viewer().person() == Some(person) {
        return Ok(Some(("email", "You cannot appoint yourself. Ask somebody else who manages people".into())));
    }
    let here = appointment::Entity::find().filter(appointment::COLUMN.programme_id.eq(programme.id));
    // A role that starts later counts as well: on its first day nobody asks again.
    let theirs = here
        .clone()
        .filter(appointment::COLUMN.person_id.eq(person))
        .filter(appointment::COLUMN.ended_at.is_null())
        .filter(Condition::any().add(appointment::COLUMN.to_day.is_null()).add(appointment::COLUMN.to_day.gte(cx.today())));
    let theirs = theirs.all(write.tx()).await.map_err(fault("list roles"))?;
    if theirs.iter().any(|a| (side(&a.role) == Some(Side::Place)) != of_place) {
        let why = "This person holds a role on another side of the programme, now or later. A place’s people and those who fund, support or evaluate it are never the same";
        return Ok(Some(("email", why.into())));
    }
    let managers: Vec<String> = programme
        .programme
        .design
        .roles
        .iter()
        .filter(|r| r.scope == Scope::Place && r.may.contains(&Power::ManagePeople))
        .map(|r| r.key.clone())
        .collect();
    if let (true, Some(place)) = (of_place, read.place) {
        let there = here.filter(held_on(cx.today(), cx.now()));
        let there = there.filter(appointment::COLUMN.place_id.eq(place)).filter(appointment::COLUMN.role.is_in(managers));
        let managed = there.count(write.tx()).await.map_err(fault("count managers"))? > 0;
        let mine = cx.held().any(|h| h.place == Some(place) && programme.role_may(&h.role, Power::ManagePeople));
        if managed && !mine {
            return Ok(Some(("place", "This place appoints its own people. Ask somebody there who manages them".into())));
        }
    }
    Ok(None)
}

async fn choices(cx: &Cx, programme: &Snapshot) -> Result<Choices, Stop> {
    let mine: Vec<Option<PlaceId>> = cx.held().map(|h| h.place).collect();
    let roles =
        programme.programme.design.roles.iter().filter(|r| mine.iter().any(|place| manages(cx, programme, &r.key, *place)));
    let roles = roles.filter(|r| r.scope == Scope::Place || may_everywhere(cx, programme));
    let roles: Vec<Choice> = roles.map(|r| Choice::new(&r.key, &r.name)).collect();
    let of_programme = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id));
    let places = of_programme
        .order_by_asc(place::Column::Name)
        .order_by_asc(place::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list places"))?;
    let places: Vec<_> = places.into_iter().filter(|p| cx.viewer().may(Power::ManagePeople, programme.id, Some(p.id))).collect();
    let near = partner::Entity::find().filter(partner::COLUMN.place_id.is_in(places.iter().map(|p| p.id)));
    let near = near.all(cx.read()).await.map_err(fault("list partners"))?;
    let known = organisation::Entity::find()
        .filter(organisation::COLUMN.id.is_in(near.iter().map(|p| p.organisation_id)))
        .order_by_asc(organisation::Column::Name)
        .order_by_asc(organisation::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list organisations"))?;
    let design = &programme.programme.design;
    let deciding = |c: &Choice| programme.role_may(&c.value, Power::Decide);
    let speaks = |roles: &[Choice]| if roles.iter().any(deciding) { &design.sponsors[..] } else { &[] };
    Ok(Choices {
        sponsors: speaks(&roles).iter().map(|s| Choice::new(&s.key, &s.name)).collect(),
        roles,
        places: places.into_iter().map(|p| (p.id, Choice::new(p.slug, p.name))).collect(),
        organisations: known.into_iter().map(|o| (o.id, Choice::new(o.id.to_string(), o.name))).collect(),
    })
}

fn read(cx: &Cx, programme: &Snapshot, choices: &Choices, typed: &Typed) -> Result<Read, Invalid> {
    let mut wrong = Invalid::default();
    if typed.name.is_empty() || typed.name.chars().count() > 120 {
        wrong.add("name", "Enter the person’s name, in at most 120 characters");
    }
    let email = typed.email.to_lowercase();
    if !looks_like_an_address(&email) {
        wrong.add("email", "Enter an e-mail address, like name@example.org");
    }
    let role = programme.role(&typed.role).filter(|r| choices.roles.iter().any(|c| c.value == r.key));
    if role.is_none() {
        wrong.add("role", "Choose a role");
    }
    let place = choices.places.iter().find(|(_, c)| c.value == typed.place).map(|(id, _)| *id);
    if role.is_some() && !manages(cx, programme, &typed.role, place) {
        wrong.add("role", "Choose a role that you may appoint to, for this place");
    }
    match role.map(|r| r.scope) {
        Some(Scope::Place) if place.is_none() => wrong.add("place", "Choose the place: this role is for one place"),
        Some(Scope::Programme) if !typed.place.is_empty() => {
            wrong.add("place", "Choose the whole programme: this role is not for one place")
        }
        _ => {}
    }
    let organisation = choices.organisations.iter().find(|(_, c)| c.value == typed.organisation).map(|(id, _)| *id);
    if organisation.is_none() && !typed.organisation.is_empty() {
        wrong.add("organisation", "Choose one of the organisations, or leave it open");
    }
    let decides = role.is_some_and(|r| r.may.contains(&Power::Decide));
    let sponsor = choices.sponsors.iter().find(|c| c.value == typed.sponsor).map(|c| c.value.clone());
    match (&sponsor, typed.sponsor.as_str()) {
        (None, "") if decides => wrong.add("sponsor", "Choose the sponsor: this role decides for one of them"),
        (None, sponsor) if !sponsor.is_empty() => wrong.add("sponsor", "Choose one of the sponsors"),
        (Some(_), _) if !decides => wrong.add("sponsor", "Choose no sponsor: this role does not decide for one"),
        _ => {}
    }
    let from = Day::parse_as_written(&typed.from).map_err(|e| wrong.add("from", e.to_string())).unwrap_or(cx.today());
    let to = match typed.to.as_str() {
        "" => None,
        text => Day::parse_as_written(text).map_err(|e| wrong.add("to", e.to_string())).ok(),
    };
    if to.is_some_and(|to| to < from) {
        wrong.add("to", "Enter a last day that is not before the first");
    }
    wrong.or(|| Read { name: typed.name.clone(), email, role: typed.role.clone(), place, organisation, sponsor, from, to })
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let text = |name| act.form.get(name).to_string();
    let typed = Typed {
        name: text("name"),
        email: text("email"),
        role: text("role"),
        place: text("place"),
        organisation: text("organisation"),
        sponsor: text("sponsor"),
        from: text("from"),
        to: text("to"),
    };
    let read = match read(&act, &programme, &choices(&act, &programme).await?, &typed) {
        Ok(read) => read,
        Err(wrong) => return page(&act, &programme, &typed, &wrong).await,
    };
    let mut write = act.write("appoint somebody").await?;
    let person = known_or_invited(&act, &mut write, &programme, &read).await?;
    if let Some((field, why)) = would_mix(&act, &write, &programme, person, &read).await? {
        drop(write);
        return page(&act, &programme, &typed, &Invalid::one(field, why)).await;
    }
    let done = if read.from > act.today() { "appointed-later" } else { "appointed" };
    let row = appointment::Model {
        id: AppointmentId(write.id()),
        programme_id: programme.id,
        person_id: person,
        role: read.role,
        organisation_id: read.organisation,
        sponsor: read.sponsor,
        place_id: read.place,
        from_day: read.from,
        to_day: read.to,
        ended_at: None,
        created_at: write.at(),
    };
    write.insert(row).await?;
    act.save(write, &format!("{}/people/{person}?done={done}", programme.href())).await
}

async fn known_or_invited(act: &Act, write: &mut Write, programme: &Snapshot, read: &Read) -> Result<PersonId, Stop> {
    let role = programme.role_name(&read.role).to_string();
    invited(act, write, programme, &read.name, &read.email, &role).await
}

/// The person with this address, told of what they may do now; or somebody new, invited to it.
pub(crate) async fn invited(
    act: &Act,
    write: &mut Write,
    programme: &Snapshot,
    name: &str,
    email: &str,
    role: &str,
) -> Result<PersonId, Stop> {
    let known = person::Entity::find()
        .filter(person::COLUMN.email.eq(email))
        .one(write.tx())
        .await
        .map_err(fault("look for a person"))?;
    let address = &act.app().settings.address;
    if let Some(person) = known {
        let (subject, text) = mail::appointed(address, role, &programme.name);
        write.mail(email, subject, text).await?;
        return Ok(person.id);
    }
    let row = person::Model {
        id: PersonId(write.id()),
        name: name.to_string(),
        email: Some(email.to_string()),
        password_hash: None,
        practice: false,
        created_at: write.at(),
    };
    let person = write.insert(row).await?;
    let secret = act.secret();
    sessions::new_ticket(write, &secret, person.id, "invitation", INVITATION_LASTS_SECONDS).await?;
    let until = write.at().plus_seconds(INVITATION_LASTS_SECONDS);
    let (subject, text) = mail::invitation(address, &secret, role, &programme.name, until);
    write.mail(email, subject, text).await?;
    Ok(person.id)
}

pub(super) async fn end(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let id: AppointmentId = act.param("appointment").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("end an appointment").await?;
    let row = write.lock::<appointment::Entity>(id).await?.filter(|a| a.programme_id == programme.id).ok_or(Stop::Missing)?;
    if !manages(&act, &programme, &row.role, row.place_id) {
        return Err(Stop::Missing);
    }
    let (today, called_off) = (act.today(), row.from_day > act.today());
    let done = if called_off { "called-off" } else { "ended" };
    let location = format!("{}/people/{}?done={done}", programme.href(), row.person_id);
    // What is over already stays as it was.
    if row.ended_at.is_none() && row.to_day.is_none_or(|d| d >= today) {
        // One that is called off keeps its last day: the row then tells what had been meant.
        let to_day = if called_off { row.to_day } else { Some(today) };
        let ended = appointment::Model { ended_at: Some(write.at()), to_day, ..row.clone() };
        write.replace(&row, ended).await?;
    }
    act.save(write, &location).await
}

/// Enough to catch a slip of the hand; whether it exists only a mail can tell.
pub(crate) fn looks_like_an_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace) && text.len() < 255
    })
}

/// An invitation by whoever keeps the installation, who holds no role in any programme.
pub struct Invitation {
    pub programme: String,
    pub role: String,
    pub place: Option<String>,
    /// The sponsor whose voice it has, where the role decides for one.
    pub sponsor: Option<String>,
    pub name: String,
    pub email: String,
    pub address: String,
}

/// The sponsor for which somebody in this role decides.
fn voice(programme: &Snapshot, role: &design::Role, named: Option<&str>) -> Result<Option<String>, String> {
    let sponsors = &programme.programme.design.sponsors;
    let known = || sponsors.iter().map(|s| s.key.as_str()).collect::<Vec<_>>().join(", ");
    match named {
        None if role.may.contains(&Power::Decide) && sponsors.len() == 1 => Ok(Some(sponsors[0].key.clone())),
        None => Ok(None),
        Some(_) if !role.may.contains(&Power::Decide) => Err("This role decides for no sponsor. Leave --sponsor out".into()),
        Some(key) if sponsors.iter().any(|s| s.key == key) => Ok(Some(key.to_string())),
        Some(key) => Err(format!("There is no sponsor “{key}”. There are: {}", known())),
    }
}

/// Appoints somebody from outside the site and gives the link by which they get in. The mail goes into the post as
/// well. This is how the first person of a programme gets in.
///
/// # Errors
/// Where the programme, the role or the place is not there, somebody has this address already, or the database does
/// not answer.
pub async fn invite(db: &Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, new: Invitation) -> Result<String, Fault> {
    let wrong = |why: String| Fault::new("invite", why);
    let secret: String = ids.secret().iter().map(|b| format!("{b:02x}")).collect();
    let programme = Snapshots::default().with_slug(db, &new.programme).await?;
    let programme = programme.ok_or_else(|| wrong(format!("There is no programme “{}”", new.programme)))?;
    let role = programme.role(&new.role).ok_or_else(|| {
        let known: Vec<&str> = programme.programme.design.roles.iter().map(|r| r.key.as_str()).collect();
        wrong(format!("There is no role “{}”. There are: {}", new.role, known.join(", ")))
    })?;
    let email = new.email.trim().to_lowercase();
    if !looks_like_an_address(&email) {
        return Err(wrong(format!("“{email}” is not a mail address")));
    }
    let sponsor = voice(&programme, role, new.sponsor.as_deref()).map_err(wrong)?;
    let mut write = db.write(&Writer { actor: None, clock, ids }, "invite somebody").await?;
    let place = match (&new.place, role.scope) {
        (None, Scope::Programme) => None,
        (Some(slug), Scope::Place) => {
            let here = place::Entity::find()
                .filter(place::COLUMN.programme_id.eq(programme.id))
                .filter(place::COLUMN.slug.eq(slug.as_str()));
            let found = here.one(write.tx()).await.map_err(fault("look for a place"))?;
            Some(found.ok_or_else(|| wrong(format!("There is no place “{slug}” in this programme")))?.id)
        }
        (None, Scope::Place) => return Err(wrong("This role is for one place. Name it with --for".into())),
        (Some(_), Scope::Programme) => return Err(wrong("This role is for the whole programme. Leave --for out".into())),
    };
    let known = person::Entity::find().filter(person::COLUMN.email.eq(email.as_str())).one(write.tx()).await;
    if known.map_err(fault("look for a person"))?.is_some() {
        return Err(wrong("Somebody has this address already. They can be appointed on the People page".into()));
    }
    let row = person::Model {
        id: PersonId(write.id()),
        name: new.name,
        email: Some(email.clone()),
        password_hash: None,
        practice: false,
        created_at: write.at(),
    };
    let person = write.insert(row).await?;
    let row = appointment::Model {
        id: AppointmentId(write.id()),
        programme_id: programme.id,
        person_id: person.id,
        role: role.key.clone(),
        organisation_id: None,
        sponsor,
        place_id: place,
        from_day: write.at().day(),
        to_day: None,
        ended_at: None,
        created_at: write.at(),
    };
    write.insert(row).await?;
    sessions::new_ticket(&mut write, &secret, person.id, "invitation", INVITATION_LASTS_SECONDS).await?;
    let until = write.at().plus_seconds(INVITATION_LASTS_SECONDS);
    let (subject, text) = mail::invitation(&new.address, &secret, &role.name, &programme.name, until);
    write.mail(&email, subject, text).await?;
    write.save().await?;
    Ok(format!("{}/invitations/{secret}", new.address))
}
