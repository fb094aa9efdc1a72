//! Money and days as the tests of moving put them in: an award with all that belongs to it, and accounts.

use sea_orm::EntityTrait;
use store::Write;
use tables::{
    AccountId, ApprovalId, AwardId, BudgetCellId, InstalmentId, MovementId, PaymentFileId, PostingId, SignatureId, SpendLayoutId,
    VariationId, account, approval, award, budget_cell, instalment, movement, organisation, payment_file, posting, signature,
    spend_layout, variation,
};

use crate::house::{Setting, new_id, today};

/// An award with an instalment that is handed over, and a change that somebody approved.
pub async fn award_one(write: &mut Write, setting: &Setting) {
    let (programme_id, at, person_id) = (setting.id, write.at(), setting.author);
    let organisation_id = organisation::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let award_id = AwardId(new_id());
    let row = award::Model {
        id: award_id,
        programme_id,
        place_id: setting.places[0],
        organisation_id,
        reference: "RIVERSIDE-1".into(),
        line: "grants".into(),
        follows_id: None,
        purpose: "To begin – ŵ".into(),
        conditions: String::new(),
        amount: 5_000_000,
        starts_on: today(),
        ends_on: today().plus_days(300),
        revision: 3,
        agreement: "Both sides".into(),
        agreement_hash: "abc".into(),
        created_by: person_id,
        created_at: at,
        offered_at: Some(at),
        agreed_at: Some(at),
        closed_at: None,
    };
    write.insert(row).await.unwrap();
    let signed = signature::Model {
        id: SignatureId(new_id()),
        programme_id,
        award_id,
        side: "place".into(),
        person_id,
        role: "lead".into(),
        hash: "abc".into(),
        signed_at: at,
        void_at: Some(at),
    };
    write.insert(signed).await.unwrap();
    let file = payment_file::Model { id: PaymentFileId(new_id()), programme_id, number: 1, made_by: person_id, made_at: at };
    let payment_file_id = Some(write.insert(file).await.unwrap().id);
    let instalment = instalment::Model {
        id: InstalmentId(new_id()),
        programme_id,
        award_id,
        number: 1,
        amount: 5_000_000,
        due_on: None,
        milestone: "A plan is there".into(),
        met_at: Some(at),
        met_by: Some(person_id),
        payment_file_id,
        paid_on: None,
        paid_reference: String::new(),
        paid_at: None,
    };
    let instalment_id = Some(write.insert(instalment).await.unwrap().id);
    let version = variation::Model {
        id: VariationId(new_id()),
        programme_id,
        award_id,
        number: 2,
        reason: "We learnt".into(),
        plan: String::new(),
        ends_on: Some(today().plus_days(400)),
        proposed_by: person_id,
        proposed_at: at,
        outcome: None,
        answer: String::new(),
        answered_by: None,
        answered_at: None,
    };
    let variation_id = write.insert(version).await.unwrap().id;
    let cell = budget_cell::Model {
        id: BudgetCellId(new_id()),
        programme_id,
        variation_id,
        line: "people".into(),
        year: 1,
        before: 0,
        after: 5_000_000,
    };
    write.insert(cell).await.unwrap();
    let layout = spend_layout::Model {
        id: SpendLayoutId(new_id()),
        programme_id,
        place_id: setting.places[0],
        sheet: "Gwariant – ŵ".into(),
        lines: "Line".into(),
        amounts: "Spent".into(),
        days: String::new(),
        names: "{}".into(),
        person_id,
        at,
    };
    write.insert(layout).await.unwrap();
    for (instalment_id, variation_id) in [(instalment_id, None), (None, Some(variation_id))] {
        let given = approval::Model {
            id: ApprovalId(new_id()),
            programme_id,
            instalment_id,
            variation_id,
            person_id,
            role: "lead".into(),
            given_at: at,
            ended_at: None,
        };
        write.insert(given).await.unwrap();
    }
}

/// Days that were used, and that they were not after all: by their identifiers the later comes first.
pub async fn account_for(write: &mut Write, setting: &Setting) {
    let (programme_id, at, place_id) = (setting.id, write.at(), Some(setting.places[0]));
    let later = MovementId(new_id());
    for (id, counters_id) in [(MovementId(new_id()), None), (later, Some(()))] {
        let counters_id = match counters_id {
            None => None,
            Some(()) => movement::Entity::find().one(write.tx()).await.unwrap().map(|m| m.id),
        };
        let moved = movement::Model {
            id,
            programme_id,
            place_id,
            award_id: Some(tables::AwardId(new_id())),
            kind: "days-used".into(),
            on_day: today(),
            why: "With the partners – ŵ".into(),
            entry_id: None,
            counters_id,
            person_id: setting.author,
            at,
        };
        write.insert(moved).await.unwrap();
    }
    for (code, amount) in [("left", -3), ("used", 3)] {
        let held = account::Model {
            id: AccountId(new_id()),
            programme_id,
            place_id,
            award_id: None,
            person_id: Some(setting.author),
            kind: code.into(),
            key: "consultant".into(),
            code: code.into(),
            name: "Days".into(),
            unit: "quarter-days".into(),
            floor: true,
            year: Some(2),
            created_at: at,
        };
        let account_id = write.insert(held).await.unwrap().id;
        let posted = posting::Model { id: PostingId(new_id()), programme_id, movement_id: later, account_id, amount };
        write.insert(posted).await.unwrap();
    }
}
