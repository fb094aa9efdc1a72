//! A write is one transaction holding the change, its journal record and its outgoing mail. It vanishes unless it is
//! saved, and what it changes is journalled by the very functions that change it, so nobody can forget to.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Clock, Fault, IdSource, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ActiveModelBehavior, IntoActiveModel, QuerySelect, Set};
use serde_json::{Map, Value};
use tables::{MailId, PersonId, Row, entry, handled_form, mail};

use crate::batch::{self, Turn};
use crate::journal::Record;
use crate::search::Document;
use crate::tx::Tx;
use crate::{Db, fault};

/// Who writes, when, and where new identifiers come from.
#[derive(Clone)]
pub struct Writer {
    pub actor: Option<PersonId>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdSource>,
}

/// An open write. Its transaction ends before its turn does: fields are dropped in this order.
pub struct Write {
    tx: Tx,
    /// On SQLite, where writes take turns.
    turn: Option<Turn>,
    db: Db,
    actor: Option<PersonId>,
    at: Moment,
    ids: Arc<dyn IdSource>,
    act: &'static str,
    records: BTreeMap<Uuid, Vec<Record>>,
}

impl Db {
    /// Starts a write. `act` says what is being done, in the words the journal will show: “record an entry”.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn write(&self, writer: &Writer, act: &'static str) -> Result<Write, Fault> {
        let (tx, turn) = match self.server() {
            None => {
                let turn = Turn::take(self).await?;
                (Tx::sqlite(turn.savepoint().await?), Some(turn))
            }
            Some(server) => (Tx::postgres(server.writers.begin().await.map_err(fault("start a write"))?), None),
        };
        let at = writer.clock.now();
        Ok(Write { tx, turn, db: self.clone(), actor: writer.actor, at, ids: writer.ids.clone(), act, records: BTreeMap::new() })
    }
}

impl Write {
    /// The moment of this write: everything in it happens at once.
    #[must_use]
    pub fn at(&self) -> Moment {
        self.at
    }
    #[must_use]
    pub fn actor(&self) -> Option<PersonId> {
        self.actor
    }
    /// A new identifier: `PlaceId(w.id())`.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.ids.next(self.at)
    }
    /// A new identifier that tells nothing of when it was made, nor next to what.
    #[must_use]
    pub fn silent_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.ids.secret()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
    /// For queries that must see what this write has done so far.
    #[must_use]
    pub fn tx(&self) -> &Tx {
        &self.tx
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Where the database refuses it.
    pub async fn insert<R>(&mut self, row: R) -> Result<R, Fault>
    where
        R: Row + IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
        <R::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        let active = row.clone().into_active_model().reset_all();
        <R::Entity as EntityTrait>::insert(active).exec_without_returning(&self.tx).await.map_err(fault(R::KIND))?;
        self.record(&row, Map::new(), object(&row));
        Ok(row)
    }

    /// Adds a row unless one is there that these columns, which a unique index holds, do not tell from it. Says whether it did.
    /// Of many who add the same at once, one does, and the others wait for that one.
    ///
    /// # Errors
    /// Where the database refuses it.
    pub async fn insert_unless_there<R>(
        &mut self,
        row: R,
        told_by: impl IntoIterator<Item = <R::Entity as EntityTrait>::Column> + Send,
    ) -> Result<bool, Fault>
    where
        R: Row + IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
        <R::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        let active = row.clone().into_active_model().reset_all();
        let there = OnConflict::columns(told_by).do_nothing().to_owned();
        let rows = <R::Entity as EntityTrait>::insert_many([active]).on_conflict(there).exec_without_returning(&self.tx).await;
        let added = rows.map_err(fault(R::KIND))? == 1;
        if added {
            self.record(&row, Map::new(), object(&row));
        }
        Ok(added)
    }

    /// Puts a changed row in the place of the one that was loaded.
    ///
    /// # Errors
    /// Where the database refuses it, or the row is not there.
    pub async fn replace<R>(&mut self, before: &R, after: R) -> Result<R, Fault>
    where
        R: Row + IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
        <R::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        let active = after.clone().into_active_model().reset_all();
        let done = <R::Entity as EntityTrait>::update_many()
            .set(active)
            .filter(by_id::<R>(&after))
            .exec(&self.tx)
            .await
            .map_err(fault(R::KIND))?;
        if done.rows_affected != 1 {
            return Err(Fault::new(R::KIND, "there is no such row to change"));
        }
        let (mut old, mut new) = (object(before), object(&after));
        let same: Vec<String> =
            old.iter().filter(|(key, value)| new.get(*key) == Some(*value)).map(|(key, _)| key.clone()).collect();
        for key in &same {
            old.remove(key);
            new.remove(key);
        }
        self.record(&after, old, new);
        Ok(after)
    }

    /// Loads a row so that nobody else changes it before this write is over. Others may still write rows that point to it:
    /// keys never change, and to keep those out as well would have two people wait for each other who hold what the other points to.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lock<E>(&self, id: <E::PrimaryKey as sea_orm::PrimaryKeyTrait>::ValueType) -> Result<Option<E::Model>, Fault>
    where
        E: EntityTrait,
    {
        E::find_by_id(id).lock(LockType::NoKeyUpdate).one(&self.tx).await.map_err(fault("lock a row"))
    }

    /// Notes in the journal that something was done about a row which itself stays as it is.
    pub fn note<R: Row>(&mut self, row: &R) {
        self.record(row, Map::new(), Map::new());
    }

    fn record<R: Row>(&mut self, row: &R, before: Map<String, Value>, after: Map<String, Value>) {
        let chain = row.programme().map_or(Uuid::nil(), |p| p.0);
        let (at, actor, act) = (self.at, self.actor, self.act);
        let record = Record { at, actor, act, kind: R::KIND, record: row.row_id(), before, after };
        self.records.entry(chain).or_default().push(record);
    }

    /// Puts a mail in the post, to be sent after this write is saved.
    ///
    /// # Errors
    /// Where the database refuses it.
    pub async fn mail(&mut self, recipient: &str, subject: String, text: String) -> Result<(), Fault> {
        let row = mail::ActiveModel {
            id: Set(MailId(self.id())),
            recipient: Set(recipient.to_string()),
            subject: Set(subject),
            text: Set(text),
            created_at: Set(self.at),
            due_at: Set(self.at),
            attempts: Set(0),
            sent_at: Set(None),
            failed_at: Set(None),
        };
        mail::Entity::insert(row).exec_without_returning(&self.tx).await.map_err(fault("put a mail in the post"))?;
        Ok(())
    }

    /// Puts many mails in the post: address, subject and text of each. Like one, they go out after this write is saved,
    /// or not at all.
    ///
    /// # Errors
    /// Where the database refuses them.
    pub async fn mail_all(&mut self, mails: Vec<(String, String, String)>) -> Result<(), Fault> {
        let at = self.at;
        let rows: Vec<mail::ActiveModel> = mails
            .into_iter()
            .map(|(recipient, subject, text)| mail::ActiveModel {
                id: Set(MailId(self.id())),
                recipient: Set(recipient),
                subject: Set(subject),
                text: Set(text),
                created_at: Set(at),
                due_at: Set(at),
                attempts: Set(0),
                sent_at: Set(None),
                failed_at: Set(None),
            })
            .collect();
        for some in rows.chunks(400) {
            mail::Entity::insert_many(some.iter().cloned())
                .exec_without_returning(&self.tx)
                .await
                .map_err(fault("put mails in the post"))?;
        }
        Ok(())
    }

    /// Notes that the form with this key has been handled, and where it led. A second press of the same button that
    /// comes while the first is under way waits here, and then finds the note.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn handled(&mut self, once: &str, location: &str) -> Result<(), Fault> {
        let row =
            handled_form::ActiveModel { once: Set(once.to_string()), location: Set(location.to_string()), at: Set(self.at) };
        handled_form::Entity::insert(row).exec_without_returning(&self.tx).await.map_err(fault("note a handled form"))?;
        Ok(())
    }

    /// Puts entries into the full-text index, or puts them there anew.
    ///
    /// # Errors
    /// Where the database refuses it.
    pub async fn index(&mut self, entries: &[entry::Model]) -> Result<(), Fault> {
        let documents: Vec<Document> = entries.iter().map(Document::of).collect();
        crate::search::index(&self.tx, &documents).await.map_err(fault("index an entry"))
    }

    /// Changes a row that the journal leaves out, because it is not what people did: attempts, the last visit.
    #[must_use]
    pub fn unrecorded(&self) -> &Tx {
        &self.tx
    }

    /// Saves everything at once. When this returns, it is on the disk.
    ///
    /// # Errors
    /// Where the database refuses; then nothing has changed.
    pub async fn save(self) -> Result<(), Fault> {
        match self.turn {
            Some(turn) => {
                self.tx.commit().await.map_err(fault("save"))?;
                turn.join(self.records).await
            }
            None => {
                {
                    let _alone = match self.db.server() {
                        Some(server) => Some(server.journal.lock().await),
                        None => None,
                    };
                    batch::journal(&self.tx, self.records).await?;
                    self.tx.commit().await.map_err(fault("save"))?;
                }
                self.db.on_disk().await
            }
        }
    }

    /// Ends it with nothing to save. When this returns, what it has seen is on the disk: to say that something stands there
    /// already is to say that it is saved.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn leave(self) -> Result<(), Fault> {
        let Self { tx, turn, db, .. } = self;
        drop(tx);
        drop(turn);
        db.on_disk().await
    }

    /// Adds many rows of one kind: loading a programme, filling a practice programme. Each is journalled as by
    /// [`Write::insert`].
    ///
    /// # Errors
    /// Where the database refuses one of them.
    pub async fn insert_all<R>(&mut self, rows: Vec<R>) -> Result<(), Fault>
    where
        R: Row + IntoActiveModel<<R::Entity as EntityTrait>::ActiveModel>,
        <R::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    {
        for row in &rows {
            self.record(row, Map::new(), object(row));
        }
        let mut rows = rows.into_iter().map(|r| r.into_active_model().reset_all()).peekable();
        while rows.peek().is_some() {
            let some: Vec<_> = rows.by_ref().take(400).collect();
            <R::Entity as EntityTrait>::insert_many(some).exec_without_returning(&self.tx).await.map_err(fault(R::KIND))?;
        }
        Ok(())
    }
}

fn by_id<R: Row>(row: &R) -> sea_orm::Condition {
    use sea_orm::{Iterable, PrimaryKeyToColumn};
    let keys = <R::Entity as EntityTrait>::PrimaryKey::iter();
    keys.fold(sea_orm::Condition::all(), |all, key| {
        let column = key.into_column();
        all.add(column.eq(row.get(column)))
    })
}

fn object<R: Row>(row: &R) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
