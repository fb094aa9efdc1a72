//! Files that are sent with an application: taken for what they are, kept from everybody who may not read them.

use axum::http::header;
use sea_orm::entity::prelude::*;
use tables::{answer, blob, file, journal};
use testkit::site::{OTHER, PRACTICE};
use testkit::{TestSite, Visitor, both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::calls::{finish, newcomer, start};
use crate::made::put_call;

const PDF: &[u8] = b"%PDF-1.7\nA letter of support.\n%%EOF";
const OTHER_PDF: &[u8] = b"%PDF-1.7\nAnother letter.\n%%EOF";
const LETTER: &str = "A letter of support";

async fn kept(site: &TestSite) -> Vec<file::Model> {
    file::Entity::find().all(site.db().reader()).await.expect("files")
}

async fn letter(site: &TestSite) -> Option<String> {
    let found = answer::Entity::find().filter(answer::COLUMN.path.eq("letter")).one(site.db().reader()).await.expect("answers");
    found.and_then(|a| a.value)
}

/// Chooses a file on the page with the letter, and saves it.
async fn send<'v>(visitor: &'v mut Visitor, home: &str, name: &str, content: &[u8]) -> &'v testkit::Page {
    visitor.open(&format!("{home}/sections/means")).await.must_be(200);
    visitor.attach(LETTER, name, content);
    visitor.press("Save and stay").await
}

/// A scanner that finds something bad wherever this word stands, and stops answering after so many.
async fn scanner(answers: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        for _ in 0..answers {
            let Ok((mut socket, _)) = listener.accept().await else { return };
            let mut command = [0; 10];
            socket.read_exact(&mut command).await.expect("a command");
            assert_eq!(&command, b"zINSTREAM\0");
            let mut content = Vec::new();
            loop {
                let length = socket.read_u32().await.expect("a length");
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length as usize];
                socket.read_exact(&mut piece).await.expect("a piece");
                content.extend(piece);
            }
            let bad = content.windows(6).any(|w| w == b"heron!");
            let said: &[u8] = if bad { b"stream: Heron-Test FOUND\0" } else { b"stream: OK\0" };
            socket.write_all(said).await.expect("an answer");
        }
    });
    address
}

both! {
    async fn a_file_is_sent_read_replaced_and_taken_away(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        lead.open(&format!("{home}/sections/means")).await.must_say("Up to 1 MB");
        lead.fill("How much do you ask for?", "£40,000").attach(LETTER, "C:\\papers\\Llythyr ŵ.PDF", PDF);
        lead.press("Save and stay").await.must_be(200).must_say("Saved.").must_say("Keep Llythyr ŵ.pdf");
        let rows = kept(&site).await;
        assert_eq!((rows.len(), rows[0].size, rows[0].scanned_at), (1, i64::try_from(PDF.len()).expect("a size"), None));
        let address = lead.page().link("Look at Llythyr ŵ.pdf").expect("a link to the file");
        let reply = lead.get(&address).await;
        let says = |name: header::HeaderName| reply.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        assert_eq!((reply.status, &reply.body[..]), (200, PDF));
        assert_eq!(says(header::CONTENT_TYPE), "application/pdf");
        assert_eq!(says(header::CONTENT_DISPOSITION), "attachment; filename=\"Llythyr _.pdf\"; filename*=UTF-8''Llythyr%20%C5%B5%2Epdf");
        assert_eq!(says(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(says(header::CONTENT_SECURITY_POLICY).starts_with("sandbox"), "no browser shows it in a page of ours");

        // Saving the page again changes nothing, with its files or, as a script does, without.
        let before = letter(&site).await;
        lead.press("Save and stay").await.must_be(200).must_say("Keep Llythyr ŵ.pdf");
        let as_script_does = testkit::visitor::Filled { files: None, ..lead.filled_form("Save and stay") };
        lead.send(&as_script_does).await.must_be(200).must_say("Keep Llythyr ŵ.pdf");
        assert_eq!(letter(&site).await, before);

        // Another stands in its place; the trail still knows the first.
        send(&mut lead, &home, "second.pdf", OTHER_PDF).await.must_be(200).must_say("Keep second.pdf");
        assert_eq!(lead.get(&address).await.status, 404, "it is no answer any more");
        assert_eq!(kept(&site).await.len(), 2);
        let form = lead.filled_form("Save and stay").with("letter.hash", "");
        lead.send(&form).await.must_be(200).must_not_say("Keep second.pdf");
        assert_eq!(letter(&site).await, None);
        let trail = journal::Entity::find().filter(journal::COLUMN.kind.eq("answer")).all(site.db().reader()).await.expect("a trail");
        assert!(trail.iter().any(|r| r.change.contains("Llythyr ŵ.pdf")));
        assert!(!trail.iter().any(|r| r.change.contains("%PDF")), "no content stands in the journal");
        site.journal_is_whole().await;
    }

    async fn what_a_file_says_it_is_does_not_count(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        let mut large = PDF.to_vec();
        large.resize(1_000_001, b' ');
        let mut enormous = PDF.to_vec();
        enormous.resize(30_000_000, b' ');
        for (n, (name, content, said)) in [
            ("letter.pdf", &b"PK\x03\x04 something packed"[..], "whatever it is called"),
            ("letter.pdf", b"MZ\x90\0\x03\0", "whatever it is called"),
            ("photo.png", b"<!doctype html><script src=x></script>", "This is a web page"),
            ("letter.pdf", b"", "This file is empty"),
            ("notes.txt", b"Plain words.", "Choose a file of another kind: PDF or JPEG or PNG picture"),
            ("letter.pdf", &large, "Choose a file of at most 1 MB"),
            ("letter.pdf", &enormous, "Choose a smaller file: this one has more than 25 MB"),
        ].into_iter().enumerate() {
            lead.open(&format!("{home}/sections/means")).await;
            let amount = format!("£1{n},000");
            lead.fill("How much do you ask for?", &amount).attach(LETTER, name, content);
            let page = lead.press("Save and stay").await;
            page.must_be(422).must_say(said).must_say("What else you wrote on this page is saved");
            assert!(page.errors().iter().any(|e| e.starts_with(LETTER)), "{:?}", page.errors());
            lead.open(&format!("{home}/whole")).await.must_say(&amount);
        }
        assert_eq!((kept(&site).await.len(), blob::Entity::find().count(site.db().reader()).await.expect("blobs")), (0, 0));
        // A refused file takes nothing away of what is there.
        send(&mut lead, &home, "letter.pdf", PDF).await.must_be(200);
        send(&mut lead, &home, "letter.pdf", b"MZ").await.must_be(422).must_say("Keep letter.pdf");
        assert!(letter(&site).await.is_some_and(|a| a.contains("letter.pdf")));
        // Names that are traps come out plain.
        for (name, plain) in [
            ("../../../etc/cron.d/x.pdf", "Keep x.pdf"),
            ("gnp.\u{202e}fdp.exe", "Keep gnp.fdp.exe.pdf"),
            ("a\";filename=\"b.pdf", "Keep a%22;filename=%22b.pdf"),
            ("<img src=x onerror=alert(1)>.pdf", "Keep -img src=x onerror=alert(1)-.pdf"),
        ] {
            send(&mut lead, &home, name, PDF).await.must_be(200).must_say(plain);
        }
    }

    async fn a_file_is_had_by_those_alone_who_read_its_answer(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        finish(&mut lead, &home).await;
        send(&mut lead, &home, "letter.pdf", PDF).await.must_be(200);
        let address = lead.page().link("Look at letter.pdf").expect("a link");
        let hash = address.rsplit('/').next().expect("a hash").to_string();
        let mut other = newcomer(&site, "Somebody else", "other@oak.example").await;
        let theirs = start(&mut other, "Oak Lane Allies").await;
        let mut runs = site.signed_in_as("Programme lead, funder").await;
        let mut nobody = site.visitor();
        for stranger in [&mut other, &mut runs, &mut nobody] {
            assert_eq!(stranger.get(&address).await.status, 404, "a draft’s file is its writers’ alone");
        }
        // To name another's file makes it nobody's.
        other.open(&format!("{theirs}/sections/means")).await;
        let mut taken = other.filled_form("Save and stay");
        for (part, text) in [("hash", hash.as_str()), ("name", "mine.pdf"), ("size", "9"), ("media-type", "application/pdf")] {
            taken = taken.with(&format!("letter.{part}"), text);
        }
        other.send(&taken).await.must_be(422).must_say("Choose the file again");
        assert_eq!(other.get(&format!("{theirs}/files/{hash}")).await.status, 404);
        // The same content sent by both is the file of each.
        send(&mut other, &theirs, "ours.pdf", PDF).await.must_be(200).must_say("Keep ours.pdf");
        let blobs = blob::Entity::find().count(site.db().reader()).await.expect("blobs");
        assert_eq!((kept(&site).await.len(), blobs), (2, 1));

        lead.open(&home).await;
        lead.press("Fern Street Centre stands behind this text").await;
        lead.press("Submit the application").await.must_say("Submitted");
        lead.open(&format!("{home}/receipt")).await;
        assert_eq!(lead.page().link("letter.pdf (35 bytes)").as_deref(), Some(address.as_str()), "{}", lead.page().text());
        assert_eq!(runs.get(&address).await.body, PDF);
        for wrong in [
            format!("{home}/files/{}", hash.to_uppercase()),
            format!("{home}/files/{}", "0".repeat(64)),
            format!("{home}/files/'%20OR%201=1"),
            address.replace(PRACTICE, OTHER),
            format!("{theirs}/files/{hash}"),
        ] {
            assert_eq!(runs.get(&wrong).await.status, 404, "{wrong}");
        }
    }

    async fn two_who_send_a_file_choose_between_them(site: TestSite) {
        put_call(&site).await;
        let mut first = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut first, "Fern Street Together").await;
        let mut second = first.second_window();
        second.open(&format!("{home}/sections/means")).await;
        send(&mut first, &home, "first.pdf", PDF).await.must_be(200);
        second.attach(LETTER, "second.pdf", OTHER_PDF);
        second.press("Save and stay").await.must_be(409).must_say("first.pdf").must_say("second.pdf");
        assert!(letter(&site).await.is_some_and(|a| a.contains("first.pdf")), "nothing was overwritten");
        let chosen = second.filled_form("Save and stay").with("clash.letter", "mine");
        second.send(&chosen).await.must_be(200).must_say("Keep second.pdf");
        let address = second.page().link("Look at second.pdf").expect("a link");
        assert_eq!(second.get(&address).await.body, OTHER_PDF);
    }

    async fn a_scanner_has_the_last_word(site: TestSite) {
        let site = site.with_scanner(&scanner(2).await);
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        send(&mut lead, &home, "letter.pdf", b"%PDF-1.7 heron!").await.must_be(422).must_say("found something harmful");
        assert_eq!(kept(&site).await.len(), 0);
        send(&mut lead, &home, "letter.pdf", PDF).await.must_be(200);
        assert_eq!(kept(&site).await[0].scanned_at, Some(site.now()));
        // It has gone silent: nothing is kept that nobody looked through, and what was typed is.
        lead.open(&format!("{home}/sections/means")).await;
        lead.fill("How much do you ask for?", "£12,345").attach(LETTER, "second.pdf", OTHER_PDF);
        lead.press("Save and stay").await.must_be(422).must_say("Try again in a few minutes").must_say("Keep letter.pdf");
        assert_eq!(kept(&site).await.len(), 1);
        lead.open(&format!("{home}/whole")).await.must_say("£12,345").must_say("letter.pdf");
    }

    async fn forms_in_parts_that_are_not_whole_are_refused(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        let section = format!("{home}/sections/means");
        lead.open(&section).await;
        let form = lead.filled_form("Save and stay").with("award", "£10");
        let token = ("form_token".to_string(), form.get("form_token").to_string());
        let before = site.written().await;
        let pairs = |more: (&str, String)| vec![token.clone(), (more.0.to_string(), more.1)];
        for (path, fields, status) in [
            (&section, pairs(("text", "x".repeat(1_100_000))), 413),
            (&section, pairs(("text", "a\0b".into())), 400),
            (&format!("{home}/partners"), pairs(("name", "A".into())), 415),
            (&"/sign-in".to_string(), pairs(("email", "A".into())), 415),
        ] {
            let reply = lead.post_parts(path, &fields, &[]).await;
            assert_eq!(reply.status, status, "{path}");
            reply.page(path);
        }
        let parts = &[("content-type", "multipart/form-data; boundary=x")];
        for body in ["", "--x", "--x\r\n\r\nform", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "\r\n--x--"] {
            let reply = lead.request(axum::http::Method::POST, &section, parts, body.into()).await;
            assert!([400, 403].contains(&reply.status), "{body}: {}", reply.status);
        }
        let no_boundary = [("content-type", "multipart/form-data")];
        assert_eq!(lead.request(axum::http::Method::POST, &section, &no_boundary, "x".into()).await.status, 400);
        let forged = lead.post_parts(&section, &[("form_token".into(), "0".into()), ("award".into(), "£7".into())], &[]).await;
        assert_eq!(forged.status, 403);
        forged.page(&section).must_say("£7");
        // Whoever is signed out is given back what they typed.
        let mut gone = site.visitor();
        let refused = gone.post_parts(&section, &form.fields, &[("letter.file".into(), "a.pdf".into(), PDF.into())]).await;
        assert!([403, 404].contains(&refused.status), "{}", refused.status);
        assert_eq!(site.written().await, before);
    }
}
