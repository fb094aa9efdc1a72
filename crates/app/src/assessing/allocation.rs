//! Who reads what: worked out, shown, and given only once it is confirmed; with one reading given or taken by hand
//! where somebody has a reason.

use std::collections::{BTreeMap, HashMap, HashSet};

use ::allocation::{Allocation, Kept};
use axum::http::StatusCode;
use design::Stage;
use kernel::Invalid;
use store::Write;
use tables::{ApplicationId, PersonId, call, reading};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::moderation::names;
use super::people::{able, release};
use super::plan::{Basis, digest, given, why};
use crate::calls::{Standing, conflicts, href, reference, stage_of, standing};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const SAID: &[(&str, &str)] = &[
    ("given", "Given. Each assessor sees their applications from now on."),
    ("hand", "Done. An allocation leaves what was given by hand where it is."),
];
const LONGEST: usize = 500;

/// A call with what allocating needs, as the viewer may see it.
struct Desk {
    call: call::Model,
    basis: Basis,
    names: HashMap<PersonId, String>,
    /// What the viewer stands aside from: these have a number and no name.
    aside: HashSet<ApplicationId>,
}

impl Desk {
    async fn open(cx: &Cx) -> Result<Self, Stop> {
        let call = cx.call()?.clone();
        let wanted = stage_of(cx.programme()?, &call)?.readers.unwrap_or(0);
        let basis = Basis::load(cx.read(), &call, wanted, &able(cx).await?).await?;
        let people = basis.assessors.iter().map(|a| a.person_id).chain(basis.readings.iter().map(|r| r.person_id));
        let names = names(cx, people).await?;
        let ids: Vec<ApplicationId> = basis.applications.iter().map(|a| a.id).collect();
        let aside = conflicts(cx.read(), cx.person()?, &ids).await?;
        Ok(Self { call, basis, names, aside })
    }

    fn name(&self, person: PersonId) -> &str {
        self.names.get(&person).map_or("", String::as_str)
    }
    fn number(&self, id: ApplicationId) -> String {
        let found = self.basis.applications.iter().find(|a| a.id == id);
        found.map_or_else(|| "an application withdrawn".into(), |a| reference(&self.call, a.number))
    }
    fn title(&self, id: ApplicationId) -> &str {
        let found = self.basis.applications.iter().find(|a| a.id == id && !self.aside.contains(&id));
        found.map_or("You stand aside", |a| &a.name)
    }
    fn of(&self, id: ApplicationId) -> impl Iterator<Item = &reading::Model> {
        self.basis.readings.iter().filter(move |r| r.application_id == id)
    }
    /// How many readers an application has too few.
    fn missing(&self, id: ApplicationId) -> usize {
        self.basis.missing(id)
    }
    fn home(&self, cx: &Cx) -> Result<String, Stop> {
        Ok(format!("{}/allocation", href(cx.programme()?, &self.call)))
    }
    fn draft(&self, cx: &Cx, title: &str, lead: &str) -> Result<Draft, Stop> {
        let programme = cx.programme()?;
        let draft = Draft::new(title).lead(lead).crumb(&programme.name, programme.href());
        Ok(draft.crumb(&self.call.name, href(programme, &self.call)))
    }
}

#[derive(Default)]
struct Typed {
    application: String,
    assessor: String,
    why: String,
}

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &Typed::default(), &Invalid::default()).await
}

async fn show(cx: &Cx, typed: &Typed, wrong: &Invalid) -> Answer {
    let desk = Desk::open(cx).await?;
    let home = desk.home(cx)?;
    let people = format!("{}/assessors", href(cx.programme()?, &desk.call));
    let short: Vec<ApplicationId> = desk.basis.applications.iter().map(|a| a.id).filter(|id| desk.missing(*id) > 0).collect();
    let submitted = desk.basis.readings.iter().filter(|r| r.submitted_at.is_some()).count();
    let (applications, wanted) = (desk.basis.applications.len(), desk.basis.wanted);
    let reading = desk.basis.assessors.iter().filter(|a| desk.basis.reads(a.person_id)).count();
    let closed = standing(&desk.call, cx.now()) == Standing::Closed;
    let draft = desk.draft(cx, "Allocation", "Who reads which application.")?.done(cx, SAID).invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            (parts::summary_list(vec![
                ("Applications submitted", html(applications.to_string())),
                ("Readers each", html(wanted.to_string())),
                ("Assessors who read", html(reading.to_string())),
                ("Readings given", html(format!("{}, of them submitted {submitted}", desk.basis.readings.len()))),
                ("Applications without enough readers", html(short.len().to_string())),
            ]))
            @if !closed { p { "The call has to close before its applications are allocated. It closes on " (desk.call.closes_at.to_string()) "." } }
            @else if !short.is_empty() {
                (form::button_link("Work out who reads what", &format!("{home}/preview")))
                (Table::new("Applications without enough readers", &WHO_READS, short.iter().map(|id| who_reads(&desk, *id)).collect()).html())
            } @else if applications > 0 { p { "Every application has its readers. " a href={ (&home) "/preview" } { "Look whether it could be more even" } "." } }
            (loads_now(&desk))
            @if !desk.basis.readings.is_empty() {
                (parts::details("Who reads each application", Table::new("Who reads each application", &WHO_READS, desk.basis.applications.iter().map(|a| who_reads(&desk, a.id)).collect()).quiet()))
            }
            @if closed && applications > 0 && reading > 0 { (by_hand(cx, &desk, &home, typed, wrong)) }
            p { a href=(&people) { "Assessors of this call" } }
        },
    ))
}

const WHO_READS: [&str; 4] = ["Application", "Partnership", "Readers", "Still needed"];

fn who_reads(desk: &Desk, id: ApplicationId) -> Vec<Cell> {
    let readers = desk.of(id).map(|r| {
        let name = desk.name(r.person_id);
        match (r.submitted_at, desk.basis.counts(r)) {
            (Some(_), _) => format!("{name} (submitted)"),
            (None, true) => name.to_string(),
            (None, false) => format!("{name} (no longer reads)"),
        }
    });
    vec![
        Cell::text(desk.number(id)).head(),
        Cell::text(desk.title(id)),
        Cell::text(readers.collect::<Vec<_>>().join(", ")),
        Cell::number(desk.missing(id)),
    ]
}

fn apart(loads: &[usize]) -> Html {
    let (least, most) = (loads.iter().min().copied().unwrap_or(0), loads.iter().max().copied().unwrap_or(0));
    html(maud! { p { "The least anybody reads is " (least) ", the most " (most) ": " (most - least) " apart." } })
}

fn loads_now(desk: &Desk) -> Html {
    let of = |person| desk.basis.readings.iter().filter(move |r| r.person_id == person);
    let rows: Vec<_> = desk
        .basis
        .assessors
        .iter()
        .map(|a| {
            let (all, read) = (of(a.person_id).count(), of(a.person_id).filter(|r| r.submitted_at.is_some()).count());
            vec![
                Cell::text(desk.name(a.person_id)).head(),
                Cell::html(parts::sector(&a.sector)),
                Cell::number(all),
                Cell::number(read),
                Cell::number(all - read),
            ]
        })
        .collect();
    let active = desk.basis.assessors.iter().filter(|a| desk.basis.reads(a.person_id));
    let loads: Vec<usize> = active.map(|a| of(a.person_id).count()).collect();
    let headers = ["Assessor", "Sector", "Given", "Submitted", "Still to read"];
    html(maud! {
        @if rows.is_empty() { p { "Nobody reads for this call yet: add its assessors first." } } @else {
            (Table::new("How much each reads", &headers, rows.clone()).html())
            (apart(&loads))
        }
    })
}

fn by_hand(cx: &Cx, desk: &Desk, home: &str, typed: &Typed, wrong: &Invalid) -> Html {
    let mut applications = vec![Choice::new("", "Choose an application")];
    applications.extend(
        desk.basis
            .applications
            .iter()
            .map(|a| Choice::new(a.id.to_string(), format!("{} {}", desk.number(a.id), desk.title(a.id)))),
    );
    let mut assessors = vec![Choice::new("", "Choose an assessor")];
    assessors.extend(desk.basis.assessors.iter().map(|a| Choice::new(a.person_id.to_string(), desk.name(a.person_id))));
    let field = |of: &'static str, label, value| Field::new(of, label).value(value).error(wrong.of(of));
    parts::section(
        "hand",
        "Give or take one by hand",
        maud! {
            (form::form(&format!("{home}/hand"), &cx.form_keys(), maud! {
                (form::select(field("application", "Which application?", &typed.application), &applications))
                (form::select(field("assessor", "Whose reading?", &typed.assessor), &assessors))
                (form::text(field("why", "Why?", &typed.why)))
                (form::button_group(maud! {
                    (form::named_button("Give it to them", "step", "give"))
                    (form::named_button("Take it from them", "step", "take"))
                }))
            }))
        },
    )
}

fn not_closed(desk: &Desk) -> Stop {
    Stop::forbidden(
        "The call has not closed yet",
        format!("It closes on {}. Its applications are allocated after that.", desk.call.closes_at),
    )
}

/// What an allocation would be. Nothing is written.
pub(super) async fn preview(cx: Cx) -> Answer {
    let desk = Desk::open(&cx).await?;
    if standing(&desk.call, cx.now()) != Standing::Closed {
        return Err(not_closed(&desk));
    }
    proposal(&cx, &desk, None)
}

fn proposal(cx: &Cx, desk: &Desk, changed: Option<&str>) -> Answer {
    let home = desk.home(cx)?;
    let worked = match desk.basis.allocate() {
        Ok(worked) => worked,
        Err(refusal) => {
            let why = format!("{refusal}. Nothing was changed.");
            let next = Some(("Assessors of this call".to_string(), format!("{}/assessors", href(cx.programme()?, &desk.call))));
            let title = "It cannot be allocated like this".to_string();
            return Err(Stop::Refused { status: StatusCode::CONFLICT, title, why, next });
        }
    };
    let new = worked.readings.iter().filter(|r| r.kept == Kept::New).count();
    let plan = digest(&worked);
    let mut draft =
        desk.draft(cx, "A proposal for who reads what", "Nothing is given until you confirm it.")?.crumb("Allocation", &home);
    if changed.is_some() {
        draft = draft.status(StatusCode::CONFLICT);
    }
    Ok(draft.page(
        cx,
        maud! {
            @if let Some(changed) = changed { (parts::inset(maud! { p { (changed) } })) }
            @if new == 0 && worked.released.is_empty() { p { "This is what is given now: nothing would change." } } @else {
                p { (new) @if new == 1 { " reading would be new, " } @else { " readings would be new, " } (worked.released.len()) " taken back. What was submitted, begun or given by hand stays where it is." }
                (form::form(&home, &cx.form_keys(), maud! {
                    (form::hidden("plan", &plan))
                    (form::button("Give them out like this"))
                }))
            }
            (moves(desk, &worked))
            (loads_then(desk, &worked))
            (mix(desk, &worked))
        },
    ))
}

fn moves(desk: &Desk, worked: &Allocation<ApplicationId, PersonId>) -> Html {
    let rows: Vec<_> = worked
        .released
        .iter()
        .map(|r| vec![Cell::text(desk.number(r.application)).head(), Cell::text(desk.name(r.assessor)), Cell::text(why(r.why))])
        .collect();
    html(maud! { @if !rows.is_empty() { (Table::new("Taken back", &["Application", "From", "Why"], rows.clone()).html()) } })
}

fn loads_then(desk: &Desk, worked: &Allocation<ApplicationId, PersonId>) -> Html {
    let rows = worked.loads.iter().map(|load| {
        let sector = desk.basis.assessors.iter().find(|a| a.person_id == load.assessor).map_or("", |a| a.sector.as_str());
        let now = desk.basis.readings.iter().filter(|r| r.person_id == load.assessor).count();
        let streams = load.by_stream.iter().map(|(stream, count)| {
            let stream = stream.as_deref().map_or("no sector", |s| parts::Sector::of(s).word());
            format!("{stream} {count}")
        });
        vec![
            Cell::text(desk.name(load.assessor)).head(),
            Cell::html(parts::sector(sector)),
            Cell::number(now),
            Cell::number(load.readings),
            Cell::number(load.done),
            Cell::text(if load.full { "No more" } else { "" }),
            Cell::text(streams.collect::<Vec<_>>().join(", ")),
        ]
    });
    let headers = ["Assessor", "Sector", "Now", "Then", "Submitted", "Can take", "Led by"];
    let loads: Vec<usize> =
        worked.loads.iter().filter(|l| desk.basis.reads(l.assessor)).map(|l| usize::try_from(l.readings).unwrap_or(0)).collect();
    let table = Table::new("How much each would read", &headers, rows.collect()).html();
    html((table, apart(&loads)))
}

fn mix(desk: &Desk, worked: &Allocation<ApplicationId, PersonId>) -> Html {
    let alike = worked.mixes.iter().filter(|m| m.alike() > 0).count();
    let lived = worked.mixes.iter().filter(|m| m.lived_experience > 0).count();
    let rows = worked.mixes.iter().map(|m| {
        let fresh = |person: &PersonId| {
            worked.readings.iter().any(|r| r.application == m.application && r.assessor == *person && r.kept == Kept::New)
        };
        let readers = m.readers.iter().map(|p| format!("{}{}", desk.name(*p), if fresh(p) { " (new)" } else { "" }));
        let sectors: BTreeMap<&str, u32> = m.sectors.iter().map(|(s, n)| (parts::Sector::of(s).word(), *n)).collect();
        let sectors = sectors.iter().map(|(s, n)| if *n == 1 { (*s).to_string() } else { format!("{s} {n}") });
        vec![
            Cell::text(desk.number(m.application)).head(),
            Cell::text(desk.title(m.application)),
            Cell::text(readers.collect::<Vec<_>>().join(", ")),
            Cell::text(sectors.collect::<Vec<_>>().join(", ")),
            Cell::text(if m.lived_experience > 0 { "Yes" } else { "" }),
        ]
    });
    let headers = ["Application", "Partnership", "Readers", "Sectors of the readers", "Lived experience"];
    let table = Table::new("Who would read each application", &headers, rows.collect()).html();
    html(maud! {
        p { (lived) " of " (worked.mixes.len()) " applications would have a reader with lived experience; " (alike) " would have two readers of the same sector." }
        (&table)
    })
}

/// Gives out what the preview showed. Where something has changed since, the new proposal is shown instead.
pub(super) async fn save(act: Act) -> Answer {
    let desk = Desk::open(&act).await?;
    if standing(&desk.call, act.now()) != Standing::Closed {
        return Err(not_closed(&desk));
    }
    let able = able(&act).await?;
    let mut write = act.write("allocate applications to assessors").await?;
    // Two who allocate at once take turns: the second finds what the first has given.
    let call = write.lock::<call::Entity>(desk.call.id).await?.ok_or(Stop::Missing)?;
    let basis = Basis::load(write.tx(), &call, desk.basis.wanted, &able).await?;
    let same = basis.allocate().ok().filter(|worked| digest(worked) == act.form.get("plan"));
    let Some(worked) = same else {
        drop(write);
        let desk = Desk::open(&act).await?;
        return proposal(
            &act,
            &desk,
            Some("Something has changed since this was worked out. This is the proposal now; nothing was given out."),
        );
    };
    basis.write(&mut write, &call, &worked).await?;
    act.save(write, &format!("{}?done=given", desk.home(&act)?)).await
}

/// Gives out what lacks readers, without anybody looking at the proposal first.
///
/// # Errors
/// Where there are too few who could read, or the database refuses it.
pub(crate) async fn give_out(
    write: &mut Write,
    call: &call::Model,
    stage: &Stage,
    able: &HashMap<PersonId, String>,
) -> Result<(), Stop> {
    let call = write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    let basis = Basis::load(write.tx(), &call, stage.readers.unwrap_or(0), able).await?;
    if !basis.lacks_readers() {
        return Ok(());
    }
    let worked = basis.allocate().map_err(|refusal| Stop::forbidden("There are too few who could read", refusal.to_string()))?;
    Ok(basis.write(write, &call, &worked).await?)
}

/// Gives or takes one reading, with a reason.
pub(super) async fn by_hand_save(act: Act) -> Answer {
    let desk = Desk::open(&act).await?;
    if standing(&desk.call, act.now()) != Standing::Closed {
        return Err(not_closed(&desk));
    }
    let text = |name| act.form.get(name).to_string();
    let typed = Typed { application: text("application"), assessor: text("assessor"), why: text("why") };
    let application = desk.basis.applications.iter().map(|a| a.id).find(|id| id.to_string() == typed.application);
    let assessor = desk.basis.assessors.iter().map(|a| a.person_id).find(|id| id.to_string() == typed.assessor);
    let mut wrong = Invalid::default();
    if application.is_none() {
        wrong.add("application", "Choose an application");
    }
    if assessor.is_none() {
        wrong.add("assessor", "Choose an assessor");
    }
    if typed.why.is_empty() || typed.why.chars().count() > LONGEST {
        wrong.add("why", "Say why, in at most 500 characters");
    }
    let (Some(application), Some(assessor), true) = (application, assessor, wrong.is_empty()) else {
        return show(&act, &typed, &wrong).await;
    };
    let able = able(&act).await?;
    let giving = act.form.get("step") != "take";
    let mut write = act.write(if giving { "give a reading by hand" } else { "take a reading by hand" }).await?;
    let call = write.lock::<call::Entity>(desk.call.id).await?.ok_or(Stop::Missing)?;
    let basis = Basis::load(write.tx(), &call, desk.basis.wanted, &able).await?;
    let there = basis.readings.iter().find(|r| r.application_id == application && r.person_id == assessor).cloned();
    let refused = match (giving, &there) {
        (true, Some(_)) => Some("They read this application already"),
        (true, None) if !basis.reads(assessor) => Some("They do not read for this call any more"),
        (true, None) if basis.conflicts.contains(&(application, assessor)) => Some("They have a conflict of interest with it"),
        (false, None) => Some("They do not read this application"),
        (false, Some(there)) if there.submitted_at.is_some() => Some("They have submitted their scores, which stand"),
        _ => None,
    };
    if let Some(refused) = refused {
        drop(write);
        return show(&act, &typed, &Invalid::one("assessor", refused)).await;
    }
    match there {
        Some(there) => release(&mut write, vec![there], &typed.why).await?,
        None => {
            let row = given(&write, &call, application, assessor, Some(typed.why));
            write.insert(row).await?;
        }
    }
    act.save(write, &format!("{}?done=hand", desk.home(&act)?)).await
}
