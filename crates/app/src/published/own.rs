//! What a programme has published of its own awards: a portfolio like any other, known by the programme, with an address of
//! its own.

use std::path::PathBuf;

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::{Db, fault};
use tables::portfolio;

use super::import::{CURRENT, Imported, Portfolio, import_grants};
use crate::ground::Act;

/// What the portfolio of a programme is known by. No file that somebody imports is known by such a name.
pub const OWN: &str = "programme:";

/// What a programme has published, if anything.
pub(crate) async fn of_programme(db: &Db, slug: &str) -> Result<Option<portfolio::Model>, Fault> {
    let named = portfolio::Entity::find().filter(portfolio::COLUMN.name.eq(format!("{OWN}{slug}")));
    let current = named.filter(portfolio::COLUMN.state.eq(CURRENT)).one(db.reader()).await;
    current.map_err(fault("look for what a programme has published"))
}

/// Publishes a package that was checked, in the place of the one before.
pub(crate) async fn publish(act: &Act, slug: &str, file: PathBuf) -> Result<Imported, Fault> {
    let wanted = Portfolio { file, name: format!("{OWN}{slug}") };
    import_grants(&act.app().db, &act.writer(act.viewer().person()), &wanted, &mut |_| {}).await
}
