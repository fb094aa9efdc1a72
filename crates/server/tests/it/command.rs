//! Running the command, and talking to the server it starts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The repository's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn programmes() -> PathBuf {
    root().join("programmes")
}

/// The names of the seven designs' folders.
pub fn slugs() -> Vec<String> {
    let all = std::fs::read_dir(programmes()).unwrap().map(|f| f.unwrap());
    let folders = all.filter(|f| f.path().is_dir());
    let mut slugs: Vec<String> = folders.map(|f| f.file_name().into_string().unwrap()).collect();
    slugs.sort();
    assert_eq!(slugs.len(), 7);
    slugs
}

/// The command with nothing of this machine's settings about it.
pub fn commonweal(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonweal"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("COMMONWEAL_")) {
        command.env_remove(name);
    }
    command.args(args).current_dir(root()).stdin(Stdio::null());
    command
}

pub struct Said {
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

pub fn run(args: &[&str]) -> Said {
    commonweal(args).output().unwrap().into()
}

/// Runs it, expecting that all is well.
pub fn done(args: &[&str]) -> String {
    let said = run(args);
    assert_eq!((said.status, said.err.as_str()), (Some(0), ""), "{args:?}: {}", said.out);
    said.out
}

/// Runs it, expecting that it says what is wrong.
pub fn refused(args: &[&str]) -> String {
    let said = run(args);
    assert_eq!(said.status, Some(1), "{args:?}: {} {}", said.out, said.err);
    assert!(!said.err.contains("panicked"), "{}", said.err);
    said.err
}

/// A folder's files in another folder, with the folders in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(|f| f.unwrap()) {
        let (path, target) = (file.path(), to.join(file.file_name()));
        if path.is_dir() { copy(&path, &target) } else { assert!(std::fs::copy(path, target).is_ok()) }
    }
}

/// Changes a text in a file; it must be there once.
pub fn change(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {}", file.display());
    std::fs::write(file, text.replace(from, to)).unwrap();
}

/// A server on a free port, stopped when it is dropped.
pub struct Server {
    child: Child,
    pub address: String,
    /// What it printed before it was ready.
    pub said: String,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Server {
    pub fn start(args: &[&str]) -> Self {
        Self::started(commonweal(&["serve", "--listen", "127.0.0.1:0"]).args(args))
    }

    pub fn started(command: &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut child = command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut said, mut address) = (String::new(), None);
        for line in lines.by_ref().map(Result::unwrap) {
            address = line.strip_prefix("Commonweal is at ").map(String::from).or(address);
            said.push_str(&line);
            said.push('\n');
            if address.is_some() && !line.starts_with("Commonweal is at ") {
                break;
            }
        }
        let Some(address) = address else {
            panic!("it did not start: {said}{}", std::fs::read_to_string(&log).unwrap());
        };
        // Whatever else it prints must not make it wait.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, said, log, _folder: folder }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub fn host(&self) -> &str {
        self.address.strip_prefix("http://").unwrap()
    }

    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { server: self, cookies: Vec::new() }
    }

    pub fn get(&self, path: &str) -> Reply {
        self.visitor().get(path)
    }

    /// Tells it to stop, and says with which status it did and what it logged.
    pub fn stop(mut self) -> (Option<i32>, String) {
        let told = Instant::now();
        self.tell("-TERM");
        let (done, wait) = mpsc::channel();
        let pid = self.child.id();
        std::thread::spawn(move || {
            if wait.recv_timeout(Duration::from_secs(5)).is_err() {
                let _late = Command::new("kill").args(["-KILL", &pid.to_string()]).status();
            }
        });
        let status = self.child.wait().unwrap();
        let _in_time = done.send(());
        assert!(told.elapsed() < Duration::from_secs(5), "it took {:?} to stop", told.elapsed());
        (status.code(), self.log())
    }

    fn tell(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _gone = self.child.kill();
            let _gone = self.child.wait();
        }
    }
}

pub struct Reply {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

impl Reply {
    pub fn location(&self) -> &str {
        self.headers.lines().find_map(|l| l.strip_prefix("location: ")).unwrap_or_default()
    }
}

/// Somebody with a browser of the simplest kind.
pub struct Visitor<'a> {
    server: &'a Server,
    cookies: Vec<(String, String)>,
}

impl Visitor<'_> {
    pub fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, "")
    }

    /// Opens a page and sends its form with this action, with these fields as well.
    pub fn press(&mut self, path: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
        self.press_to(path, action, action, fields)
    }

    /// The same, but sends the form somewhere else than the page says.
    pub fn press_to(&mut self, path: &str, action: &str, to: &str, fields: &[(&str, &str)]) -> Reply {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        let form = page.body.split("<form").find(|f| attribute(f, "action") == action);
        let form = form.unwrap_or_else(|| panic!("{path} has no form {action}: {}", page.body));
        let mut body = String::new();
        for name in ["form_token", "once"] {
            let input = form.split("<input").find(|i| attribute(i, "name") == name).unwrap();
            body.push_str(&format!("{name}={}&", attribute(input, "value")));
        }
        for (name, value) in fields {
            let value: String = value
                .bytes()
                .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
                .collect();
            body.push_str(&format!("{name}={value}&"));
        }
        self.send("POST", to, body.trim_end_matches('&'))
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Reply {
        let host = self.server.host();
        let mut socket = TcpStream::connect(host).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        )
        .unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        for cookie in headers.lines().filter_map(|l| l.strip_prefix("set-cookie: ")) {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(n, _)| n != name);
            self.cookies.push((name.into(), value.into()));
        }
        Reply { status, headers: headers.into(), body: body.into() }
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let inside = tag.split('>').next().unwrap_or_default();
    let value = inside.split(&format!(" {name}=\"")).nth(1);
    value.and_then(|v| v.split('"').next()).unwrap_or_default()
}
