//! What made-up people do at a call of a practice programme, so that one person can try out what takes hundreds: they
//! apply, go on to the next stage, assess, and decide. Each step does what is left to do and touches nothing that
//! somebody has done by hand.

use design::Stage;
use forms::CompiledForm;
use kernel::{Fault, Moment};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{PersonId, answer, application, call, sheet};

use super::answers::{About, fill};
use super::applications::{Rows, To, Wanted, a_file, answer_rows, keep_files, submitted};
use crate::answers;
use crate::calls::{applicants, going_on, stage_of};
use crate::files::Checked;
use crate::ground::{App, Snapshot, Stop};
use crate::stages::go_on;

/// Organisations and people of a made-up application.
const ORGANISATIONS: usize = 3;
const WRITERS: usize = 3;

/// A call that is played.
pub(super) struct Played<'a> {
    pub programme: &'a Snapshot,
    pub call: call::Model,
    pub form: &'a CompiledForm,
    pub stage: Stage,
    file: Option<Checked>,
}

impl<'a> Played<'a> {
    /// # Errors
    /// Where the call's terms cannot be read.
    pub async fn new(programme: &'a Snapshot, call: call::Model, form: &'a CompiledForm) -> Result<Self, Fault> {
        let stage = stage_of(programme, &call)?;
        Ok(Self { programme, call, form, stage, file: Some(a_file().await?) })
    }

    /// The same call gives the same, as often as it is played from the same point.
    pub fn rng(&self) -> StdRng {
        let of_call = u64::from_be_bytes(self.call.id.0.as_bytes()[8..].try_into().unwrap_or_default());
        StdRng::seed_from_u64(of_call ^ u64::try_from(self.call.applications).unwrap_or_default())
    }

    /// Whoever leads: the first sector that the design asks for, where it asks for one alone.
    fn to(&self) -> To<'_> {
        let design = &self.programme.programme.design;
        let asked = design.place_rule.as_ref().map(|rule| &rule.sectors[..]).unwrap_or_default();
        let led_by = if let [one] = asked { one.key() } else { "voluntary" };
        To { call: &self.call, form: self.form, host: &self.programme.slug, led_by, file: self.file.as_ref() }
    }

    /// So many applications come in, complete and signed.
    pub async fn apply(&mut self, write: &mut Write, count: u32) -> Result<(), Stop> {
        let before = write.lock::<call::Entity>(self.call.id).await?.ok_or_else(|| Fault::new("play a call", "it is gone"))?;
        let (mut rows, mut rng) = (Rows::default(), self.rng());
        let last = before.applications.saturating_add(i32::try_from(count).unwrap_or(i32::MAX));
        for number in before.applications + 1..=last {
            let wanted = Wanted { number, organisations: ORGANISATIONS, writers: WRITERS, submitted: true };
            rows.add(write, &self.to(), wanted, &mut rng)?;
        }
        rows.insert(write, self.file.as_ref()).await?;
        self.call = write.replace(&before, call::Model { applications: last, ..before.clone() }).await?;
        Ok(())
    }

    /// Those who may go on to this stage and have not, do, and hand in what it asks; gives how many.
    pub async fn go_on(&mut self, app: &App, write: &mut Write) -> Result<usize, Stop> {
        let locked = write.lock::<call::Entity>(self.call.id).await?.ok_or(Stop::Missing)?;
        let Some(before) = locked.after_id else { return Ok(0) };
        let before =
            call::Entity::find_by_id(before).one(write.tx()).await.map_err(fault("load a call"))?.ok_or(Stop::Missing)?;
        let may = going_on(write.tx(), &before, locked.after_outcomes.as_deref().unwrap_or_default()).await?;
        let earlier = application::Entity::find()
            .filter(application::COLUMN.id.is_in(may))
            .order_by_asc(application::Column::Number)
            .all(write.tx())
            .await
            .map_err(fault("list applications"))?;
        let (mut rng, mut gone) = (self.rng(), 0);
        for earlier in earlier {
            let Some(by) = earlier.submitted_by else { continue };
            let (row, sheet) = go_on(app, write, &locked, &before, &earlier, by).await?;
            if let Some(sheet) = sheet {
                self.hand_in(app, write, (row, sheet), by, &mut rng).await?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    /// Answers what an application that has just gone on still asks, looks at the rest, and submits it.
    async fn hand_in(
        &self,
        app: &App,
        write: &mut Write,
        (row, before): (application::Model, sheet::Model),
        by: PersonId,
        rng: &mut StdRng,
    ) -> Result<(), Stop> {
        let filled = answers::load(app, write.tx(), before.id).await?;
        for (_, old) in filled.rows.iter().filter(|(_, row)| row.source.is_some()) {
            write.replace(old, answer::Model { source: None, version: old.version + 1, ..old.clone() }).await?;
        }
        let mut organisations = applicants(write.tx(), row.id).await?;
        let named: Vec<(String, String)> = organisations.iter().map(|o| (o.name.clone(), o.sector.clone())).collect();
        let about = About {
            area: &row.name,
            organisations: &named,
            file: self.file.as_ref().map(Checked::answer),
            today: write.at().day(),
        };
        let all = fill(self.form, filled.answers.clone(), &about, rng);
        let mut sheet = sheet::Model { revision: before.revision + 1, changed_at: write.at(), ..before.clone() };
        let new: Vec<answer::Model> = answer_rows(write, &sheet, &all, by)?
            .into_iter()
            .filter(|a| a.path.parse().is_ok_and(|path| !filled.rows.contains_key(&path)))
            .collect();
        keep_files(write, &sheet, &new.iter().collect::<Vec<_>>(), self.file.as_ref()).await?;
        write.insert_all(new).await?;
        let old = organisations.clone();
        let after = submitted(&self.to(), row.clone(), &mut sheet, &mut organisations, all, by)?;
        for (old, new) in old.iter().zip(organisations) {
            write.replace(old, new).await?;
        }
        write.replace(&before, sheet).await?;
        write.replace(&row, after).await?;
        Ok(())
    }

    /// The call closes with the minute before this one. Drafts stay drafts.
    pub async fn close(&mut self, write: &mut Write) -> Result<(), Fault> {
        let before = write.lock::<call::Entity>(self.call.id).await?.ok_or_else(|| Fault::new("play a call", "it is gone"))?;
        let closes_at: Moment = write.at().plus_seconds(-60);
        let after = call::Model { closes_at, opens_at: before.opens_at.min(closes_at.plus_seconds(-60)), ..before.clone() };
        self.call = write.replace(&before, after).await?;
        Ok(())
    }
}
