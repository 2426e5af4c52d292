//! The way back from a service to a client that waits for it on a realtime connection.

use serde::Serialize;

use crate::Engine;
use crate::realtime::Message;

/// What a client subscribes to while it waits.
const TOPIC: &str = "@oauth2";

/// What a user came back with, from the query or a form of the service. All of it is the sender's claim.
#[derive(Debug, Clone, Default)]
pub struct OAuth2Redirect {
    /// Which client waits: the id of its realtime connection.
    pub state: String,
    /// The code.
    pub code: String,
    /// Why there is none.
    pub error: String,
    /// The name of the user, in Apple's JSON; other services send none.
    pub user: String,
}

/// What the client is told.
#[derive(Serialize)]
struct Told<'a> {
    state: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    error: &'a str,
}

impl Engine {
    /// Tells the client that waits that its user is back, with a code or with an error; once, and only when both have
    /// the same address. Returns whether there is such a client and a code for it.
    pub fn oauth2_redirected(&self, back: &OAuth2Redirect, ip: &str) -> bool {
        let OAuth2Redirect { state, code, error, user } = back;
        let broker = self.realtime();
        let waiting = broker.client(state).filter(|client| client.is_subscribed(TOPIC));
        let Some(client) = waiting else {
            tracing::debug!("nobody waits for an OAuth2 redirect");
            return false;
        };
        broker.unsubscribe(&client, TOPIC);
        if !client.ip().is_empty() && client.ip() != ip {
            tracing::debug!("an OAuth2 redirect came from another address than the client that waits for it");
            return false;
        }
        let has_code = error.is_empty() && !code.is_empty();
        if has_code && !user.is_empty() {
            self.oauth2_names().keep(code, user, self.clock().now());
        }
        let Ok(data) = schema::json::to_string(&Told { state, code, error }) else { return false };
        broker.send(&client, Message::new(TOPIC, data.as_bytes()));
        has_code
    }
}
