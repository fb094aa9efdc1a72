//! How a server is set up. A flag wins over the environment, the environment over the file, and the file over what
//! is built in.

use std::net::SocketAddr;
use std::path::PathBuf;

use app::{Clamd, Publishing};
use clap::Args;
use clap::builder::BoolishValueParser;
use serde::Deserialize;
use store::Target;

use crate::Place;

#[derive(Args, Debug, Clone, Default)]
pub struct ServeArgs {
    #[command(flatten)]
    pub place: Place,
    /// A configuration file in TOML [default: commonweal.toml, where there is one]
    #[arg(long, env = "COMMONWEAL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8360]
    #[arg(long, env = "COMMONWEAL_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// The address people use, for links in mails [default: http:// and where it listens]
    #[arg(long, env = "COMMONWEAL_ADDRESS", value_name = "URL")]
    pub address: Option<String>,
    /// The folder with programme designs [default: programmes, where there is one]
    #[arg(long, env = "COMMONWEAL_PROGRAMMES", value_name = "DIR")]
    pub programmes: Option<PathBuf>,
    /// A demonstration: one sign-in for every practice role, without a password
    #[arg(long, env = "COMMONWEAL_DEMO", value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub demo: Option<bool>,
    /// The design whose shape the demonstration's practice programme takes [default: the one with the most to show]
    #[arg(long, env = "COMMONWEAL_DEMO_DESIGN", value_name = "SLUG")]
    pub demo_design: Option<String>,
    /// The mail server, as smtp://name:password@host:port or smtps://…; without one, mail goes into files
    #[arg(long, env = "COMMONWEAL_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Who mail comes from
    #[arg(long, env = "COMMONWEAL_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Behind a proxy of our own: take a visitor's address from the last X-Forwarded-For
    #[arg(long, env = "COMMONWEAL_BEHIND_PROXY", value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub behind_proxy: Option<bool>,
    /// ClamAV's daemon, as host:port or a socket's path: looks through every file that is sent
    #[arg(long, env = "COMMONWEAL_CLAMD", value_name = "ADDRESS")]
    pub clamd: Option<String>,
    /// The prefix that 360Giving has registered for whoever publishes here, as 360G-example; without one, no awards are published
    #[arg(long, env = "COMMONWEAL_GRANT_PREFIX", value_name = "PREFIX")]
    pub grant_prefix: Option<String>,
    /// The address of the licence of published awards [default: that of CC BY 4.0]
    #[arg(long, env = "COMMONWEAL_GRANT_LICENCE", value_name = "URL")]
    pub grant_licence: Option<String>,
    /// Logs as JSON, one object a line
    #[arg(long, env = "COMMONWEAL_LOG_JSON", value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub log_json: Option<bool>,
}

/// The file's settings. A name it does not know is an error, so that a slip of the hand does not go unnoticed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    address: Option<String>,
    programmes: Option<PathBuf>,
    demo: Option<bool>,
    demo_design: Option<String>,
    smtp: Option<String>,
    mail_from: Option<String>,
    behind_proxy: Option<bool>,
    clamd: Option<String>,
    grant_prefix: Option<String>,
    grant_licence: Option<String>,
    log_json: Option<bool>,
}

/// What a server runs with, checked.
#[derive(Debug)]
pub struct Config {
    pub target: Target,
    pub folder: PathBuf,
    pub listen: SocketAddr,
    pub address: String,
    pub programmes: Option<PathBuf>,
    pub demo: bool,
    pub demo_design: Option<String>,
    pub smtp: Option<String>,
    pub mail_from: String,
    pub behind_proxy: bool,
    pub clamd: Option<Clamd>,
    pub publishing: Option<Publishing>,
    pub log_json: bool,
}

const FILE: &str = "commonweal.toml";

/// Puts flags, environment and file together and checks the result.
///
/// # Errors
/// A sentence that says which setting is wrong and how to write it.
pub fn settle(args: ServeArgs) -> Result<Config, String> {
    let file = read_file(args.config.as_ref())?;
    let listen = args.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:8360".into());
    let listen: SocketAddr =
        listen.parse().map_err(|_| format!("listen: “{listen}” is not an address and port. Write it like 127.0.0.1:8360"))?;
    let address = args.address.or(file.address).unwrap_or_else(|| format!("http://{listen}"));
    if !(address.starts_with("http://") || address.starts_with("https://")) {
        return Err(format!("address: “{address}” is not a web address. Write it like https://commonweal.example.org"));
    }
    let mail_from = args.mail_from.or(file.mail_from).unwrap_or_else(|| "Commonweal <commonweal@localhost.localdomain>".into());
    let programmes = match args.programmes.or(file.programmes) {
        Some(folder) if !folder.is_dir() => return Err(format!("programmes: {} is not a folder", folder.display())),
        Some(folder) => Some(folder),
        None => Some(PathBuf::from("programmes")).filter(|f| f.is_dir()),
    };
    let clamd = args.clamd.or(file.clamd).filter(|address| !address.is_empty());
    let clamd = clamd.map(|address| address.parse().map_err(|e| format!("clamd: {e}"))).transpose()?;
    let (prefix, licence) = (args.grant_prefix.or(file.grant_prefix), args.grant_licence.or(file.grant_licence));
    let publishing = prefix.filter(|p| !p.is_empty()).map(|prefix| Publishing::new(&prefix, licence));
    let publishing = publishing.transpose().map_err(|e| format!("grant_prefix, grant_licence: {e}"))?;
    let place = place([args.place, Place::of_environment(), Place { data: file.data, database: file.database }]);
    Ok(Config {
        folder: place.folder(),
        target: place.settled(),
        listen,
        address: address.trim_end_matches('/').to_string(),
        programmes,
        demo: args.demo.or(file.demo).unwrap_or(false),
        demo_design: args.demo_design.or(file.demo_design),
        smtp: args.smtp.or(file.smtp),
        mail_from,
        behind_proxy: args.behind_proxy.or(file.behind_proxy).unwrap_or(false),
        clamd,
        publishing,
        log_json: args.log_json.or(file.log_json).unwrap_or(false),
    })
}

/// The first that names a place decides which database it is. A folder for mail beside a database may come from further
/// down.
fn place(given: [Place; 3]) -> Place {
    given.into_iter().fold(Place::default(), |settled, next| match settled {
        settled if settled.says_nothing() => next,
        Place { data: None, database } => Place { data: next.data, database },
        settled => settled,
    })
}

fn read_file(asked: Option<&PathBuf>) -> Result<File, String> {
    let path = match asked {
        Some(path) => path.clone(),
        None if PathBuf::from(FILE).is_file() => PathBuf::from(FILE),
        None => return Ok(File::default()),
    };
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str, args: ServeArgs) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        std::fs::write(&path, text).unwrap();
        settle(ServeArgs { config: Some(path), ..args })
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_what_is_built_in() {
        let file = "listen = \"127.0.0.1:9001\"\naddress = \"https://a.example/\"";
        let config = with_file(file, ServeArgs { listen: Some("127.0.0.1:9002".into()), ..ServeArgs::default() }).unwrap();
        assert_eq!(config.listen.port(), 9002);
        assert_eq!(config.address, "https://a.example");
        assert_eq!(with_file("", ServeArgs::default()).unwrap().listen.port(), 8360);
    }

    #[test]
    fn the_folder_for_mail_stands_beside_a_database() {
        let postgres = Target::Postgres("postgres://b".into());
        let flags = |data: Option<&str>, database: Option<&str>| ServeArgs {
            place: Place { data: data.map(Into::into), database: database.map(Into::into) },
            ..ServeArgs::default()
        };
        let (data, both) = ("data = \"a\"", "data = \"a\"\ndatabase = \"postgres://b\"");
        for (file, args, target, folder) in [
            (both, flags(None, None), &postgres, "a"),
            (data, flags(None, Some("postgres://b")), &postgres, "a"),
            ("", flags(Some("c"), Some("postgres://b")), &postgres, "c"),
            (both, flags(Some("c"), Some("postgres://b")), &postgres, "c"),
            ("", flags(None, Some("postgres://b")), &postgres, "data"),
            (both, flags(Some("c"), None), &Target::in_folder(std::path::Path::new("c")), "c"),
            (data, flags(None, None), &Target::in_folder(std::path::Path::new("a")), "a"),
        ] {
            let config = with_file(file, args).unwrap();
            assert_eq!((&config.target, config.folder.to_str()), (target, Some(folder)), "{file}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (file, said) in [
            ("listen = \"here\"", "listen:"),
            ("adress = \"https://a.example\"", "adress"),
            ("address = \"a.example\"", "address:"),
            ("clamd = \"clamd\"", "clamd:"),
        ] {
            let error = with_file(file, ServeArgs::default()).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
