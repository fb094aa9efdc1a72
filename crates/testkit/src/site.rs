//! A whole site in a test's own process: a database of its own with two practice programmes in it, a clock that stands
//! still, and identifiers that are the same every time.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::practice::{Plan, populate, real_names};
use app::{App, Publishing, Settings};
use axum::Router;
use design::{Programme, Sources};
use kernel::{Clock, Day, Deadline, FixedClock, IdSource, Moment, SeededIds};
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Db, Target, Writer};
use tables::{EntryId, appointment, circle, entry, journal, mail, person, place, programme};

use crate::Visitor;
use crate::postgres::{self, TestDatabase};

/// The practice programme that stories are told in: places Riverside, Lantern Hill and Saltmarsh, 60 entries.
pub const PRACTICE: &str = "/programmes/practice-healthy-communities-together";
/// A second one, on another design, with places of the same names.
pub const OTHER: &str = "/programmes/practice-health-equalities";

const ADDRESS: &str = "http://commonweal.example";

/// A site of one test.
pub struct TestSite {
    app: App,
    router: Router,
    clock: Arc<FixedClock>,
    ids: Arc<SeededIds>,
    _database: Database,
}

/// What has to go when the test is over.
enum Database {
    File { _folder: tempfile::TempDir },
    Postgres { _database: TestDatabase },
}

/// The day on which the site stands, a Friday: its clock says ten in the morning.
pub fn today() -> Day {
    Day::new(2026, 11, 20).expect("a day")
}

fn settings(demonstration: bool) -> Settings {
    let publishing = Publishing::new("360G-example", None).ok();
    Settings { address: ADDRESS.into(), behind_proxy: false, demonstration, clamd: None, publishing }
}

impl TestSite {
    /// A site on a SQLite file of its own, copied from one that is made once.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let file = folder.path().join("commonweal.db");
        let template = sqlite_template().await;
        std::fs::copy(&template, &file).expect("a copy of the prepared database");
        Self::on(Target::File(file), Database::File { _folder: folder }).await
    }

    /// A site on a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        let prepare = async |url: String| {
            fill(&Target::Postgres(url)).await;
            Ok(())
        };
        let database = postgres::fresh_database(&fixture(), prepare).await.expect("a PostgreSQL database");
        Self::on(Target::Postgres(database.url()), Database::Postgres { _database: database }).await
    }

    /// A site on a copy of this empty SQLite file, or where there is none, on an empty PostgreSQL database: all that is in it is
    /// what it is filled with.
    pub(crate) async fn made(empty: Option<&Path>, sources: Sources, fill: impl AsyncFnOnce(&Db)) -> Self {
        let (target, database) = match empty {
            Some(empty) => {
                let folder = tempfile::tempdir().expect("a folder for the database");
                let file = folder.path().join("commonweal.db");
                std::fs::copy(empty, &file).expect("a copy of the empty database");
                (Target::File(file), Database::File { _folder: folder })
            }
            None => {
                let migrate = async |url: String| {
                    Db::open(&Target::Postgres(url), 1).await.map_err(|e| e.to_string())?.close().await;
                    Ok::<(), String>(())
                };
                let key = format!("empty {}", store::schema_digest());
                let database = postgres::fresh_database(&key, migrate).await.expect("a PostgreSQL database");
                (Target::Postgres(database.url()), Database::Postgres { _database: database })
            }
        };
        let db = Db::open(&target, 2).await.expect("an open database");
        fill(&db).await;
        Self::over(db, database, sources)
    }

    async fn on(target: Target, database: Database) -> Self {
        let db = Db::open(&target, 2).await.expect("an open database");
        Self::over(db, database, sources())
    }

    fn over(db: Db, database: Database, sources: Sources) -> Self {
        let clock = Arc::new(FixedClock::at(Deadline { day: today(), hour: 10, minute: 0 }.moment()));
        let ids = Arc::new(SeededIds::new(8360));
        let app = App::new(db, clock.clone(), ids.clone(), settings(true), sources);
        Self { router: app::site(app.clone()), app, clock, ids, _database: database }
    }

    /// The same site and database, no demonstration.
    #[must_use]
    pub fn in_earnest(self) -> Self {
        self.with(settings(false))
    }
    /// The same site and database, where every file goes through this scanner.
    #[must_use]
    pub fn with_scanner(self, clamd: &str) -> Self {
        self.with(Settings { clamd: Some(clamd.parse().expect("an address")), ..settings(true) })
    }
    fn with(mut self, settings: Settings) -> Self {
        self.app = App::new(self.db().clone(), self.clock.clone(), self.ids.clone(), settings, sources());
        self.router = app::site(self.app.clone());
        self
    }

    pub fn db(&self) -> &Db {
        self.app.db()
    }
    /// What the server's own chores work with.
    pub fn app(&self) -> &App {
        &self.app
    }
    pub fn clock(&self) -> &FixedClock {
        &self.clock
    }
    pub fn now(&self) -> Moment {
        self.clock.now()
    }
    /// Somebody with a browser, not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }
    /// Somebody signed in as one of the practice people, such as “Consultant, Riverside”.
    pub async fn signed_in_as(&self, name: &str) -> Visitor {
        let mut visitor = self.visitor();
        visitor.sign_in_as(name).await;
        visitor
    }
    /// Somebody signed in at another server on the same database, which has a memory of its own.
    pub async fn signed_in_elsewhere_as(&self, name: &str) -> Visitor {
        let app = App::new(self.db().clone(), self.clock.clone(), self.ids.clone(), settings(true), sources());
        let mut visitor = Visitor::new(app::site(app));
        visitor.sign_in_as(name).await;
        visitor
    }

    /// How many records the journal holds, and how many mails were ever written: what a change adds to.
    pub async fn written(&self) -> (u64, u64) {
        let records = journal::Entity::find().count(self.db().reader()).await.expect("the journal");
        let mails = mail::Entity::find().count(self.db().reader()).await.expect("the post");
        (records, mails)
    }
    /// Walks the journal and fails where its chain is broken.
    pub async fn journal_is_whole(&self) {
        let found = store::journal::verify(self.db()).await.expect("the journal");
        assert!(found.broken.is_empty(), "{:?}", found.broken);
        assert!(found.records > 0, "the journal is empty");
    }
    /// What was done, as the journal names it, the oldest first, from this record of the practice programme on.
    pub async fn acts_since(&self, number: i64) -> Vec<String> {
        let programme = self.programme(PRACTICE).await;
        let records = journal::Entity::find()
            .filter(journal::COLUMN.chain.eq(programme.id.0))
            .filter(journal::COLUMN.number.gt(number))
            .order_by_asc(journal::Column::Number);
        let records = records.all(self.db().reader()).await.expect("the journal");
        records.into_iter().map(|r| r.act).collect()
    }
    /// The number of the practice programme's last journal record.
    pub async fn last_record(&self) -> i64 {
        let programme = self.programme(PRACTICE).await;
        let last =
            journal::Entity::find().filter(journal::COLUMN.chain.eq(programme.id.0)).order_by_desc(journal::Column::Number);
        last.one(self.db().reader()).await.expect("the journal").map_or(0, |r| r.number)
    }

    /// Mails to this address, the newest last: subject and text.
    pub async fn mails_to(&self, address: &str) -> Vec<(String, String)> {
        let mails = mail::Entity::find().filter(mail::COLUMN.recipient.eq(address)).order_by_asc(mail::Column::CreatedAt);
        let mails = mails.order_by_asc(mail::Column::Id).all(self.db().reader()).await.expect("the post");
        mails.into_iter().map(|m| (m.subject, m.text)).collect()
    }
    /// The path of the link in the last mail to this address.
    pub async fn link_sent_to(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let (_, text) = mails.last().unwrap_or_else(|| panic!("no mail to {address}"));
        let link = text.split_whitespace().find_map(|w| w.strip_prefix(ADDRESS));
        link.unwrap_or_else(|| panic!("no link in: {text}")).to_string()
    }

    /// The programme whose pages start with this path.
    pub async fn programme(&self, home: &str) -> programme::Model {
        let slug = home.trim_start_matches("/programmes/");
        let found = programme::Entity::find().filter(programme::COLUMN.slug.eq(slug)).one(self.db().reader()).await;
        found.expect("programmes").unwrap_or_else(|| panic!("no programme {slug}"))
    }
    /// A place of the practice programme, by the end of its address.
    pub async fn place(&self, slug: &str) -> place::Model {
        let programme = self.programme(PRACTICE).await.id;
        let found = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme)).filter(place::COLUMN.slug.eq(slug));
        found.one(self.db().reader()).await.expect("places").unwrap_or_else(|| panic!("no place {slug}"))
    }
    /// Somebody of the practice programme, by name.
    pub async fn person(&self, name: &str) -> person::Model {
        self.appointed(name).await.1
    }
    /// The first role that somebody of the practice programme was appointed to.
    pub async fn appointment(&self, name: &str) -> appointment::Model {
        self.appointed(name).await.0
    }
    async fn appointed(&self, name: &str) -> (appointment::Model, person::Model) {
        let programme = self.programme(PRACTICE).await.id;
        let people = person::Entity::find().filter(person::COLUMN.name.eq(name)).all(self.db().reader()).await.expect("people");
        for person in people {
            let theirs = appointment::Entity::find()
                .filter(appointment::COLUMN.person_id.eq(person.id))
                .filter(appointment::COLUMN.programme_id.eq(programme))
                .order_by_asc(appointment::Column::CreatedAt);
            if let Some(held) = theirs.one(self.db().reader()).await.expect("appointments") {
                return (held, person);
            }
        }
        panic!("nobody in the practice programme is called {name}")
    }
    /// An entry as it stands.
    pub async fn entry(&self, id: EntryId) -> entry::Model {
        entry::Entity::find_by_id(id).one(self.db().reader()).await.expect("entries").expect("the entry")
    }

    /// Writes past the pages, for what a test needs to be there before it starts.
    pub fn writer(&self) -> Writer {
        Writer { actor: None, clock: self.clock.clone(), ids: self.ids.clone() }
    }
    /// Puts an entry there. Whoever is named as its author writes it in the first role they were appointed to.
    pub async fn put(&self, draft: Draft<'_>) -> entry::Model {
        let (held, author) = self.appointed(draft.author).await;
        let programme = held.programme_id;
        let circle_of = |key: &str| {
            circle::Entity::find()
                .filter(circle::COLUMN.programme_id.eq(programme))
                .filter(circle::COLUMN.key.eq(key))
                .one(self.db().reader())
        };
        let circle = circle_of(draft.circle).await.expect("circles").unwrap_or_else(|| panic!("no circle {}", draft.circle));
        let place = match draft.place {
            Some(slug) => Some(self.place(slug).await.id),
            None => None,
        };
        let now = self.clock.now();
        let row = entry::Model {
            id: EntryId(self.ids.next(now)),
            programme_id: programme,
            place_id: place,
            circle_id: circle.id,
            kind: draft.kind.into(),
            title: draft.title.into(),
            text: draft.text.into(),
            happened_on: today().plus_days(-2),
            author_id: author.id,
            appointment_id: held.id,
            revision: 1,
            written_at: now,
            changed_at: now,
            source_id: draft.source.map(|s| s.id),
            source_circle_id: draft.source.map(|s| s.circle_id),
            source_revision: draft.source.map(|s| s.revision),
        };
        let mut write = self.db().write(&self.writer(), "prepare a test").await.expect("a write");
        let row = write.insert(row).await.expect("an entry");
        write.index(std::slice::from_ref(&row)).await.expect("an indexed entry");
        write.save().await.expect("a saved entry");
        row
    }
}

/// An entry to be put there; what a test does not say is what most entries are like.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    pub author: &'a str,
    pub circle: &'a str,
    pub place: Option<&'a str>,
    pub kind: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    pub source: Option<&'a entry::Model>,
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self {
            author: "Consultant, Riverside",
            circle: "support",
            place: Some("riverside"),
            kind: "note",
            title: "A note",
            text: "What was noted.",
            source: None,
        }
    }
}

fn crates() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the crates")
}

fn sources() -> Sources {
    Sources::read(&crates().join("../programmes/sources.toml")).expect("the sources")
}

fn designs() -> (Vec<Programme>, Sources) {
    let (folder, sources) = (crates().join("../programmes"), sources());
    let slugs = ["healthy-communities-together", "health-equalities"];
    let programmes = slugs.iter().map(|slug| Programme::read(&folder.join(slug), &sources).expect("a design"));
    (programmes.collect(), sources)
}

/// Every design that there is, always in the same order.
pub(crate) fn every_design() -> (Vec<Programme>, Sources) {
    let (folder, sources) = (crates().join("../programmes"), sources());
    let found = std::fs::read_dir(&folder).expect("the designs").flatten().map(|e| e.path()).filter(|path| path.is_dir());
    let mut folders: Vec<PathBuf> = found.collect();
    folders.sort();
    let programmes = folders.iter().map(|folder| Programme::read(folder, &sources).expect("a design"));
    (programmes.collect(), sources)
}

/// Makes the database that the tests copy.
async fn fill(target: &Target) {
    let db = Db::open(target, 1).await.expect("an empty database");
    let (designs, sources) = designs();
    let real_names = real_names(&designs, &sources);
    // The second programme is a day younger, so that the first is offered first.
    let plans = [(&designs[0], 3, 60, today().plus_days(-2)), (&designs[1], 2, 10, today().plus_days(-1))];
    for (seed, (design, places, entries, as_of)) in (1..).zip(plans) {
        let plan = Plan {
            design,
            real_names: real_names.clone(),
            places,
            entries,
            applications: 0,
            awards: false,
            followed: false,
            seed,
            as_of,
        };
        populate(&db, &plan, &mut |_| {}).await.expect("a practice programme");
    }
    db.close().await;
}

async fn sqlite_template() -> PathBuf {
    let folder = std::env::temp_dir().join("commonweal-test-templates");
    let template = folder.join(format!("{}.db", fixture()));
    if template.is_file() {
        return template;
    }
    std::fs::create_dir_all(&folder).expect("a folder for prepared databases");
    // Another process may be at the same work: each makes its own, and the last to finish gives it its name.
    let making = tempfile::tempdir_in(&folder).expect("a folder to prepare a database in");
    let file = making.path().join("commonweal.db");
    fill(&Target::File(file.clone())).await;
    forget_old_templates(&folder);
    std::fs::rename(&file, &template).expect("the prepared database");
    template
}

/// Those that nothing has been made from for long. What cannot be removed does no harm.
fn forget_old_templates(folder: &Path) {
    const MOST: usize = 5;
    let found = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.is_file());
    let mut found: Vec<_> = found.filter_map(|p| Some((p.metadata().ok()?.modified().ok()?, p))).collect();
    found.sort();
    for (_, old) in found.iter().rev().skip(MOST) {
        match std::fs::remove_file(old) {
            Err(e) if e.kind() != ErrorKind::NotFound => eprintln!("{}: {e}", old.display()),
            _ => {}
        }
    }
}

/// Tells one prepared database from another: by everything that has a say in what is in it.
fn fixture() -> String {
    let mut files = Vec::new();
    for folder in ["testkit/src", "store/src", "tables/src", "app/src/practice", "app/src/programmes", "../programmes"] {
        files_below(&crates().join(folder), &mut files);
    }
    files.sort();
    let all: String = files.iter().filter_map(|f| std::fs::read_to_string(f).ok()).collect();
    format!("site {} {}", store::schema_digest(), &store::sha256(all.as_bytes())[..16]).replace(' ', "-")
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()) {
        if path.is_dir() { files_below(&path, files) } else { files.push(path) }
    }
}
