//! What `check` prints about a programme: enough to see at a glance what its folder says and what it leaves open.

use std::fmt::Write;

use crate::words::{and, count};
use crate::{Carry, Design, DesignForm, History, NOT_STATED, Phase, Programme, Scope, Stage};

/// The summary, a line per part of the design.
pub(crate) fn of(programme: &Programme) -> String {
    let design = &programme.design;
    let mut out = Lines(String::new());
    out.head(&format!("{} ({})", design.name, design.slug));
    out.line("Summary", &design.summary);
    out.line("Where it stands", &format!("{}; area: {}", design.status, design.area));
    out.line("Modelled", &design.modelled);
    out.line("Run by", &sponsors(design));
    out.line(
        "Components",
        &list(design.components.iter().map(|c| format!("{} ({})", c.name, count(c.needs.len(), "need", "needs")))),
    );
    out.line("Statements", &statements(design));
    out.line("Phases", &list(design.phases.iter().map(phase)));
    out.line("Gates", &list(design.gates.iter().map(|g| g.name.clone())));
    out.line("Review points", &list(design.review_points.iter().map(|r| r.name.clone())));
    people(design, &mut out);
    money(design, &mut out);
    call(design, &mut out);
    for form in &programme.forms {
        out.line(&format!("Form ‘{}’", form.form.key), &form_line(form));
    }
    let rule = design.place_rule.as_ref().map_or_else(|| NOT_STATED.to_owned(), |r| r.text.clone());
    out.line("Rule for places", &rule);
    history(&programme.history, &mut out);
    out.line("Not stated", &missing(programme));
    for note in programme.notes() {
        out.line("Note", &note);
    }
    out.0
}

struct Lines(String);

impl Lines {
    fn head(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }
    fn line(&mut self, name: &str, text: &str) {
        let text = if text.is_empty() { NOT_STATED } else { text };
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "  {name}: {}", text.trim_end_matches('.'));
    }
}

/// `2: a; b`, or nothing for an empty list.
fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { String::new() } else { format!("{}: {}", items.len(), items.join("; ")) }
}

fn sponsors(design: &Design) -> String {
    let each = design.sponsors.iter().map(|s| {
        let led: Vec<String> = s.leads.iter().filter_map(|key| design.component(key)).map(|c| c.name.clone()).collect();
        let leads = if led.is_empty() { String::new() } else { format!(", leads {}", and(&led)) };
        format!("{} ({}{leads})", s.name, s.part)
    });
    let each: Vec<String> = each.collect();
    each.join("; ")
}

fn statements(design: &Design) -> String {
    let each: Vec<String> = design
        .statements()
        .iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(name, list)| format!("{name} {}", list.len()))
        .collect();
    each.join(", ")
}

fn phase(phase: &Phase) -> String {
    let dates = phase.dates().unwrap_or_else(|| format!("dates {NOT_STATED}"));
    let lasts = phase.lasts.as_ref().map_or_else(String::new, |l| format!(", {l}"));
    let places = phase.places.as_ref().map_or_else(String::new, |p| format!(", places: {p}"));
    format!("{} ({dates}{lasts}{places})", phase.name)
}

fn people(design: &Design, out: &mut Lines) {
    out.line("Roles", &list(design.roles.iter().map(|r| r.name.clone())));
    let circles = design.circles.iter().map(|c| {
        let mut marks = vec![if c.scope == Scope::Place { "one in each place" } else { "one in the programme" }];
        marks.extend(c.own.then_some("the place's own"));
        marks.extend(c.public.then_some("everybody reads it"));
        format!("{} ({})", c.name, marks.join(", "))
    });
    out.line("Circles", &list(circles));
    out.line("Ways to share", &count(design.flows.len(), "flow", "flows"));
    out.line("Kinds of entry", &list(design.kinds.iter().map(|k| k.name.clone())));
    out.line("Reflective frameworks", &list(design.frameworks.iter().map(|f| format!("{} ({})", f.name, f.each))));
}

fn money(design: &Design, out: &mut Lines) {
    let lines = design.money.iter().map(|l| {
        let up_to = if l.up_to { "up to " } else { "" };
        let times = l.count.map_or_else(String::new, |c| format!("{c} × "));
        let total = l.count.and(l.total()).map_or_else(String::new, |t| format!(" = {up_to}{t}"));
        format!("{} {times}{up_to}{}{total}", l.name, l.amount)
    });
    out.line("Money", &list(lines));
    let totals = design
        .totals
        .iter()
        .map(|t| format!("{} {}{} ({})", t.what, if t.up_to { "up to " } else { "" }, t.amount, crate::notes::cited(&t.sources)));
    out.line("Stated totals", &list(totals));
    let days = design.days.iter().map(|d| {
        let name = design.role(&d.role).map_or(d.role.as_str(), |r| r.name.as_str());
        let per_place = if d.per_place { " for each place" } else { "" };
        let work = match design.component_of(d).and_then(|key| design.component(key)) {
            Some(component) if !d.per_place => format!(" on {}", component.name),
            _ => String::new(),
        };
        let marks = [
            (d.protected, ", protected"),
            (d.carry == Carry::CarryOver, ", carried over"),
            (d.is_ours(), ", ours, for practice"),
        ];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        format!("{name} {} days {}{per_place}{work}{marks}", f64::from(d.quarter_days) / 4.0, d.per)
    });
    out.line("Days", &list(days));
    let lines = design.budget_lines.iter().map(|l| format!("{}{}", l.name, if l.required { " (in every award)" } else { "" }));
    out.line("Lines of a budget", &list(lines));
    let changes = design.changes.iter().map(|c| {
        let share = c.up_to_percent.map_or_else(String::new, |p| format!(" of up to {p} % of the award"));
        let needs: Vec<String> = c.approved_by.iter().map(|r| design.role(r).map_or(r, |role| &role.name).clone()).collect();
        format!("{}{share}: {}", c.what, and(&needs))
    });
    out.line("Changes need", &list(changes));
}

fn call(design: &Design, out: &mut Lines) {
    let Some(call) = &design.call else {
        out.line("Call", "none");
        return;
    };
    out.line("Call", &call.summary);
    let stages = call.stages.iter().map(|s| {
        let ends = [("in", &s.takes), ("on", &s.chooses)];
        let ends: Vec<String> = ends.iter().filter_map(|(name, n)| n.as_ref().map(|n| format!("{name}: {n}"))).collect();
        let award = s.award.map_or_else(String::new, |a| format!(", {}{a} each", if s.up_to { "up to " } else { "" }));
        let read = reading(s);
        if ends.is_empty() {
            format!("{}{award}{read}", s.name)
        } else {
            format!("{} ({}{award}){read}", s.name, ends.join(", "))
        }
    });
    out.line("Stages", &list(stages));
}

/// `, form ‘application’, 3 readers, 5 criteria, ours`.
fn reading(stage: &Stage) -> String {
    let mut parts = Vec::new();
    parts.extend(stage.form.as_ref().map(|key| format!("form ‘{key}’")));
    parts.extend(stage.readers.map(|n| count(n as usize, "reader", "readers")));
    let criteria = stage.criteria.len();
    parts.extend((criteria > 0).then(|| count(criteria, "criterion", "criteria")));
    parts.extend(stage.is_ours().then(|| "ours, for practice".to_owned()));
    parts.iter().map(|part| format!(", {part}")).collect()
}

/// `Application: 5 sections, 14 questions: Your partnership (4), …; Welsh complete; ours, for practice`.
fn form_line(form: &DesignForm) -> String {
    let sections: Vec<String> = form.form.sections.iter().map(|s| format!("{} ({})", s.title.en, s.questions.len())).collect();
    let missing = form.form.untranslated().len();
    let all = form.form.texts().len();
    let welsh = match missing {
        0 => "Welsh complete".to_owned(),
        _ if missing == all => format!("{} without Welsh", count(all, "text", "texts")),
        _ => format!("{missing} of {} without Welsh", count(all, "text", "texts")),
    };
    let ours = if form.is_ours() { "; ours, for practice" } else { "" };
    let listed = if sections.is_empty() { String::new() } else { format!(": {}", sections.join(", ")) };
    format!("{}: {}{listed}; {welsh}{ours}", form.form.title.en, form.size())
}

fn history(history: &History, out: &mut Lines) {
    let name = |key: &str| history.organisations.iter().find(|o| o.key == key).map_or_else(|| key.to_owned(), |o| o.name.clone());
    let places = history
        .places
        .iter()
        .map(|p| p.lead.as_ref().map_or_else(|| p.name.clone(), |lead| format!("{} ({})", p.name, name(lead))));
    out.line("Places", &list(places));
    out.line("Organisations", &count(history.organisations.len(), "organisation", "organisations"));
    let sum = history.awards.iter().try_fold(kernel::Money::ZERO, |sum, a| sum.checked_add(a.amount));
    let up_to = if history.awards.iter().any(|a| a.up_to) { "up to " } else { "" };
    let awards = count(history.awards.len(), "award", "awards");
    out.line(
        "Awards",
        &sum.filter(|_| !history.awards.is_empty()).map_or(String::new(), |sum| format!("{awards}, {up_to}{sum} together")),
    );
    let undated = history.events.iter().filter(|e| e.from.is_none() && e.to.is_none()).count();
    out.line("Events", &format!("{}, {undated} of them without a date", count(history.events.len(), "event", "events")));
    out.line("Published learning", &list(history.resources.iter().map(|r| r.title.clone())));
}

/// What no source gives and a reader would look for.
fn missing(programme: &Programme) -> String {
    let (d, h) = (&programme.design, &programme.history);
    let without_lead = h.places.iter().filter(|p| p.lead.is_none()).count();
    let mut open: Vec<String> = Vec::new();
    let mut note = |is_open: bool, what: &str| {
        if is_open {
            open.push(what.to_owned());
        }
    };
    note(d.status == NOT_STATED, "where the programme stands");
    note(d.area == NOT_STATED, "the area");
    note(d.phases.iter().any(|p| p.from.is_none() && p.to.is_none()) || d.phases.is_empty(), "dates of phases");
    note(d.money.is_empty() && d.totals.is_empty(), "money");
    note(d.days.is_empty(), "days");
    note(d.call.as_ref().is_some_and(|c| c.opened.is_empty()), "when a call opened");
    note(d.call.as_ref().is_some_and(|c| c.applications.is_empty()), "how many applied");
    note(d.place_rule.is_none(), "a rule for a place's make-up");
    note(h.places.is_empty(), "the places");
    if without_lead > 0 {
        open.push(format!("who leads in {}", count(without_lead, "place", "places")));
    }
    if open.is_empty() { "nothing that this summary looks for".to_owned() } else { and(&open) }
}
