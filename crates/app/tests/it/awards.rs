//! From an award to its end: offered, signed by both sides, paid by two people, talked about, changed and closed.

use sea_orm::entity::prelude::*;
use tables::{account, award, instalment, movement, posting};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, Visitor, both};

const GRANTS: &str = "Grant manager";
const LEAD: &str = "Programme lead, funder";
const PLACE: &str = "Project lead, Riverside";

pub fn riverside() -> String {
    format!("{PRACTICE}/places/riverside")
}

async fn the_award(site: &TestSite) -> award::Model {
    award::Entity::find().one(site.db().reader()).await.expect("the database").expect("an award")
}
pub async fn home(site: &TestSite) -> String {
    format!("{}/awards/{}", riverside(), the_award(site).await.id)
}

/// What accounts of one kind hold together, in pounds.
pub async fn holds(site: &TestSite, kind: &str) -> i64 {
    let accounts = account::Entity::find().filter(account::COLUMN.kind.eq(kind)).all(site.db().reader()).await;
    let ids: Vec<_> = accounts.expect("the database").into_iter().map(|a| a.id).collect();
    let postings = posting::Entity::find().filter(posting::COLUMN.account_id.is_in(ids)).all(site.db().reader()).await;
    postings.expect("the database").iter().map(|p| p.amount).sum::<i64>() / 100
}

pub async fn balanced(site: &TestSite) {
    for one in movement::Entity::find().all(site.db().reader()).await.expect("the database") {
        let its = posting::Entity::find().filter(posting::COLUMN.movement_id.eq(one.id)).all(site.db().reader()).await;
        assert_eq!(its.expect("the database").iter().map(|p| p.amount).sum::<i64>(), 0, "{one:?}");
    }
}

/// Drafts an award of £50,000 over nine months with two instalments, the second for a milestone.
async fn draft(site: &TestSite, grants: &mut Visitor) {
    grants.open(&format!("{}/awards/new", riverside())).await.must_be(200);
    grants.form("Go on to the budget").fill("How much is it?", "50,000").fill("What is it for?", "To begin, together.");
    grants.choose("Who holds the grant for the place?", "Riverside Voluntary Action, which leads");
    grants.choose("What money does it come out of?", "Development grants");
    grants.fill("It starts on", &today().to_string()).fill("It ends on", &today().plus_months(9).to_string());
    grants.fill("On what conditions?", "Partners meet every month");
    grants.press("Go on to the budget").await.must_say("Budget of award RIVERSIDE-1");
    grants.form("Save the budget").fill("People who do the work", "£30,000").fill("Community involvement", "20000");
    grants.press("Save the budget").await.must_be(200);
    let schedule = format!("{}/instalments", home(site).await);
    grants.open(&schedule).await;
    grants.form("Save the instalments");
    grants.fill("Amount of instalment 1", "20,000").fill("Instalment 1 is due on", &today().to_string());
    grants
        .fill("Amount of instalment 2", "30,000")
        .fill("What has to have happened before instalment 2", "A plan that all partners stand behind");
    grants.press("Save the instalments").await.must_be(200);
}

/// An award that is offered, and that nobody has signed.
pub async fn put_offered(site: &TestSite) -> tables::AwardId {
    let mut grants = site.signed_in_as(GRANTS).await;
    draft(site, &mut grants).await;
    grants.open(&home(site).await).await;
    grants.press("Offer it to the place").await.must_say("Offered.");
    the_award(site).await.id
}

/// Money is committed, the award is offered, and both sides sign.
pub async fn agreed(site: &TestSite) -> (Visitor, Visitor) {
    let (mut grants, mut place) = (site.signed_in_as(GRANTS).await, site.signed_in_as(PLACE).await);
    grants.open(&format!("{PRACTICE}/money/commit")).await;
    grants.form("Note it").choose("What is it for?", "Development grants");
    grants.fill("How much?", "300,000").fill("On what ground?", "The boards have decided");
    grants.press("Note it").await.must_say("Committed.");
    draft(site, &mut grants).await;
    grants.press("Offer it to the place").await.must_say("Offered.");
    let agreement = format!("{}/agreement", home(site).await);
    for one in [&mut grants, &mut place] {
        one.open("/").await.must_say("Sign the agreement on RIVERSIDE-1");
    }
    grants.open(&agreement).await;
    grants.press("Sign for the funder").await.must_say("The other side has still to sign");
    grants.open("/").await.must_not_say("Sign the agreement");
    place.open(&agreement).await.must_say("Partners meet every month");
    place.press("Sign for the place").await.must_say("The award is in force");
    (grants, place)
}

async fn approve(site: &TestSite, name: &str) {
    let mut one = site.signed_in_as(name).await;
    one.open(&format!("{PRACTICE}/money/payments")).await;
    one.press("Approve RIVERSIDE-1, instalment 1").await.must_say("Approved.");
}

/// The first instalment is approved by two, filed and paid.
pub async fn paid(site: &TestSite, grants: &mut Visitor) {
    approve(site, GRANTS).await;
    approve(site, LEAD).await;
    grants.open(&format!("{PRACTICE}/money/payments")).await;
    grants.press("Make a payment file of these 1").await.must_say("Payment file 1");
    grants.form("Note them as paid").fill("Paid on", &today().to_string()).fill("Reference", "BACS 17");
    grants.press("Note them as paid").await.must_say("Noted as paid.");
}

both! {
    async fn an_award_is_agreed_by_both_sides_and_paid_by_two_people(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        let text = the_award(&site).await;
        assert_eq!(store::sha256(text.agreement.as_bytes()), text.agreement_hash);
        assert_eq!((holds(&site, "committed").await, holds(&site, "award").await, holds(&site, "budget").await), (250_000, 50_000, 50_000));
        // One person’s approval is not enough, and neither is the same person’s twice.
        approve(&site, GRANTS).await;
        grants.open(&format!("{PRACTICE}/money/payments")).await.must_say("Grant manager").must_say("Nothing is ready to be handed over");
        let none = grants.post(&format!("{PRACTICE}/money/files"), &[]).await;
        assert_eq!(none.status, 409);
        approve(&site, LEAD).await;
        grants.open(&format!("{PRACTICE}/money/payments")).await;
        grants.press("Make a payment file of these 1").await.must_say("Payment file 1").must_say("£20,000");
        let csv = grants.get(&format!("{}/payments.csv", grants.page().path)).await.text();
        assert!(csv.contains("\"RIVERSIDE-1-1\",\"RIVERSIDE-1\",\"Riverside\",\"Riverside Voluntary Action\",\"20000.00\",\"GBP\""), "{csv}");
        let page = grants.page().path.clone();
        grants.open(&page).await;
        grants.form("Note them as paid").fill("Paid on", &today().plus_days(1).to_string()).fill("Reference", "BACS 17");
        grants.press("Note them as paid").await.must_be(422).must_say("Enter a day that has come");
        grants.fill("Paid on", &today().to_string());
        grants.press("Note them as paid").await.must_say("Noted as paid.");
        assert_eq!((holds(&site, "award").await, holds(&site, "paid").await), (30_000, 20_000));
        place.open(&home(&site).await).await.must_say("BACS 17").must_say("Still to be paid");
        balanced(&site).await;
        site.journal_is_whole().await;
    }

    async fn a_payment_that_a_hundred_approve_at_once_is_paid_once(site: TestSite) {
        let (mut grants, _) = agreed(&site).await;
        let mut lead = site.signed_in_as(LEAD).await;
        let page = format!("{PRACTICE}/money/payments");
        let mut forms = Vec::new();
        for visitor in [&mut grants, &mut lead] {
            visitor.open(&page).await;
            forms.push(visitor.filled_form("Approve RIVERSIDE-1, instalment 1"));
        }
        // Each press is one of its own: a form that was opened anew.
        let presses = (0..100).map(|n| {
            let (mut window, form) = if n % 2 == 0 { (grants.second_window(), &forms[0]) } else { (lead.second_window(), &forms[1]) };
            let form = form.clone().with("once", &format!("press-{n}"));
            async move { window.send(&form).await.must_be(200); }
        });
        futures::future::join_all(presses).await;
        let row = instalment::Entity::find().filter(instalment::COLUMN.number.eq(1)).one(site.db().reader()).await;
        let row = row.expect("the database").expect("it");
        let voices = tables::approval::Entity::find().filter(tables::approval::COLUMN.instalment_id.eq(row.id)).count(site.db().reader()).await;
        assert_eq!(voices.expect("the database"), 2);
        grants.open(&page).await;
        let form = grants.filled_form("Make a payment file of these 1");
        let presses = (0..20).map(|n| {
            let (mut window, form) = (grants.second_window(), form.clone().with("once", &format!("file-{n}")));
            async move { window.send(&form).await.status }
        });
        let done = futures::future::join_all(presses).await;
        assert_eq!(done.iter().filter(|s| **s == 200).count(), 1, "{done:?}");
        let file = row_file(&site).await;
        let here = format!("{PRACTICE}/money/files/{file}");
        grants.open(&here).await;
        grants.form("Note them as paid").fill("Paid on", &today().to_string()).fill("Reference", "BACS 17");
        let form = grants.filled_form("Note them as paid");
        let presses = (0..20).map(|n| {
            let (mut window, form) = (grants.second_window(), form.clone().with("once", &format!("paid-{n}")));
            async move { window.send(&form).await.must_be(200); }
        });
        futures::future::join_all(presses).await;
        assert_eq!((holds(&site, "award").await, holds(&site, "paid").await), (30_000, 20_000));
        balanced(&site).await;
        site.journal_is_whole().await;
    }

    async fn what_was_spent_is_told_in_a_conversation_that_both_sides_read(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        let talk = format!("{}/talk", home(&site).await);
        place.open(&talk).await.must_say("What is known already").must_say("£30,000 left");
        place.form("Save it for both sides").fill("Title", "Autumn").fill("What there is to say", "We hired two people.");
        place.fill("People who do the work", "£31,000");
        place.press("Save it for both sides").await.must_be(422).must_say("holds £30,000").must_say("We hired two people.");
        assert_eq!(holds(&site, "spent").await, 0);
        place.fill("People who do the work", "£4,000.50").fill("Community involvement", "1000");
        place.press("Save it for both sides").await.must_say("What was spent stands in the ledger").must_say("£5,000.50");
        assert_eq!((holds(&site, "spent").await, holds(&site, "budget").await), (5_000, 44_999));
        grants.open(&format!("{}/entries", riverside())).await.must_say("Autumn");
        // Nobody else reads it: it is between the place and those who look after its grant.
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        partner.open(&format!("{}/entries", riverside())).await.must_not_say("Autumn");
        partner.open(&home(&site).await).await.must_say("£5,000.50");
        balanced(&site).await;
    }

    async fn a_place_moves_money_with_a_reason_and_ends_later_with_a_plan(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        let change = format!("{}/change", home(&site).await);
        place.open(&change).await.must_say("Now £30,000, of which £0 is spent.");
        place.form("Propose it").fill("People who do the work, year 1", "27,000").fill("Community involvement, year 1", "23,500");
        place.press("Propose it").await.must_be(422).must_say("These come to £50,500. Let them come to £50,000").must_say("Say what you have learnt");
        place.fill("Community involvement, year 1", "23,000").fill("What have you learnt that makes this right?", "People come when the bus is paid.");
        place.press("Propose it").await.must_say("Those who have to approve it have been told");
        grants.open("/").await.must_say("Answer what Riverside proposes for RIVERSIDE-1");
        // £3,000 is less than a tenth: the grant manager alone. The partners see it, and the place cannot approve it itself.
        let version = format!("{}/changes/2", home(&site).await);
        place.open(&version).await.must_say("£27,000").must_say("+£3,000").must_not_say("Approve it");
        let mut lead = site.signed_in_as(LEAD).await;
        lead.open(&version).await.must_not_say("Approve it as");
        lead.open("/").await.must_not_say("Answer what Riverside proposes");
        grants.open(&version).await;
        grants.press("Approve it as grant manager").await.must_say("Approved, and in force.");
        assert_eq!(holds(&site, "budget").await, 50_000);
        place.open(&home(&site).await).await.must_say("Version 2").must_say("£23,000");
        // A later end takes both, and a plan.
        place.open(&change).await;
        let later = the_award(&site).await.ends_on.plus_months(6);
        place.form("Propose it").fill("What have you learnt that makes this right?", "It takes longer.").fill("A later end", &later.to_string());
        place.press("Propose it").await.must_be(422).must_say("Say what you will do in the time that this adds");
        place.fill("What will you do in the time that this adds?", "Two more forums.");
        place.press("Propose it").await.must_be(200);
        let version = format!("{}/changes/3", home(&site).await);
        grants.open(&version).await;
        grants.press("Approve it as grant manager").await.must_say("Others have still to approve it");
        grants.open(&version).await.must_not_say("Approve it as");
        assert!(the_award(&site).await.ends_on < later);
        lead.open(&version).await;
        lead.press("Approve it as programme lead").await.must_say("Approved, and in force.");
        assert_eq!(the_award(&site).await.ends_on, later);
        balanced(&site).await;
        site.journal_is_whole().await;
    }

    async fn a_change_is_asked_back_or_withdrawn_and_only_one_waits(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        let change = format!("{}/change", home(&site).await);
        for (number, asks_back) in [(2, true), (3, false)] {
            place.open(&change).await;
            place.form("Propose it").fill("People who do the work, year 1", "10,000").fill("Community involvement, year 1", "40,000");
            place.fill("What have you learnt that makes this right?", "We learnt.");
            place.press("Propose it").await.must_be(200);
            place.open(&change).await.must_be(409).must_say("A change waits already");
            let version = format!("{}/changes/{number}", home(&site).await);
            if asks_back {
                grants.open(&version).await;
                grants.press("Ask it back").await.must_be(422).must_say("Say what is missing");
                grants.fill("Your answer", "What becomes of the two people?");
                grants.press("Ask it back").await.must_say("Asked back.");
                place.open(&version).await.must_say("What becomes of the two people?");
                place.open("/").await.must_say("Your change to RIVERSIDE-1 was asked back");
                place.open(&home(&site).await).await.must_say("propose it anew");
            } else {
                place.open(&version).await;
                place.press("Withdraw the proposal").await.must_say("The proposal is withdrawn.");
            }
        }
        assert_eq!(holds(&site, "budget").await, 50_000);
        place.open(&home(&site).await).await.must_say("Asked back").must_say("Withdrawn");
    }

    async fn an_offer_that_is_taken_back_voids_what_was_signed(site: TestSite) {
        let mut grants = site.signed_in_as(GRANTS).await;
        draft(&site, &mut grants).await;
        let mut place = site.signed_in_as(PLACE).await;
        place.open(&home(&site).await).await.must_be(404);
        grants.open(&home(&site).await).await;
        grants.press("Offer it to the place").await.must_say("Offered.");
        let agreement = format!("{}/agreement", home(&site).await);
        place.open(&agreement).await;
        let signing = place.filled_form("Sign for the place");
        place.press("Sign for the place").await.must_say("Signed.");
        grants.open(&home(&site).await).await;
        grants.press("Take the offer back").await.must_say("void");
        // Whoever signed it hears what became of it; others never knew of it.
        place.open(&home(&site).await).await.must_be(409).must_say("This offer was taken back");
        let mut other = site.signed_in_as("Partner organisation's representative, Riverside").await;
        other.open(&home(&site).await).await.must_be(404);
        // Nothing is committed, so the second signature brings nothing into force.
        grants.press("Offer it to the place").await.must_say("Offered.");
        let stale = signing.with("once", "again").with("_hash", "another");
        place.send(&stale).await.must_be(409).must_say("The agreement has changed meanwhile");
        place.open(&agreement).await.must_say("Void since");
        place.press("Sign for the place").await.must_be(200);
        grants.open(&agreement).await;
        grants.press("Sign for the funder").await.must_be(409).must_say("There is not enough committed");
        assert!(the_award(&site).await.agreed_at.is_none());
    }

    async fn what_is_left_at_the_end_is_underspend_and_can_be_awarded_again(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        paid(&site, &mut grants).await;
        place.open(&format!("{}/talk", home(&site).await)).await;
        place.form("Save it for both sides").fill("Title", "Autumn").fill("What there is to say", "All went well.");
        place.fill("People who do the work", "12,000");
        place.press("Save it for both sides").await.must_be(200);
        grants.open(&format!("{}/close", home(&site).await)).await.must_say("£38,000").must_say("£30,000");
        grants.press("Close it").await.must_be(422).must_say("Tick this if it has come to its end");
        grants.fill("What became of what is left?", "Returned").choose("Is it closed?", "Award RIVERSIDE-1 has come to its end");
        grants.press("Close it").await.must_say("Closed.");
        assert_eq!((holds(&site, "unspent").await, holds(&site, "budget").await, holds(&site, "committed").await), (38_000, 0, 280_000));
        place.open(&format!("{}/change", home(&site).await)).await.must_be(409);
        grants.open(&format!("{PRACTICE}/money")).await.must_say("£20,000");
        balanced(&site).await;
    }

    async fn the_money_page_tells_each_what_they_may_see_as_of_any_day(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        paid(&site, &mut grants).await;
        let money = format!("{PRACTICE}/money");
        grants.open(&money).await.must_say("£300,000").must_say("£250,000").must_say("Riverside");
        grants.open(&format!("{money}?on=1+January+2020")).await.must_be(200).must_not_say("£250,000");
        grants.open(&format!("{money}?on=soon")).await.must_be(422);
        place.open(&money).await.must_say("RIVERSIDE-1").must_not_say("£250,000");
        let mut other = site.signed_in_as("Project lead, Lantern Hill").await;
        other.open(&money).await.must_not_say("RIVERSIDE-1");
        other.open(&home(&site).await).await.must_be(403);
    }

    async fn amounts_that_cannot_be_are_refused_beside_their_field(site: TestSite) {
        let mut grants = site.signed_in_as(GRANTS).await;
        grants.open(&format!("{}/awards/new", riverside())).await;
        grants.form("Go on to the budget").fill("What is it for?", "To begin.");
        grants.fill("It starts on", &today().to_string()).fill("It ends on", &today().to_string());
        for (amount, said) in [
            ("-5", "without a minus"),
            ("0", "Enter an amount above nought"),
            ("9999999999999999", "Enter an amount of at most"),
            ("99999999999999999999999", "Enter an amount below"),
            ("about £5", "Enter an amount in pounds"),
            ("€50", "Enter an amount in pounds"),
        ] {
            grants.fill("How much is it?", amount);
            grants.press("Go on to the budget").await.must_be(422).must_say(said).must_say("Enter a day after the start");
        }
        draft(&site, &mut grants).await;
        let over = format!("{}/budget", home(&site).await);
        grants.open(&over).await;
        grants.form("Save the budget").fill("People who do the work", "50,001");
        grants.press("Save the budget").await.must_be(422).must_say("Let them come to £50,000");
    }
}

async fn row_file(site: &TestSite) -> tables::PaymentFileId {
    let all = tables::payment_file::Entity::find().all(site.db().reader()).await.expect("the database");
    assert_eq!(all.len(), 1, "one file");
    all[0].id
}
