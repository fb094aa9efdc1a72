//! `commonweal serve`: loads what is new, prints where it is, and serves until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::practice::{Plan, populate, real_names};
use app::{Adopted, App, Settings};
use axum::serve::ListenerExt;
use design::{Programme, Sources};
use kernel::{Clock, RandomIds, SystemClock};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use store::post::{Outgoing, PostOffice, send_due, smtp};
use store::{Db, forget_old_forms};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ServeArgs, settle};
use crate::{load, say};

/// How long a server that is told to stop waits for requests under way; a browser that says nothing must not hold it.
const PATIENCE: Duration = Duration::from_secs(3);
/// After so many mails in one go, more may wait.
const MANY: usize = 25;
/// The practice programme of a demonstration.
const DEMO_PLACES: usize = 5;
const DEMO_ENTRIES: usize = 400;
const DEMO_APPLICATIONS: u32 = 24;

pub async fn run(args: ServeArgs) -> Result<(), String> {
    let mut config = settle(args)?;
    log(&config);
    let listener =
        tokio::net::TcpListener::bind(config.listen).await.map_err(|e| format!("{} cannot be used: {e}", config.listen))?;
    if let Ok(at) = listener.local_addr()
        && config.address == format!("http://{}", config.listen)
    {
        // Asked for any free port, it says which.
        config.address = format!("http://{at}");
    }
    let office = post_office(&config)?;
    let db = Db::open(&config.target, readers()).await.map_err(|e| e.to_string())?;
    let sources = load(&config, &db).await?;
    let figures = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0])
        .and_then(|b| b.install_recorder())
        .map_err(|e| e.to_string())?;
    let settings = Settings {
        address: config.address.clone(),
        demonstration: config.demo,
        behind_proxy: config.behind_proxy,
        clamd: config.clamd.clone(),
        publishing: config.publishing.clone(),
    };
    let rendering = figures.clone();
    let app = App::new(db.clone(), Arc::new(SystemClock), Arc::new(RandomIds), settings, sources)
        .with_figures(move || rendering.render());
    let listener = listener.tap_io(|socket| {
        let _ = socket.set_nodelay(true);
    });
    let chores = tokio::spawn(chores(app.clone(), office, figures));
    let ahead = tokio::spawn(read_ahead(app.clone()));
    let to_stop = told_to_stop().map_err(|e| e.to_string())?;
    say_where(&config);
    let site = app::site(app).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = Arc::new(tokio::sync::Notify::new());
    let told = stopping.clone();
    let serving = axum::serve(listener, site).with_graceful_shutdown(async move {
        to_stop.await;
        told.notify_one();
    });
    let patience = async {
        stopping.notified().await;
        tokio::time::sleep(PATIENCE).await;
    };
    let served = tokio::select! {
        served = serving.into_future() => served,
        () = patience => {
            tracing::warn!("stopped with visitors still waiting or silent");
            Ok(())
        }
    };
    chores.abort();
    ahead.abort();
    db.close().await;
    tracing::info!("stopped");
    served.map_err(|e| e.to_string())
}

fn log(config: &Config) {
    let filter = EnvFilter::try_from_env("COMMONWEAL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Asked to say more, these would repeat what people wrote.
    let discreet = ["html5ever=warn", "sqlx=warn"].iter().filter_map(|d| d.parse().ok());
    let filter = discreet.fold(filter, EnvFilter::add_directive);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json { logs.json().init() } else { logs.init() }
}

fn say_where(config: &Config) {
    say(format_args!("Commonweal is at {}", config.address));
    if config.demo {
        say(format_args!(
            "It is a demonstration: open {}/sign-in and press the name of a role, without a password.",
            config.address
        ));
    } else {
        say(format_args!("Sign in at {}/sign-in. To let the first person in, see: commonweal invite --help", config.address));
    }
}

fn post_office(config: &Config) -> Result<PostOffice, String> {
    let from = config.mail_from.parse().map_err(|_| {
        format!("mail_from: “{}” is not a mail address. Write it like Commonweal <post@example.org>", config.mail_from)
    })?;
    let outgoing = match &config.smtp {
        Some(url) => smtp(url).map_err(|e| format!("smtp: {e}"))?,
        None => Outgoing::Folder(config.folder.join("outbox")),
    };
    let host = config.address.split("://").nth(1).unwrap_or("localhost").split([':', '/']).next().unwrap_or("localhost");
    Ok(PostOffice { from, host: host.to_string(), outgoing })
}

/// Loads designs that are new or have changed, and in a demonstration a practice programme where there is none.
async fn load(config: &Config, db: &Db) -> Result<Sources, String> {
    let Some(folder) = &config.programmes else { return Ok(Sources::default()) };
    let (programmes, sources) = load::designs(folder)?;
    for programme in &programmes {
        let adopted = app::adopt(db, Arc::new(SystemClock), Arc::new(RandomIds), programme).await.map_err(|e| e.to_string())?;
        match adopted {
            Adopted::New { .. } => say(format_args!("Loaded {}", programme.design.name)),
            Adopted::Changed { version, differences, .. } => {
                say(format_args!("{} has changed; version {version} is in force:", programme.design.name));
                for d in differences {
                    say(format_args!(
                        "  {}: {} → {}",
                        d.place,
                        d.before.as_deref().unwrap_or("nothing"),
                        d.after.as_deref().unwrap_or("nothing")
                    ));
                }
            }
            Adopted::Unchanged { .. } => {}
        }
    }
    if config.demo && !app::practice::exists(db).await.map_err(|e| e.to_string())? {
        demonstrate(config, db, &programmes, &sources).await?;
    }
    Ok(sources)
}

async fn demonstrate(config: &Config, db: &Db, programmes: &[Programme], sources: &Sources) -> Result<(), String> {
    let wanted = |p: &&Programme| config.demo_design.as_ref().is_none_or(|slug| *slug == p.design.slug);
    let richest = programmes.iter().filter(wanted).max_by_key(|p| p.design.roles.len() + p.design.circles.len());
    let Some(design) = richest else {
        return Err("demo_design: there is no such design".into());
    };
    let as_of = SystemClock.today();
    let plan = Plan {
        design,
        real_names: real_names(programmes, sources),
        places: DEMO_PLACES,
        entries: DEMO_ENTRIES,
        applications: DEMO_APPLICATIONS,
        awards: true,
        followed: true,
        seed: 1,
        as_of,
    };
    let made = populate(db, &plan, &mut |_| {}).await.map_err(|e| e.to_string())?;
    say(format_args!(
        "Made a practice programme: {} places, {} people, {} entries, {} applications",
        made.places, made.people, made.entries, made.applications
    ));
    Ok(())
}

/// Beside the first requests, as a page that needs it sooner reads it itself.
async fn read_ahead(app: App) {
    if let Err(fault) = app::read_ahead(&app).await {
        tracing::error!(doing = fault.doing, cause = fault.cause, "reading ahead");
    }
}

/// What a server does between requests: tells decisions on their day, sends mail, forgets what need not be kept, and tidies figures.
async fn chores(app: App, office: PostOffice, figures: metrics_exporter_prometheus::PrometheusHandle) {
    let db = app.db();
    let mut tick = tokio::time::interval(Duration::from_secs(2));
    let mut round: u64 = 0;
    loop {
        tick.tick().await;
        let now = SystemClock.now();
        match app::release_due(&app).await {
            Ok(0) => {}
            Ok(calls) => tracing::info!(calls, "decisions were told"),
            Err(fault) => tracing::error!(doing = fault.doing, cause = fault.cause, "telling decisions"),
        }
        // Where many mails wait, the next are sent at once, and not after a pause.
        loop {
            match send_due(db, &office, app.clock()).await {
                Ok(sent) if sent >= MANY => {}
                Ok(_) => break,
                Err(fault) => {
                    tracing::error!(doing = fault.doing, cause = fault.cause, "the post");
                    break;
                }
            }
        }
        if round.is_multiple_of(450)
            && let Err(fault) = app::look_for_silence(&app).await
        {
            tracing::error!(doing = fault.doing, cause = fault.cause, "looking for silence");
        }
        // A mail too late by some minutes reminds as well.
        if round.is_multiple_of(150)
            && let Err(fault) = app::tend_gatherings(&app).await
        {
            tracing::error!(doing = fault.doing, cause = fault.cause, "looking after events");
        }
        if round.is_multiple_of(30)
            && let Err(fault) = app::tend_peers(&app).await
        {
            tracing::error!(doing = fault.doing, cause = fault.cause, "telling what peers say");
        }
        if round.is_multiple_of(1800) {
            // A form's key outlives what a device keeps until it has a connection again (web/src/offline.ts).
            if let Err(fault) = forget_old_forms(db, now.plus_seconds(-60 * 24 * 3600)).await {
                tracing::error!(doing = fault.doing, cause = fault.cause, "forgetting");
            }
        }
        figures.run_upkeep();
        round += 1;
    }
}

/// Comes when the process is told to stop. From this call on it listens, not only once somebody waits.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Connections for reading: two for each core. More of them only take turns.
fn readers() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    u32::try_from(cores * 2).unwrap_or(4).clamp(4, 32)
}
