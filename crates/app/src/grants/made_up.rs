//! A grant of a practice programme, lived through step by step by made-up people: the same rows in the same ledger as a real
//! one, each on its own day.

use std::sync::Arc;

use kernel::{Day, Deadline, Fault, FixedClock, IdSource, Money};
use sea_orm::EntityTrait;
use store::{Db, Write, Writer};
use tables::{
    AppointmentId, ApprovalId, AwardId, CircleId, EntryId, InstalmentId, OrganisationId, PaymentFileId, PersonId, approval,
    award, entry, instalment, payment_file, place,
};

use super::accounts::{self, By, NotDone};
use super::award::{APPROVED, FUNDER, PLACE, Version, Whole, whole, year_of};
use super::budget::Amounts;
use super::change::Proposal;
use super::{agree, answer, budget, change, make, schedule};
use crate::ground::{Snapshot, Stop};

/// Somebody who plays, with the role they play in.
#[derive(Debug, Clone)]
pub(crate) struct Player {
    pub person: PersonId,
    pub role: String,
    pub appointment: AppointmentId,
}

/// Who plays: whoever looks after the grant, whoever answers for it in the place, and the two who approve payments.
#[derive(Debug, Clone)]
pub(crate) struct Players {
    pub manager: Player,
    pub place: Player,
    pub approvers: Vec<Player>,
}

/// An award as it was agreed.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub holder: OrganisationId,
    pub line: String,
    pub amount: Money,
    pub starts_on: Day,
    pub ends_on: Day,
    pub purpose: String,
    pub conditions: String,
    pub budget: Amounts,
    pub instalments: Vec<(Money, Day)>,
}

/// A conversation, with what was spent of each line.
#[derive(Debug, Clone)]
pub(crate) struct Talk {
    pub on: Day,
    pub title: String,
    pub text: String,
    pub spent: Vec<(String, Money)>,
}

/// Moved money, as a place proposed it.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub on: Day,
    pub reason: String,
    pub amounts: Amounts,
    /// Whether it was approved; otherwise it waits.
    pub approved: bool,
}

/// Where it happens.
pub(crate) struct Scene<'a> {
    pub db: &'a Db,
    pub ids: Arc<dyn IdSource>,
    pub programme: &'a Snapshot,
    /// The circle that both sides share, and the kind of entry they write there.
    pub circle: CircleId,
    pub kind: String,
}

const DOING: &str = "make a practice award";

fn broken(not: impl Into<NotDone>) -> Fault {
    match not.into() {
        NotDone::Refused(why) => Fault::new(DOING, why),
        NotDone::Stop(Stop::Fault(fault)) => fault,
        NotDone::Stop(_) => Fault::new(DOING, "a made-up person may not do this"),
    }
}

impl Scene<'_> {
    /// A write of that day, in the middle of the morning.
    async fn write(&self, on: Day) -> Result<Write, Fault> {
        let clock = Arc::new(FixedClock::at(Deadline { day: on, hour: 10, minute: 0 }.moment()));
        self.db.write(&Writer { actor: None, clock, ids: self.ids.clone() }, DOING).await
    }

    /// The sponsors commit money to a line.
    pub async fn commit(&self, by: &Player, on: Day, line: &str, amount: Money, why: &str) -> Result<(), Fault> {
        let mut write = self.write(on).await?;
        let by = By { person: by.person, today: on };
        accounts::commit(&mut write, by, self.programme, line, amount, why.into()).await.map_err(broken)?;
        write.save().await
    }

    /// Drafted, offered, signed by both sides, and in force.
    pub async fn agree(&self, play: &Players, place: &place::Model, terms: Terms) -> Result<AwardId, Fault> {
        let on = terms.starts_on;
        let mut write = self.write(on).await?;
        let read = make::Read {
            holder: terms.holder,
            line: terms.line,
            amount: terms.amount,
            starts_on: terms.starts_on,
            ends_on: terms.ends_on,
            purpose: terms.purpose,
            conditions: terms.conditions,
            follows: None,
        };
        let row = make::put(&mut write, play.manager.person, place, read).await.map_err(broken)?;
        let draft = whole(write.tx(), row).await?;
        let first = draft.versions.first().ok_or_else(|| Fault::new(DOING, "it has no budget"))?;
        budget::put(&mut write, first, &terms.budget).await.map_err(broken)?;
        let wanted = (1..).zip(terms.instalments).map(|(number, (amount, due))| schedule::Wanted {
            number,
            amount,
            due_on: Some(due),
            milestone: String::new(),
        });
        schedule::put(&mut write, &draft, &schedule::Now::default(), &wanted.collect::<Vec<_>>()).await.map_err(broken)?;
        let drafted = whole(write.tx(), draft.row).await?;
        let offered = agree::put_offer(&mut write, self.programme, place, &drafted).await.map_err(broken)?;
        for (side, player) in [(FUNDER, &play.manager), (PLACE, &play.place)] {
            let signing = (side, player.role.clone());
            agree::put_signature(&mut write, player.person, &offered, signing).await.map_err(broken)?;
        }
        let first = drafted.versions.first().ok_or_else(|| Fault::new(DOING, "it has no budget"))?;
        let by = By { person: play.place.person, today: on };
        accounts::agree(&mut write, by, self.programme, &offered, first).await.map_err(broken)?;
        let id = offered.id;
        write.replace(&offered, award::Model { agreed_at: Some(write.at()), ..offered.clone() }).await?;
        write.save().await.map(|()| id)
    }

    async fn award(&self, write: &Write, id: AwardId) -> Result<Whole, Fault> {
        let row = award::Entity::find_by_id(id).one(write.tx()).await.map_err(store::fault(DOING))?;
        whole(write.tx(), row.ok_or_else(|| Fault::new(DOING, "the award is gone"))?).await
    }

    /// So many people approve an instalment; two, and it is handed over and paid the same day, as payment file `number`.
    pub async fn approve(&self, by: &[Player], id: AwardId, instalment: usize, paid: Option<i32>, on: Day) -> Result<(), Fault> {
        let mut write = self.write(on).await?;
        let all = self.award(&write, id).await?;
        let row = all.instalments.get(instalment).cloned().ok_or_else(|| Fault::new(DOING, "it has no such instalment"))?;
        for player in by {
            let given = self.approval(&mut write, player, Some(row.id), None);
            write.insert(given).await?;
        }
        let (Some(number), Some(last)) = (paid, by.last()) else { return write.save().await };
        let file = payment_file::Model {
            id: PaymentFileId(write.id()),
            programme_id: self.programme.id,
            number,
            made_by: last.person,
            made_at: write.at(),
        };
        let file = write.insert(file).await?;
        let by = By { person: last.person, today: on };
        let reference = format!("PRACTICE {number}");
        let why = format!("Instalment {}, {reference}", row.number);
        let amount = Money::from_pence(row.amount);
        accounts::pay(&mut write, by, self.programme, &all.row, (amount, on, why)).await.map_err(broken)?;
        let after = instalment::Model {
            payment_file_id: Some(file.id),
            paid_on: Some(on),
            paid_reference: reference,
            paid_at: Some(write.at()),
            ..row.clone()
        };
        write.replace(&row, after).await?;
        write.save().await
    }

    fn approval(
        &self,
        write: &mut Write,
        by: &Player,
        of: Option<InstalmentId>,
        or: Option<tables::VariationId>,
    ) -> approval::Model {
        approval::Model {
            id: ApprovalId(write.id()),
            programme_id: self.programme.id,
            instalment_id: of,
            variation_id: or,
            person_id: by.person,
            role: by.role.clone(),
            given_at: write.at(),
            ended_at: None,
        }
    }

    /// Both sides talk, and what was spent is noted with it.
    pub async fn talk(&self, play: &Players, id: AwardId, talk: Talk) -> Result<(), Fault> {
        let mut write = self.write(talk.on).await?;
        let all = self.award(&write, id).await?;
        let row = entry::Model {
            id: EntryId(write.id()),
            programme_id: self.programme.id,
            place_id: Some(all.row.place_id),
            circle_id: self.circle,
            kind: self.kind.clone(),
            title: talk.title,
            text: talk.text,
            happened_on: talk.on,
            author_id: play.place.person,
            appointment_id: play.place.appointment,
            revision: 1,
            written_at: write.at(),
            changed_at: write.at(),
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        };
        let entry = write.insert(row).await?;
        write.index(std::slice::from_ref(&entry)).await?;
        let (by, year) = (By { person: play.place.person, today: talk.on }, year_of(&all.row, talk.on));
        for line in talk.spent {
            let when = (year, talk.on, entry.id);
            accounts::spend(&mut write, by, self.programme, &all.row, when, &[line]).await.map_err(broken)?;
        }
        write.save().await
    }

    /// The place proposes to move money; whoever has to approves it the same day, or it waits.
    pub async fn reprofile(&self, play: &Players, id: AwardId, moved: Moved) -> Result<(), Fault> {
        let mut write = self.write(moved.on).await?;
        let all = self.award(&write, id).await?;
        let now = all.budget().cloned().ok_or_else(|| Fault::new(DOING, "it has no budget"))?;
        let asked = Proposal { reason: moved.reason, plan: String::new(), ends_on: None, amounts: moved.amounts };
        let row = change::put(&mut write, play.place.person, &all, &now, asked).await.map_err(broken)?;
        if moved.approved {
            let all = self.award(&write, id).await?;
            let version = all.versions.iter().find(|v| v.row.id == row.id);
            let version: Version = version.cloned().ok_or_else(|| Fault::new(DOING, "the proposal is gone"))?;
            let everybody = || play.approvers.iter().chain([&play.manager]);
            for role in answer::needed(self.programme, &all, &version) {
                if let Some(player) = everybody().find(|p| p.role == role) {
                    let given = self.approval(&mut write, player, None, Some(version.row.id));
                    write.insert(given).await?;
                }
            }
            let by = By { person: play.manager.person, today: moved.on };
            accounts::reprofile(&mut write, by, self.programme, &all.row, &version).await.map_err(broken)?;
            answer::end(&mut write, play.manager.person, &version, APPROVED, "").await.map_err(broken)?;
        }
        write.save().await
    }
}
