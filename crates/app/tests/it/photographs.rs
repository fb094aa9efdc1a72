//! Photographs of what somebody wrote: seen by whoever reads it and by nobody else, and gone with its words.

use std::io::Cursor;

use axum::http::header;
use sea_orm::entity::prelude::*;
use tables::{blob, journal, photograph};
use testkit::site::PRACTICE;
use testkit::{TestSite, Visitor, both};

use crate::agreements::without_query;

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const LEAD: &str = "Project lead, Riverside";
const SEEN: &str = "The marigold bench in front of the hub";

fn picture(shade: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let drawn = image::RgbImage::from_pixel(64, 48, image::Rgb([shade, 120, 40]));
    drawn.write_to(&mut Cursor::new(&mut out), image::ImageFormat::Png).expect("a picture");
    out
}

/// What somebody was told, in the circle of their place; gives its address.
async fn told(lead: &mut Visitor) -> String {
    lead.open(&format!("{RIVERSIDE}/entries/new?kind=conversation")).await.must_be(200);
    lead.choose("Who reads this", "The place's own").fill("Title", "On the bench");
    lead.fill("What there is to say", "Nobody mends it.").fill("How they agreed", "Spoken, for the place.");
    without_query(&lead.press("Record").await.must_be(200).path)
}

async fn add(lead: &mut Visitor, home: &str, content: &[u8]) {
    lead.open(home).await.must_be(200);
    lead.follow("Photographs").await.must_be(200);
    lead.attach("Photograph", "IMG_0001.PNG", content).fill("What can be seen", SEEN);
    lead.tick("Everybody who can be recognised has agreed, or nobody can be");
    assert_eq!(lead.press("Add it").await.must_be(200).notice(), "Added. Whoever reads the entry sees it.");
}

async fn standing(site: &TestSite) -> Vec<photograph::Model> {
    let all = photograph::Entity::find().filter(photograph::COLUMN.removed_at.is_null());
    all.all(site.db().reader()).await.expect("photographs")
}

async fn blobs(site: &TestSite) -> u64 {
    blob::Entity::find().count(site.db().reader()).await.expect("contents")
}

both! {
    async fn a_photograph_is_seen_by_whoever_reads_the_entry(site: TestSite) {
        let mut lead = site.signed_in_as(LEAD).await;
        let home = told(&mut lead).await;
        add(&mut lead, &home, &picture(200)).await;
        let row = standing(&site).await.remove(0);
        assert_eq!((row.width, row.height), (64, 48));
        let image = format!("{home}/photographs/{}", row.id);
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        for visitor in [&mut lead, &mut partner] {
            visitor.open(&home).await.must_be(200);
            assert_eq!(visitor.page().attributes("figure.photograph img", "alt"), [SEEN]);
            assert_eq!(visitor.page().attributes("figure.photograph img", "src"), std::slice::from_ref(&image));
            let reply = visitor.get(&image).await;
            assert_eq!(reply.status, 200);
            let says = |name| reply.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
            assert_eq!((says(header::CONTENT_TYPE), says(header::CACHE_CONTROL)), ("image/jpeg", "no-store"));
            let seen = image::load_from_memory(&reply.body).expect("a picture").to_rgb8();
            assert!(seen.get_pixel(30, 20).0[0] > 180);
        }
        // Who does not read the entry, and who reads it and has not written it.
        for name in ["Grant manager", "Consultant, Riverside", "Partner organisation's representative, Lantern Hill"] {
            let mut other = site.signed_in_as(name).await;
            assert_eq!(other.get(&image).await.status, 404, "{name}");
            assert_eq!(other.get(&format!("{home}/photographs")).await.status, 404, "{name}");
        }
        assert_eq!(partner.get(&format!("{home}/photographs")).await.status, 403);
        assert_eq!(partner.post(&format!("{home}/photographs"), &[("remove", &row.id.to_string())]).await.status, 403);
        // Under another entry there is no such photograph.
        let other = told(&mut lead).await;
        assert_eq!(lead.get(&format!("{other}/photographs/{}", row.id)).await.status, 404);
        // The journal holds that it was added, and not what can be seen on it.
        let said = journal::Entity::find().filter(journal::COLUMN.act.eq("add a photograph")).all(site.db().reader()).await;
        assert!(said.expect("the journal").iter().any(|record| record.change.contains(&row.hash)));

        lead.open(&format!("{home}/photographs")).await.must_be(200);
        assert_eq!(lead.press("Remove it: photograph 1").await.must_be(200).notice(), "Removed. It is kept nowhere.");
        assert_eq!((lead.get(&image).await.status, blobs(&site).await), (404, 0));
        site.journal_is_whole().await;
    }

    async fn what_is_taken_back_takes_its_photographs_along(site: TestSite) {
        let mut lead = site.signed_in_as(LEAD).await;
        let (home, kept) = (told(&mut lead).await, told(&mut lead).await);
        for (home, shade) in [(&home, 10), (&home, 200), (&kept, 200)] {
            add(&mut lead, home, &picture(shade)).await;
        }
        assert_eq!((standing(&site).await.len(), blobs(&site).await), (3, 2), "the same picture is kept once");
        let images: Vec<String> = standing(&site).await.iter().map(|row| format!("{PRACTICE}/entries/{}/photographs/{}", row.entry_id, row.id)).collect();
        lead.open(&format!("{home}/withdraw")).await.must_be(200);
        lead.choose("Are you sure?", "Those who said it want it taken back").press("Take it back").await.must_be(200).must_not_say(SEEN);
        for image in &images {
            let stands = image.starts_with(&kept);
            assert_eq!(lead.get(image).await.status, if stands { 200 } else { 404 }, "{image}");
        }
        assert_eq!((standing(&site).await.len(), blobs(&site).await), (1, 1));
        let all = photograph::Entity::find().all(site.db().reader()).await.expect("photographs");
        assert!(all.iter().filter(|row| row.removed_at.is_some()).all(|row| row.about.is_empty()));
        assert_eq!(lead.get(&format!("{home}/photographs")).await.status, 404);
    }

    async fn what_is_no_photograph_is_said_beside_the_box_and_nothing_typed_is_lost(site: TestSite) {
        let mut lead = site.signed_in_as(LEAD).await;
        let home = told(&mut lead).await;
        lead.open(&format!("{home}/photographs")).await.must_be(200);
        lead.press("Add it").await.must_be(422);
        let wrong = lead.page().errors().join(" ");
        for said in ["Choose a photograph", "Say what can be seen", "Tick this once"] {
            assert!(wrong.contains(said), "{wrong}");
        }
        for content in [&b"%PDF-1.7\nA letter."[..], b"\xff\xd8\xff\xe0 cut off", b""] {
            lead.attach("Photograph", "bench.jpg", content).fill("What can be seen", SEEN);
            lead.press("Add it").await.must_be(422).must_say("This is no photograph that can be read");
            assert_eq!(lead.value("What can be seen"), SEEN);
        }
        lead.attach("Photograph", "bench.png", &picture(9)).fill("What can be seen", SEEN);
        lead.press("Add it").await.must_be(422).must_say("Choose the photograph again");
        assert_eq!((standing(&site).await.len(), blobs(&site).await), (0, 0));
        for _ in 0..6 {
            add(&mut lead, &home, &picture(9)).await;
        }
        assert!(!lead.sees_button("Add it"));
    }
}
