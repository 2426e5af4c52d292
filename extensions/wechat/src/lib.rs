//! A client for WeChat's server API, the scan login for websites as an OAuth2 provider, and a simulator of both. None
//! of them knows anything of the engine.
//!
//! [`connect`] turns what the environment says into a [`Client`]: to WeChat itself, to a simulator in this
//! process, or one that answers [`Error::NotConfigured`].
//!
//! The AppSecret, access tokens and session keys are [`Secret`]s: no `Debug`, `Display` or error of this crate
//! shows one.

mod client;
mod config;
mod error;
mod reply;
mod scan_login;
mod secret;
pub mod simulator;
mod token;
mod transport;

use std::sync::Arc;

use ambient::Clock;

pub use client::{Client, Phone, Session};
pub use config::{Config, ConfigError, DEFAULT_API_BASE, Mode, Settings, Timeouts};
pub use error::{Cause, Error};
pub use scan_login::{PROVIDER, ScanLogin};
pub use secret::Secret;

/// A client, and the simulator it talks to when there is one.
#[derive(Debug)]
pub struct Connection {
    /// The client to make calls with.
    pub client: Client,
    /// The scan login, of the same WeChat.
    pub scan_login: Arc<ScanLogin>,
    /// The simulator, which runs until this value is dropped.
    pub simulator: Option<simulator::Simulator>,
}

/// Makes the client that `settings` ask for, and starts the simulator if they do.
///
/// # Errors
/// Settings that contradict each other or are not usable; a simulator that found no port.
pub async fn connect(settings: Settings, clock: Arc<dyn Clock>) -> Result<Connection, ConfigError> {
    match settings.mode()? {
        Mode::Real(config) => {
            let scan_login = Arc::new(ScanLogin::new(config.api_base.as_str()));
            Ok(Connection { client: Client::new(config, clock)?, scan_login, simulator: None })
        }
        Mode::Unconfigured => {
            // It needs nothing of the mini program: its own credentials are a collection's configuration.
            let scan_login = Arc::new(ScanLogin::new(DEFAULT_API_BASE));
            Ok(Connection { client: Client::unconfigured(), scan_login, simulator: None })
        }
        Mode::Simulator => {
            let simulator = simulator::start(clock.clone()).await.map_err(ConfigError::Simulator)?;
            let client = Client::new(simulator.config()?, clock)?;
            let scan_login = Arc::new(ScanLogin::simulated(&simulator.base_url));
            Ok(Connection { client, scan_login, simulator: Some(simulator) })
        }
    }
}
