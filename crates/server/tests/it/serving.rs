//! `commonweal serve`.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use tempfile::tempdir;

use crate::command::{Server, change, commonweal, copy, done, programmes, refused};
use crate::house::Place;

const SECRET: &str = "The needle stands in the haystack";

/// Invites somebody, who accepts, writes an entry, and is told where it is.
fn writes_an_entry(server: &Server, data: [&str; 2]) -> String {
    let invite = [
        "--programme",
        "healthy-communities-together",
        "--role",
        "programme-lead",
        "--name",
        "Ada",
        "--email",
        "Ada.Lead@people.example",
    ];
    let link = done(&[&["invite", "--address", &server.address], &data[..], &invite].concat());
    let path = link.trim().strip_prefix(&server.address).unwrap();
    let mut ada = server.visitor();
    let welcomed = ada.press(path, path, &[("name", "Ada"), ("new_password", "harbour copper tandem quilting")]);
    assert_eq!(welcomed.status, 303, "{}", welcomed.body);
    let form = "/programmes/healthy-communities-together/entries/new";
    let page = ada.get(form).body;
    let choice = |name: &str| -> String {
        let select = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
        let values = select.split("value=\"").skip(1).map(|v| v.split('"').next().unwrap());
        values.filter(|v| !v.is_empty()).map(String::from).next().unwrap()
    };
    let mut fields = vec![("title", "A visit"), ("text", SECRET), ("happened_on", "1 3 2026")];
    let (kind, circle) = (choice("kind"), choice("circle"));
    fields.extend([("kind", kind.as_str()), ("circle", circle.as_str())]);
    let saved = ada.press(form, form, &fields);
    assert_eq!(saved.status, 303, "{}", saved.body);
    let entry = saved.location().split('?').next().unwrap().to_string();
    assert!(ada.get(&entry).body.contains(SECRET));
    entry
}

#[test]
fn a_server_tells_machines_how_it_is_and_stops_when_told() {
    for place in Place::both() {
        let [option, name] = place.args();
        let data = [option.as_str(), name.as_str()];
        let server = Server::start(&data);
        assert_eq!(server.said.matches("Loaded ").count(), 7, "{}", server.said);
        assert_eq!((server.get("/healthz").status, server.get("/healthz").body.as_str()), (200, "alive\n"));
        assert_eq!((server.get("/readyz").status, server.get("/readyz").body.as_str()), (200, "ready\n"));
        writes_an_entry(&server, data);
        figures_can_be_read(&server.get("/metrics").body);

        // A browser that opened a connection and says nothing, and one that stopped in the middle, hold nobody up.
        let silent = TcpStream::connect(server.host()).unwrap();
        let mut halfway = TcpStream::connect(server.host()).unwrap();
        halfway.write_all(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nemail=").unwrap();
        let mut kept = TcpStream::connect(server.host()).unwrap();
        kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut answer = String::new();
        BufReader::new(&kept).read_line(&mut answer).unwrap();
        assert_eq!(answer, "HTTP/1.1 200 OK\r\n");
        let (status, log) = server.stop();
        assert_eq!(status, Some(0), "{log}");
        assert!(log.contains("stopped"), "{log}");
        drop((silent, halfway, kept));

        // What was acknowledged is there, and a second start finds nothing to load.
        let verified = done(&[&["journal", "verify"], &data[..]].concat());
        assert!(verified.starts_with("The journal is whole"), "{verified}");
        assert_eq!(place.count("entries"), 1);
        let again = Server::start(&data);
        assert!(!again.said.contains("Loaded") && !again.said.contains("changed"), "{}", again.said);
        let mut ada = again.visitor();
        let fields = [("email", "ada.lead@PEOPLE.example"), ("password", "harbour copper tandem quilting")];
        assert_eq!(ada.press("/sign-in", "/sign-in", &fields).status, 303);
        assert!(ada.get("/search?q=needle").body.contains("A visit"));
        assert_eq!(again.stop().0, Some(0));
    }
}

/// The text format of Prometheus: comments, and lines of name, labels and number.
fn figures_can_be_read(text: &str) {
    let mut names = 0;
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with("# HELP ")) {
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            assert!(["counter", "gauge", "histogram", "summary"].contains(&kind.split(' ').nth(1).unwrap()), "{line}");
            names += 1;
            continue;
        }
        let (name, number) = line.rsplit_once(' ').unwrap();
        assert!(number.parse::<f64>().is_ok(), "{line}");
        let name = name.split('{').next().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{line}");
        assert!(!line.contains("ent_") && !line.contains('@') && !line.contains("per_"), "no person, no entry: {line}");
    }
    assert!(names > 0 && text.contains("_seconds"), "{text}");
}

#[test]
fn a_changed_design_is_a_new_version_and_the_one_before_is_kept() {
    let (designs, data) = (tempdir().unwrap(), Place::folder());
    copy(&programmes(), designs.path());
    let args = ["--data", &data.name(), "--programmes", designs.path().to_str().unwrap()];
    assert_eq!(Server::start(&args).stop().0, Some(0));
    let file = designs.path().join("healthy-communities-together/programme.toml");
    change(&file, "name = \"Learning capture\"", "name = \"Learning together\"");
    let server = Server::start(&args);
    assert!(server.said.contains("Healthy Communities Together has changed; version 2 is in force:\n"), "{}", server.said);
    assert!(server.said.contains(": Learning capture → Learning together\n"), "{}", server.said);
    assert_eq!(server.said.matches("has changed").count(), 1);
    let address = "/programmes/healthy-communities-together/design";
    assert!(server.get(address).body.contains("Learning together"));
    let versions = server.get(&format!("{address}/versions")).body;
    assert!(versions.contains("As first loaded") && versions.contains("?version=2"), "{versions}");
    let difference = server.get(&format!("{address}/versions?version=2")).body;
    assert!(difference.contains("<del>") && difference.contains("<ins>"), "{difference}");
    assert_eq!(server.stop().0, Some(0));
    assert_eq!(data.count("design_versions"), 8);

    // A design with a mistake is not loaded, and the server says so rather than start without it.
    change(&file, "name = \"Learning together\"", "nam = \"Learning together\"");
    let said = refused(&[&["serve", "--listen", "127.0.0.1:0"], &args[..]].concat());
    assert!(said.contains(&format!("{}:", file.display())) && said.contains("‘nam’"), "{said}");
    assert_eq!(data.count("design_versions"), 8);
}

#[test]
fn a_flag_wins_over_the_environment_and_the_environment_over_the_file() {
    let folder = tempdir().unwrap();
    let empty = folder.path().join("no-designs");
    std::fs::create_dir(&empty).unwrap();
    let data = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let config = folder.path().join("settings.toml");
    let settings = format!(
        "listen = \"127.0.0.1:0\"\naddress = \"https://file.example/\"\ndata = {:?}\nprogrammes = {:?}\n",
        data("file"),
        empty
    );
    std::fs::write(&config, settings).unwrap();
    let config = config.to_str().unwrap();
    let start = |args: &[&str], env: &[(&str, &str)]| {
        Server::started(commonweal(&["serve", "--config", config]).args(args).envs(env.iter().copied())).address.clone()
    };
    assert_eq!(start(&[], &[]), "https://file.example");
    assert!(folder.path().join("file/commonweal.db").is_file());
    let environment = [("COMMONWEAL_ADDRESS", "https://env.example"), ("COMMONWEAL_DATA", &data("env"))];
    assert_eq!(start(&[], &environment), "https://env.example");
    assert!(folder.path().join("env/commonweal.db").is_file());
    assert_eq!(start(&["--address", "https://flag.example", "--data", &data("flag")], &environment), "https://flag.example");
    assert!(folder.path().join("flag/commonweal.db").is_file());
    // One of the two places wins over the other one, too.
    let elsewhere = [("COMMONWEAL_DATABASE", "postgres://nobody@127.0.0.1:1/none")];
    start(&["--data", &data("wins")], &elsewhere);
    assert!(folder.path().join("wins/commonweal.db").is_file());
    // The file that lies in the folder where the server starts is found by itself.
    std::fs::write(folder.path().join("commonweal.toml"), "address = \"https://found.example\"\n").unwrap();
    let mut command = commonweal(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(Server::started(command.current_dir(folder.path())).address, "https://found.example");
    assert!(folder.path().join("data/commonweal.db").is_file(), "what is built in");
}

#[test]
fn beside_a_database_the_data_folder_takes_the_mail() {
    let (place, folder) = (Place::postgres(), tempdir().unwrap());
    let data = folder.path().to_str().unwrap();
    let server = Server::start(&["--database", &place.name(), "--data", data]);
    writes_an_entry(&server, ["--database", &place.name()]);
    let mails = || std::fs::read_dir(folder.path().join("outbox")).map_or(0, Iterator::count);
    let begun = std::time::Instant::now();
    while mails() == 0 && begun.elapsed().as_secs() < 30 {
        assert_eq!(server.get("/healthz").status, 200);
    }
    assert_eq!((mails(), server.stop().0), (1, Some(0)));
    assert!(!folder.path().join("commonweal.db").exists(), "the rows are in the database that was named");
    assert_eq!(place.count("entries"), 1);
    // A command that works on one database is given one.
    let said = refused(&["journal", "verify", "--database", &place.name(), "--data", data]);
    assert!(said.contains("data and database: give one of the two"), "{said}");
}

#[test]
fn without_the_list_of_sources_pages_say_so() {
    let (place, folder) = (Place::folder(), tempdir().unwrap());
    assert_eq!(Server::start(&["--data", &place.name()]).stop().0, Some(0));
    let server = Server::start(&["--data", &place.name(), "--programmes", folder.path().to_str().unwrap()]);
    let about = server.get("/programmes/healthy-communities-together").body;
    assert!(about.contains("source S1 (the list of sources is not loaded)"), "{about}");
    assert!(!about.contains("/sources#"), "nothing leads to what is not there");
    for page in ["/sources", "/programmes/healthy-communities-together/sources"] {
        let sources = server.get(page).body;
        assert!(sources.contains("The list of sources is not loaded.") && !sources.contains("No public document"), "{sources}");
    }
}

#[test]
fn a_switch_that_is_on_in_the_file_can_be_turned_off() {
    let folder = tempdir().unwrap();
    let config = folder.path().join("settings.toml");
    std::fs::write(&config, "demo = true\nlog_json = true\n").unwrap();
    let (config, data) = (config.to_str().unwrap(), folder.path().join("data").to_str().unwrap().to_string());
    // With no design there is nothing to demonstrate, so a demonstration does not start.
    let empty = tempdir().unwrap();
    let empty = empty.path().to_str().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--config", config, "--data", &data, "--programmes", empty];
    assert!(refused(&serve).contains("demo_design"));
    let plain = |server: Server| !server.said.contains("demonstration");
    assert!(plain(Server::started(commonweal(&serve).env("COMMONWEAL_DEMO", "false"))));
    assert!(plain(Server::started(commonweal(&serve).args(["--demo=false"]).env("COMMONWEAL_DEMO", "1"))));
    assert_eq!(commonweal(&serve).arg("--demo").env("COMMONWEAL_DEMO", "0").output().unwrap().status.code(), Some(1));
}

#[test]
fn a_wrong_setting_is_named() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_string();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let config = folder.path().join("settings.toml");
    std::fs::write(&config, "listen = \"127.0.0.1:0\"\nadress = \"https://a.example\"\n").unwrap();
    for (args, said) in [
        (["--listen", "everywhere"], "listen: “everywhere” is not an address and port"),
        (["--listen", &taken], &format!("{taken} cannot be used: ")),
        (["--address", "commonweal.example"], "address: “commonweal.example” is not a web address"),
        (["--programmes", "nowhere"], "programmes: nowhere is not a folder"),
        (["--smtp", "mail.example"], "smtp: The mail server’s address cannot be used"),
        (["--mail-from", "somebody"], "mail_from: “somebody” is not a mail address"),
        (["--config", "nowhere.toml"], "nowhere.toml: "),
        (["--config", config.to_str().unwrap()], "unknown field `adress`"),
    ] {
        let mut args = vec!["serve", "--data", &data, args[0], args[1]];
        if !args.contains(&"--listen") {
            args.extend(["--listen", "127.0.0.1:0"]);
        }
        let error = refused(&args);
        assert!(error.starts_with("commonweal: ") && error.contains(said), "{error}");
    }
    assert!(!folder.path().join("data").exists(), "nothing is made before all is well");
}

#[test]
fn a_demonstration_offers_sign_ins_and_nothing_else_does() {
    let place = Place::folder();
    let data = place.name();
    let demo = Server::start(&["--data", &data, "--demo", "--demo-design", "the-team"]);
    assert!(demo.said.contains("Made a practice programme") && demo.said.contains("without a password"), "{}", demo.said);
    let page = demo.get("/sign-in").body;
    let person = page.split("name=\"person\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_string();
    let mut visitor = demo.visitor();
    let signed_in = visitor.press("/sign-in", "/sign-in/practice", &[("person", &person)]);
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    assert!(visitor.get("/").body.contains("Sign out"));
    assert_eq!(demo.stop().0, Some(0));

    // The same data without the switch: the practice people are there, but nobody gets in as one of them.
    let plain = Server::start(&["--data", &data]);
    let page = plain.get("/sign-in").body;
    assert!(!page.contains("/sign-in/practice") && !page.contains(&person) && !page.contains("demonstration"), "{page}");
    let mut visitor = plain.visitor();
    let keys = [("person", person.as_str())];
    let refused = visitor.press_to("/sign-in", "/sign-in", "/sign-in/practice", &keys);
    assert_eq!(refused.status, 404, "{}", refused.body);
    assert!(!visitor.get("/").body.contains("Sign out"));
}

#[test]
fn the_log_names_nobody_and_repeats_nothing_they_wrote() {
    let place = Place::folder();
    let data = place.name();
    // A mail server that refuses everybody and says whom.
    let mail = TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp = format!("smtp://{}", mail.local_addr().unwrap());
    let (asked, refused) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for socket in mail.incoming().map_while(Result::ok) {
            let lines = BufReader::new(socket.try_clone().unwrap()).lines().map_while(Result::ok);
            let say = |text: &str| (&socket).write_all(text.as_bytes()).unwrap_or_default();
            say("220 ready\r\n");
            for line in lines {
                if let Some(to) = line.strip_prefix("RCPT TO:") {
                    say(&format!("550 5.1.1 {to}: Recipient address rejected\r\n"));
                    let _heard = asked.send(to.to_string());
                } else {
                    say("250 well\r\n");
                }
            }
        }
    });
    let mut command = commonweal(&["serve", "--listen", "127.0.0.1:0", "--data", &data, "--smtp", &smtp]);
    let server = Server::started(command.env("COMMONWEAL_LOG", "debug"));
    let entry = writes_an_entry(&server, ["--data", &data]);
    let mut visitor = server.visitor();
    let fields = [("link_email", "ada.lead@people.example")];
    assert_eq!(visitor.press("/sign-in", "/sign-in/link", &fields).location(), "/sign-in?done=link");
    let wrong = [("email", "ada.lead@people.example"), ("password", "harbour copper tandem")];
    assert_eq!(visitor.press("/sign-in", "/sign-in", &wrong).status, 422);
    visitor.get("/search?q=needle");
    visitor.get(&format!("{entry}/change"));
    visitor.get("/sign-in/link/0123456789abcdef");
    for _ in 0..2 {
        let to = refused.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
        assert!(to.contains("ada.lead@people.example"), "{to}");
    }
    let (status, log) = server.stop();
    assert_eq!(status, Some(0));
    assert!(log.contains("a mail could not be sent") && log.contains("550"), "{log}");
    for private in ["people.example", "ada.lead", "Ada", SECRET, "needle", "harbour", "0123456789abcdef", "A visit"] {
        assert!(!log.contains(private), "{private} in the log: {log}");
    }
}
