//! Makes a large file of grants, checks and converts it, and has the usual tools of Python do the same: `make bench-grants`.
//! Ends with one line of JSON on standard output; what happens meanwhile is said on standard error.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use threesixty::{Check, Day, Format};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Fallible<T> = Result<T, String>;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check", file] => check(Path::new(file)),
        ["convert", from, to] => convert(Path::new(from), Path::new(to)),
        [] => bench(),
        _ => Err("usage: bench-grants".to_owned()),
    };
    if let Err(what) = done {
        eprintln!("bench-grants: {what}");
        std::process::exit(1);
    }
}

/// A step of ours; it says what memory it took at most.
fn check(file: &Path) -> Fallible<()> {
    let today = Day::new(2026, 11, 22).ok_or("no such day")?;
    let mut check = Check::new(today);
    let format = Format::of(file).ok_or("neither .json, .csv nor .xlsx")?;
    threesixty::read(file, format, &mut check).map_err(|e| e.to_string())?;
    let report = check.finish();
    say_peak(json!({ "grants": report.grants, "problems": report.tallies.iter().map(|tally| tally.count).sum::<u64>() }))
}

fn convert(from: &Path, to: &Path) -> Fallible<()> {
    let (kind, into) = Format::of(from).zip(Format::of(to)).ok_or("neither .json, .csv nor .xlsx")?;
    let file = File::create(to).map_err(|e| e.to_string())?;
    let done = threesixty::convert(from, kind, &file, into).map_err(|e| e.to_string())?;
    for (place, note) in &done.wrong {
        eprintln!("{place}: {}", note.what);
    }
    say_peak(json!({ "grants": done.grants }))
}

/// The most memory that this process had in use, in megabytes.
fn say_peak(mut said: Value) -> Fallible<()> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    said["mb"] = json!(peak.map(|kb| (kb / 102.4).round() / 10.0));
    // The time that this process was at work, in hundredths of a second: the 12th and 13th fields after its name.
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let hundredths: f64 = after.split_whitespace().skip(11).take(2).filter_map(|own| own.parse::<f64>().ok()).sum();
    said["cpu"] = json!(hundredths / 100.0);
    println!("{said}");
    Ok(())
}

/// What one step took.
struct Step {
    seconds: f64,
    /// Of these, at work.
    cpu: f64,
    mb: f64,
    grants: u64,
}

fn run(name: &str, command: &mut Command) -> Fallible<Step> {
    let from = Instant::now();
    let out = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().map_err(|e| format!("{name}: {e}"))?;
    let seconds = from.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&out.stdout);
    if !out.status.success() {
        return Err(format!("{name} failed: {}", text.trim()));
    }
    let said: Value =
        text.lines().last().and_then(|line| serde_json::from_str(line).ok()).ok_or(format!("{name} said nothing"))?;
    let step = Step {
        seconds,
        cpu: said["cpu"].as_f64().unwrap_or(0.0),
        mb: said["mb"].as_f64().unwrap_or(0.0),
        grants: said["grants"].as_u64().unwrap_or(0),
    };
    eprintln!("{name}: {seconds:.2} s, at work {:.2} s, {:.0} MB", step.cpu, step.mb);
    Ok(step)
}

fn setting(name: &str, usual: &str) -> String {
    std::env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| usual.to_owned())
}

fn bench() -> Fallible<()> {
    let grants: u64 = setting("N", "100000").parse().map_err(|_| "N is a number of grants")?;
    let million = setting("MANY", "1000000").parse::<u64>().map_err(|_| "MANY is a number of grants")?;
    let folder = PathBuf::from(setting("BENCH_DIR", "target/bench-grants"));
    fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let samples = samples(&root.join("../shared/samples/360giving"));
    let file = |name: &str| folder.join(name);
    make(&file("grants.json"), grants, &samples)?;
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut results = BTreeMap::new();
    let ours = |name: &str, args: &[&Path]| -> Fallible<Step> {
        let mut command = Command::new(&me);
        command.arg(if args.len() == 1 { "check" } else { "convert" }).args(args);
        // The first run reads the file from the disk, the better of two others counts.
        let (first, second) = (run(name, &mut command)?, run(name, &mut command)?);
        Ok(if first.cpu < second.cpu { first } else { second })
    };
    let csv = &file("ours.csv");
    let xlsx = &file("ours.xlsx");
    for (name, args) in [
        ("check_json", vec![file("grants.json")]),
        ("json_to_csv", vec![file("grants.json"), csv.clone()]),
        ("csv_to_json", vec![csv.clone(), file("from-csv.json")]),
        ("json_to_xlsx", vec![file("grants.json"), xlsx.clone()]),
        ("xlsx_to_json", vec![xlsx.clone(), file("from-xlsx.json")]),
        ("check_csv", vec![csv.clone()]),
        ("check_xlsx", vec![xlsx.clone()]),
    ] {
        let args: Vec<&Path> = args.iter().map(PathBuf::as_path).collect();
        let step = ours(name, &args)?;
        if step.grants != grants {
            return Err(format!("{name}: {} of {grants} grants came out", step.grants));
        }
        results.insert(name, step);
    }
    if million > 0 {
        make(&file("many.json"), million, &samples)?;
        results.insert("check_json_many", ours("check_json_many", &[&file("many.json")])?);
        let _ = fs::remove_file(file("many.json"));
    }
    let peers = peers(&root, &folder, csv, xlsx)?;
    summary(grants, million, samples.1, &results, &peers)
}

fn summary(
    grants: u64,
    million: u64,
    from: &str,
    ours: &BTreeMap<&str, Step>,
    peers: &BTreeMap<&'static str, Step>,
) -> Fallible<()> {
    let said = |steps: Vec<(&str, &Step)>| -> Value {
        let each = steps.into_iter().map(|(name, step)| {
            (name.to_owned(), json!({ "s": (step.seconds * 1000.0).round() / 1000.0, "cpu_s": step.cpu, "mb": step.mb }))
        });
        Value::Object(each.collect())
    };
    let ratios = peers.iter().filter_map(|(name, peer)| {
        let own = ours.get(name)?;
        let one = |a: f64, b: f64| if b > 0.0 { (a / b * 10.0).round() / 10.0 } else { 0.0 };
        Some(((*name).to_owned(), json!({ "faster": one(peer.cpu, own.cpu), "less_memory": one(peer.mb, own.mb) })))
    });
    println!(
        "{}",
        json!({
            "grants": grants, "many": million, "made_from": from,
            "ours": said(ours.iter().map(|(name, step)| (*name, step)).collect()),
            "peers": said(peers.iter().map(|(name, step)| (*name, step)).collect()),
            "ratios": Value::Object(ratios.collect()),
        })
    );
    Ok(())
}

/// Grants to make more of: those of the samples, or made-up ones.
fn samples(folder: &Path) -> (Vec<Value>, &'static str) {
    let mut grants = Vec::new();
    for name in ["lloyds-bank-foundation.json", "ab-charitable-trust.json", "wolfson-foundation.json"] {
        let Ok(text) = fs::read_to_string(folder.join(name)) else { continue };
        let Ok(Value::Object(mut package)) = serde_json::from_str(&text) else { continue };
        if let Some(Value::Array(own)) = package.remove("grants") {
            grants.extend(own);
        }
    }
    for grant in &mut grants {
        // What a site that gathers grants has added is not published by anybody.
        if let Some(fields) = grant.as_object_mut() {
            fields.remove("additional_data");
        }
    }
    if grants.is_empty() { (made_up(), "made-up grants") } else { (grants, "samples") }
}

fn made_up() -> Vec<Value> {
    let grant = |n: u32| {
        json!({
            "id": format!("360G-madeup-{n}"), "title": format!("Grant to the community centre number {n}"),
            "description": format!("Running costs of a community centre and its advice sessions, for {} months, {}", n % 36, "with training for volunteers, ".repeat(1 + n as usize % 6)),
            "currency": "GBP", "amountAwarded": 5_000 + n * 37 % 90_000, "awardDate": format!("20{:02}-{:02}-{:02}T00:00:00+00:00", 10 + n % 15, 1 + n % 12, 1 + n % 28),
            "plannedDates": [{ "startDate": format!("2025-{:02}-01", 1 + n % 12), "duration": 1 + n % 36 }],
            "recipientOrganization": [{ "id": format!("GB-CHC-{}", 1_000_000 + n), "name": format!("Community centre {n}"), "charityNumber": format!("{}", 1_000_000 + n), "postalCode": "ZZ1 1ZZ", "streetAddress": format!("{n} Main Street") }],
            "beneficiaryLocation": [{ "name": format!("Ward {}", n % 700), "geoCode": format!("E050{:05}", n % 700), "geoCodeType": "WD" }],
            "fundingOrganization": [{ "id": "GB-CHC-999999", "name": "A made-up funder" }],
            "grantProgramme": [{ "code": format!("P{}", n % 5), "title": "Community centres" }], "Own reference": format!("{n:06}"), "fromOpenCall": "Yes",
        })
    };
    (0..5_000).map(grant).collect()
}

/// Writes so many grants, each with an id of its own.
fn make(file: &Path, count: u64, samples: &(Vec<Value>, &'static str)) -> Fallible<()> {
    eprintln!("{}: {count} grants from {}", file.display(), samples.1);
    let mut out = BufWriter::new(File::create(file).map_err(|e| e.to_string())?);
    let mut write = |text: &str| out.write_all(text.as_bytes()).map_err(|e| e.to_string());
    write("{\"grants\": [\n")?;
    for (at, grant) in (0..count).zip(samples.0.iter().cycle()) {
        let mut grant = grant.clone();
        let own = grant["id"].as_str().unwrap_or("360G-madeup").to_owned();
        grant["id"] = json!(format!("{own}-{at}"));
        write(if at == 0 { "" } else { ",\n" })?;
        write(&grant.to_string())?;
    }
    write("\n]}\n")?;
    out.flush().map_err(|e| e.to_string())
}

/// The same steps by flattentool and jsonschema, in a Python environment made for them.
fn peers(root: &Path, folder: &Path, csv: &Path, xlsx: &Path) -> Fallible<BTreeMap<&'static str, Step>> {
    let mut steps = BTreeMap::new();
    let python = match environment(folder) {
        Ok(python) => python,
        Err(why) => {
            eprintln!("without peers: {why}");
            return Ok(steps);
        }
    };
    let schemas = root.join("../shared/standards/360giving");
    if !schemas.join("360-giving-schema.json").exists() {
        eprintln!("without peers: the schemas are not in ../shared/standards/360giving");
        return Ok(steps);
    }
    let script = root.join("crates/threesixty/examples/peers.py");
    let wanted = setting("PEERS", "check_json json_to_csv csv_to_json json_to_xlsx xlsx_to_json");
    for name in ["check_json", "json_to_csv", "csv_to_json", "json_to_xlsx", "xlsx_to_json"] {
        if !wanted.split_whitespace().any(|own| own == name) {
            continue;
        }
        let mut command = Command::new(&python);
        command.arg(&script).arg(name).arg(folder).arg(&schemas).arg(csv).arg(xlsx);
        match run(&format!("peer {name}"), &mut command) {
            Ok(step) => _ = steps.insert(name, step),
            Err(why) => eprintln!("{why}"),
        }
    }
    Ok(steps)
}

fn environment(folder: &Path) -> Fallible<PathBuf> {
    let place = fs::canonicalize(folder).map_err(|e| e.to_string())?.join("python");
    let python = place.join("bin/python");
    let works = |python: &Path| {
        let test = Command::new(python)
            .args(["-c", "import flattentool, jsonschema, rfc3339_validator, rfc3987"])
            .stderr(Stdio::null())
            .status();
        test.is_ok_and(|status| status.success())
    };
    if works(&python) {
        return Ok(python);
    }
    eprintln!("installing flattentool and jsonschema into {}", place.display());
    let made = Command::new("python3").args(["-m", "venv"]).arg(&place).status().map_err(|e| format!("python3: {e}"))?;
    let pip = [
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        "flattentool",
        "jsonschema",
        "rfc3339-validator",
        "rfc3987",
    ];
    if !made.success()
        || !Command::new(&python).args(pip).stdout(Stdio::null()).status().is_ok_and(|status| status.success())
        || !works(&python)
    {
        return Err("the Python packages flattentool and jsonschema cannot be had".to_owned());
    }
    Ok(python)
}
