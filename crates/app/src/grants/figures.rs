//! The budget of an award through its versions, drawn.

use kernel::Money;
use ui::figures::{Step, money_steps};
use ui::{Html, html};

use super::award::{Whole, line_name};
use crate::ground::Snapshot;

/// Each line through the versions that were in force; nothing where none has changed it.
pub(super) fn steps(programme: &Snapshot, whole: &Whole) -> Html {
    let versions: Vec<_> = whole.versions.iter().filter(|v| v.in_force()).collect();
    if versions.len() < 2 {
        return html("");
    }
    let mut lines: Vec<&str> = Vec::new();
    for cell in versions.iter().flat_map(|v| &v.cells) {
        if !lines.contains(&cell.line.as_str()) {
            lines.push(&cell.line);
        }
    }
    let steps: Vec<Step> = lines
        .iter()
        .map(|line| Step {
            name: line_name(programme, line).to_string(),
            amounts: versions.iter().map(|v| v.of_line(line)).collect(),
        })
        .filter(|step| step.amounts.iter().any(|a| *a > Money::ZERO))
        .collect();
    let names: Vec<String> = versions.iter().map(|v| format!("Version {}, {}", v.row.number, since(v))).collect();
    money_steps("The budget through its versions", &names, &steps)
}

fn since(version: &super::award::Version) -> String {
    version.row.answered_at.unwrap_or(version.row.proposed_at).day().to_string()
}
