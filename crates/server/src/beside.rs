//! A file that is written as a whole or not at all.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;

/// Writes beside the file and renames, so that there is never half of it. Where `write` says why not, there is nothing.
pub fn write<T>(to: &Path, force: bool, write: impl FnOnce(&File) -> Result<T, String>) -> Result<T, String> {
    refuse_to_overwrite(to, force)?;
    let mut name = OsString::from(".");
    name.push(to.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    let part = to.with_file_name(name);
    let wrong = |e: std::io::Error| format!("{}: cannot be written: {e}", to.display());
    let file = File::create_new(&part).map_err(wrong)?;
    let done = write(&file).and_then(|done| {
        file.sync_all().map_err(wrong)?;
        refuse_to_overwrite(to, force)?;
        std::fs::rename(&part, to).map_err(wrong)?;
        Ok(done)
    });
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

pub fn refuse_to_overwrite(to: &Path, force: bool) -> Result<(), String> {
    if !force && to.symlink_metadata().is_ok() {
        return Err(format!("{}: There is a file of this name; --force replaces it", to.display()));
    }
    Ok(())
}
