//! `baibase serve`: puts the parts together, serves until a signal, and stops in order.

mod banner;
mod impatient;
mod listener;
mod tls;

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ambient::SystemClock;
use axum::Router;
use axum::middleware::from_fn_with_state;
use bai::Bai;
use engine::Engine;
use files::Scratch;
use http_api::{App, Origins, Website, openapi};
use jiff::SignedDuration;
use oauth2_providers::Registry;
use tokio::sync::watch;

use self::banner::{Banner, Invitation};
use self::listener::Listener;
use self::tls::{Names, Tls};
use crate::cli::{Global, ListenAddress, Platform, Registration, Serve, WeChat};
use crate::data_dir::DataDir;
use crate::error::Error;
use crate::signals::Signals;
use crate::{databases, logging, migrate, print};

/// How long running requests may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// What a listener serves.
struct Served {
    listener: Listener,
    tls: Option<Tls>,
    router: Router,
}

/// The addresses for plain and for encrypted connections.
fn addresses(options: &Serve) -> Result<(ListenAddress, Option<ListenAddress>), Error> {
    let named = !options.domains.is_empty();
    if options.https.is_some() && !named && options.tls_cert.is_none() {
        return Err(Error::NoNames);
    }
    let everywhere = |port| ListenAddress::new(Ipv4Addr::UNSPECIFIED, port);
    let local = ListenAddress::new(Ipv4Addr::LOCALHOST, 8090);
    let plain = options.http.clone().unwrap_or_else(|| if named { everywhere(80) } else { local });
    let encrypted = options.https.clone().or_else(|| named.then(|| everywhere(443)));
    Ok((plain, encrypted))
}

/// Runs the server until it is told to stop.
pub(crate) async fn run(options: Serve, global: &Global) -> Result<(), Error> {
    logging::start(options.log_format, global.dev);
    // Each connection is an open file, and the usual limit of 1024 is one for interactive programs.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    let signals = Signals::install().map_err(Error::Signals)?;
    let wechat = wechat::connect(wechat_settings(&options.wechat), Arc::new(SystemClock)).await?;
    // What is most likely to fail comes first, and before anything is written.
    let (plain, encrypted) = addresses(&options)?;
    let main = Listener::bind(&plain).await?;
    let encrypted = match &encrypted {
        Some(address) => Some(Listener::bind(address).await?),
        None => None,
    };
    let legacy = match &options.legacy_http {
        Some(address) => Some(Listener::bind(address).await?),
        None => None,
    };
    let database = databases::location(global.data.database.as_ref())?;
    let dir = DataDir::prepare(&global.data.dir)?;
    let _lock = dir.lock()?;
    dir.empty_scratch()?;

    let leeway = SignedDuration::from_secs(options.id_token_leeway.into());
    let oauth2 = Registry::default().with(wechat.scan_login.clone()).leeway(leeway);
    let bai = Bai::new(&bai_config(&options.platform), wechat.client);
    let engine = dir.start_engine(&global.data, oauth2, vec![bai.clone()]).await?;
    migrate::at_start(&engine, global).await?;
    let banner = Banner {
        main: encrypted.as_ref().unwrap_or(&main).address(),
        scheme: if encrypted.is_some() { "https" } else { "http" },
        name: options.domains.first().map(String::as_str),
        legacy: legacy.as_ref().map(Listener::address),
        dir: &global.data.dir,
        database: database.as_deref(),
        simulator: wechat.simulator.is_some(),
        invitation: invitation(&engine, global).await.map_err(Error::Refused)?,
    };
    let app = App::new(engine.clone(), Scratch::new(dir.scratch()));
    let origins = Origins::new(options.origins.clone());
    let names = Names::new(&options.domains);
    let router = main_router(&app, &bai, origins.clone(), website(global));
    let mut listeners = match encrypted {
        None => vec![Served { listener: main, tls: None, router }],
        Some(listener) => {
            let tls = Tls::new(&options, &names, &dir.certificates())?;
            let router = router.layer(from_fn_with_state(names, tls::without_www));
            vec![
                Served { listener: main, tls: None, router: tls::to_https() },
                Served { listener, tls: Some(tls), router },
            ]
        }
    };
    if let Some(listener) = legacy {
        tracing::warn!(
            address = %listener.address(),
            "the legacy listener is on: its refresh-token gives anybody who knows a WeChat user's openid that user's \
             token, and openids can be read in public records: let nobody but trusted proxies reach it",
        );
        listeners.push(Served { listener, tls: None, router: legacy_router(&app, &bai, origins) });
    }
    engine.start_crons();
    print(&mut io::stdout(), banner);
    serve_until_told(listeners, &engine, signals).await;
    engine.close().await.map_err(Error::Close)?;
    tracing::info!("stopped");
    Ok(())
}

/// Serves until a signal, and then finishes what is under way. Another signal ends the process at once.
async fn serve_until_told(listeners: Vec<Served>, engine: &Engine, mut signals: Signals) {
    let (stop, stopped) = watch::channel(false);
    let servers = listeners
        .into_iter()
        .map(|Served { listener, tls, router }| {
            tokio::spawn(listener.serve(router, tls, stopped.clone(), GRACE))
        })
        .collect::<Vec<_>>();
    signals.next().await;
    tracing::info!("stopping: running requests have {} s to finish", GRACE.as_secs());
    stop.send_replace(true);
    // Streams of events never finish by themselves.
    engine.realtime().close();
    tokio::spawn(async move {
        signals.next().await;
        tracing::warn!("stopped at once: what was acknowledged is safe");
        std::process::exit(1);
    });
    for server in servers {
        if let Err(error) = server.await {
            tracing::error!(%error, "a listener broke down");
        }
    }
}

/// The files that are served beside the API.
/// What somebody can do who finds no superuser.
async fn invitation(engine: &Engine, global: &Global) -> engine::Result<Invitation> {
    if engine.has_superuser().await? {
        return Ok(Invitation::None);
    }
    let has_dashboard = public_dir(global).join("_/index.html").is_file();
    let token = if has_dashboard { engine.installer_token().await? } else { None };
    Ok(token.map_or(Invitation::Command, Invitation::Page))
}

fn public_dir(global: &Global) -> PathBuf {
    global.public.public_dir.clone().unwrap_or_else(|| global.beside_data("pb_public"))
}

fn website(global: &Global) -> Website {
    Website::new(public_dir(global), global.public.index_fallback)
}

fn main_router(app: &App, bai: &Arc<Bai>, origins: Origins, website: Website) -> Router {
    let extensions = vec![
        bai::routes(app.clone(), bai.clone()),
        openapi::routes(vec![bai::openapi()]).with_state(app.clone()),
    ];
    http_api::router(app, &["", "/pb"], origins, extensions, Some(website))
}

fn legacy_router(app: &App, bai: &Arc<Bai>, origins: Origins) -> Router {
    let routes = bai::legacy_routes(app.clone(), bai.clone());
    http_api::extension_router(app, routes, origins)
}

fn wechat_settings(options: &WeChat) -> wechat::Settings {
    wechat::Settings {
        app_id: options.wechat_app_id.clone(),
        app_secret: options.wechat_app_secret.clone(),
        api_base: options.wechat_api_base.clone(),
        simulator: options.wechat_simulator,
    }
}

fn bai_config(options: &Platform) -> bai::Config {
    bai::Config {
        duplicate_window: Duration::from_millis(options.duplicate_window_ms),
        registration: match options.platform_registration {
            Registration::Open => bai::Registration::Open,
            Registration::Closed => bai::Registration::Closed,
        },
    }
}
