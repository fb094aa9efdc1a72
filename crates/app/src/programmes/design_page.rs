//! A programme's design, as people read it: what it rests on, who needs to know what, who may read what.

use design::{Power, Scope};
use ui::table::{Cell, Table};
use ui::{Html, parts};

use super::{cited, statements};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    let said = |list| statements(&cx, list);
    let sections = [
        ("fit", "How it fits each sponsor", fit(&cx, &programme)),
        ("hypotheses", "Hypotheses", said(&design.hypotheses)),
        ("assumptions", "Assumptions", said(&design.assumptions)),
        ("gaps", "Gaps in knowledge", said(&design.gaps)),
        ("constraints", "Where working differently meets resistance", said(&design.constraints)),
        ("unintended", "Unintended effects to watch", said(&design.unintended)),
        ("test-and-learn", "What test and learn means, component by component", test_and_learn(&cx, &programme)),
        ("needs", "Who needs to know what", needs(&programme)),
        ("phases", "Phases, gates and review points", phases(&cx, &programme)),
        ("choosing", "How applications are read and decided", choosing(&programme)),
        ("roles", "Roles", roles(&programme)),
        ("circles", "Circles: who reads what", circles(&programme)),
        ("reflection", "How groups reflect", reflection(&cx, &programme)),
        ("place-rule", "What a place is made of", place_rule(&programme)),
        ("links", "Links with other programmes", said(&design.links)),
    ];
    let lead = format!("Version {}, in force since {}.", programme.version, programme.adopted_at.day());
    Ok(Draft::new("Design").lead(lead).crumb(&programme.name, programme.href()).page(
        &cx,
        maud! {
            p { a href={ (cx.path()) "/versions" } { "Versions of this design, and what changed" } }
            @if cx.viewer().may(Power::RunProgramme, programme.id, None) { p { a href={ (cx.path()) "/forms" } { "Forms: what applicants are asked" } } }
            @if !design.modelled.is_empty() { (parts::inset(maud! { p { (&design.modelled) } })) }
            @for (id, heading, body) in &sections { (parts::section(id, heading, body)) }
        },
    ))
}

fn fit(cx: &Cx, programme: &Snapshot) -> Html {
    let sponsors: Vec<_> = programme.programme.design.sponsors.iter().filter(|s| !s.fit.is_empty()).collect();
    ui::html(maud! {
        @if sponsors.is_empty() { p { (parts::not_stated()) } }
        @for sponsor in &sponsors { h3 { (&sponsor.name) } (statements(cx, &sponsor.fit)) }
    })
}

fn test_and_learn(cx: &Cx, programme: &Snapshot) -> Html {
    ui::html(maud! {
        @for component in &programme.programme.design.components {
            h3 { (&component.name) }
            @match &component.test_and_learn {
                Some(statement) => (statements(cx, std::slice::from_ref(statement)))
                None => { p { (parts::not_stated()) } }
            }
        }
    })
}

fn needs(programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let name = |key: &str| match design.components.iter().find(|c| c.key == key) {
        Some(component) => component.name.clone(),
        None => "the places".to_string(),
    };
    let rows = design.components.iter().flat_map(|component| {
        component.needs.iter().map(move |need| {
            let from: Vec<String> = need.from.iter().map(|f| name(f)).collect();
            let from = if from.is_empty() { "nobody yet".to_string() } else { from.join(", ") };
            vec![
                Cell::text(&need.what).head(),
                Cell::text(&component.name),
                Cell::text(from),
                need.how_often.as_ref().map_or_else(Cell::not_stated, Cell::text),
            ]
        })
    });
    let rows: Vec<_> = rows.collect();
    match rows.is_empty() {
        true => ui::html(maud! { p { (parts::not_stated()) } }),
        false => Table::new("Needs and sources", &["What", "Who needs it", "Who has it", "How often"], rows).quiet().html(),
    }
}

fn phases(cx: &Cx, programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let rows = design.phases.iter().map(|p| {
        let day = |d: Option<design::Approx>| d.map_or_else(Cell::not_stated, |d| Cell::text(d.to_string()));
        vec![Cell::text(&p.name).head(), day(p.from), day(p.to), Cell::text(&p.about)]
    });
    let table = Table::new("Phases", &["Phase", "From", "To", "What it is for"], rows.collect()).html();
    ui::html(maud! {
        @if design.phases.is_empty() { p { (parts::not_stated()) } } @else { (table) }
        @for gate in &design.gates {
            h3 { (&gate.name) }
            @let decided: Vec<&str> = gate.decided_by.iter().map(|r| programme.role_name(r)).collect();
            @if !decided.is_empty() { p { "Decided by: " (decided.join(", ")) "." } }
            (statements(cx, &gate.criteria))
        }
        @if !design.review_points.is_empty() {
            h3 { "Review points" }
            ul { @for point in &design.review_points { li { (&point.name) @if !point.about.is_empty() { ": " (&point.about) } } } }
        }
    })
}

/// Stage by stage; where it is ours, so that it can be practised, it says nothing about the real programme.
fn choosing(programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let Some(call) = &design.call else {
        return ui::html(maud! { p { "There was no open call, or none is stated." } });
    };
    let rows = call.stages.iter().filter(|s| !s.is_wholly_ours()).map(|stage| {
        let mut cells = vec![Cell::text(&stage.name).head()];
        if stage.is_ours() || (stage.form.is_none() && stage.criteria.is_empty()) {
            cells.extend((0..4).map(|_| Cell::not_stated()));
            return cells;
        }
        let form = stage.form.as_ref().and_then(|key| programme.programme.form(key)).filter(|form| !form.is_ours());
        let form = form.map(|form| form.size());
        let criteria: Vec<String> =
            stage.criteria.iter().map(|c| format!("{} (counts {})", c.name.en, c.weight.plain())).collect();
        let deciders: Vec<&str> = design.deciders(stage).iter().map(|s| s.name.as_str()).collect();
        cells.extend([
            form.map_or_else(Cell::not_stated, Cell::text),
            stage.readers.map_or_else(Cell::not_stated, Cell::number),
            if criteria.is_empty() { Cell::not_stated() } else { Cell::text(criteria.join("; ")) },
            Cell::text(deciders.join(" and ")),
        ]);
        cells
    });
    Table::new("Reading and deciding", &["Stage", "Form", "Readers each", "Read for", "Who decides"], rows.collect())
        .quiet()
        .html()
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Programme => "The whole programme",
        Scope::Place => "One place",
    }
}

fn roles(programme: &Snapshot) -> Html {
    let rows = programme.programme.design.roles.iter().map(|role| {
        let may: Vec<&str> = role.may.iter().map(|p| p.words()).collect();
        let may = if may.is_empty() { "read in their circles".to_string() } else { may.join(", ") };
        let about =
            if role.is_ours() { format!("{} Ours: no source speaks of this role.", role.about) } else { role.about.clone() };
        vec![Cell::text(&role.name).head(), Cell::text(scope(role.scope)), Cell::text(may), Cell::text(about)]
    });
    Table::new("Roles and what each may do", &["Role", "For", "May", "About"], rows.collect()).quiet().html()
}

fn circles(programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let names = |keys: &[String]| keys.iter().map(|r| programme.role_name(r)).collect::<Vec<_>>().join(", ");
    let rows = design.circles.iter().map(|circle| {
        let readers = if circle.public { "Everybody".to_string() } else { names(&circle.readers) };
        let writers = match names(&circle.writers) {
            none if none.is_empty() => "By sharing an extract only".to_string(),
            some => some,
        };
        let one = if circle.scope == Scope::Place { "One in each place" } else { "One for the programme" };
        vec![
            Cell::text(&circle.name).head(),
            Cell::text(one),
            Cell::text(readers),
            Cell::text(writers),
            Cell::text(&circle.about),
        ]
    });
    let table = Table::new("Circles", &["Circle", "How many", "Who reads", "Who writes", "About"], rows.collect()).quiet().html();
    let name = |key: &str| design.circles.iter().find(|c| c.key == key).map_or(key.to_string(), |c| c.name.clone());
    let flows = design.flows.iter().map(|flow| {
        let agreed = if flow.agreed_by.is_empty() { "—".to_string() } else { names(&flow.agreed_by) };
        vec![
            Cell::text(name(&flow.from)).head(),
            Cell::text(name(&flow.to)),
            Cell::text(names(&flow.by)),
            Cell::text(agreed),
            Cell::text(&flow.why),
        ]
    });
    let flows =
        Table::new("Who may share part of an entry onward", &["From", "To", "By", "Agreed by", "Why"], flows.collect()).html();
    ui::html(maud! { (table) @if !design.flows.is_empty() { (flows) } })
}

/// Who reflects by which questions. Questions that are ours, so that it can be practised, are no fact about the programme.
fn reflection(cx: &Cx, programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    ui::html(maud! {
        @if design.frameworks.is_empty() { p { (parts::not_stated()) } }
        @for framework in &design.frameworks {
            @let roles: Vec<&str> = framework.roles.iter().map(|r| programme.role_name(r)).collect();
            @let form = programme.programme.form(&framework.form).filter(|form| !form.is_ours());
            h3 { (&framework.name) }
            p { (&framework.about) " Each answers alone first: " (roles.join(", ")) "." }
            p { "Questions: " @match form { Some(form) => (form.size()) None => (parts::not_stated()) } }
            (parts::sources(&cited(cx, &framework.sources)))
        }
    })
}

fn place_rule(programme: &Snapshot) -> Html {
    let Some(rule) = &programme.programme.design.place_rule else { return ui::html(maud! { p { (parts::not_stated()) } }) };
    ui::html(maud! {
        p { (&rule.text) }
        @if !rule.needs.is_empty() { ul { @for need in &rule.needs { li { (&need.what) } } } }
    })
}
