//! The transaction of one write, on either engine.

use sea_orm::prelude::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::postgres::Transaction;

/// An open transaction. It vanishes unless it is committed.
#[derive(Debug)]
pub struct Tx(Side);

#[derive(Debug)]
enum Side {
    Sqlite(DatabaseTransaction),
    Postgres(Transaction),
}

impl Tx {
    pub(crate) fn sqlite(tx: DatabaseTransaction) -> Self {
        Self(Side::Sqlite(tx))
    }
    pub(crate) fn postgres(tx: Transaction) -> Self {
        Self(Side::Postgres(tx))
    }
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self.0 {
            Side::Sqlite(tx) => tx.commit().await,
            Side::Postgres(tx) => tx.commit().await,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Side::Sqlite(_) => DbBackend::Sqlite,
            Side::Postgres(_) => DbBackend::Postgres,
        }
    }
    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Side::Sqlite(tx) => tx.execute_raw(stmt).await,
            Side::Postgres(tx) => tx.execute(&stmt).await,
        }
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Side::Sqlite(tx) => tx.execute_unprepared(sql).await,
            Side::Postgres(tx) => tx.run(sql).await,
        }
    }
    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Side::Sqlite(tx) => tx.query_one_raw(stmt).await,
            Side::Postgres(tx) => Ok(tx.query(&stmt).await?.into_iter().next()),
        }
    }
    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Side::Sqlite(tx) => tx.query_all_raw(stmt).await,
            Side::Postgres(tx) => tx.query(&stmt).await,
        }
    }
}
