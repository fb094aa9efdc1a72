//! A place for a database, on either engine, and a look at its rows.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Database, EntityTrait, Statement};
use store::{Db, Target};
use tables::{
    account, agreement, answer, applicant, application, appointment, approval, assessor, award, budget_cell, call, circle,
    consent, design_version, entry, entry_revision, evidence, feedback, form, gathering, instalment, journal, journal_head, mark,
    mark_theme, marker_reading, matter, member, mention, movement, organisation, output, partner, payment_file, peer_profile,
    person, place, plan_line, posting, programme, publication, published_quotation, quotation, reached, reading, reflection,
    reflection_link, reflection_round, review_answer, score, search_document, sheet, sign_up, signature, skill, statement_move,
    step, theme, theme_change, topic, variation,
};
use tempfile::TempDir;
use testkit::postgres::{TestDatabase, fresh_database};

pub enum Place {
    Folder(TempDir),
    Postgres(TestDatabase),
}

impl Place {
    pub fn folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap())
    }
    pub fn postgres() -> Self {
        Self::Postgres(block_on(fresh_database("nothing", async |_| Ok(()))).unwrap())
    }
    pub fn both() -> [Self; 2] {
        [Self::folder(), Self::postgres()]
    }
    /// What `move` calls it.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.path().to_str().unwrap().to_string(),
            Self::Postgres(database) => database.url(),
        }
    }
    /// The command's words for it.
    pub fn args(&self) -> [String; 2] {
        let option = if matches!(self, Self::Folder(_)) { "--data" } else { "--database" };
        [option.into(), self.name()]
    }
    pub fn target(&self) -> Target {
        match self {
            Self::Folder(folder) => Target::in_folder(folder.path()),
            Self::Postgres(database) => Target::Postgres(database.url()),
        }
    }
    pub fn open(&self) -> Db {
        block_on(Db::open(&self.target(), 1)).unwrap()
    }
    /// Does something to the database behind everybody's back.
    pub fn tamper(&self, sql: &str) {
        let url = match self.target() {
            Target::File(path) => format!("sqlite://{}", path.display()),
            Target::Postgres(url) => url,
        };
        block_on(async {
            let raw = Database::connect(url).await.unwrap();
            raw.execute_unprepared(sql).await.unwrap();
            raw.close().await.unwrap();
        });
    }
    pub fn count(&self, table: &str) -> i64 {
        block_on(async {
            let db = Db::open(&self.target(), 1).await.unwrap();
            let ask = Statement::from_string(db.engine(), format!("SELECT count(*) AS n FROM {table}"));
            let n = db.reader().query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap();
            db.close().await;
            n
        })
    }
    /// Every row of every table that a practice programme fills, as text.
    pub fn rows(&self) -> BTreeMap<String, Vec<String>> {
        let db = self.open();
        let mut all = BTreeMap::new();
        macro_rules! read {
            ($($table:ident),+) => {$(
                let rows = block_on($table::Entity::find().all(db.reader())).unwrap();
                let mut rows: Vec<String> = rows.iter().map(|r| format!("{r:?}")).collect();
                rows.sort();
                all.insert(stringify!($table).to_string(), rows);
            )+};
        }
        read!(programme, design_version, circle, organisation, place, partner, person, appointment, entry, journal, journal_head);
        read!(call, form, application, applicant, member, sheet, answer, assessor, reading, score, search_document);
        read!(award, signature, instalment, payment_file, approval, variation, budget_cell, account, movement, posting);
        read!(matter, step, agreement, consent, entry_revision, plan_line, marker_reading, reached);
        read!(statement_move, evidence, review_answer, skill);
        read!(theme, theme_change, mark, mark_theme);
        read!(output, quotation, publication, published_quotation);
        read!(reflection_round, reflection, reflection_link);
        read!(gathering, sign_up, feedback);
        read!(peer_profile, topic, mention);
        block_on(db.close());
        all
    }
}

/// One runtime for the whole test, because a connection lives in the one it was made in.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    let new = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    RUNTIME.get_or_init(new).block_on(future)
}
