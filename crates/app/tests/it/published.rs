//! What funders publish is brought in whole or not at all, and anybody finds it, reads it and takes it along.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use app::{Imported, Portfolio, import_grants};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use rust_xlsxwriter::{Format, Workbook};
use sea_orm::ActiveModelTrait;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use tables::{PortfolioId, Uuid, grant_segment, grant_words, journal, portfolio, published_grant};
use tempfile::TempDir;
use testkit::{TestSite, both};

fn grant(id: &str, title: &str, amount: impl Into<Value>, day: &str) -> Value {
    json!({
        "id": id, "title": title, "description": "Warm rooms for people without a home", "currency": "GBP",
        "amountAwarded": amount.into(), "awardDate": day,
        "fundingOrganization": [{"id": "GB-CHC-1", "name": "The Fern Trust"}],
        "recipientOrganization": [{"id": "GB-CHC-2", "name": "Oak Lane Centre", "addressLocality": "Riverton"}],
        "grantProgramme": [{"title": "Winter"}],
    })
}

fn with(mut grant: Value, name: &str, value: Value) -> Value {
    grant[name] = value;
    grant
}

fn package(grants: &[Value]) -> String {
    json!({
        "publisher": {"name": "The Fern Trust"}, "license": "https://licence.example/by/4.0", "grants": grants,
    })
    .to_string()
}

/// Files of a test's own.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }
    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    }
}

async fn import(site: &TestSite, file: &Path) -> Imported {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    import_as(site, file, &name).await
}

async fn import_as(site: &TestSite, file: &Path, name: &str) -> Imported {
    let wanted = Portfolio { file: file.to_path_buf(), name: name.into() };
    import_grants(site.db(), &site.writer(), &wanted, &mut |_| ()).await.expect("the database answers")
}

#[track_caller]
fn taken(done: Imported) -> u64 {
    match done {
        Imported::Done { grants, .. } => grants,
        other => panic!("it was not taken: {other:?}"),
    }
}

#[track_caller]
fn refusal(done: Imported) -> String {
    match done {
        Imported::Refused(wrong) => wrong.told.join("\n"),
        other => panic!("it was taken: {other:?}"),
    }
}

async fn left(site: &TestSite) -> [u64; 3] {
    let db = site.db().reader();
    let grants = published_grant::Entity::find().count(db).await.expect("grants");
    let words = grant_words::Entity::find().count(db).await.expect("words");
    [grants, words, grant_segment::Entity::find().count(db).await.expect("segments")]
}

fn some_grants() -> Vec<Value> {
    let abroad = with(grant("360G-fern-3", "Nets and ropes", 12.5, "2020-02-29"), "currency", json!("EUR"));
    let abroad = with(abroad, "beneficiaryLocation", json!([{"name": "Harbour Ward", "geoCode": "E05000001"}]));
    let other = with(grant("360G-fern/4 é", "Meals", 250_000, "2021-05-01"), "grantProgramme", json!([{"title": "Summer"}]));
    vec![
        grant("360G-fern-1", "Beds for the winter", 20_000, "2021-01-26T00:00:00+00:00"),
        grant("360G-fern-2", "A kitchen", 500, "2019-11-02"),
        abroad,
        with(other, "Own field", json!({"kept": [1.50, null, "ŵ"]})),
    ]
}

both! {
    async fn published_grants_are_found_narrowed_and_read(site: TestSite) {
        let mut anybody = site.visitor();
        anybody.open("/grants").await.must_be(200).must_say("No grants yet");
        let files = Files::new();
        assert_eq!(taken(import(&site, &files.put("fern.json", package(&some_grants()))).await), 4);

        anybody.open("/grants").await.must_be(200).must_say("4 grants: £270,500, €12.50. Sums are taken for each currency by itself.");
        let titles = |page: &testkit::page::Page| page.texts("#grants tbody th");
        assert_eq!(titles(anybody.page()), ["Meals", "Beds for the winter", "Nets and ropes", "A kitchen"], "the newest first");
        anybody.page().must_say("Amounts awarded by year, in GBP").must_say("The Fern Trust").must_say("https://licence.example/by/4.0");
        anybody.follow("Largest first").await;
        assert_eq!(titles(anybody.page())[0], "Meals");

        // Words in any form and order, of title, description, people and places; and all of them.
        anybody.fill("Words in a grant", "rooms, BED");
        anybody.press("Search").await.must_be(200).must_say("1 grant, £20,000 in all.");
        assert!(anybody.page().path.contains("sort=amount"), "searching keeps what was chosen: {}", anybody.page().path);
        for (q, count) in [("kitchens", 1), ("oak riverton", 3), ("harbour", 1), ("bed kitchen", 0), ("GB-CHC-2", 4)] {
            let found = anybody.open(&format!("/grants?q={}", q.replace(' ', "+"))).await;
            assert_eq!(titles(found).len(), count, "{q}");
        }
        anybody.page().must_be(200);
        anybody.open("/grants?q=nothing-like-it").await.must_be(200).must_say("Nothing published here matches.");

        // Counts say what would be left.
        anybody.open("/grants").await;
        let summer = anybody.page().link("Summer 1").expect("a way to narrow by programme");
        anybody.open(&summer).await.must_say("1 grant, £250,000 in all.").must_say("Programme: Summer");
        anybody.open("/grants?year=2021&amount=10000").await.must_say("1 grant, £20,000 in all.").must_say("Amount: 10,000 to 50,000");
        anybody.open("/grants?area=E05000001&currency=EUR").await.must_say("1 grant, €12.50 in all.").must_say("Area: Harbour Ward");
        anybody.open("/grants?funder=GB-CHC-9").await.must_say("Nothing published here matches.");
        anybody.open("/grants?year=abc&amount=-1&page=0&sort=%F0%9F%98%80").await.must_be(200).must_say("4 grants");

        anybody.open("/grants").await;
        anybody.follow("Meals").await.must_be(200).must_say("£250,000").must_say("1 May 2021").must_say("Warm rooms for people");
        anybody.page().must_say("fern.json, line 1").must_say("Own field / kept / 2").must_say("360G-fern/4 é");
        assert_eq!(anybody.get("/grants/360G-fern-9").await.status, 404);
    }

    async fn what_is_found_is_taken_along_with_every_field(site: TestSite) {
        let (files, grants) = (Files::new(), some_grants());
        taken(import(&site, &files.put("fern.json", package(&grants))).await);
        let mut anybody = site.visitor();
        let read = async |anybody: &mut testkit::Visitor, path: &str| -> Value {
            let reply = anybody.get(path).await;
            assert_eq!(reply.status, 200);
            serde_json::from_slice(&reply.body).unwrap_or_else(|e| panic!("{path}: {e}\n{}", reply.text()))
        };
        let all = read(&mut anybody, "/grants.json").await;
        assert_eq!(all["grants"].as_array(), Some(&grants));
        assert!(all["description"].as_str().is_some_and(|d| d.contains("The Fern Trust (fern.json, licence https://licence.example/by/4.0)")));
        assert_eq!(read(&mut anybody, "/grants.json?q=bed").await["grants"], json!([grants[0]]));
        assert_eq!(read(&mut anybody, "/grants.json?q=nothing").await["grants"], json!([]));

        // Both tables are read back as the same grants.
        for kind in ["csv", "xlsx"] {
            let reply = anybody.get(&format!("/grants.{kind}?currency=GBP")).await;
            assert_eq!(reply.status, 200);
            let table = files.put(&format!("out.{kind}"), &reply.body);
            let json = std::fs::File::create(files.0.path().join("out.json")).expect("a file");
            let format = threesixty::Format::of(&table).expect("a kind");
            threesixty::convert(&table, format, &json, threesixty::Format::Json).expect("a table of grants");
            let back: Value = serde_json::from_slice(&std::fs::read(files.0.path().join("out.json")).expect("a file")).expect("JSON");
            let back = back["grants"].as_array().expect("grants").clone();
            assert_eq!(back.len(), 3, "{kind}");
            for (own, grant) in back.iter().zip([&grants[0], &grants[1], &grants[3]]) {
                assert_eq!((&own["id"], &own["amountAwarded"], &own["Own field"]), (&grant["id"], &grant["amountAwarded"], &grant["Own field"]));
            }
        }
        let book = anybody.get("/grants.xlsx").await;
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(book.body)).expect("a workbook");
        let range = book.worksheet_range("grants").expect("a sheet");
        assert!(range.rows().any(|row| row.contains(&Data::Float(250_000.0))), "amounts are numbers");
    }

    async fn a_newer_file_takes_the_place_of_the_older_whole(site: TestSite) {
        let files = Files::new();
        let first = files.put("fern.json", package(&some_grants()));
        taken(import(&site, &first).await);
        assert_eq!(import(&site, &first).await, Imported::Same { grants: 4 });

        let newer = files.put("fern.json", package(&[some_grants().remove(0), grant("360G-fern-7", "Boats", 7, "2022-01-01")]));
        let done = import(&site, &newer).await;
        assert!(matches!(done, Imported::Done { grants: 2, before: Some(4), .. }), "{done:?}");
        let mut anybody = site.visitor();
        anybody.open("/grants").await.must_say("2 grants, £20,007 in all.").must_say("Boats").must_not_say("A kitchen");
        assert_eq!(anybody.get("/grants/360G-fern-2").await.status, 404);
        assert_eq!(anybody.get("/grants/360G-fern-1").await.status, 200);
        assert_eq!(left(&site).await[0], 2, "nothing is left of what was replaced");

        // The journal says that a portfolio came and another went, and nothing of each grant.
        let records = journal::Entity::find().filter(journal::COLUMN.act.eq("import a portfolio of grants"));
        let records = records.all(site.db().reader()).await.expect("the journal");
        assert_eq!(records.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(), ["portfolio of grants"; 3], "two came, one went");
        site.journal_is_whole().await;

        // The same grants under another name would be there twice.
        let renamed = files.put("fern-2022.json", package(&[grant("360G-fern-7", "Boats", 8, "2022-01-01")]));
        let said = refusal(import(&site, &renamed).await);
        assert!(said.contains("360G-fern-7 is there already, at line 1 of fern.json") && said.contains("--as"), "{said}");
        anybody.open("/grants").await.must_say("2 grants, £20,007 in all.");
        taken(import_as(&site, &renamed, "fern").await);
        anybody.open("/grants").await.must_say("1 grant, £8 in all.");
    }

    async fn a_file_with_anything_wrong_is_not_taken_at_all(site: TestSite) {
        let files = Files::new();
        let good = || grant("360G-a-1", "Good", 5, "2021-01-01");
        let bad = |name: &str, value: Value| with(grant("360G-a-2", "Bad", 5, "2021-01-01"), name, value);
        for (wrong, said) in [
            (bad("amountAwarded", json!(-500)), "-500 is less than nothing; write what was awarded"),
            (bad("amountAwarded", json!(1e30)), "1e+30 is more than any grant"),
            (bad("amountAwarded", json!(100_000_000_001_i64)), "100000000001 is more than any grant"),
            (bad("amountAwarded", json!("£5,000")), "‘£5,000’ is not an amount; write a number alone"),
            (bad("awardDate", json!("05/06/2014")), "‘05/06/2014’ is no day as the standard writes it; write the day as 2026-03-27"),
            (bad("awardDate", json!("2021-02-30")), "‘2021-02-30’ is no day"),
            (bad("awardDate", json!("1899-12-31")), "the award date is in the year 1899; write a day from 1900 to 2100"),
            (bad("currency", json!("pounds")), "‘pounds’ is no currency; write its three capital letters, like GBP"),
            (bad("fundingOrganization", json!([])), "nobody is named who funds it"),
            (bad("title", json!(5)), "the title is no text"),
            (bad("id", json!("  ")), "the identifier is missing"),
            (grant("360G-a-1", "Twice", 5, "2021-01-01"), "360G-a-1 stands in this file twice, first at line 2"),
        ] {
            let text = format!("{{\"grants\": [\n{},\n{}\n]}}", good(), wrong);
            let told = refusal(import(&site, &files.put("wrong.json", text)).await);
            assert!(told.starts_with("line 3: ") && told.contains(said), "{said}: {told}");
        }
        for (text, said) in [
            ("", "it is empty"),
            ("{\"grants\": []}", "there are no grants in it"),
            ("{\"grants\": [", "the file ends here"),
            ("{\"grants\": [{\"id\": 1}", "the file ends here"),
            ("\u{0}", "a package of grants begins with {"),
        ] {
            let told = refusal(import(&site, &files.put("wrong.json", text)).await);
            assert!(told.contains(said), "{said}: {told}");
        }
        let told = refusal(import(&site, &files.put("wrong.txt", "x")).await);
        assert!(told.contains("ends in .json, .csv or .xlsx"), "{told}");
        assert!(refusal(import(&site, &files.0.path().join("gone.json")).await).contains("No such file"));
        assert_eq!(left(&site).await, [0, 0, 0]);
        site.visitor().open("/grants").await.must_say("No grants yet");
    }

    async fn tables_are_refused_with_the_cell(site: TestSite) {
        const HEAD: &str = "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Funding Org:0:Identifier,Funding Org:0:Name";
        let files = Files::new();
        let row = |id: &str, amount: &str, day: &str| format!("{id},Beds,Warm rooms,GBP,{amount},{day},GB-CHC-1,The Fern Trust");
        let csv = |rows: &[String]| format!("{HEAD}\r\n{}\r\n", rows.join("\r\n"));
        // The wrong one comes late: what was written by then is not seen, and not left behind.
        let mut many: Vec<String> = (0..5_000).map(|n| row(&format!("360G-b-{n}"), "5", "2021-01-01")).collect();
        many.push(row("360G-b-x", "-1", "1066-10-14"));
        let told = refusal(import(&site, &files.put("late.csv", csv(&many))).await);
        assert!(told.contains("cell E5002, ‘Amount Awarded’: grant 5001 (360G-b-x): -1 is less than nothing"), "{told}");
        assert!(told.contains("cell F5002, ‘Award Date’") && told.contains("in the year 1066"), "{told}");
        assert_eq!(left(&site).await, [0, 0, 0]);

        // Two rows of one identifier that contradict each other; the table is begun anew by then.
        let mut twice: Vec<String> = (0..3_000).map(|n| row(&format!("360G-c-{n}"), "5", "2021-01-01")).collect();
        twice.push(row("360G-c-7", "6", "2021-01-01"));
        let told = refusal(import(&site, &files.put("twice.csv", csv(&twice))).await);
        assert!(told.contains("cell E3002") && told.contains("another row of the same Identifier says something else") && told.contains("cell E9"), "{told}");
        assert_eq!(left(&site).await, [0, 0, 0]);
        twice.pop();
        twice.push(row("360G-c-7", "5", "2021-01-01"));
        assert_eq!(taken(import(&site, &files.put("twice.csv", csv(&twice))).await), 3_000, "rows that agree are one grant");
        site.visitor().open("/grants?q=360G-c-7").await.must_say("1 grant, £5 in all.");
    }

    async fn workbooks_are_refused_with_sheet_and_cell(site: TestSite) {
        let files = Files::new();
        let book = |change: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet().set_name("awards").expect("a sheet");
            let heads = ["Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Funding Org:0:Identifier", "Funding Org:0:Name"];
            for (column, head) in (0..).zip(heads) {
                sheet.write(0, column, head).expect("a heading");
            }
            for (column, text) in (0..).zip(["360G-x-1", "Beds", "Warm rooms", "GBP", "", "2021-01-01", "GB-CHC-1", "The Fern Trust"]) {
                sheet.write(1, column, text).expect("a cell");
            }
            sheet.write(1, 4, 5_000).expect("a cell");
            change(sheet);
            files.put("book.xlsx", book.save_to_buffer().expect("a workbook"))
        };
        for (change, said) in [
            ((&|s: &mut rust_xlsxwriter::Worksheet| _ = s.write(1, 4, -5).expect("a workbook")) as &dyn Fn(&mut rust_xlsxwriter::Worksheet), "sheet ‘awards’, cell E2, ‘Amount Awarded’: grant 1 (360G-x-1): -5 is less than nothing"),
            (&|s| _ = s.write(1, 5, "1899-12-31").expect("a workbook"), "sheet ‘awards’, cell F2, ‘Award Date’: grant 1 (360G-x-1): the award date is in the year 1899"),
            (&|s| _ = s.write_with_format(1, 5, -40.0, &Format::new().set_num_format("yyyy-mm-dd")).expect("a workbook"), "cell F2, ‘Award Date’"),
            (&|s| _ = s.write_formula(1, 4, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).expect("a workbook"), "cell E2, ‘Amount Awarded’"),
            (&|s| _ = s.merge_range(2, 0, 3, 1, "both", &Format::new()).expect("a workbook"), "sheet ‘awards’, cells A3:B4: these cells are merged"),
        ] {
            let told = refusal(import(&site, &book(change)).await);
            assert!(told.contains(said), "{said}: {told}");
            assert_eq!(left(&site).await, [0, 0, 0]);
        }
        // Rows that somebody has only coloured hold nothing.
        let coloured = book(&|sheet| {
            let grey = Format::new().set_background_color("#DDDDDD");
            (2..50_002).for_each(|row| _ = sheet.write_blank(row, 3, &grey).expect("a workbook"));
        });
        assert_eq!(taken(import(&site, &coloured).await), 1);

        let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        bomb.start_file("xl/worksheets/sheet1.xml", options).expect("a workbook");
        (0..40).for_each(|_| bomb.write_all(&vec![b' '; 1_000_000]).expect("a workbook"));
        let told = refusal(import(&site, &files.put("bomb.xlsx", bomb.finish().expect("a workbook").into_inner())).await);
        assert!(told.contains("which no workbook of grants does"), "{told}");
        site.visitor().open("/grants").await.must_say("1 grant, £5,000 in all.");
    }

    async fn fifty_stand_on_a_page_and_the_address_holds_the_question(site: TestSite) {
        let files = Files::new();
        let grants: Vec<Value> = (0..120).map(|n| grant(&format!("360G-p-{n}"), &format!("Beds {n}"), n + 1, &format!("20{:02}-01-01", n % 30))).collect();
        taken(import(&site, &files.put("many.json", package(&grants))).await);
        let mut anybody = site.visitor();
        anybody.open("/grants?q=beds&amount=0&sort=amount").await.must_say("120 grants").must_say("Page 1 of 3");
        assert_eq!(anybody.page().texts("#grants tbody th").len(), 50);
        anybody.follow("Next page →").await;
        anybody.follow("Next page →").await.must_say("Page 3 of 3");
        let last = anybody.page().texts("#grants tbody th");
        assert_eq!((last.len(), last[0].as_str(), last[19].as_str()), (20, "Beds 19", "Beds 0"));
        assert!(["q=beds", "amount=0", "sort=amount", "page=3"].iter().all(|part| anybody.page().path.contains(part)));
        anybody.open("/grants?q=beds&page=77").await.must_be(200).must_say("120 grants");
    }

    async fn one_import_at_a_time_and_nothing_is_left_of_one_that_ended(site: TestSite) {
        let files = Files::new();
        let file = files.put("fern.json", package(&some_grants()));
        // Another import has begun, written some, and then said nothing more.
        let write = site.db().write(&site.writer(), "begin an import").await.expect("a write");
        let other = portfolio::Model {
            id: PortfolioId(Uuid::from_u128(1)), name: "other".into(), state: "arriving".into(), file: "other.json".into(), hash: "h".into(),
            publisher: String::new(), title: None, licence: None, address: None, grants: 0,
            begun_at: write.at(), seen_at: write.at(), imported_at: None,
        };
        let segment = grant_segment::Model { number: 1, portfolio_id: other.id, grants: 0, columns: Vec::new() };
        let (other, segment) = (portfolio::ActiveModel::from(other).reset_all(), grant_segment::ActiveModel::from(segment).reset_all());
        portfolio::Entity::insert(other).exec_without_returning(write.unrecorded()).await.expect("a row");
        grant_segment::Entity::insert(segment).exec_without_returning(write.unrecorded()).await.expect("a row");
        write.save().await.expect("saved");
        let told = refusal(import(&site, &file).await);
        assert!(told.contains("other.json is being imported"), "{told}");
        site.visitor().open("/grants").await.must_say("No grants yet");

        site.clock().advance_seconds(61);
        assert_eq!(taken(import(&site, &file).await), 4);
        assert_eq!(left(&site).await[2], 1, "what the other had written is gone");
        site.journal_is_whole().await;
    }
}
