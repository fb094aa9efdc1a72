//! Allocation as a programme lead meets it.
#![cfg(test)]

use std::collections::BTreeMap;

use allocation::{Allocation, Application, Assessor, Held, Hold, Kept, Refusal, Release, Released, Request, Shortage, allocate};

type Call = Request<&'static str, &'static str>;

fn assessor(id: &'static str, sector: &str, lived_experience: bool) -> Assessor<&'static str> {
    Assessor { id, sector: sector.into(), lived_experience, most: None }
}

fn call(applications: &[&'static str], assessors: Vec<Assessor<&'static str>>, readers: u32) -> Call {
    let application = |id: &&'static str| Application { id: *id, stream: None };
    let applications = applications.iter().map(application).collect();
    Request { assessors, applications, readers, conflicts: Vec::new(), held: Vec::new(), seed: 1 }
}

fn panel() -> Vec<Assessor<&'static str>> {
    vec![
        assessor("Ann", "community", true),
        assessor("Bob", "community", false),
        assessor("Cy", "council", false),
        assessor("Dee", "council", true),
    ]
}

const FOUR: [&str; 4] = ["alder", "birch", "cedar", "dogwood"];

fn readers(allocation: &Allocation<&'static str, &'static str>, of: &str) -> Vec<&'static str> {
    allocation.readings.iter().filter(|r| r.application == of).map(|r| r.assessor).collect()
}

fn reasons(request: &Call) -> Vec<String> {
    match allocate(request) {
        Err(Refusal::Short(shortages)) => shortages.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_readers_are_from_two_sectors_and_one_has_lived_experience() {
    for seed in 0..20 {
        let allocation = allocate(&Request { seed, ..call(&FOUR, panel(), 2) }).unwrap();
        assert_eq!(allocation.range(), (2, 2));
        for mix in &allocation.mixes {
            let each = BTreeMap::from([("community".to_string(), 1), ("council".to_string(), 1)]);
            assert_eq!((&mix.sectors, mix.alike(), mix.lived_experience), (&each, 0, 1), "{mix:?}");
        }
    }
}

#[test]
fn the_load_table_counts_by_stream() {
    let mut request = call(&["alder", "birch", "cedar"], vec![assessor("Ann", "council", false)], 1);
    request.applications[0].stream = Some("health".into());
    request.applications[2].stream = Some("health".into());
    request.assessors[0].most = Some(3);
    let allocation = allocate(&request).unwrap();
    let load = &allocation.loads[0];
    assert_eq!((load.assessor, load.readings, load.done, load.full), ("Ann", 3, 0, true));
    assert_eq!(load.by_stream, BTreeMap::from([(None, 1), (Some("health".into()), 2)]));
}

#[test]
fn the_seed_decides_ties_and_nothing_else() {
    let with = |seed| allocate(&Request { seed, ..call(&FOUR, panel(), 2) }).unwrap();
    assert_eq!(with(7), with(7));
    let different = (0..10).map(|seed| with(seed).readings.iter().map(|r| r.assessor).collect::<Vec<_>>());
    assert!(different.collect::<std::collections::BTreeSet<_>>().len() > 1);
}

#[test]
fn a_limit_is_kept_and_the_rest_is_even() {
    let mut request = call(&["1", "2", "3", "4", "5", "6", "7"], panel(), 2);
    request.assessors[0].most = Some(2);
    let loads: Vec<u32> = allocate(&request).unwrap().loads.iter().map(|l| l.readings).collect();
    assert_eq!(loads, [2, 4, 4, 4]);
}

#[test]
fn what_is_missing_is_said_in_numbers() {
    let mut request = call(&FOUR, panel(), 3);
    for application in ["alder", "birch"] {
        request.conflicts.extend([(application, "Ann"), (application, "Bob")]);
    }
    let said = reasons(&request);
    assert_eq!(said, ["2 applications have only 2 assessors without a conflict who can take one more, and 3 are needed"]);

    let mut request = call(&FOUR, panel(), 3);
    request.assessors.iter_mut().for_each(|a| a.most = Some(2));
    assert_eq!(reasons(&request), ["12 readings are needed, and the assessors can take 8"]);

    // There is room enough in all, but not with those who may read these two.
    let mut request = call(&FOUR, panel(), 2);
    request.assessors[0].most = Some(1);
    for application in ["alder", "birch"] {
        request.conflicts.extend([(application, "Cy"), (application, "Dee")]);
    }
    assert_eq!(reasons(&request), ["2 applications need 4 readings, and the 2 assessors without a conflict can take 3 of them"]);
    let Err(Refusal::Short(shortages)) = allocate(&request) else { panic!() };
    let (applications, assessors) = (vec!["alder", "birch"], vec!["Ann", "Bob"]);
    assert_eq!(shortages, [Shortage::Crowded { applications, assessors, needed: 4, possible: 3 }]);

    let said = reasons(&call(&["alder"], Vec::new(), 1));
    assert_eq!(said, ["1 application has no assessor without a conflict who can take one more, and 1 is needed"]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refused = |request: Call| allocate(&request).unwrap_err();
    assert_eq!(refused(call(&[], panel(), 2)), Refusal::NoApplications);
    assert_eq!(refused(call(&FOUR, panel(), 0)), Refusal::NoReadersWanted);
    assert_eq!(refused(call(&["alder", "alder"], panel(), 2)), Refusal::ApplicationTwice("alder"));
    let twice = [panel(), panel()].concat();
    assert_eq!(refused(call(&FOUR, twice, 2)), Refusal::AssessorTwice("Ann"));
}

fn held(application: &'static str, assessor: &'static str, hold: Hold) -> Held<&'static str, &'static str> {
    Held { application, assessor, hold }
}

#[test]
fn what_was_read_stays_and_counts() {
    let mut request = call(&FOUR, panel(), 2);
    // Three have read alder, which wants two; Ann has read all she can.
    for assessor in ["Ann", "Bob", "Cy"] {
        request.held.push(held("alder", assessor, Hold::Read));
    }
    request.held.push(held("birch", "Ann", Hold::Read));
    request.assessors[0].most = Some(2);
    let allocation = allocate(&request).unwrap();
    assert_eq!(readers(&allocation, "alder"), ["Ann", "Bob", "Cy"]);
    assert!(readers(&allocation, "birch").contains(&"Ann"));
    let ann = &allocation.loads[0];
    assert_eq!((ann.readings, ann.done, ann.full), (2, 2, true));
    assert_eq!(allocation.range(), (2, 3));
    assert_eq!(allocation.readings.iter().filter(|r| r.kept == Kept::Read).count(), 4);
}

#[test]
fn held_readings_that_cannot_stand_are_listed_with_the_reason() {
    let mut request = call(&FOUR, panel(), 1);
    request.held = vec![
        held("alder", "Eve", Hold::Given),
        held("elder", "Ann", Hold::Read),
        held("birch", "Bob", Hold::Read),
        held("cedar", "Cy", Hold::Given),
        held("cedar", "Dee", Hold::Given),
        held("dogwood", "Ann", Hold::Given),
    ];
    request.conflicts = vec![("birch", "Bob")];
    request.assessors[3].most = Some(0);
    let allocation = allocate(&request).unwrap();
    let gone = |application, assessor, why| Released { application, assessor, why };
    assert_eq!(
        allocation.released,
        [
            gone("alder", "Eve", Release::Gone),
            gone("birch", "Bob", Release::Conflict),
            gone("cedar", "Dee", Release::Moved),
            gone("elder", "Ann", Release::Withdrawn),
        ]
    );
    assert_eq!((readers(&allocation, "cedar"), readers(&allocation, "dogwood")), (vec!["Cy"], vec!["Ann"]));
    assert_ne!(readers(&allocation, "birch"), ["Bob"]);
}

#[test]
fn when_somebody_drops_out_the_others_keep_what_they_have() {
    let mut request = call(&FOUR, panel(), 2);
    let first = allocate(&request).unwrap();
    request.held = first.readings.iter().map(|r| held(r.application, r.assessor, Hold::Given)).collect();
    request.assessors.remove(2);
    let second = allocate(&request).unwrap();
    let of = |kept| second.readings.iter().filter(|r| r.kept == kept).count();
    assert_eq!((of(Kept::Given), of(Kept::New)), (6, 2));
    assert!(second.released.iter().all(|r| (r.assessor, r.why) == ("Cy", Release::Gone)));
    assert_eq!(second.range(), (2, 3));
}
