//! The programmes of the repository are sound and say what their sources say.

use std::path::{Path, PathBuf};

use design::{Programme, Sources};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes")
}

fn sources() -> Sources {
    Sources::read(&folder().join("sources.toml")).unwrap_or_else(|p| panic!("{}", lines(&p)))
}

fn lines(problems: &[design::Problem]) -> String {
    problems.iter().map(|p| format!("{p}\n")).collect()
}

fn programme(slug: &str) -> Programme {
    Programme::read(&folder().join(slug), &sources()).unwrap_or_else(|p| panic!("{}", lines(&p)))
}

#[test]
fn show() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            println!("{}", programme(path.file_name().unwrap().to_str().unwrap()).contents());
        }
    }
}
