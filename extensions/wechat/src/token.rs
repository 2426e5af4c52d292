//! The access token: one for all callers, renewed by one task.

use std::sync::Arc;

use ambient::Clock;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    Error, Secret,
    error::Call,
    reply::TokenReply,
    transport::{Request, Transport},
};

/// How long before its end a token is renewed, in seconds. WeChat has a new one from 5 minutes before the end
/// and lets both work until then: asked earlier it would only repeat the old one.
const EARLY: i64 = 240;

/// The longest that WeChat lets a token live, in seconds.
const MAX_LIFE: i64 = 7200;

/// How long a token that still works is used before its renewal, having failed, is tried again, in seconds.
const RETRY_AFTER: i64 = 30;

/// The cached token. Cloning shares it.
#[derive(Clone)]
pub(crate) struct TokenCache {
    transport: Arc<Transport>,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    current: Option<Token>,
    /// How the renewal that is under way ends.
    renewal: Option<watch::Receiver<Outcome>>,
}

struct Token {
    value: Secret,
    renew_at: Timestamp,
    expires_at: Timestamp,
}

/// What a renewal brought; `None` while it runs.
type Outcome = Option<Result<Secret, Error>>;

impl TokenCache {
    pub(crate) fn new(transport: Arc<Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { transport, clock, state: Arc::default() }
    }

    /// A token that works, as far as is known here. Callers that find none share one request, and its failure.
    pub(crate) async fn get(&self) -> Result<Secret, Error> {
        let mut renewal = {
            let mut state = self.state.lock();
            let now = self.clock.now();
            let usable = state.current.as_ref().filter(|token| now < token.expires_at);
            match usable.map(|token| (token.value.clone(), token.renew_at)) {
                Some((value, renew_at)) => {
                    if now >= renew_at {
                        self.renewal(&mut state);
                    }
                    return Ok(value);
                }
                None => self.renewal(&mut state),
            }
        };
        let outcome = renewal.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        outcome.unwrap_or_else(|| Err(Error::unavailable("the renewal of the access token was stopped")))
    }

    /// Forgets the token that WeChat refused, unless another has taken its place meanwhile.
    pub(crate) fn forget(&self, refused: &Secret) {
        let mut state = self.state.lock();
        if state.current.as_ref().is_some_and(|token| token.value == *refused) {
            tracing::warn!("WeChat refused the access token before its time");
            state.current = None;
        }
    }

    /// The renewal under way, or a new one. It is a task of its own, so it ends although its callers leave.
    fn renewal(&self, state: &mut State) -> watch::Receiver<Outcome> {
        // A sender that is gone without a word belongs to a task that was stopped.
        if let Some(running) = state.renewal.as_ref().filter(|renewal| renewal.has_changed().is_ok()) {
            return running.clone();
        }
        let (sender, receiver) = watch::channel(None);
        state.renewal = Some(receiver.clone());
        let cache = self.clone();
        tokio::spawn(async move {
            let fetched = cache.fetch().await;
            sender.send_replace(Some(cache.keep(fetched)));
        });
        receiver
    }

    /// Ends the renewal: remembers the token, or when to try again.
    fn keep(&self, fetched: Result<Token, Error>) -> Result<Secret, Error> {
        let mut state = self.state.lock();
        state.renewal = None;
        match fetched {
            Ok(token) => {
                let value = token.value.clone();
                state.current = Some(token);
                Ok(value)
            }
            Err(error) => {
                if let Some(token) = &mut state.current {
                    // Nobody waits for this one: the old token still works.
                    tracing::warn!(%error, "the access token of WeChat could not be renewed early");
                    token.renew_at = later(self.clock.now(), RETRY_AFTER);
                }
                Err(error)
            }
        }
    }

    /// Asks WeChat for its current token, in the mode that leaves the tokens of other nodes working.
    async fn fetch(&self) -> Result<Token, Error> {
        let config = &self.transport.config;
        // Taken before the call: the life of the token began at some time during it.
        let asked_at = self.clock.now();
        let request = Request {
            path: "/cgi-bin/stable_token",
            query: &[],
            body: Some(json!({
                "grant_type": "client_credential",
                "appid": config.app_id,
                "secret": config.app_secret.expose(),
                "force_refresh": false,
            })),
            secret: &config.app_secret,
        };
        let reply = self.transport.call(request).await.map_err(|fault| Error::of(fault, Call::Token))?;
        let reply = serde_json::from_value::<TokenReply>(reply)
            .ok()
            .filter(|reply| !reply.access_token.is_empty() && reply.expires_in > 0)
            .ok_or_else(|| Error::unavailable("the token reply is not the documented one"))?;
        let life = reply.expires_in.min(MAX_LIFE);
        Ok(Token {
            value: reply.access_token.into(),
            renew_at: later(asked_at, life - EARLY.min(life / 2)),
            expires_at: later(asked_at, life),
        })
    }
}

fn later(from: Timestamp, seconds: i64) -> Timestamp {
    from.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
