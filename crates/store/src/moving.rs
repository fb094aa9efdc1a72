//! Moving house: from one database to an empty other, table by table, counted and compared row by row. The usual
//! move is from a SQLite file to PostgreSQL; the other way works as well.

use std::collections::{HashMap, HashSet};

use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{
    Condition, FromQueryResult, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryOrder, QuerySelect, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tables::{
    account, agreement, answer, applicant, application, appointment, approval, assent, assessor, attempt, award, blob,
    budget_cell, calendar_feed, call, circle, conflict, consent, decision, design_version, entry, entry_revision, evidence,
    feedback, file, follow, form, gathering, grant_segment, grant_words, handled_form, instalment, journal, journal_head, mail,
    mail_choice, mark, mark_link, mark_theme, marker_reading, matter, member, mention, movement, organisation, origin, output,
    partner, payment_file, peer_profile, person, photograph, place, plan_line, portfolio, posting, programme, proposal,
    publication, published_grant, published_quotation, quotation, reached, reading, reflection, reflection_link,
    reflection_round, remark, reopening, review_answer, score, session, sheet, sign_up, signature, skill, spend_layout,
    statement_move, step, theme, theme_change, ticket, topic, variation,
};

use crate::search::{self, Document};
use crate::{Db, fault};

const PAGE: u64 = 500;
/// Files are large: so few go at once.
const FEW: u64 = 4;
/// These are of some kilobytes.
const SOME: u64 = 100;

/// What was moved of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub table: String,
    pub rows: u64,
}

/// Copies everything, in one transaction on the receiving side, then reads it back and compares.
///
/// # Errors
/// Where the receiving database is not empty, a row cannot be written, or what arrived differs from what was sent;
/// nothing has changed then.
pub async fn move_all(from: &Db, to: &Db, progress: &mut (dyn FnMut(&Moved) + Send)) -> Result<Vec<Moved>, Fault> {
    if programme::Entity::find().count(to.reader()).await.map_err(fault("look into the new database"))? > 0 {
        return Err(Fault::new("move", "The database to move to is not empty. Give a new one"));
    }
    let sqlite = to.is_sqlite().then_some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: sqlite, ..Default::default() };
    let tx = to.writer().begin_with_options(options).await.map_err(fault("start the move"))?;
    let mut all = Vec::new();
    let mut note = |table: &str, rows| {
        let moved = Moved { table: table.to_string(), rows };
        progress(&moved);
        all.push(moved);
    };
    // A table comes after those it points to.
    macro_rules! tables {
        ($($table:ident by $($column:ident),+;)+) => {$(
            // On the heap: each would otherwise take its own room on the stack of all of them together.
            let rows = Box::pin(copy::<$table::Entity, _>(from, &tx, PAGE, &[$($table::Column::$column),+])).await.map_err(fault(stringify!($table)))?;
            note($table::Entity.table_name(), rows);
        )+};
    }
    tables! {
        programme by Id; design_version by Id; circle by Id; organisation by Id; place by Id; partner by Id;
        person by Id; appointment by Id; session by Id; ticket by Id;
    }
    note(entry::Entity.table_name(), copy_entries(from, &tx).await.map_err(fault("entry"))?);
    let blobs = copy::<blob::Entity, _>(from, &tx, FEW, &[blob::Column::Hash]).await.map_err(fault("blob"))?;
    note(blob::Entity.table_name(), blobs);
    tables! {
        entry_revision by Id; matter by Id; step by Id; agreement by Id; proposal by Id; consent by Id;
        plan_line by Id; marker_reading by Id; reached by Id; statement_move by Id; evidence by Id; review_answer by Id; skill by Id;
        theme by Id; theme_change by Id; mark by Id; mark_theme by Id; mark_link by Id;
        output by Id; quotation by Id; publication by Id; published_quotation by Id;
        form by Id; sheet by Id; answer by Id; file by Id; photograph by Id;
        reflection_round by Id; reflection by Id; reflection_link by Id;
        gathering by Id; sign_up by Id; feedback by Id; origin by Id; calendar_feed by Id;
        peer_profile by Id; topic by Id; mention by Id; follow by Id; mail_choice by Id;
        call by Id; application by Id; applicant by Id; member by Id;
        remark by Id; reopening by Id;
        assessor by Id; conflict by Id; reading by Id; score by Id; decision by Id; assent by Id;
        award by Id; signature by Id; payment_file by Id; instalment by Id; variation by Id; budget_cell by Id; approval by Id; spend_layout by Id;
        account by Id;
    }
    note(movement::Entity.table_name(), copy_movements(from, &tx).await.map_err(fault("movement"))?);
    tables! {
        posting by Id;
        portfolio by Id;
    }
    let segments = copy::<grant_segment::Entity, _>(from, &tx, FEW, &[grant_segment::Column::Number]).await;
    note(grant_segment::Entity.table_name(), segments.map_err(fault("grant segment"))?);
    let words = [grant_words::Column::Bucket, grant_words::Column::Segment];
    let words = copy::<grant_words::Entity, _>(from, &tx, SOME, &words).await.map_err(fault("grant words"))?;
    note(grant_words::Entity.table_name(), words);
    note(published_grant::Entity.table_name(), copy_grants(from, &tx).await.map_err(fault("published grant"))?);
    tables! {
        journal by Chain, Number; journal_head by Chain; mail by Id; handled_form by Once; attempt by Subject;
    }
    index(from, &tx).await.map_err(fault("index the entries"))?;
    tx.commit().await.map_err(fault("finish the move"))?;
    Ok(all)
}

async fn copy<E, C>(from: &Db, tx: &C, at_once: u64, order: &[E::Column]) -> Result<u64, DbErr>
where
    E: EntityTrait,
    E::Model: PartialEq + IntoActiveModel<E::ActiveModel> + FromQueryResult + Send + Sync,
    E::ActiveModel: Send,
    C: ConnectionTrait,
{
    let sent = copy_those::<E, C>(E::find(), from, tx, at_once, order).await?;
    arrived::<E, C>(sent, tx).await
}

async fn copy_those<E, C>(those: Select<E>, from: &Db, tx: &C, at_once: u64, order: &[E::Column]) -> Result<u64, DbErr>
where
    E: EntityTrait,
    E::Model: PartialEq + IntoActiveModel<E::ActiveModel> + FromQueryResult + Send + Sync,
    E::ActiveModel: Send,
    C: ConnectionTrait,
{
    let (mut sent, mut offset) = (0, 0);
    loop {
        let mut page = those.clone().limit(at_once).offset(offset);
        for column in order {
            page = page.order_by_asc(*column);
        }
        let rows = page.all(from.reader()).await?;
        if rows.is_empty() {
            return Ok(sent);
        }
        offset += at_once;
        sent += rows.len() as u64;
        send::<E, C>(&rows, tx).await?;
    }
}

/// A movement that undoes another comes after it. None undoes one that undoes another.
async fn copy_movements<C: ConnectionTrait>(from: &Db, tx: &C) -> Result<u64, DbErr> {
    let counters = movement::COLUMN.counters_id;
    let mut sent = 0;
    for those in [counters.is_null(), counters.is_not_null()] {
        let those = movement::Entity::find().filter(those);
        sent += copy_those::<movement::Entity, C>(those, from, tx, PAGE, &[movement::Column::Id]).await?;
    }
    arrived::<movement::Entity, C>(sent, tx).await
}

/// There may be a million, so each page is found from where the one before ended.
async fn copy_grants(from: &Db, tx: &sea_orm::DatabaseTransaction) -> Result<u64, DbErr> {
    let (mut sent, mut last) = (0, -1);
    loop {
        let after = published_grant::COLUMN.number.gt(last);
        let page = published_grant::Entity::find().filter(after).order_by_asc(published_grant::Column::Number).limit(PAGE);
        let rows = page.all(from.reader()).await?;
        let Some(end) = rows.last() else { break };
        last = end.number;
        sent += rows.len() as u64;
        send::<published_grant::Entity, _>(&rows, tx).await?;
    }
    arrived::<published_grant::Entity, _>(sent, tx).await
}

async fn send<E, C>(rows: &[E::Model], tx: &C) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: PartialEq + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
    C: ConnectionTrait,
{
    E::insert_many(rows.iter().cloned().map(|r| r.into_active_model().reset_all())).exec_without_returning(tx).await?;
    compare::<E, C>(rows, tx).await
}

async fn arrived<E: EntityTrait<Model: FromQueryResult + Send + Sync>, C: ConnectionTrait>(
    sent: u64,
    tx: &C,
) -> Result<u64, DbErr> {
    let arrived = E::find().count(tx).await?;
    if arrived == sent { Ok(sent) } else { Err(DbErr::Custom(format!("{sent} rows were sent and {arrived} arrived"))) }
}

/// An extract comes after its source. Moments do not say which that is: two servers' clocks differ a little.
async fn copy_entries(from: &Db, tx: &sea_orm::DatabaseTransaction) -> Result<u64, DbErr> {
    let (mut sent, mut waiting, mut offset) = (HashSet::new(), Vec::new(), 0);
    loop {
        let rows = entry::Entity::find()
            .order_by_asc(entry::Column::WrittenAt)
            .order_by_asc(entry::Column::Id)
            .limit(PAGE)
            .offset(offset)
            .all(from.reader())
            .await?;
        let last = rows.is_empty();
        offset += PAGE;
        waiting.extend(rows);
        loop {
            let ready = waiting.extract_if(.., |e: &mut entry::Model| e.source_id.is_none_or(|source| sent.contains(&source)));
            let ready: Vec<entry::Model> = ready.collect();
            if ready.is_empty() {
                break;
            }
            for some in ready.chunks(500) {
                send::<entry::Entity, _>(some, tx).await?;
            }
            sent.extend(ready.iter().map(|e| e.id));
        }
        if last {
            break;
        }
    }
    if let Some(left) = waiting.first() {
        return Err(DbErr::Custom(format!("the entry {} was taken from one that is not there", left.id)));
    }
    arrived::<entry::Entity, _>(sent.len() as u64, tx).await
}

/// Reads rows back by their keys and compares every column.
async fn compare<E, C>(sent: &[E::Model], tx: &C) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: PartialEq,
    C: ConnectionTrait,
{
    let key = |row: &E::Model| -> Vec<Value> { E::PrimaryKey::iter().map(|k| row.get(k.into_column())).collect() };
    let these = sent.iter().fold(Condition::any(), |any, row| {
        any.add(E::PrimaryKey::iter().fold(Condition::all(), |all, k| all.add(k.into_column().eq(row.get(k.into_column())))))
    });
    let arrived = E::find().filter(these).all(tx).await?;
    let arrived: HashMap<String, E::Model> = arrived.into_iter().map(|r| (format!("{:?}", key(&r)), r)).collect();
    match sent.iter().find(|row| arrived.get(&format!("{:?}", key(row))) != Some(row)) {
        None => Ok(()),
        Some(row) => Err(DbErr::Custom(format!("the row {:?} did not arrive as it was sent", key(row)))),
    }
}

async fn index(from: &Db, tx: &sea_orm::DatabaseTransaction) -> Result<(), DbErr> {
    let mut offset = 0;
    loop {
        let rows = entry::Entity::find()
            .order_by_asc(entry::Column::WrittenAt)
            .order_by_asc(entry::Column::Id)
            .limit(PAGE)
            .offset(offset)
            .all(from.reader())
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        offset += PAGE;
        let documents: Vec<Document> = rows.iter().map(Document::of).collect();
        search::index(tx, &documents).await?;
    }
}
