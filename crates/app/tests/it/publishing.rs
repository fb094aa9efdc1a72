//! A programme publishes its awards as open data, and they stand among what others have published.

use sea_orm::entity::prelude::*;
use serde_json::Value;
use tables::{award, programme};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, Visitor, both};

use crate::awards::{agreed, home, paid};

/// As if its places and organisations were real: what is made up is not published.
async fn in_earnest(site: &TestSite) {
    let row = programme::Entity::find().one(site.db().reader()).await.expect("it is there").expect("it is there");
    let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("it is there");
    write.replace(&row, programme::Model { practice: false, ..row.clone() }).await.expect("it is there");
    write.save().await.expect("it is there");
}

/// The same browser at the site as it is set up now.
fn as_before(site: &TestSite, before: &Visitor) -> Visitor {
    let mut now = site.visitor();
    for name in ["commonweal_session", "commonweal_visit"] {
        before.cookie(name).into_iter().for_each(|value| now.set_cookie(name, value));
    }
    now
}

async fn published(visitor: &mut Visitor) -> Value {
    let reply = visitor.get(&format!("{PRACTICE}/grants.json")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    serde_json::from_str(&reply.text()).expect("it is there")
}

both! {
    async fn awards_are_published_and_found_by_anybody(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        paid(&site, &mut grants).await;
        // The sign-in of the demonstration is for practice programmes, so it comes first.
        in_earnest(&site).await;
        let site = site.in_earnest();
        let (mut grants, mut anybody) = (as_before(&site, &grants), site.visitor());
        let publish = format!("{PRACTICE}/money/publish");
        grants.open(&publish).await.must_say("Nothing is published yet").must_say("It would be accepted.");
        grants.form("Save the identifiers").fill("Identifier of Riverside Voluntary Action", "1234567");
        grants.press("Save the identifiers").await.must_be(422).must_say("Write it like GB-CHC-1234567");
        assert_eq!(grants.value("Identifier of Riverside Voluntary Action"), "1234567");
        grants.fill("Identifier of Riverside Voluntary Action", "GB-CHC-1234567");
        grants.press("Save the identifiers").await.must_say("The identifiers are saved.");
        // Somebody else’s older page does not take that away again.
        let mut older = grants.second_window();
        older.open(&publish).await;
        let stale = older.form("Save the identifiers").fill("Identifier of Riverside Voluntary Action", "").filled_form("Save the identifiers");
        grants.open(&publish).await;
        grants.form("Save the identifiers").fill("Identifier of Riverside Voluntary Action", "GB-CHC-7654321");
        grants.press("Save the identifiers").await.must_be(200);
        older.send(&stale.with("once", "older")).await.must_be(422).must_say("Somebody else has just entered ‘GB-CHC-7654321’");
        grants.form("Publish it");
        grants.press("Publish it").await.must_say("Published.");
        let package = published(&mut anybody).await;
        let grant = &package["grants"][0];
        assert_eq!(grant["id"], format!("360G-example-{}-RIVERSIDE-1", PRACTICE.rsplit('/').next().expect("it is there")));
        assert_eq!((&grant["amountAwarded"], &grant["amountDisbursed"]), (&Value::from(50_000), &Value::from(20_000)));
        assert_eq!(grant["recipientOrganization"][0]["id"], "GB-CHC-7654321");
        assert_eq!(grant["recipientOrganization"][0]["charityNumber"], "7654321");
        assert_eq!(grant["plannedDates"][0]["startDate"], today().iso());
        assert!(grant["partnerOrganization"].as_array().is_some_and(|all| !all.is_empty()), "{grant}");
        assert_eq!(package["license"], app::Publishing::LICENCE);
        // Others find it among everything that is published, and take it along in each kind of file.
        anybody.open("/grants?q=riverside").await.must_say("Development grants: Riverside").must_say("£50,000");
        for ending in ["csv", "xlsx"] {
            assert_eq!(anybody.get(&format!("{PRACTICE}/grants.{ending}")).await.status, 200, "{ending}");
        }
        let csv = anybody.get(&format!("{PRACTICE}/grants.csv")).await.text();
        assert!(csv.contains("Recipient Org:0:Identifier") || csv.contains("Recipient Org:Identifier"), "{csv}");
        // What happens later is published when somebody publishes again: nothing changes by itself.
        let mut write = site.db().write(&site.writer(), "prepare a test").await.expect("it is there");
        let row = award::Entity::find().one(write.tx()).await.expect("it is there").expect("it is there");
        write.replace(&row, award::Model { purpose: "To begin, once more.".into(), ..row.clone() }).await.expect("it is there");
        write.save().await.expect("it is there");
        assert_eq!(published(&mut anybody).await["grants"][0]["description"], "To begin, together.");
        grants.open(&publish).await;
        grants.form("Publish it in the place of the earlier one");
        grants.press("Publish it in the place of the earlier one").await.must_say("Published.");
        assert_eq!(published(&mut anybody).await["grants"].as_array().expect("it is there").len(), 1);
        assert_eq!(published(&mut anybody).await["grants"][0]["description"], "To begin, once more.");
        // Those who do not look after grants publish nothing.
        place = as_before(&site, &place);
        place.open(&publish).await.must_be(403);
        assert!(home(&site).await.contains("riverside"));
        site.journal_is_whole().await;
    }
}
