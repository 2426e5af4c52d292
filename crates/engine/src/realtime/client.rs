use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use parking_lot::Mutex;

use super::outbox::Outbox;
use super::{Broker, Message, Subscription};
use crate::Record;

/// A client that is connected.
pub struct Client {
    id: Arc<str>,
    ip: Box<str>,
    pub(super) session: Mutex<Session>,
    pub(super) outbox: Outbox,
}

/// Who a client is, and what it wants to hear of. The broker keeps indexes of it, so it alone changes it.
#[derive(Default)]
pub(super) struct Session {
    pub(super) auth: Option<Arc<Record>>,
    pub(super) subscriptions: Vec<Arc<Subscription>>,
}

impl Client {
    pub(super) fn new(id: String, ip: &str) -> Self {
        Self { id: id.into(), ip: ip.into(), session: Mutex::default(), outbox: Outbox::default() }
    }

    /// Its id: a secret between the client and the service.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address that it connected from, as far as it is known.
    pub fn ip(&self) -> &str {
        &self.ip
    }

    /// Whose events it gets: the record that it sent the token of with its subscriptions; `None` for a guest.
    pub fn auth(&self) -> Option<Arc<Record>> {
        self.session.lock().auth.clone()
    }

    /// Whether it has a subscription of exactly this name, options included.
    pub fn is_subscribed(&self, name: &str) -> bool {
        self.session.lock().subscriptions.iter().any(|subscription| subscription.name() == name)
    }

    pub(super) fn shared_id(&self) -> Arc<str> {
        Arc::clone(&self.id)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("ip", &self.ip).finish_non_exhaustive()
    }
}

/// The receiving end of a client. Dropping it disconnects the client.
#[derive(Debug)]
pub struct Connection {
    pub(super) client: Arc<Client>,
    pub(super) broker: Broker,
}

impl Connection {
    /// The client.
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }

    /// The next event; `None` when the client was disconnected.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Message>> {
        self.client.outbox.poll_next(context)
    }

    /// The next event; `None` when the client was disconnected.
    pub async fn next(&mut self) -> Option<Message> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.broker.disconnect(&self.client);
    }
}
