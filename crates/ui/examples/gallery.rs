//! Writes the gallery to a file that a browser can open beside the bundle: `cargo run -p ui --example gallery OUT`.
#![expect(clippy::print_stdout, reason = "it is run by hand")]

fn main() -> std::io::Result<()> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "gallery.html".to_owned());
    let bundle = std::fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist"))?;
    let mut shell = ui::gallery::shell();
    shell.print = std::env::args().any(|a| a == "--paper");
    let page = shell.page(ui::gallery::gallery()).into_inner();
    std::fs::write(&out, page.replace("\"/assets/", &format!("\"file://{}/", bundle.display())))?;
    println!("{out}");
    Ok(())
}
