//! Grants: what a place is awarded and on what terms, how it is paid, talked about, changed and brought to its end. What was
//! committed, paid and spent stands in the ledger; here is what people do about it.

mod accounts;
mod agree;
mod answer;
mod award;
mod budget;
mod change;
mod figures;
mod made_up;
mod make;
mod money;
mod payments;
mod publish;
mod schedule;
mod sheet;
mod show;
mod spend;
mod talk;
mod tell;
mod waiting;

use design::Power;

use crate::ground::{Route, Who};

pub(crate) use made_up::{Moved, Player, Players, Scene, Talk, Terms};
pub(crate) use make::lines as lines_of_money;
pub use publish::{Exported, export_grants};
pub(crate) use waiting::waiting;

/// Those who look after grants for the funder, or approve for it.
const FUNDER: Who = Who::MayAny(&[Power::ManageGrants, Power::ApprovePayments]);
/// Both sides of the conversation about a grant.
const TALKS: Who = Who::MayAny(&[Power::ManageGrants, Power::PlanMoney]);

pub(crate) fn routes() -> Vec<Route> {
    use Power::{ManageGrants, PlanMoney, SeeMoney};
    use Who::May;
    vec![
        Route::page("/programmes/{programme}/money", May(SeeMoney), money::page),
        Route::page("/programmes/{programme}/money/commit", May(ManageGrants), money::commit_form),
        Route::action("/programmes/{programme}/money/commit", May(ManageGrants), money::commit),
        Route::page("/programmes/{programme}/money/publish", May(ManageGrants), publish::page),
        Route::action("/programmes/{programme}/money/publish", May(ManageGrants), publish::save),
        Route::page("/programmes/{programme}/money/payments", FUNDER, payments::page),
        Route::action("/programmes/{programme}/money/payments", FUNDER, payments::approve),
        Route::action("/programmes/{programme}/money/files", FUNDER, payments::make_file),
        Route::page("/programmes/{programme}/money/files/{file}", FUNDER, payments::file),
        Route::page("/programmes/{programme}/money/files/{file}/payments.csv", FUNDER, payments::csv),
        Route::action("/programmes/{programme}/money/files/{file}", FUNDER, payments::paid),
        Route::page("/programmes/{programme}/places/{place}/awards/new", May(ManageGrants), make::form),
        Route::action("/programmes/{programme}/places/{place}/awards/new", May(ManageGrants), make::save),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}", May(SeeMoney), show::page),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/terms", May(ManageGrants), make::change_form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/terms", May(ManageGrants), make::change),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/budget", May(ManageGrants), budget::form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/budget", May(ManageGrants), budget::save),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/instalments", May(ManageGrants), schedule::form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/instalments", May(ManageGrants), schedule::save),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/milestone", May(ManageGrants), schedule::met),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/agreement", May(SeeMoney), agree::page),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/offer", May(ManageGrants), agree::offer),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/take-back", May(ManageGrants), agree::take_back),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/sign", TALKS, agree::sign),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/talk", TALKS, talk::form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/talk", TALKS, talk::save),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/sheet", TALKS, sheet::form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/sheet", TALKS, sheet::save).taking_files(),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/sheet/match", TALKS, sheet::use_it).taking_files(),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/spent/{movement}", TALKS, spend::form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/spent/{movement}", TALKS, spend::take_back),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/change", May(PlanMoney), change::form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/change", May(PlanMoney), change::save),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/changes/{number}", May(SeeMoney), answer::page),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/changes/{number}", FUNDER, answer::save),
        Route::action(
            "/programmes/{programme}/places/{place}/awards/{award}/changes/{number}/withdraw",
            May(PlanMoney),
            answer::withdraw,
        ),
        Route::page("/programmes/{programme}/places/{place}/awards/{award}/close", May(ManageGrants), agree::close_form),
        Route::action("/programmes/{programme}/places/{place}/awards/{award}/close", May(ManageGrants), agree::close),
    ]
}
