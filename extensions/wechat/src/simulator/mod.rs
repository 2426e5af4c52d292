//! WeChat's endpoints on a port of this process, for development and tests.
//!
//! The client reaches them over HTTP as it reaches WeChat. What a code stands for is read from its text:
//!
//! | Code | Kind | Stands for |
//! |---|---|---|
//! | `dev-<name>` | login | the user `<name>`, whose openid is always the same |
//! | `phone-<number>` | phone | that mainland number |
//! | `phone-+<country>-<number>` | phone | that foreign number |
//! | `error-<errcode>`, `error-<name>` | both | that refusal, for as often as it is sent (names: [`errcode::named`]) |
//! | `error-token-<errcode>`, `error-token-<name>` | phone | that refusal of the next access token |
//! | `error-http` | both | a reply with HTTP status 502 |
//! | `error-timeout` | both | no reply |
//!
//! The scan login (`/connect/qrconnect`) shows a form in place of a code to scan: who enters `<name>` comes back with
//! a code of `dev-<name>`. Its openids are others than the mini program's, as WeChat's are, and it gives a unionid.
//!
//! Any other code, and one of the wrong kind, is refused with 40029. Codes are single-use: the very same text is
//! refused with 40163 for 5 minutes. What follows a `#` does not change what a code stands for, so `dev-alice`,
//! `dev-alice#2` and `dev-alice#monday` log the same user in three times.

mod code;
pub mod errcode;
mod handlers;
mod openid;
mod scan;
mod tokens;
mod used;

use std::{io, net::Ipv4Addr, sync::Arc};

use ambient::Clock;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Config, ConfigError, Secret};

/// The AppID that the simulator takes.
const APP_ID: &str = "wx-simulator";

/// The AppSecret that the simulator takes. It opens nothing.
const APP_SECRET: &str = "simulator";

/// A running simulator. It stops when this value is dropped.
#[derive(Debug)]
pub struct Simulator {
    /// Where it listens, such as `http://127.0.0.1:40001`.
    pub base_url: String,
    handle: JoinHandle<()>,
}

impl Simulator {
    /// The configuration of a client of this simulator.
    ///
    /// # Errors
    /// None in practice: the address is a plain one.
    pub fn config(&self) -> Result<Config, ConfigError> {
        Config::new(APP_ID, Secret::from(APP_SECRET), &self.base_url)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

/// Starts a simulator on a free port that only this machine can reach. `clock` tells when used codes are
/// forgotten and when access tokens end.
///
/// # Errors
/// No port to listen on.
pub async fn start(clock: Arc<dyn Clock>) -> io::Result<Simulator> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let router = handlers::router(clock);
    let handle = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the WeChat simulator stopped");
        }
    });
    Ok(Simulator { base_url, handle })
}
