//! A database of a test's own, on either engine, and rows to put into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::{Clock, Day, Moment, RandomIds};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, EntityTrait, Statement};
use store::{Db, Target, Write, Writer, schema_digest};
use tables::{
    AppointmentId, CircleId, DesignVersionId, EntryId, PersonId, PlaceId, ProgrammeId, Uuid, appointment, circle, entry, person,
    place, programme,
};
use tempfile::TempDir;

use crate::postgres::{TestDatabase, fresh_database};

/// Runs each test on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::house::House::sqlite().await).await;
            }
        )+}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::house::House::postgres().await).await;
            }
        )+}
    };
}

/// Every table, those first that others point to.
pub const TABLES: [&str; 86] = [
    "programmes",
    "design_versions",
    "circles",
    "organisations",
    "places",
    "partners",
    "people",
    "appointments",
    "sessions",
    "tickets",
    "entries",
    "entry_revisions",
    "forms",
    "sheets",
    "answers",
    "blobs",
    "files",
    "reflection_rounds",
    "reflections",
    "reflection_links",
    "calls",
    "applications",
    "applicants",
    "members",
    "remarks",
    "reopenings",
    "assessors",
    "conflicts",
    "readings",
    "scores",
    "decisions",
    "assents",
    "awards",
    "signatures",
    "payment_files",
    "instalments",
    "variations",
    "budget_cells",
    "approvals",
    "spend_layouts",
    "matters",
    "steps",
    "agreements",
    "proposals",
    "consents",
    "plan_lines",
    "marker_readings",
    "tipping_points_reached",
    "statement_moves",
    "evidence",
    "review_answers",
    "skills",
    "themes",
    "theme_changes",
    "marks",
    "mark_themes",
    "mark_links",
    "photographs",
    "outputs",
    "quotations",
    "publications",
    "published_quotations",
    "gatherings",
    "sign_ups",
    "feedbacks",
    "origins",
    "calendar_feeds",
    "peer_profiles",
    "topics",
    "mentions",
    "follows",
    "mail_choices",
    "accounts",
    "movements",
    "postings",
    "portfolios",
    "grant_segments",
    "grant_words",
    "published_grants",
    "journal",
    "journal_heads",
    "mails",
    "handled_forms",
    "attempts",
    "search_documents",
    "migrations",
];

/// A noon to count from.
pub const NOON: Moment = Moment::from_micros(1_774_612_800_000_000);

/// Every look at this clock finds it a second later, so that what is written first is the older.
#[derive(Debug)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Moment {
        NOON.plus_seconds(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

pub struct House {
    pub db: Db,
    pub target: Target,
    writer: Writer,
    _kept: Kept,
}

#[expect(dead_code, reason = "held only to be dropped")]
enum Kept {
    Folder(TempDir),
    Postgres(TestDatabase),
}

impl House {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::at(Target::in_folder(folder.path()), Kept::Folder(folder)).await
    }

    pub async fn postgres() -> Self {
        let key = schema_digest();
        let database = fresh_database(&key, async |url| {
            Db::open(&Target::Postgres(url), 1).await.map_err(|e| e.to_string())?.close().await;
            Ok(())
        });
        let database = database.await.unwrap();
        Self::at(Target::Postgres(database.url()), Kept::Postgres(database)).await
    }

    /// An empty one on the other engine.
    pub async fn opposite(&self) -> Self {
        if self.db.is_sqlite() { Self::postgres().await } else { Self::sqlite().await }
    }

    async fn at(target: Target, kept: Kept) -> Self {
        let db = Db::open(&target, 3).await.unwrap();
        let writer = Writer { actor: None, clock: Arc::new(Ticking(AtomicI64::new(0))), ids: Arc::new(RandomIds) };
        Self { db, target, writer, _kept: kept }
    }

    pub async fn write(&self, act: &'static str) -> Write {
        self.db.write(&self.writer, act).await.unwrap()
    }

    pub async fn write_as(&self, actor: PersonId, act: &'static str) -> Write {
        self.db.write(&Writer { actor: Some(actor), ..self.writer.clone() }, act).await.unwrap()
    }

    /// A connection that goes past everything this crate keeps watch over, as an intruder's would.
    pub async fn intruder(&self) -> DatabaseConnection {
        intruder(&self.target).await
    }

    pub async fn count(&self, table: &str) -> i64 {
        let ask = Statement::from_string(self.db.engine(), format!("SELECT count(*) AS n FROM {table}"));
        self.db.reader().query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    /// How many rows there are in all tables together, but for the note of which migrations ran.
    pub async fn rows(&self) -> i64 {
        let mut rows = 0;
        for table in TABLES.iter().filter(|t| **t != "migrations") {
            rows += self.count(table).await;
        }
        rows
    }

    pub async fn all<E: EntityTrait>(&self) -> Vec<E::Model> {
        E::find().all(self.db.reader()).await.unwrap()
    }

    /// A programme with somebody in it who can write, two places and three circles.
    pub async fn programme(&self, slug: &str) -> Setting {
        let mut write = self.write("load a design").await;
        let at = write.at();
        let id = ProgrammeId(write.id());
        let row = programme::Model {
            id,
            slug: slug.into(),
            name: format!("The {slug} programme"),
            practice: true,
            design_version_id: DesignVersionId(write.id()),
            created_at: at,
        };
        write.insert(row).await.unwrap();
        let mut circles = Vec::new();
        for key in ["place", "support", "programme"] {
            let row = circle::Model { id: CircleId(write.id()), programme_id: id, key: key.into(), created_at: at };
            circles.push(write.insert(row).await.unwrap().id);
        }
        let mut places = Vec::new();
        for name in ["Riverside", "Saltmarsh"] {
            let row = place::Model {
                id: PlaceId(write.id()),
                programme_id: id,
                slug: name.to_lowercase(),
                name: name.into(),
                problem: String::new(),
                vision: String::new(),
                revision: 1,
                created_at: at,
            };
            places.push(write.insert(row).await.unwrap().id);
        }
        let author = somebody(&write, &format!("Writer of {slug}"));
        let author = write.insert(author).await.unwrap().id;
        let appointment = appointment::Model {
            id: AppointmentId(write.id()),
            programme_id: id,
            person_id: author,
            role: "lead".into(),
            organisation_id: None,
            sponsor: None,
            place_id: None,
            from_day: today(),
            to_day: None,
            ended_at: None,
            created_at: at,
        };
        let appointment = write.insert(appointment).await.unwrap().id;
        write.save().await.unwrap();
        Setting { id, circles: circles.try_into().unwrap(), places: places.try_into().unwrap(), author, appointment }
    }

    /// Writes an entry and makes it findable.
    pub async fn record(&self, entry: entry::Model) -> EntryId {
        let mut write = self.write_as(entry.author_id, "record an entry").await;
        let entry = entry::Model { written_at: write.at(), changed_at: write.at(), ..entry };
        let entry = write.insert(entry).await.unwrap();
        write.index(std::slice::from_ref(&entry)).await.unwrap();
        write.save().await.unwrap();
        entry.id
    }
}

pub async fn intruder(target: &Target) -> DatabaseConnection {
    let url = match target {
        Target::File(path) => format!("sqlite://{}?mode=rwc", path.display()),
        Target::Postgres(url) => url.clone(),
    };
    Database::connect(url).await.unwrap()
}

pub struct Setting {
    pub id: ProgrammeId,
    pub circles: [CircleId; 3],
    pub places: [PlaceId; 2],
    pub author: PersonId,
    pub appointment: AppointmentId,
}

impl Setting {
    /// An entry about the first place in the first circle, not written yet.
    pub fn entry(&self, title: &str, text: &str) -> entry::Model {
        entry::Model {
            id: EntryId(new_id()),
            programme_id: self.id,
            place_id: Some(self.places[0]),
            circle_id: self.circles[0],
            kind: "session".into(),
            title: title.into(),
            text: text.into(),
            happened_on: today(),
            author_id: self.author,
            appointment_id: self.appointment,
            revision: 1,
            written_at: NOON,
            changed_at: NOON,
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        }
    }
}

pub fn somebody(write: &Write, name: &str) -> person::Model {
    let id = PersonId(write.id());
    person::Model {
        id,
        name: name.into(),
        email: Some(format!("{id}@people.example")),
        password_hash: Some("$argon2id$secret".into()),
        practice: true,
        created_at: write.at(),
    }
}

pub fn new_id() -> Uuid {
    kernel::IdSource::next(&RandomIds, NOON)
}

pub fn today() -> Day {
    NOON.day()
}
