//! Reading the folder of programme designs.

use std::path::Path;

use design::{Programme, Sources};

/// The designs of a folder, in the order of their names, with the documents they cite.
///
/// # Errors
/// Everything that is wrong, a line each.
pub fn designs(folder: &Path) -> Result<(Vec<Programme>, Sources), String> {
    let sources = sources_beside(&folder.join("any"))?;
    let listing = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut folders: Vec<_> = listing.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.is_dir()).collect();
    folders.sort();
    let (mut programmes, mut problems) = (Vec::new(), Vec::new());
    for folder in folders {
        match Programme::read(&folder, &sources) {
            Ok(programme) => programmes.push(programme),
            Err(wrong) => problems.extend(wrong.iter().map(ToString::to_string)),
        }
    }
    if problems.is_empty() { Ok((programmes, sources)) } else { Err(problems.join("\n")) }
}

/// The `sources.toml` beside a design's folder; none where there is no such file.
///
/// # Errors
/// What is wrong with the file.
pub fn sources_beside(design: &Path) -> Result<Sources, String> {
    let path = design.parent().unwrap_or_else(|| Path::new(".")).join("sources.toml");
    if !path.is_file() {
        return Ok(Sources::default());
    }
    Sources::read(&path).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
