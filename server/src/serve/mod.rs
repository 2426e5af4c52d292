//! `baibase serve`: puts the parts together, serves until a signal, and stops in order.

mod banner;
mod impatient;
mod listener;
mod service;
mod tls;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ambient::SystemClock;
use axum::Router;
use bai::Bai;
use engine::Engine;
use http_api::{App, Origins, Website, openapi};
use jiff::SignedDuration;
use oauth2_providers::Registry;

use self::banner::{Banner, Invitation};
use self::listener::Listener;
use self::service::{Business, Kind, Service, Socket};
use self::tls::{Names, Tls};
use crate::cli::{Global, ListenAddress, Platform, Registration, Serve, WeChat};
use crate::data_dir::DataDir;
use crate::error::Error;
use crate::signals::Signals;
use crate::{databases, logging};

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
    allow_connections();
    let signals = Signals::install().map_err(Error::Signals)?;
    let wechat = wechat::connect(wechat_settings(&options.wechat), Arc::new(SystemClock)).await?;
    // What is most likely to fail comes first, and before anything is written.
    let (sockets, shown) = bind(&options).await?;
    let database = databases::location(global.data.database.as_ref())?;
    let dir = DataDir::prepare(&global.data.dir)?;
    let _lock = dir.lock()?;
    dir.recover()?;
    dir.empty_scratch()?;

    let names = Names::new(&options.domains);
    let of_kind = |kind| sockets.iter().find(|socket| socket.kind == kind).map(|socket| &socket.listener);
    let encrypted = of_kind(Kind::Encrypted).is_some();
    let tls = match encrypted {
        true => Some(Tls::new(&options, &names, &dir.certificates())?),
        false => None,
    };
    let banner = Banner {
        main: shown,
        scheme: if encrypted { "https" } else { "http" },
        name: options.domains.first().map(String::as_str),
        legacy: of_kind(Kind::Legacy).map(Listener::address),
        dir: &global.data.dir,
        database: database.as_deref(),
        simulator: wechat.simulator.is_some(),
        invitation: Invitation::None,
    };
    let (config, client, scan_login) = (bai_config(&options.platform), wechat.client, wechat.scan_login);
    let leeway = SignedDuration::from_secs(options.id_token_leeway.into());
    let business: Business = Arc::new(move || {
        (Registry::default().with(scan_login.clone()).leeway(leeway), Bai::new(&config, client.clone()))
    });
    let origins = Origins::new(options.origins.clone());
    let service = Service { sockets, tls, names, origins, global, signals, business, banner: Some(banner) };
    service.run(dir).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Each connection is an open file, and the usual limit of 1024 is one for interactive programs.
fn allow_connections() {
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// Listens on all addresses that were asked for; the address of the API comes with them.
async fn bind(options: &Serve) -> Result<(Vec<Socket>, SocketAddr), Error> {
    let (plain, encrypted) = addresses(options)?;
    let kind = if encrypted.is_some() { Kind::ToHttps } else { Kind::Main };
    let main = Listener::bind(&plain).await?;
    let mut shown = main.address();
    let mut sockets = vec![Socket { listener: main, kind }];
    if let Some(address) = encrypted {
        let listener = Listener::bind(&address).await?;
        shown = listener.address();
        sockets.push(Socket { listener, kind: Kind::Encrypted });
    }
    if let Some(address) = &options.legacy_http {
        sockets.push(Socket { listener: Listener::bind(address).await?, kind: Kind::Legacy });
    }
    Ok((sockets, shown))
}

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

/// The files that are served beside the API.
fn website(global: &Global) -> Website {
    Website::new(public_dir(global), global.public.index_fallback)
}

fn main_router(app: &App, bai: &Arc<Bai>, origins: Origins, website: &Website) -> Router {
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
