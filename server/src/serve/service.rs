use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use bai::Bai;
use engine::{Engine, Extension};
use files::Scratch;
use http_api::{App, Origins};
use oauth2_providers::Registry;
use tokio::sync::{mpsc, watch};

use super::banner::Banner;
use super::listener::Listener;
use super::tls::{self, Names, Tls};
use super::{invitation, legacy_router, main_router, website};
use crate::archives::{Archives, Restored};
use crate::cli::Global;
use crate::data_dir::DataDir;
use crate::error::{Error, chain};
use crate::signals::Signals;
use crate::{migrate, print};

/// How long running requests may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Makes what an engine is extended by, for each engine anew.
pub(super) type Business = Arc<dyn Fn() -> (Registry, Arc<Bai>) + Send + Sync>;

/// An address that is listened on, and what is served there.
pub(super) struct Socket {
    pub(super) listener: Listener,
    pub(super) kind: Kind,
}

/// What is served at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The API.
    Main,
    /// The API, encrypted.
    Encrypted,
    /// The way to the encrypted API.
    ToHttps,
    /// What the oldest clients know.
    Legacy,
}

/// What outlives an engine.
pub(super) struct Service<'a> {
    /// Where connections wait for the next engine while one is served.
    pub(super) sockets: Vec<Socket>,
    pub(super) tls: Option<Tls>,
    pub(super) names: Names,
    pub(super) origins: Origins,
    pub(super) global: &'a Global,
    pub(super) signals: Signals,
    pub(super) business: Business,
    /// Until it was shown.
    pub(super) banner: Option<Banner<'a>>,
}

/// Why serving ended.
enum End {
    /// By a signal.
    Told,
    /// To begin again with something else.
    Restored(Box<Restored>),
}

impl Service<'_> {
    /// Serves what is in a data directory until a signal. A restore ends one engine and begins another one.
    pub(super) async fn run(mut self, dir: DataDir) -> Result<(), Error> {
        let business = Arc::clone(&self.business);
        let rehearsed = Arc::new(move || {
            let (oauth2, bai) = business();
            (oauth2, vec![bai as Arc<dyn Extension>])
        });
        let (archives, mut restores) = Archives::new(&dir, &self.global.data, rehearsed);
        let dir = dir.with_archiver(Arc::new(archives));
        let mut restored: Option<Restored> = None;
        loop {
            let (oauth2, bai) = (self.business)();
            let engine =
                match (start(&dir, self.global, oauth2, &bai, restored.is_some()).await, restored.take()) {
                    (Ok(engine), Some(restored)) => {
                        restored.keep().await.map_err(Error::Restore)?;
                        tracing::info!("a backup was restored");
                        engine
                    }
                    (Err(error), Some(restored)) => {
                        tracing::error!(%error, "a backup was not restored: the server does not start on it");
                        restored.undo().await.map_err(Error::Restore)?;
                        continue;
                    }
                    (engine, None) => engine?,
                };
            let end = self.serve(&dir, &engine, &bai, &mut restores).await?;
            engine.close().await.map_err(Error::Close)?;
            match end {
                End::Told => return Ok(()),
                End::Restored(content) => match content.put_in_place().await {
                    Ok(placed) => restored = Some(placed),
                    Err(error) => tracing::error!(error = chain(&*error), "a backup was not restored"),
                },
            }
        }
    }

    /// Serves what this engine has until there is a reason to end, and then finishes what is under way.
    async fn serve(
        &mut self,
        dir: &DataDir,
        engine: &Engine,
        bai: &Arc<Bai>,
        restores: &mut mpsc::Receiver<Restored>,
    ) -> Result<End, Error> {
        let app = App::new(engine.clone(), Scratch::new(dir.scratch()));
        let mut served = Vec::new();
        for Socket { listener, kind } in std::mem::take(&mut self.sockets) {
            // Where an address cannot be had twice, no backup can be restored either.
            let next = listener.duplicate().ok().map(|listener| Socket { listener, kind });
            self.sockets.extend(next);
            let tls = self.tls.clone().filter(|_| kind == Kind::Encrypted);
            let router = self.router(kind, &listener, &app, bai);
            served.push((listener, tls, router));
        }
        if let Some(banner) = self.banner.take() {
            let invitation = invitation(engine, self.global).await.map_err(Error::Refused)?;
            print(&mut io::stdout(), Banner { invitation, ..banner });
        }
        Ok(self.serve_until_told(served, engine, restores).await)
    }

    fn router(&self, kind: Kind, listener: &Listener, app: &App, bai: &Arc<Bai>) -> Router {
        let main = || main_router(app, bai, self.origins.clone(), &website(self.global));
        match kind {
            Kind::Main => main(),
            Kind::Encrypted => main().layer(from_fn_with_state(self.names.clone(), tls::without_www)),
            Kind::ToHttps => tls::to_https(),
            Kind::Legacy => {
                tracing::warn!(
                    address = %listener.address(),
                    "the legacy listener is on: its refresh-token gives anybody who knows a WeChat user's openid that \
                     user's token, and openids can be read in public records: let nobody but trusted proxies reach it",
                );
                legacy_router(app, bai, self.origins.clone())
            }
        }
    }

    /// Serves until a signal or a restore, and then finishes what is under way. Another signal ends the process at
    /// once.
    async fn serve_until_told(
        &mut self,
        served: Vec<(Listener, Option<Tls>, Router)>,
        engine: &Engine,
        restores: &mut mpsc::Receiver<Restored>,
    ) -> End {
        let (stop, stopped) = watch::channel(false);
        let servers = served
            .into_iter()
            .map(|(listener, tls, router)| tokio::spawn(listener.serve(router, tls, stopped.clone(), GRACE)))
            .collect::<Vec<_>>();
        let end = tokio::select! {
            () = self.signals.next() => End::Told,
            Some(restored) = restores.recv() => End::Restored(Box::new(restored)),
        };
        if matches!(end, End::Told) {
            // Nobody will serve those who come now.
            self.sockets.clear();
        }
        tracing::info!("stopping: running requests have {} s to finish", GRACE.as_secs());
        stop.send_replace(true);
        // Streams of events never finish by themselves.
        engine.realtime().close();
        let finished = async {
            for server in servers {
                if let Err(error) = server.await {
                    tracing::error!(%error, "a listener broke down");
                }
            }
        };
        tokio::select! {
            () = finished => {}
            () = self.signals.next() => {
                tracing::warn!("stopped at once: what was acknowledged is safe");
                std::process::exit(1);
            }
        }
        end
    }
}

async fn start(
    dir: &DataDir,
    global: &Global,
    oauth2: Registry,
    bai: &Arc<Bai>,
    restored: bool,
) -> Result<Engine, Error> {
    let engine = dir.start_server(&global.data, oauth2, vec![bai.clone()]).await?;
    migrate::at_start(&engine, global, restored).await?;
    engine.start_crons();
    Ok(engine)
}
