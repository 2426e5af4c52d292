use std::sync::Arc;

use jiff::SignedDuration;
use url::Url;

use crate::{About, Client, Http, HttpError, Login, Outgoing, Provider, Settings, built_in};

/// By how much the clock of a service may differ from ours, when nothing else is said.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);

/// All services that can be configured.
pub struct Registry {
    providers: Vec<Arc<dyn Provider>>,
    http: Arc<dyn Http>,
    leeway: SignedDuration,
}

impl Registry {
    /// The services of this crate; requests to them leave through `http`.
    pub fn new(http: Arc<dyn Http>) -> Self {
        let mut registry = Self { providers: Vec::new(), http, leeway: LEEWAY };
        for provider in built_in::all() {
            registry = registry.with(provider);
        }
        registry
    }

    /// Adds a service, in the place of one of the same name.
    #[must_use]
    pub fn with(mut self, provider: Arc<dyn Provider>) -> Self {
        self.providers.retain(|known| known.about().name != provider.about().name);
        self.providers.push(provider);
        self.providers.sort_by_key(|provider| (provider.about().order, provider.about().name));
        self
    }

    /// Lets the clocks of services differ from ours by this much; by 5 minutes when nothing is said.
    #[must_use]
    pub fn leeway(mut self, leeway: SignedDuration) -> Self {
        self.leeway = leeway;
        self
    }

    /// What is known of the services, in their order.
    pub fn list(&self) -> impl Iterator<Item = &About> {
        self.providers.iter().map(|provider| provider.about())
    }

    /// Whether there is a service of this name.
    pub fn has(&self, name: &str) -> bool {
        self.list().any(|about| about.name == name)
    }

    /// A service with its configuration; `None` when there is none of this name.
    pub fn open(&self, name: &str, settings: Settings) -> Option<Login> {
        let provider = self.providers.iter().find(|provider| provider.about().name == name)?;
        let client = Client::new(&**provider, settings);
        Some(Login::new(Arc::clone(provider), client, Arc::clone(&self.http), self.leeway))
    }

    /// Downloads a picture from the address that a profile names, of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Http::download`].
    pub async fn picture(&self, address: &str, limit: usize) -> Result<Vec<u8>, HttpError> {
        let address = Url::parse(address).map_err(|_| HttpError::Address)?;
        self.http.download(&address, limit).await
    }
}

impl Default for Registry {
    /// The services of this crate, over the network.
    fn default() -> Self {
        Self::new(Arc::new(Outgoing::new()))
    }
}
