//! The side that reads.

use std::sync::Arc;

use sea_orm::prelude::async_trait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::postgres::Connections;

/// For queries. The database refuses to change anything through it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader(Side);

#[derive(Debug, Clone)]
enum Side {
    Sqlite(DatabaseConnection),
    Postgres(Arc<Connections>),
}

impl Reader {
    pub(crate) fn sqlite(connection: DatabaseConnection) -> Self {
        Self(Side::Sqlite(connection))
    }
    pub(crate) fn postgres(connections: Arc<Connections>) -> Self {
        Self(Side::Postgres(connections))
    }
    pub(crate) async fn ping(&self) -> Result<(), DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.ping().await,
            Side::Postgres(_) => self.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT 1")).await.map(|_| ()),
        }
    }
    pub(crate) async fn close(self) {
        match self.0 {
            Side::Sqlite(connection) => drop(connection.close().await),
            Side::Postgres(connections) => connections.close().await,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Side::Sqlite(connection) => connection.get_database_backend(),
            Side::Postgres(_) => DbBackend::Postgres,
        }
    }
    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.execute_raw(stmt).await,
            Side::Postgres(connections) => connections.execute(&stmt).await,
        }
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.execute_unprepared(sql).await,
            Side::Postgres(connections) => connections.run(sql).await,
        }
    }
    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.query_one_raw(stmt).await,
            Side::Postgres(connections) => Ok(connections.query(&stmt).await?.into_iter().next()),
        }
    }
    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Side::Sqlite(connection) => connection.query_all_raw(stmt).await,
            Side::Postgres(connections) => connections.query(&stmt).await,
        }
    }
}
