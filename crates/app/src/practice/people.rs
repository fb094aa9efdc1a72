//! Made-up people, named by role, with the appointments they hold and held.

use std::collections::HashMap;

use design::{Design, Power, Programme, Role, Scope, Side, Sponsor};
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{
    AppointmentId, CircleId, OrganisationId, PersonId, PlaceId, ProgrammeId, appointment, circle, organisation, partner, person,
    place,
};

use crate::ground::Snapshot;
use crate::people::held_on;

/// Somebody who can write: who, in which role, for which place.
pub(super) struct Player {
    pub person: PersonId,
    pub appointment: AppointmentId,
    pub role: String,
    pub place: Option<usize>,
}

/// Everybody, with what an entry has to point to.
pub(super) struct Cast {
    pub people: usize,
    pub players: Vec<Player>,
    /// In the order of the document.
    pub places: Vec<PlaceId>,
    pub circles: HashMap<String, CircleId>,
}

/// How many assess: enough that the loads of a small call can be seen to be even.
const ASSESSORS: usize = 6;

/// Whether a sponsor decides at any stage of the call; all do where no stage names who does.
fn decides(design: &Design, sponsor: &Sponsor) -> bool {
    let stages = || design.call.iter().flat_map(|c| &c.stages);
    let named = stages().any(|s| !s.deciders.is_empty());
    !named || stages().any(|s| s.deciders.contains(&sponsor.key))
}

/// Somebody who holds a role of the whole programme.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub person: PersonId,
    pub name: String,
    /// Nobody real: they do what whoever plays tells them.
    pub made_up: bool,
    /// The sponsor they speak for.
    pub sponsor: Option<String>,
}

/// Those who hold a role today that gives this power, by name.
pub(super) async fn holding(write: &Write, programme: &Snapshot, power: Power) -> Result<Vec<Holder>, Fault> {
    let roles = programme.programme.design.roles.iter().filter(|r| r.may.contains(&power));
    let roles: Vec<&str> = roles.map(|r| r.key.as_str()).collect();
    let of_person = appointment::Entity::belongs_to(person::Entity).from(appointment::Column::PersonId).to(person::Column::Id);
    let found: Vec<(PersonId, String, bool, Option<String>)> = appointment::Entity::find()
        .join(JoinType::InnerJoin, of_person.into())
        .filter(appointment::COLUMN.programme_id.eq(programme.id))
        .filter(appointment::COLUMN.role.is_in(roles))
        .filter(appointment::COLUMN.place_id.is_null())
        .filter(held_on(write.at().day(), write.at()))
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Name)
        .column(person::Column::Practice)
        .column(appointment::Column::Sponsor)
        .into_tuple()
        .all(write.tx())
        .await
        .map_err(fault("list who holds a role"))?;
    Ok(found.into_iter().map(|(person, name, made_up, sponsor)| Holder { person, name, made_up, sponsor }).collect())
}

struct Casting<'a> {
    programme: ProgrammeId,
    document: &'a Programme,
    as_of: Day,
    people: Vec<person::Model>,
    appointments: Vec<appointment::Model>,
    players: Vec<Player>,
}

pub(super) async fn cast(write: &mut Write, programme: ProgrammeId, document: &Programme, as_of: Day) -> Result<Cast, Fault> {
    let places = place::Entity::find()
        .filter(place::COLUMN.programme_id.eq(programme))
        .all(write.tx())
        .await
        .map_err(fault("list places"))?;
    let by_slug: HashMap<String, PlaceId> = places.into_iter().map(|p| (p.slug, p.id)).collect();
    let places: Vec<PlaceId> = document.history.places.iter().filter_map(|p| by_slug.get(&p.slug).copied()).collect();
    let circles = circle::Entity::find()
        .filter(circle::COLUMN.programme_id.eq(programme))
        .all(write.tx())
        .await
        .map_err(fault("list circles"))?;
    let seats = seats(write, programme).await?;
    let mut casting = Casting { programme, document, as_of, people: Vec::new(), appointments: Vec::new(), players: Vec::new() };
    for role in document.design.roles.iter().filter(|r| r.scope == Scope::Programme) {
        casting.programme_role(write, role);
    }
    for (number, &id) in places.iter().enumerate() {
        let organisations = seats.get(&id).map_or(&[][..], Vec::as_slice);
        for role in document.design.roles.iter().filter(|r| r.scope == Scope::Place) {
            casting.place_role(write, role, number, id, organisations);
        }
        casting.predecessor(write, number, id);
    }
    let people = casting.people.len();
    write.insert_all(casting.people).await?;
    write.insert_all(casting.appointments).await?;
    Ok(Cast { people, players: casting.players, places, circles: circles.into_iter().map(|c| (c.key, c.id)).collect() })
}

/// The partner organisations of each place, the lead first.
async fn seats(write: &Write, programme: ProgrammeId) -> Result<HashMap<PlaceId, Vec<OrganisationId>>, Fault> {
    let mut partners = partner::Entity::find()
        .filter(partner::COLUMN.programme_id.eq(programme))
        .all(write.tx())
        .await
        .map_err(fault("list partners"))?;
    let keys = organisation::Entity::find()
        .filter(organisation::COLUMN.practice.eq(true))
        .all(write.tx())
        .await
        .map_err(fault("list organisations"))?;
    let keys: HashMap<OrganisationId, String> = keys.into_iter().map(|o| (o.id, o.key)).collect();
    partners.sort_by_key(|p| (p.place_id, !p.lead, keys.get(&p.organisation_id).cloned()));
    let mut seats: HashMap<PlaceId, Vec<OrganisationId>> = HashMap::new();
    for partner in partners {
        seats.entry(partner.place_id).or_default().push(partner.organisation_id);
    }
    Ok(seats)
}

impl Casting<'_> {
    /// A role of the programme has one holder; one that leads for the sponsors has one for each of the first two, one
    /// that only decides has one for each sponsor that does, and there are as many assessors as an example needs.
    fn programme_role(&mut self, write: &Write, role: &Role) {
        use design::Power::{Assess, Decide, RunProgramme};
        let design = &self.document.design;
        let may = |power| role.may.contains(&power);
        let voices: Vec<&Sponsor> = match () {
            () if may(RunProgramme) => design.sponsors.iter().take(2).collect(),
            () if may(Decide) => design.sponsors.iter().filter(|s| decides(design, s)).collect(),
            () => Vec::new(),
        };
        let holders: Vec<(String, Option<String>)> = match &voices[..] {
            _ if may(Assess) => (1..=ASSESSORS).map(|n| (format!("{} {n}", role.name), None)).collect(),
            [] => vec![(role.name.clone(), None)],
            [one] => vec![(role.name.clone(), Some(one.key.clone()))],
            several => several.iter().map(|s| (format!("{}, {}", role.name, s.part.words()), Some(s.key.clone()))).collect(),
        };
        let count = holders.len();
        for (number, (name, sponsor)) in holders.into_iter().enumerate() {
            let name =
                if number > 0 && self.people.iter().any(|p| p.name == name) { format!("{name} {}", number + 1) } else { name };
            let address = if count > 1 { format!("{}-{}", role.key, number + 1) } else { role.key.clone() };
            self.appoint(write, name, &address, &role.key, None, None, None);
            if let Some(appointment) = self.appointments.last_mut() {
                appointment.sponsor = sponsor.filter(|_| may(Decide));
            }
        }
    }

    /// A role of a place has one holder; a representative's, one for each partner but the lead, and a steering
    /// member's as many as the design's rule asks for.
    fn place_role(&mut self, write: &Write, role: &Role, number: usize, place: PlaceId, organisations: &[OrganisationId]) {
        let here = &self.document.history.places[number];
        let (name, slug) = (here.name.clone(), here.slug.clone());
        let rule = self.document.design.place_rule.as_ref().and_then(|r| r.at_least);
        let leads = role.may.contains(&design::Power::ManagePeople);
        let many = role.side == Side::Place && !leads && role.key.contains("member") && rule.is_some();
        let count = if many { rule.unwrap_or(1).min(12) as usize } else { 1 };
        for holder in 0..count {
            let title =
                if count > 1 { format!("{} {}, {name}", role.name, holder + 1) } else { format!("{}, {name}", role.name) };
            let address = if count > 1 { format!("{}-{}.{slug}", role.key, holder + 1) } else { format!("{}.{slug}", role.key) };
            let organisation = match role.side {
                Side::Place if leads => organisations.first().copied(),
                Side::Place if !organisations.is_empty() => Some(organisations[(holder + 1) % organisations.len()]),
                _ => None,
            };
            self.appoint(write, title, &address, &role.key, Some((number, place)), organisation, None);
        }
    }

    /// People change: every place has somebody who led it before.
    fn predecessor(&mut self, write: &Write, number: usize, place: PlaceId) {
        let leads = |r: &&Role| r.scope == Scope::Place && r.side == Side::Place && r.may.contains(&design::Power::ManagePeople);
        let Some(role) = self.document.design.roles.iter().find(leads) else { return };
        let here = &self.document.history.places[number];
        let name = format!("{} before, {}", role.name, here.name);
        let (address, key) = (format!("{}-before.{}", role.key, here.slug), role.key.clone());
        let left = self.as_of.plus_months(-5);
        self.appoint(write, name, &address, &key, Some((number, place)), None, Some(left));
    }

    #[expect(clippy::too_many_arguments, reason = "one row's worth of facts, called three times above")]
    fn appoint(
        &mut self,
        write: &Write,
        name: String,
        address: &str,
        role: &str,
        place: Option<(usize, PlaceId)>,
        organisation: Option<OrganisationId>,
        left: Option<Day>,
    ) {
        let person = PersonId(write.id());
        let host = &self.document.design.slug;
        self.people.push(person::Model {
            id: person,
            name,
            email: Some(format!("{address}@{host}.example")),
            password_hash: None,
            practice: true,
            created_at: write.at(),
        });
        let appointment = AppointmentId(write.id());
        self.appointments.push(appointment::Model {
            id: appointment,
            programme_id: self.programme,
            person_id: person,
            role: role.to_string(),
            organisation_id: organisation,
            sponsor: None,
            place_id: place.map(|(_, id)| id),
            from_day: self.as_of.plus_months(if left.is_some() { -30 } else { -18 }),
            to_day: left,
            ended_at: None,
            created_at: write.at(),
        });
        if left.is_none() {
            self.players.push(Player { person, appointment, role: role.to_string(), place: place.map(|(number, _)| number) });
        }
    }
}
