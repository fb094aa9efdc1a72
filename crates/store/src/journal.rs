//! The journal: who changed what and when, with before and after, in the same transaction as the change. Each record
//! holds a hash over itself and the one before, so that one altered or removed breaks the chain from there on.

use std::collections::BTreeMap;

use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CommonTableExpression, OnConflict, WithClause};
use sea_orm::{DbBackend, QueryOrder, QuerySelect, QueryTrait, Set};
use serde_json::{Map, Value};
use tables::{PersonId, journal, journal_head};

use crate::{Db, fault, sha256};

/// One change to one record, not yet written down.
#[derive(Debug)]
pub(crate) struct Record {
    pub at: Moment,
    pub actor: Option<PersonId>,
    pub act: &'static str,
    pub kind: &'static str,
    pub record: Uuid,
    pub before: Map<String, Value>,
    pub after: Map<String, Value>,
}

/// What a change says: the fields that were different, before and after.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BeforeAfter {
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub before: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub after: Map<String, Value>,
}

/// Adds records to the end of a chain.
pub(crate) async fn append(tx: &impl ConnectionTrait, chain: Uuid, records: Vec<Record>) -> Result<(), DbErr> {
    let start = journal_head::ActiveModel { chain: Set(chain), number: Set(0), hash: Set(String::new()) };
    let find = || journal_head::Entity::find_by_id(chain).lock_exclusive().one(tx);
    let head = match find().await? {
        Some(head) => head,
        None => {
            let once = OnConflict::column(journal_head::Column::Chain).do_nothing().to_owned();
            journal_head::Entity::insert(start).on_conflict(once).try_insert().exec_without_returning(tx).await?;
            find().await?.ok_or_else(|| DbErr::RecordNotFound("the head of a journal chain".into()))?
        }
    };
    let (mut number, mut hash) = (head.number, head.hash);
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let Record { at, actor, act, kind, record, before, after } = record;
        let text = serde_json::to_string(&BeforeAfter { before, after }).map_err(|e| DbErr::Custom(e.to_string()))?;
        number += 1;
        let row = journal::Model {
            chain,
            number,
            at,
            actor_id: actor,
            act: act.to_string(),
            kind: kind.to_string(),
            record_id: record,
            change_hash: sha256(text.as_bytes()),
            change: text,
            hash: String::new(),
        };
        hash = link(&hash, &row);
        rows.push(journal::Model { hash: hash.clone(), ..row });
    }
    let mut rows = rows.into_iter().map(|r| journal::ActiveModel::from(r).reset_all()).peekable();
    let end = journal_head::ActiveModel { chain: Set(chain), number: Set(number), hash: Set(hash) };
    let end = journal_head::Entity::update_many().set(end).filter(journal_head::COLUMN.chain.eq(chain));
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(400).collect();
        let some = journal::Entity::insert_many(some);
        if rows.peek().is_some() || tx.get_database_backend() == DbBackend::Sqlite {
            some.exec_without_returning(tx).await?;
        } else {
            // Both in one go: everybody else who writes to this chain waits.
            let some = CommonTableExpression::new().table_name("added").query(some.into_query()).to_owned();
            let both = end.into_query().with(WithClause::new().cte(some).to_owned());
            return tx.execute(&both).await.map(drop);
        }
    }
    end.exec(tx).await.map(drop)
}

/// The hash of a record: SHA-256 over a JSON list of the hash before it and everything the record says, its content
/// standing in by its own hash.
fn link(before: &str, row: &journal::Model) -> String {
    let actor = row.actor_id.map(|a| a.to_string());
    let said = serde_json::json!([
        before,
        row.chain,
        row.number,
        row.at.micros(),
        actor,
        row.act,
        row.kind,
        row.record_id,
        row.change_hash
    ]);
    sha256(said.to_string().as_bytes())
}

/// Where each of these chains ends, or every chain where none is named. What a server holds in memory is true as long as the chain
/// it was made from has not gone on: a record is there as soon as the change that it tells of can be read, and none before.
///
/// # Errors
/// Where the database does not answer.
pub async fn ends(db: &Db, chains: &[Uuid]) -> Result<BTreeMap<Uuid, i64>, Fault> {
    let mut heads = journal_head::Entity::find().select_only();
    heads = heads.columns([journal_head::Column::Chain, journal_head::Column::Number]);
    if !chains.is_empty() {
        heads = heads.filter(journal_head::COLUMN.chain.is_in(chains.iter().copied()));
    }
    let heads: Vec<(Uuid, i64)> = heads.into_tuple().all(db.reader()).await.map_err(fault("read the journal"))?;
    Ok(heads.into_iter().collect())
}

/// The rows of some kinds that a chain tells of, after one of its records and up to another, each with its kind, once for
/// each change.
///
/// # Errors
/// Where the database does not answer.
pub async fn changed(db: &Db, chain: Uuid, (after, to): (i64, i64), kinds: &[&str]) -> Result<Vec<(String, Uuid)>, Fault> {
    let rows = of_kinds(chain, (after, to), kinds).select_only().columns([journal::Column::Kind, journal::Column::RecordId]);
    rows.into_tuple().all(db.reader()).await.map_err(fault("read the journal"))
}

/// Whether a chain tells of any row of some kinds, after one of its records and up to another.
///
/// # Errors
/// Where the database does not answer.
pub async fn tells(db: &Db, chain: Uuid, between: (i64, i64), kinds: &[&str]) -> Result<bool, Fault> {
    let one = of_kinds(chain, between, kinds).select_only().column(journal::Column::Number).into_tuple::<i64>();
    Ok(one.one(db.reader()).await.map_err(fault("read the journal"))?.is_some())
}

fn of_kinds(chain: Uuid, (after, to): (i64, i64), kinds: &[&str]) -> Select<journal::Entity> {
    journal::Entity::find()
        .filter(journal::COLUMN.chain.eq(chain))
        .filter(journal::COLUMN.number.gt(after))
        .filter(journal::COLUMN.number.lte(to))
        .filter(journal::COLUMN.kind.is_in(kinds.iter().copied()))
}

/// What [`verify`] found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub chains: u64,
    pub records: u64,
    /// What is wrong, one sentence each, at most one for a chain: after the first break nothing can be said.
    pub broken: Vec<String>,
}

const PAGE: u64 = 2_000;

/// Walks every chain from its start and recomputes every hash.
///
/// # Errors
/// Where the database does not answer.
pub async fn verify(db: &Db) -> Result<Verified, Fault> {
    let mut found = Verified::default();
    let heads = journal_head::Entity::find()
        .order_by_asc(journal_head::Column::Chain)
        .all(db.reader())
        .await
        .map_err(fault("read the journal"))?;
    for head in heads {
        found.chains += 1;
        let mut walk = Walk { number: 0, hash: String::new() };
        loop {
            let rows = journal::Entity::find()
                .filter(journal::COLUMN.chain.eq(head.chain))
                .filter(journal::COLUMN.number.gt(walk.number))
                .order_by_asc(journal::Column::Number)
                .limit(PAGE)
                .all(db.reader())
                .await
                .map_err(fault("read the journal"))?;
            let last = rows.is_empty();
            let broken = rows.iter().find_map(|row| walk.step(row).err()).or_else(|| {
                // A chain may have grown since its head was read, but never shrunk.
                (last && walk.number < head.number).then(|| format!("records {} to {} are missing", walk.number + 1, head.number))
            });
            let at_head = rows.iter().any(|r| r.number == head.number && r.hash != head.hash);
            let broken = broken.or_else(|| at_head.then(|| format!("record {} is not the one the chain ends with", head.number)));
            if let Some(broken) = broken {
                found.broken.push(format!("Chain {}: {broken}", head.chain));
                break;
            }
            found.records += rows.len() as u64;
            if last {
                break;
            }
        }
    }
    let orphans = journal::Entity::find()
        .filter(
            journal::COLUMN.chain.not_in_subquery(
                sea_orm::QuerySelect::query(&mut journal_head::Entity::find().select_only().column(journal_head::Column::Chain))
                    .to_owned(),
            ),
        )
        .count(db.reader())
        .await
        .map_err(fault("read the journal"))?;
    if orphans > 0 {
        found.broken.push(format!("{orphans} records belong to a chain whose end is missing"));
    }
    Ok(found)
}

struct Walk {
    number: i64,
    hash: String,
}

impl Walk {
    fn step(&mut self, row: &journal::Model) -> Result<(), String> {
        if row.number != self.number + 1 {
            return Err(format!("record {} is missing", self.number + 1));
        }
        if sha256(row.change.as_bytes()) != row.change_hash {
            return Err(format!("the content of record {} was altered", row.number));
        }
        if link(&self.hash, row) != row.hash {
            return Err(format!("record {} was altered, or the one before it", row.number));
        }
        self.number = row.number;
        self.hash.clone_from(&row.hash);
        Ok(())
    }
}
