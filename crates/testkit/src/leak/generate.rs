//! Designs that nobody would write: one of the real ones with its circles, flows, powers and kinds changed by chance, and
//! still sound where a design has to be: whoever writes in a circle reads it, and a place's own circle stays its own.

use design::{AgreementRule, Circle, Design, EntryKind, Flow, PeerPart, Power, Programme, Role, Scope, Side};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// Powers that chance gives and takes away.
const POWERS: [Power; 5] = [Power::WriteEntries, Power::ShareExtracts, Power::SeePeople, Power::ReadJournal, Power::ManagePeople];
/// Flows that chance adds.
const FLOWS: usize = 6;

/// A design made by chance from one of these.
pub fn design(bases: &[Programme], rng: &mut StdRng) -> Programme {
    let mut programme = bases.choose(rng).expect("a design to begin with").clone();
    let design = &mut programme.design;
    powers(design, rng);
    circles(design, rng);
    kinds(design, rng);
    flows(design, rng);
    if let Some(rule) = &mut design.agreement {
        governs(rule, &design.circles, rng);
    }
    sound(design);
    programme
}

fn powers(design: &mut Design, rng: &mut StdRng) {
    for role in &mut design.roles {
        for power in POWERS.into_iter().filter(|_| rng.random_bool(0.1)) {
            match role.may.contains(&power) {
                true => role.may.retain(|p| *p != power),
                false => role.may.push(power),
            }
        }
    }
    let managed = design.roles.iter().any(|r| r.may.contains(&Power::ManagePeople));
    if let Some(role) = design.roles.iter_mut().find(|r| r.may.contains(&Power::RunProgramme)).filter(|_| !managed) {
        role.may.push(Power::ManagePeople);
    }
}

fn circles(design: &mut Design, rng: &mut StdRng) {
    let roles = design.roles.clone();
    for circle in &mut design.circles {
        if circle.public {
            circle.writers.retain(|_| rng.random_bool(0.7));
            circle.writers.extend(roles.iter().filter(|_| rng.random_bool(0.1)).map(|r| r.key.clone()));
            circle.writers.sort();
            circle.writers.dedup();
            continue;
        }
        readers(circle, &roles, rng);
        circle.writers.retain(|w| circle.readers.contains(w) && rng.random_bool(0.85));
        for reader in &circle.readers {
            if !circle.writers.contains(reader) && rng.random_bool(0.25) {
                circle.writers.push(reader.clone());
            }
        }
        if !circle.own && rng.random_bool(0.06) {
            circle.scope = if circle.scope == Scope::Place { Scope::Programme } else { Scope::Place };
        }
    }
}

fn readers(circle: &mut Circle, roles: &[Role], rng: &mut StdRng) {
    let may: Vec<&Role> = roles.iter().filter(|r| !circle.own || r.side == Side::Place).collect();
    circle.readers.retain(|_| rng.random_bool(0.8));
    for role in &may {
        if !circle.readers.contains(&role.key) && rng.random_bool(0.12) {
            circle.readers.push(role.key.clone());
        }
    }
    if let Some(role) = may.choose(rng).filter(|_| circle.readers.is_empty()) {
        circle.readers.push(role.key.clone());
    }
}

fn kinds(design: &mut Design, rng: &mut StdRng) {
    let agreed = design.agreement.as_ref().map(|a| a.kind.clone());
    let kept = |kind: &EntryKind| Some(&kind.key) == agreed.as_ref();
    design.kinds.retain(|k| kept(k) || rng.random_bool(if k.is_matter() { 0.45 } else { 0.7 }));
    let circles: Vec<String> = design.circles.iter().map(|c| c.key.clone()).collect();
    for kind in design.kinds.iter_mut().filter(|k| Some(&k.key) != agreed.as_ref() && !k.plan) {
        let more = circles.iter().filter(|c| !kind.circles.contains(c)).cloned().collect::<Vec<_>>();
        kind.circles.extend(more.into_iter().filter(|_| rng.random_bool(0.08)));
        let more = design.roles.iter().filter(|r| !kind.writers.contains(&r.key)).map(|r| r.key.clone()).collect::<Vec<_>>();
        kind.writers.extend(more.into_iter().filter(|_| rng.random_bool(0.1)));
        if !kind.is_matter() && !kind.asks && !kind.digest && rng.random_bool(0.1) {
            kind.layers.extend(circles.choose(rng).filter(|c| !kind.layers.contains(c)).cloned());
        }
    }
}

fn flows(design: &mut Design, rng: &mut StdRng) {
    design.flows.retain(|_| rng.random_bool(0.75));
    let roles: Vec<String> = design.roles.iter().map(|r| r.key.clone()).collect();
    for flow in &mut design.flows {
        flow.narrower = true;
        if rng.random_bool(0.2) {
            flow.agreed_by =
                if flow.agreed_by.is_empty() { roles.choose(rng).into_iter().cloned().collect() } else { Vec::new() };
        }
    }
    for _ in 0..FLOWS {
        let (Some(from), Some(to)) = (design.circles.choose(rng), design.circles.choose(rng)) else { return };
        let known = design.flows.iter().any(|f| f.from == from.key && f.to == to.key);
        if from.public || from.key == to.key || known {
            continue;
        }
        let by: Vec<String> = from.readers.iter().filter(|_| rng.random_bool(0.5)).cloned().collect();
        let asked = if rng.random_bool(0.5) { rng.random_range(1..=2) } else { 0 };
        let agreed_by: Vec<String> = (0..asked).filter_map(|_| roles.choose(rng).cloned()).collect();
        let (from, to) = (from.key.clone(), to.key.clone());
        design.flows.push(Flow { from, to, by, agreed_by, why: "By chance.".into(), narrower: true });
    }
}

fn governs(rule: &mut AgreementRule, circles: &[Circle], rng: &mut StdRng) {
    for circle in circles.iter().filter(|_| rng.random_bool(0.15)) {
        if !rule.governs.contains(&circle.key) {
            rule.governs.push(circle.key.clone());
        }
    }
}

/// Takes away what no longer fits together, as the checks of a design would have it taken away.
fn sound(design: &mut Design) {
    let roles = design.roles.clone();
    let circles = design.circles.clone();
    let may = |key: &String, power: Power| roles.iter().any(|r| r.key == *key && r.may.contains(&power));
    let writes = |keys: &[String], role: &String| circles.iter().any(|c| keys.contains(&c.key) && c.writers.contains(role));
    let reads =
        |keys: &[String], role: &String| circles.iter().any(|c| keys.contains(&c.key) && (c.public || c.readers.contains(role)));
    for kind in &mut design.kinds {
        let within = kind.circles.clone();
        kind.writers.retain(|w| may(w, Power::WriteEntries) && writes(&within, w));
        kind.addressed_to.retain(|r| reads(&within, r));
        for step in &mut kind.steps {
            step.by.retain(|r| writes(&within, r));
        }
        kind.steps.retain(|s| !s.by.is_empty());
        let known: Vec<String> = kind.steps.iter().map(|s| s.key.clone()).collect();
        for step in &mut kind.steps {
            step.from.retain(|f| known.contains(f));
        }
        if !kind.steps.iter().any(|s| s.follows(None)) || !kind.steps.iter().any(|s| s.ends) {
            kind.steps.clear();
            kind.asks = false;
        }
    }
    events(design);
    peers(design);
    design.kinds.retain(|k| !k.writers.is_empty() && !k.circles.is_empty());
    for flow in &mut design.flows {
        let from = std::slice::from_ref(&flow.from);
        flow.by.retain(|r| may(r, Power::ShareExtracts) && reads(from, r));
    }
    design.flows.retain(|f| !f.by.is_empty());
    agreement(design);
    rest(design);
}

/// Events stand in circles of the whole programme, and what their steps mean is there.
fn events(design: &mut Design) {
    let circles = design.circles.clone();
    let of_all = |key: &String| circles.iter().any(|c| c.key == *key && c.scope == Scope::Programme && !c.public);
    for kind in design.kinds.iter_mut().filter(|k| k.gathering.is_some()) {
        let steps: Vec<String> = kind.steps.iter().map(|s| s.key.clone()).collect();
        let circles: Vec<String> = kind.circles.iter().filter(|key| of_all(key)).cloned().collect();
        let Some(mut rule) = kind.gathering.take() else { continue };
        rule.shortlisted = rule.shortlisted.filter(|key| steps.contains(key));
        let sound = [&rule.agreed, &rule.held, &rule.cancelled].iter().all(|key| steps.contains(key)) && !circles.is_empty();
        if sound {
            kind.circles = circles;
            let writes = |role: &String| design.circles.iter().any(|c| kind.circles.contains(&c.key) && c.writers.contains(role));
            kind.writers.retain(writes);
            kind.gathering = Some(rule);
        }
    }
}

/// Peers talk in one circle of the whole programme, where somebody writes threads and replies; else nobody does.
fn peers(design: &mut Design) {
    let circles = design.circles.clone();
    let channel = design.channel().filter(|c| c.scope == Scope::Programme && !c.public).cloned();
    let Some(channel) = channel else { return design.kinds.iter_mut().for_each(|k| k.peers = None) };
    let writes = |role: &String| circles.iter().any(|c| c.key == channel.key && c.writers.contains(role));
    for kind in design.kinds.iter_mut().filter(|k| k.peers.is_some()) {
        kind.circles = vec![channel.key.clone()];
        kind.layers.clear();
        kind.writers.retain(writes);
        for step in &mut kind.steps {
            step.by.retain(writes);
        }
        let matter = matches!(kind.peer_part(), Some(PeerPart::Ask | PeerPart::Offer));
        if kind.writers.is_empty() || kind.steps.iter().any(|s| s.by.is_empty()) || matter != kind.is_matter() {
            kind.peers = None;
        }
    }
    if design.peer_kind(PeerPart::Thread).is_none() || design.peer_kind(PeerPart::Reply).is_none() {
        design.kinds.iter_mut().for_each(|k| k.peers = None);
    }
    design.kinds.retain(|k| k.steps.iter().all(|s| !s.by.is_empty()));
}

/// Agreements are about circles of a place out of which something can flow, and each side has somebody who reads them.
fn agreement(design: &mut Design) {
    let Some(mut rule) = design.agreement.take() else { return };
    let of_place = |key: &String| design.circle(key).is_some_and(|c| c.scope == Scope::Place && !c.public);
    rule.governs.retain(|key| of_place(key) && design.flows.iter().any(|f| f.from == *key));
    let circle = design.kind(&rule.kind).and_then(|k| k.circles.first()).filter(|c| of_place(c)).and_then(|c| design.circle(c));
    let signed = circle.is_some_and(|c| rule.sides.iter().all(|s| s.signed_by.iter().any(|r| c.readers.contains(r))));
    design.agreement = Some(rule).filter(|rule| signed && !rule.governs.is_empty());
}

/// Whatever else names a kind of entry.
fn rest(design: &mut Design) {
    let kinds = design.kinds.clone();
    let known = |key: &String| kinds.iter().any(|k| k.key == *key);
    for point in &mut design.tipping {
        let kind = kinds.iter().find(|k| k.key == point.kind);
        point.tells.retain(|r| kind.is_some_and(|k| k.writers.contains(r)));
    }
    let matter = |key: &String| kinds.iter().any(|k| k.key == *key && k.is_matter());
    design.tipping.retain(|t| !t.tells.is_empty() && t.silent.as_ref().is_none_or(matter));
    for line in &mut design.days {
        line.kinds.retain(known);
    }
    for rule in design.kinds.iter_mut().filter_map(|k| k.gathering.as_mut()) {
        rule.notes.retain(known);
    }
    for need in design.components.iter_mut().flat_map(|c| &mut c.needs) {
        need.kinds.retain(known);
    }
}
