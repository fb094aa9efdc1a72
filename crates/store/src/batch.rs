//! Writes that come together are saved together. SQLite has one writer at a time, and every save waits for the disk:
//! if each write waited alone, thirty people would wait thirty times as long as one. So the writes that stand in line
//! when the first of them is done take their turns in one transaction, each within a savepoint of its own; then all
//! their journal records are added, everything goes to the disk at once, and only then is each told that it is saved.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Fault;
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::journal::{Record, append};
use crate::{Db, fault};

/// What has been written and is not on the disk yet.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    tx: Option<DatabaseTransaction>,
    /// For each chain of the journal, in the order of the writes.
    records: BTreeMap<Uuid, Vec<Record>>,
    waiting: Vec<oneshot::Sender<Result<(), Fault>>>,
    /// Somebody stands in line who will save it.
    closing: bool,
}

/// The turn of one write. Whatever becomes of the write, the batch is saved after those who stood in line by then.
#[derive(Debug)]
pub(crate) struct Turn {
    batch: Arc<Mutex<Batch>>,
    held: OwnedMutexGuard<Batch>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.held.tx.is_none() || self.held.closing {
            return;
        }
        // Without a runtime there is nobody left to save for: the transaction vanishes with its connection.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.held.closing = true;
            runtime.spawn(close(self.batch.clone()));
        }
    }
}

impl Turn {
    /// Waits for one's turn, and starts the transaction if one is the first.
    pub(crate) async fn take(db: &Db) -> Result<Self, Fault> {
        let batch = db.batch().clone();
        let mut held = batch.clone().lock_owned().await;
        if held.tx.is_none() {
            let options =
                TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
            held.tx = Some(db.writer().begin_with_options(options).await.map_err(fault("start a write"))?);
        }
        Ok(Self { batch, held })
    }

    /// A transaction within the batch's, which can vanish without the others.
    pub(crate) async fn savepoint(&self) -> Result<DatabaseTransaction, Fault> {
        let tx = self.held.tx.as_ref().ok_or_else(|| Fault::new("start a write", "the batch is not open"))?;
        tx.begin().await.map_err(fault("start a write"))
    }

    /// Leaves the write with the batch; returns when it is on the disk.
    pub(crate) async fn join(mut self, records: BTreeMap<Uuid, Vec<Record>>) -> Result<(), Fault> {
        for (chain, mut more) in records {
            self.held.records.entry(chain).or_default().append(&mut more);
        }
        let (saved, told) = oneshot::channel();
        self.held.waiting.push(saved);
        drop(self);
        told.await.unwrap_or_else(|_| Err(Fault::new("save", "the server stopped before it was saved")))
    }
}

/// Saves what has been written, and tells everybody whose write it was.
pub(crate) async fn close(batch: Arc<Mutex<Batch>>) {
    let mut held = batch.lock().await;
    let Batch { tx, records, waiting, .. } = std::mem::take(&mut *held);
    let Some(tx) = tx else { return };
    let done = async {
        journal(&tx, records).await?;
        tx.commit().await.map_err(fault("save"))
    };
    let done = done.await;
    for waits in waiting {
        // Whoever does not wait any more has gone away.
        let _ = waits.send(done.clone());
    }
}

/// Adds records to the journal, each to the chain it belongs to.
pub(crate) async fn journal(tx: &impl ConnectionTrait, records: BTreeMap<Uuid, Vec<Record>>) -> Result<(), Fault> {
    for (chain, records) in records {
        append(tx, chain, records).await.map_err(fault("write the journal"))?;
    }
    Ok(())
}
