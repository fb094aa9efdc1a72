//! The ledger's one way to be written: floors hold however many come at once, and what stands is only ever countered.

use app::ledger::{Moving, NotPosted, Opening, Refused, account, balance, balances, counter, post};
use futures::future::join_all;
use kernel::Day;
use ledger::Unit;
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use tables::{AccountId, PersonId, ProgrammeId, movement, person, posting};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, both};

/// A programme, and somebody who moves its money.
struct Desk<'a> {
    site: &'a TestSite,
    programme: ProgrammeId,
    person: PersonId,
}

impl Desk<'_> {
    async fn of(site: &TestSite) -> Desk<'_> {
        let person = person::Entity::find().one(site.db().reader()).await.expect("people").expect("somebody").id;
        Desk { site, programme: site.programme(PRACTICE).await.id, person }
    }
    async fn open(&self, code: &str, floor: bool) -> AccountId {
        let mut write = self.site.db().write(&self.site.writer(), "open an account").await.expect("a write");
        let found = account(&mut write, self.programme, opening(code, floor)).await.expect("an account").id;
        write.save().await.expect("saved");
        found
    }
    fn moving(&self, postings: Vec<(AccountId, i64)>, on: Day) -> Moving {
        Moving {
            place: None,
            award: None,
            kind: "payment",
            on,
            why: "As agreed".into(),
            entry: None,
            person: self.person,
            postings,
        }
    }
    async fn post(&self, from: AccountId, to: AccountId, amount: i64, on: Day) -> Result<movement::Model, NotPosted> {
        let mut write = self.site.db().write(&self.site.writer(), "move an amount").await.expect("a write");
        let posted = post(&mut write, self.programme, self.moving(Moving::between(from, to, amount), on)).await?;
        write.save().await.expect("saved");
        Ok(posted)
    }
    async fn counter(&self, of: &movement::Model) -> Result<movement::Model, NotPosted> {
        let mut write = self.site.db().write(&self.site.writer(), "take back").await.expect("a write");
        let posted = counter(&mut write, of, today(), "It was the other place".into(), self.person).await?;
        write.save().await.expect("saved");
        Ok(posted)
    }
    async fn holds(&self, of: AccountId) -> i64 {
        balance(self.site.db().reader(), of, None).await.expect("a balance")
    }
}

fn opening(code: &str, floor: bool) -> Opening {
    Opening {
        place: None,
        award: None,
        person: None,
        kind: "test",
        key: "line".into(),
        code: code.into(),
        name: format!("The {code}"),
        unit: if code == "days" { Unit::QuarterDays } else { Unit::Pence },
        floor,
        year: None,
    }
}

both! {
    async fn many_at_once_never_take_more_than_there_is(site: TestSite) {
        let desk = Desk::of(&site).await;
        let all = join_all((0..20).map(|_| desk.open("award", true))).await;
        let award = all[0];
        assert!(all.iter().all(|one| *one == award), "whoever opens it at once opens the same: {all:?}");
        let (sponsor, paid) = (desk.open("sponsor", false).await, desk.open("paid", true).await);
        desk.post(sponsor, award, 100, today()).await.expect("an award");
        // Some pay and some take back at the same time, so that accounts are asked for from both ends.
        let pays = join_all((0..40).map(|_| desk.post(award, paid, 3, today())));
        let (pays, back) = futures::join!(pays, join_all((0..3).map(|_| desk.post(paid, award, 1, today()))));
        let done = i64::try_from(pays.iter().filter(|p| p.is_ok()).count()).expect("a number");
        let back = i64::try_from(back.iter().filter(|p| p.is_ok()).count()).expect("a number");
        assert_eq!(desk.holds(award).await, 100 - 3 * done + back);
        assert!((0..3 + back).contains(&desk.holds(award).await), "it was paid out as far as it goes: {done} and {back}");
        assert_eq!(desk.holds(sponsor).await, -100);
        for refused in pays.iter().filter_map(|p| p.as_ref().err()) {
            let NotPosted::Refused(Refused::Below { balance, asked: 3, .. }) = refused else { panic!("{refused}") };
            assert!((0..3).contains(balance), "{refused}");
        }
        let said = desk.post(award, paid, 5_000, today()).await.expect_err("more than there is").to_string();
        assert!(said.starts_with("The award holds £0.0") && said.ends_with("That is less than £50"), "{said}");
        site.journal_is_whole().await;
    }

    async fn what_was_moved_is_undone_once_and_stays_to_be_seen(site: TestSite) {
        let desk = Desk::of(&site).await;
        let (sponsor, award, paid) = (desk.open("sponsor", false).await, desk.open("award", true).await, desk.open("paid", true).await);
        desk.post(sponsor, award, 100, today().plus_days(-9)).await.expect("an award");
        let payment = desk.post(award, paid, 60, today().plus_days(-5)).await.expect("a payment");
        let undone = join_all((0..10).map(|_| desk.counter(&payment))).await;
        assert_eq!(undone.iter().filter(|u| u.is_ok()).count(), 1);
        assert!(undone.iter().filter_map(|u| u.as_ref().err()).all(|e| matches!(e, NotPosted::Refused(Refused::Countered))), "{undone:?}");
        let undone = undone.into_iter().find_map(Result::ok).expect("one");
        assert_eq!((undone.counters_id, undone.kind.as_str()), (Some(payment.id), "payment"));
        assert!(matches!(desk.counter(&undone).await, Err(NotPosted::Refused(Refused::IsCounter))));
        // What was true on a day stays true of that day.
        let at = async |days| {
            let held = balances(site.db().reader(), &[award, paid], Some(today().plus_days(days))).await.expect("balances");
            (held[&award], held[&paid])
        };
        assert_eq!([at(-10).await, at(-9).await, at(-5).await, at(-1).await, at(0).await], [(0, 0), (100, 0), (40, 60), (40, 60), (100, 0)]);
        // What arrived by it and was used since cannot be taken away.
        let award_made = movement::Entity::find().filter(movement::COLUMN.on_day.eq(today().plus_days(-9))).one(site.db().reader()).await.expect("movements").expect("one");
        desk.post(award, paid, 1, today()).await.expect("a payment");
        let said = desk.counter(&award_made).await.expect_err("it was used").to_string();
        assert_eq!(said, "The award holds £0.99. That is less than £1");
    }

    async fn the_database_itself_lets_nothing_be_changed(site: TestSite) {
        let desk = Desk::of(&site).await;
        let (sponsor, award) = (desk.open("sponsor", false).await, desk.open("award", true).await);
        desk.post(sponsor, award, 100, today()).await.expect("an award");
        for sql in ["UPDATE postings SET amount = 1", "DELETE FROM postings", "UPDATE movements SET why = 'x'", "DELETE FROM movements"] {
            let write = site.db().write(&site.writer(), "tamper").await.expect("a write");
            let said = write.unrecorded().execute_unprepared(sql).await.expect_err("it stands").to_string();
            assert!(said.contains("what is in the ledger stands"), "{said}");
        }
        assert_eq!(desk.holds(award).await, 100);
    }

    async fn what_is_no_movement_is_not_posted(site: TestSite) {
        let desk = Desk::of(&site).await;
        let (award, paid, days) = (desk.open("award", false).await, desk.open("paid", false).await, desk.open("days", false).await);
        let before = posting::Entity::find().count(site.db().reader()).await.expect("postings");
        let nobody = AccountId(award.0.max(paid.0));
        for postings in [
            vec![(award, -1), (paid, 2)],
            vec![(award, -1), (days, 1)],
            vec![(award, -1), (award, 1)],
            vec![(award, 0), (paid, 0)],
            vec![(award, i64::MIN), (paid, i64::MAX), (nobody, 1)],
            vec![(award, 1)],
            vec![],
            vec![(AccountId(desk.person.0), -1), (paid, 1)],
        ] {
            let mut write = site.db().write(&site.writer(), "move an amount").await.expect("a write");
            let posted = post(&mut write, desk.programme, desk.moving(postings.clone(), today())).await;
            assert!(matches!(posted, Err(NotPosted::Fault(_))), "{postings:?}: {posted:?}");
        }
        // An account of another programme is none of this one's.
        let other = site.programme(testkit::site::OTHER).await.id;
        let mut write = site.db().write(&site.writer(), "move an amount").await.expect("a write");
        let posted = post(&mut write, other, desk.moving(Moving::between(award, paid, 1), today())).await;
        assert!(matches!(posted, Err(NotPosted::Fault(_))), "{posted:?}");
        drop(write);
        assert_eq!(posting::Entity::find().count(site.db().reader()).await.expect("postings"), before);
    }
}
