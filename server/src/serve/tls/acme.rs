//! Certificates that are fetched from an ACME server, and fetched again before they end.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_acme::caches::DirCache;
use rustls_acme::{AcmeConfig, AcmeState, EventOk};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::sync::watch;

use super::{Names, PROTOCOLS};
use crate::data_dir;
use crate::error::Error;

/// How long a client waits for a certificate that is being fetched.
const FETCHING: Duration = Duration::from_secs(60);

type State = AcmeState<io::Error, io::Error>;

/// The certificates of a server, one for each of its names: a name that does not point here yet holds no other up.
pub(in crate::serve) struct Certificates {
    by_name: HashMap<String, Arc<OfName>>,
}

/// The certificate of one name.
pub(super) struct OfName {
    usual: Arc<ServerConfig>,
    challenge: Arc<ServerConfig>,
    /// What fetches it, until it is started: for names that were only guessed, when somebody first asks for them.
    fetcher: Mutex<Option<State>>,
    ready: watch::Sender<bool>,
}

impl Certificates {
    /// Begins to fetch those that are not in the cache. Those of guessed names are fetched when a client asks for them.
    pub(super) fn new(names: &Names, directory: &str, cache: &Path) -> Result<Self, Error> {
        // Keys are in it.
        data_dir::create_private(cache)?;
        let client = rustls::ClientConfig::with_platform_verifier()
            .map_err(|error| Error::Acme(format!("the system's certificates cannot be used: {error}")))?;
        let client = Arc::new(client);
        let mut by_name = HashMap::new();
        for name in names.all() {
            let config = AcmeConfig::new_with_client_config([name], Arc::clone(&client))
                .directory(directory)
                .cache(DirCache::<PathBuf>::new(cache.to_owned()));
            by_name.insert(name.to_owned(), Arc::new(OfName::new(config.state())));
        }
        for name in names.given() {
            by_name.get(name).into_iter().for_each(OfName::fetch);
        }
        Ok(Self { by_name })
    }

    /// That of a name, in lower case.
    pub(super) fn of(&self, name: Option<&str>) -> io::Result<Arc<OfName>> {
        let found = name.and_then(|name| self.by_name.get(name)).cloned();
        found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "a name that this server does not have"))
    }
}

impl OfName {
    fn new(state: State) -> Self {
        let provider = || Arc::new(aws_lc_rs::default_provider());
        let challenge = state.challenge_rustls_config_with_provider(provider());
        let usual = state.default_rustls_config_with_provider(provider());
        let mut usual = Arc::unwrap_or_clone(usual);
        usual.alpn_protocols = PROTOCOLS.map(Vec::from).into();
        let (ready, _) = watch::channel(false);
        Self { usual: Arc::new(usual), challenge, fetcher: Mutex::new(Some(state)), ready }
    }

    /// For a client that wants to see whether this server has the name.
    pub(super) fn challenge(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.challenge)
    }

    /// For all others, when there is a certificate.
    pub(super) async fn ready(self: &Arc<Self>) -> io::Result<Arc<ServerConfig>> {
        self.fetch();
        let mut ready = self.ready.subscribe();
        match tokio::time::timeout(FETCHING, ready.wait_for(|ready| *ready)).await {
            Ok(Ok(_)) => Ok(Arc::clone(&self.usual)),
            _ => Err(io::Error::new(io::ErrorKind::TimedOut, "there is no certificate for the name yet")),
        }
    }

    /// Fetches the certificate now and before it ends, from the first call on.
    fn fetch(self: &Arc<Self>) {
        let Some(mut state) = self.fetcher.lock().take() else { return };
        let this = Arc::clone(self);
        tokio::spawn(async move {
            while let Some(event) = state.next().await {
                match event {
                    Ok(EventOk::DeployedCachedCert | EventOk::DeployedNewCert) => {
                        this.ready.send_replace(true);
                        tracing::info!("a certificate is in use");
                    }
                    Ok(event) => tracing::debug!(?event, "certificates"),
                    Err(error) => tracing::error!(%error, "a certificate could not be fetched"),
                }
            }
        });
    }
}
