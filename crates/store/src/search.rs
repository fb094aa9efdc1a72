//! Full-text search over entries. Words are folded here, in Rust, so that both engines find the same: lower case,
//! without accents, letters and digits only, and without their endings (the English Snowball stemmer), so that
//! “meetings” finds “meeting”. Who may find an entry stands in the index beside its words, as tokens
//! for its circle and its place, so that a search reads the postings of what the viewer may read and nothing else.

use std::fmt::Write as _;

use kernel::Fault;
use rust_stemmers::{Algorithm, Stemmer};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, Func, IntoColumnRef};
use sea_orm::{DbBackend, Statement};
use tables::{CircleId, EntryId, PlaceId, ProgrammeId, entry};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::{Db, fault};

/// What the index holds of an entry.
pub struct Document {
    pub entry: EntryId,
    pub programme: ProgrammeId,
    /// Its words and, as words of a kind that nobody can write, its circles and its place.
    words: String,
}

impl Document {
    #[must_use]
    pub fn of(entry: &entry::Model) -> Self {
        let circles = [Some(entry.circle_id), entry.source_circle_id];
        let circles = circles.into_iter().flatten().map(circle_token);
        let reach = circles.chain(entry.place_id.map(place_token));
        let mut words: String = reach.collect::<Vec<_>>().join(" ");
        let stemmer = Stemmer::create(Algorithm::English);
        for word in fold(&entry.title).iter().chain(&fold(&entry.text)) {
            let stem = stemmer.stem(word);
            if !stem.is_empty() {
                words.push(' ');
                words.push_str(&stem);
            }
        }
        Self { entry: entry.id, programme: entry.programme_id, words }
    }
}

/// Entries of these circles, in this place or, where there is none, in every place and in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub place: Option<PlaceId>,
    pub circles: Vec<CircleId>,
}

/// An entry that was found; `number` falls from the most recently written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub number: i64,
    pub programme: ProgrammeId,
    pub entry: EntryId,
}

/// Words and reach share one column of the index. No folded word holds this sign, so nobody writes or asks for a token.
const APART: char = '@';
/// Beyond so many words, a question says no more about what is looked for, and costs the database ever more.
const WORDS: usize = 32;

fn circle_token(circle: CircleId) -> String {
    format!("{APART}c{}", circle.0.simple())
}
fn place_token(place: PlaceId) -> String {
    format!("{APART}p{}", place.0.simple())
}

/// The words of a text, folded.
#[must_use]
pub fn fold(text: &str) -> Vec<String> {
    let plain: String = match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect(),
    };
    // A word longer than this is no word; the databases have limits of their own.
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(|w| w.chars().take(60).collect()).collect()
}

/// A text as lists are searched and sorted by it.
#[must_use]
pub fn folded(text: &str) -> String {
    fold(text).join(" ")
}

/// Whether a folded text holds this somewhere. It costs half of what LIKE does, and knows no signs with a meaning.
#[must_use]
pub fn holds(engine: DbBackend, text: impl IntoColumnRef, part: &str) -> Expr {
    let find = Func::cust(if engine == DbBackend::Sqlite { "instr" } else { "strpos" });
    ExprTrait::gt(Expr::from(find.arg(Expr::col(text)).arg(part)), 0)
}

/// What the index knows words by.
#[must_use]
pub fn stems(words: &[String]) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    words.iter().map(|w| stemmer.stem(w).into_owned()).filter(|w| !w.is_empty()).collect()
}

/// Puts entries into the index, or puts them there anew.
pub(crate) async fn index(tx: &impl ConnectionTrait, documents: &[Document]) -> Result<(), DbErr> {
    for some in documents.chunks(200) {
        match tx.get_database_backend() {
            DbBackend::Sqlite => index_sqlite(tx, some).await?,
            _ => index_postgres(tx, some).await?,
        }
    }
    Ok(())
}

async fn index_sqlite(tx: &impl ConnectionTrait, documents: &[Document]) -> Result<(), DbErr> {
    if let [one] = documents {
        // Both in one go: while somebody records an entry, everybody else who writes waits.
        let sql = "INSERT INTO search_documents (entry_id, programme_id) VALUES (?, ?) ON CONFLICT (entry_id) DO UPDATE SET programme_id = excluded.programme_id; \
             INSERT OR REPLACE INTO search_words (rowid, words) SELECT number, ? FROM search_documents WHERE entry_id = ?";
        let values = [one.entry.into(), one.programme.into(), one.words.as_str().into(), one.entry.into()];
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
        return Ok(());
    }
    let values = documents.iter().flat_map(|d| [d.entry.into(), d.programme.into()]);
    let sql = format!(
        "INSERT INTO search_documents (entry_id, programme_id) VALUES {} ON CONFLICT (entry_id) DO UPDATE SET programme_id = excluded.programme_id RETURNING number, entry_id",
        vec!["(?, ?)"; documents.len()].join(", ")
    );
    let rows = tx.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 2);
    for row in rows {
        let (number, entry): (i64, EntryId) = (row.try_get("", "number")?, row.try_get("", "entry_id")?);
        if let Some(document) = documents.iter().find(|d| d.entry == entry) {
            values.extend([number.into(), document.words.as_str().into()]);
        }
    }
    let sql =
        format!("INSERT OR REPLACE INTO search_words (rowid, words) VALUES {}", vec!["(?, ?)"; values.len() / 2].join(", "));
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
    Ok(())
}

async fn index_postgres(tx: &impl ConnectionTrait, documents: &[Document]) -> Result<(), DbErr> {
    let mut values: Vec<Value> = Vec::with_capacity(documents.len() * 3);
    let mut sql = String::from("INSERT INTO search_documents (entry_id, programme_id, words) VALUES ");
    for (i, document) in documents.iter().enumerate() {
        let (comma, n) = (if i > 0 { ", " } else { "" }, i * 3);
        let _ = write!(sql, "{comma}(${}, ${}, array_to_tsvector(string_to_array(${}, ' ')))", n + 1, n + 2, n + 3);
        values.extend([document.entry.into(), document.programme.into(), document.words.as_str().into()]);
    }
    sql.push_str(" ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}

/// The entries within reach that hold every one of the words, whatever their endings, the most recently written first. `before` is the number of the last hit of the page before.
///
/// # Errors
/// Where the database does not answer.
pub async fn search(db: &Db, words: &[String], reach: &[Reach], before: Option<i64>, limit: u64) -> Result<Vec<Hit>, Fault> {
    let reach: Vec<&Reach> = reach.iter().filter(|r| !r.circles.is_empty()).collect();
    let words = stems(words);
    if words.is_empty() || reach.is_empty() {
        return Ok(Vec::new());
    }
    let words = &words[..words.len().min(WORDS)];
    let (query, ways): (String, &[&str]) = match db.engine() {
        DbBackend::Sqlite => (sqlite_query(words, &reach), &[ON_SQLITE]),
        _ => (postgres_query(words, &reach), &[NEWEST_ON_POSTGRES, ON_POSTGRES]),
    };
    let mut hits = Vec::new();
    for sql in ways {
        hits = ask(db, sql, &query, before, limit).await?;
        if hits.len() as u64 >= limit {
            break;
        }
    }
    Ok(hits)
}

const ON_SQLITE: &str = "SELECT d.number AS number, d.programme_id AS programme_id, d.entry_id AS entry_id FROM search_words JOIN search_documents d ON d.number = search_words.rowid \
     WHERE search_words MATCH $1 AND search_words.rowid < $2 ORDER BY search_words.rowid DESC LIMIT $3";
/// What is common fills a page with the newest documents, while the index would gather every document that holds it.
const NEWEST_ON_POSTGRES: &str = "SELECT number, programme_id, entry_id FROM \
     (SELECT number, programme_id, entry_id, words FROM search_documents WHERE number < $2 ORDER BY number DESC LIMIT 2500) AS newest \
     WHERE words @@ (SELECT ($1)::tsquery) ORDER BY number DESC LIMIT $3";
/// What does not fill a page with them is rare enough for the index. Ordered by a sum, so that the index is asked: along
/// the numbers, PostgreSQL would read every document for a word that hardly any holds.
const ON_POSTGRES: &str = "SELECT number, programme_id, entry_id FROM search_documents \
     WHERE words @@ (SELECT ($1)::tsquery) AND number < $2 ORDER BY number + 0 DESC LIMIT $3";

async fn ask(db: &Db, sql: &str, query: &str, before: Option<i64>, limit: u64) -> Result<Vec<Hit>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values: [Value; 3] = [query.into(), before.unwrap_or(i64::MAX).into(), limit.into()];
    let rows =
        db.reader().query_all_raw(Statement::from_sql_and_values(db.engine(), sql, values)).await.map_err(fault("search"))?;
    let hit = |row: &QueryResult| {
        Ok(Hit {
            number: row.try_get("", "number")?,
            programme: row.try_get("", "programme_id")?,
            entry: row.try_get("", "entry_id")?,
        })
    };
    rows.iter().map(hit).collect::<Result<_, DbErr>>().map_err(fault("search"))
}

fn sqlite_query(words: &[String], reach: &[&Reach]) -> String {
    let words: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
    let reach: Vec<String> = reach.iter().map(|r| within(r, " OR ", " AND ", |t| format!("\"{t}\""))).collect();
    format!("{} AND ({})", words.join(" AND "), reach.join(" OR "))
}

fn postgres_query(words: &[String], reach: &[&Reach]) -> String {
    let words: Vec<String> = words.iter().map(|w| format!("'{w}'")).collect();
    let reach: Vec<String> = reach.iter().map(|r| within(r, " | ", " & ", |t| format!("'{t}'"))).collect();
    format!("{} & ({})", words.join(" & "), reach.join(" | "))
}

fn within(reach: &Reach, or: &str, and: &str, token: impl Fn(&str) -> String) -> String {
    let circles: Vec<String> = reach.circles.iter().map(|c| token(&circle_token(*c))).collect();
    let circles = format!("({})", circles.join(or));
    match reach.place {
        Some(place) => format!("({}{and}{circles})", token(&place_token(place))),
        None => circles,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_the_same_for_both_engines() {
        assert_eq!(fold("Café – the Council's “BIG” day, 27/3"), ["cafe", "the", "council", "s", "big", "day", "27", "3"]);
        assert!(fold("!? … ' \" \\ *").is_empty());
    }

    proptest::proptest! {
        /// Whatever is typed, no character with a meaning to either engine gets into a query.
        #[test]
        fn nothing_typed_reaches_the_query_language(text in ".*") {
            for word in stems(&fold(&text)) {
                proptest::prop_assert!(word.chars().all(char::is_alphanumeric));
            }
        }
    }
}
