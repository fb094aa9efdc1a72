//! Who is looking, and what follows from the roles they hold now: nothing else gives access to anything.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use design::{Framework, Power, Scope};
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromQueryResult, JoinType, QueryOrder, QuerySelect, Statement};
use store::fault;
use store::search::Reach;
use tables::{
    AppointmentId, CircleId, DesignVersionId, PersonId, PlaceId, ProgrammeId, SessionId, appointment, place, programme,
};

use super::{App, Snapshot};

pub(crate) const SESSION: &str = "commonweal_session";

/// A role held now.
#[derive(Debug, Clone)]
pub struct Held {
    pub id: AppointmentId,
    pub role: String,
    pub place: Option<PlaceId>,
    /// The sponsor whose voice it has.
    pub sponsor: Option<String>,
    pub programme: Arc<Snapshot>,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub person: PersonId,
    pub name: String,
    pub session: SessionId,
    pub before_at: Option<Moment>,
    pub seen_at: Moment,
}

/// Whoever asks for a page.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    pub signed_in: Option<SignedIn>,
    pub held: Vec<Held>,
}

#[derive(FromQueryResult)]
struct Row {
    session_id: SessionId,
    person_id: PersonId,
    name: String,
    seen_at: Moment,
    before_at: Option<Moment>,
    appointment_id: Option<AppointmentId>,
    role: Option<String>,
    sponsor: Option<String>,
    place_id: Option<PlaceId>,
    programme_id: Option<ProgrammeId>,
    slug: Option<String>,
    programme_name: Option<String>,
    practice: Option<bool>,
    design_version_id: Option<DesignVersionId>,
    programme_made_at: Option<Moment>,
    /// The place that the path names, where it is one of this role's programme.
    at_id: Option<PlaceId>,
    at_slug: Option<String>,
    at_name: Option<String>,
    at_problem: Option<String>,
    at_vision: Option<String>,
    at_revision: Option<i32>,
    at_made_at: Option<Moment>,
}

/// One query for all of it: it runs on every request.
const LOAD: &str = "SELECT s.id AS session_id, s.person_id AS person_id, p.name AS name, s.seen_at AS seen_at, s.before_at AS before_at, \
    a.id AS appointment_id, a.role AS role, a.sponsor AS sponsor, a.place_id AS place_id, a.programme_id AS programme_id, \
    m.slug AS slug, m.name AS programme_name, m.practice AS practice, m.design_version_id AS design_version_id, m.created_at AS programme_made_at, \
    w.id AS at_id, w.slug AS at_slug, w.name AS at_name, w.problem AS at_problem, w.vision AS at_vision, w.revision AS at_revision, w.created_at AS at_made_at \
    FROM sessions s JOIN people p ON p.id = s.person_id \
    LEFT JOIN appointments a ON a.person_id = s.person_id AND a.from_day <= $2 AND (a.to_day IS NULL OR a.to_day >= $2) \
        AND (a.ended_at IS NULL OR a.ended_at > $3) \
    LEFT JOIN programmes m ON m.id = a.programme_id \
    LEFT JOIN places w ON w.programme_id = m.id AND m.slug = $4 AND w.slug = $5 \
    WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $3 ORDER BY a.created_at, a.id";

impl Viewer {
    /// Whoever the request's cookie says is signed in, with the roles held today; and the place that the path names by
    /// the slugs of programme and place, if they hold a role in that programme.
    pub(crate) async fn load(app: &App, headers: &HeaderMap, path: (&str, &str)) -> Result<(Self, Option<place::Model>), Fault> {
        let Some(token) = cookie_value(headers, SESSION) else { return Ok(Default::default()) };
        let (now, db) = (app.clock.now(), app.db.reader());
        let values = [hash_secret(token).into(), now.day().into(), now.into(), path.0.into(), path.1.into()];
        let statement = Statement::from_sql_and_values(app.db.engine(), LOAD, values);
        let rows = Row::find_by_statement(statement).all(db).await.map_err(fault("load who is signed in"))?;
        let Some(first) = rows.first() else { return Ok(Default::default()) };
        let place = rows.iter().find_map(Row::place);
        let signed_in = SignedIn {
            person: first.person_id,
            name: first.name.clone(),
            session: first.session_id,
            before_at: first.before_at,
            seen_at: first.seen_at,
        };
        let mut programmes: Vec<Arc<Snapshot>> = Vec::new();
        for row in rows.iter().filter_map(Row::programme) {
            if programmes.iter().all(|p| p.id != row.id) {
                programmes.push(app.snapshots.of(&app.db, &row).await?);
            }
        }
        let held = rows.into_iter().filter_map(|row| {
            let programme = programmes.iter().find(|p| Some(p.id) == row.programme_id)?.clone();
            Some(Held { id: row.appointment_id?, role: row.role?, place: row.place_id, sponsor: row.sponsor, programme })
        });
        Ok((Self { held: held.collect(), signed_in: Some(signed_in) }, place))
    }

    /// What somebody reads who is not here, such as through the address that their calendar asks: by the roles they hold now.
    /// They are not signed in by it.
    pub(crate) async fn of_person(app: &App, person: PersonId) -> Result<Self, Fault> {
        let now = app.clock.now();
        let held = appointment::Entity::find()
            .select_also(programme::Entity)
            .join(
                JoinType::InnerJoin,
                appointment::Entity::belongs_to(programme::Entity)
                    .from(appointment::Column::ProgrammeId)
                    .to(programme::Column::Id)
                    .into(),
            )
            .filter(appointment::COLUMN.person_id.eq(person))
            .filter(appointment::COLUMN.from_day.lte(now.day()))
            .filter(Condition::any().add(appointment::COLUMN.to_day.is_null()).add(appointment::COLUMN.to_day.gte(now.day())))
            .filter(Condition::any().add(appointment::COLUMN.ended_at.is_null()).add(appointment::COLUMN.ended_at.gt(now)))
            .order_by_asc(appointment::Column::CreatedAt)
            .order_by_asc(appointment::Column::Id)
            .all(app.db.reader())
            .await
            .map_err(fault("load the roles of somebody"))?;
        let mut viewer = Self::default();
        for (row, programme) in held.into_iter().filter_map(|(row, programme)| Some((row, programme?))) {
            let programme = app.snapshots.of(&app.db, &programme).await?;
            viewer.held.push(Held { id: row.id, role: row.role, place: row.place_id, sponsor: row.sponsor, programme });
        }
        Ok(viewer)
    }

    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.signed_in.as_ref().map(|s| s.person)
    }
    /// The roles held in a programme.
    pub fn held_in(&self, programme: ProgrammeId) -> impl Iterator<Item = &Held> + '_ {
        self.held.iter().filter(move |h| h.programme.id == programme)
    }
    /// Whether a role held in the programme has this power: for this place where one is given, for the whole
    /// programme where none is.
    #[must_use]
    pub fn may(&self, power: Power, programme: ProgrammeId, place: Option<PlaceId>) -> bool {
        self.held_in(programme).any(|h| h.reaches(place) && h.programme.role_may(&h.role, power))
    }
    /// Whether a role held in the programme has this power, for some place or for all.
    #[must_use]
    pub fn may_somewhere(&self, power: Power, programme: ProgrammeId) -> bool {
        self.held_in(programme).any(|h| h.programme.role_may(&h.role, power))
    }
    /// The sponsors for which the viewer may decide on applications of a programme, as its design names them.
    pub fn decides_for(&self, programme: ProgrammeId) -> impl Iterator<Item = &str> + '_ {
        let deciding = self.held_in(programme).filter(|h| h.programme.role_may(&h.role, Power::Decide));
        deciding.filter_map(|h| h.sponsor.as_deref())
    }
    /// The programmes whose advisory group the viewer is in now.
    #[must_use]
    pub fn advised(&self) -> Vec<Arc<Snapshot>> {
        let mut found: Vec<Arc<Snapshot>> = Vec::new();
        for held in self.held.iter().filter(|h| h.advises()) {
            if found.iter().all(|p| p.id != held.programme.id) {
                found.push(held.programme.clone());
            }
        }
        found
    }
    /// The circles of a programme that the viewer is in now, the public ones included.
    #[must_use]
    pub fn reach(&self, programme: &Snapshot) -> Vec<Reach> {
        let mut reach = vec![Reach { place: None, circles: programme.public_circles().collect() }];
        for held in self.held_in(programme.id) {
            for (id, circle) in held.programme.circles_of(&held.role) {
                let place = if circle.scope == Scope::Place { held.place } else { None };
                add(&mut reach, place, id);
            }
        }
        reach
    }
}

fn add(reach: &mut Vec<Reach>, place: Option<PlaceId>, circle: CircleId) {
    match reach.iter_mut().find(|r| r.place == place) {
        Some(known) if known.circles.contains(&circle) => {}
        Some(known) => known.circles.push(circle),
        None => reach.push(Reach { place, circles: vec![circle] }),
    }
}

impl Held {
    /// A role for one place reaches that place; a role for the whole programme reaches every place, and what is of none.
    #[must_use]
    pub fn reaches(&self, place: Option<PlaceId>) -> bool {
        self.place.is_none() || self.place == place
    }
    /// A role that takes part in a reflective framework: in the group of this place, or where there is none, of the programme.
    #[must_use]
    pub fn reflects(&self, framework: &Framework, place: Option<PlaceId>) -> bool {
        self.reaches(place) && framework.roles.contains(&self.role)
    }
    /// A role in an advisory group.
    #[must_use]
    pub fn advises(&self) -> bool {
        self.programme.programme.design.advises(&self.role)
    }
}

impl Row {
    fn place(&self) -> Option<place::Model> {
        Some(place::Model {
            id: self.at_id?,
            programme_id: self.programme_id?,
            slug: self.at_slug.clone()?,
            name: self.at_name.clone()?,
            problem: self.at_problem.clone()?,
            vision: self.at_vision.clone()?,
            revision: self.at_revision?,
            created_at: self.at_made_at?,
        })
    }
    fn programme(&self) -> Option<programme::Model> {
        Some(programme::Model {
            id: self.programme_id?,
            slug: self.slug.clone()?,
            name: self.programme_name.clone()?,
            practice: self.practice?,
            design_version_id: self.design_version_id?,
            created_at: self.programme_made_at?,
        })
    }
}

/// The value of one of the request's cookies.
#[must_use]
pub fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    cookies.filter_map(|c| c.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// What the database keeps of a secret: enough to recognise it, not enough to use it.
#[must_use]
pub fn hash_secret(secret: &str) -> String {
    store::sha256(secret.as_bytes())
}
