//! Has the bundle embedded again when it was built again. Where there is none yet, the folder it will appear in is
//! watched instead: watching a file that is missing would have this crate compiled every time.
fn main() {
    let bundle = "../../web/dist";
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", if std::path::Path::new(bundle).exists() { bundle } else { "../../web" });
}
