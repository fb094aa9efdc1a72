//! What was once found, and what is worth beginning from, given to each target in every run of the tests.

use std::path::Path;

fn each(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("a corpus").map(|e| e.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 3, "{} holds next to nothing", folder.display());
    for file in files {
        eprintln!("{}", file.display());
        run(&std::fs::read(&file).expect("a file"));
    }
}

#[test]
fn expressions() {
    each("expressions", fuzz::expressions);
}

#[test]
fn grants_as_json() {
    each("grants-json", fuzz::grants_json);
}

#[test]
fn grants_as_csv() {
    each("grants-csv", fuzz::grants_csv);
}

#[test]
fn grants_as_a_workbook() {
    each("grants-xlsx", fuzz::grants_xlsx);
}
