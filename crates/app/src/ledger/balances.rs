//! What accounts hold: sums of their postings, never kept anywhere.

use std::collections::HashMap;

use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, JoinType, QuerySelect, RelationDef};
use store::fault;
use tables::{AccountId, movement, posting};

/// How many accounts one question names: databases take so many values and no more.
const AT_ONCE: usize = 900;

/// What each of these accounts holds, by the end of a day where one is given. All of them are in the answer.
pub async fn balances<C: ConnectionTrait>(
    read: &C,
    accounts: &[AccountId],
    as_of: Option<Day>,
) -> Result<HashMap<AccountId, i64>, Fault> {
    let mut found: HashMap<AccountId, i64> = accounts.iter().map(|id| (*id, 0)).collect();
    for some in accounts.chunks(AT_ONCE) {
        let mut sums = posting::Entity::find()
            .select_only()
            .column(posting::Column::AccountId)
            .column_as(Expr::cust("CAST(SUM(postings.amount) AS BIGINT)"), "total")
            .filter(posting::COLUMN.account_id.is_in(some.to_vec()))
            .group_by(posting::Column::AccountId);
        if let Some(day) = as_of {
            sums = sums.join(JoinType::InnerJoin, its_movement()).filter(movement::COLUMN.on_day.lte(day));
        }
        let sums: Vec<(AccountId, i64)> = sums.into_tuple().all(read).await.map_err(fault("add up accounts"))?;
        found.extend(sums);
    }
    Ok(found)
}

/// What an account holds, by the end of a day where one is given.
pub async fn balance<C: ConnectionTrait>(read: &C, account: AccountId, as_of: Option<Day>) -> Result<i64, Fault> {
    Ok(balances(read, &[account], as_of).await?.remove(&account).unwrap_or(0))
}

fn its_movement() -> RelationDef {
    posting::Entity::belongs_to(movement::Entity).from(posting::Column::MovementId).to(movement::Column::Id).into()
}
