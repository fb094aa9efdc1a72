//! Reading files: the one module that touches a disk.

use std::path::Path;

use crate::Problem;

/// The folder of forms within a design's folder.
const FORMS: &str = "forms";

/// The text of a file.
pub(crate) fn text_of(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))
}

/// The name and text of each form of a design's folder; none where it has no folder of forms.
pub(crate) fn form_files(dir: &Path) -> Result<Vec<(String, String)>, Vec<Problem>> {
    let forms = dir.join(FORMS);
    if forms.is_dir() { toml_files(&forms) } else { Ok(Vec::new()) }
}

/// Whether a file of this name is a form: it stands in a folder of forms.
pub(crate) fn is_form(name: &str) -> bool {
    name.rsplit(['/', '\\']).nth(1) == Some(FORMS)
}

/// What the form in this file has to be called.
pub(crate) fn form_key(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file)
}

/// The name and text of each TOML file in a folder, by name.
pub(crate) fn toml_files(dir: &Path) -> Result<Vec<(String, String)>, Vec<Problem>> {
    let entries = std::fs::read_dir(dir).map_err(|cause| vec![unreadable(dir, &cause)])?;
    let mut paths: Vec<_> =
        entries.filter_map(|e| e.ok().map(|e| e.path())).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    paths.sort();
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match text_of(&path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Problem {
    Problem {
        file: path.display().to_string(),
        line: 1,
        column: 1,
        what: format!("This cannot be read: {cause}"),
        instead: "Check that it is there, that it is UTF-8 text and that you may read it".to_owned(),
    }
}
