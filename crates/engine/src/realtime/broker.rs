use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::RwLock;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::client::Session;
use super::lane::{Announcement, Lane};
use super::registry::Registry;
use super::{Client, Connection, Message, Subscription};
use crate::{Catalog, Error, ErrorKind, Record, Result};

/// How many transactions may wait until their changes are sent out. Who wants to begin another one waits as well.
const MAX_WAITING: usize = 1024;

/// Knows the clients that are connected, and hands events to them. Cheap to clone; all clones are the same one.
///
/// Events come to a client in the order in which they are handed to the broker. A client that does not read them is
/// disconnected when 4,096 of them or 4 MiB wait for it: it never holds others back, and learns that it missed
/// something.
///
/// ```
/// # use baibase_engine as engine;
/// /// Tells everybody who subscribed to `weather` what it is like.
/// fn report(engine: &engine::Engine, degrees: f64) -> engine::Result<()> {
///     engine.realtime().publish("weather", &serde_json::json!({"degrees": degrees}))
/// }
/// # let _ = report;
/// ```
#[derive(Clone)]
pub struct Broker(Arc<Inner>);

struct Inner {
    registry: RwLock<Registry>,
    /// How many clients there are, to be asked without waiting.
    connected: AtomicUsize,
    lane: mpsc::UnboundedSender<Announcement>,
    room: Arc<Semaphore>,
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker").field("connected", &self.connected()).finish_non_exhaustive()
    }
}

impl Broker {
    /// A broker without clients, and where the changes come out that it is told of.
    pub(crate) fn new() -> (Self, Lane) {
        let (lane, receiver) = mpsc::unbounded_channel();
        let inner = Inner {
            registry: RwLock::default(),
            connected: AtomicUsize::new(0),
            lane,
            room: Arc::new(Semaphore::new(MAX_WAITING)),
        };
        (Self(Arc::new(inner)), Lane::new(receiver))
    }

    /// How many clients are connected.
    pub fn connected(&self) -> usize {
        self.0.connected.load(Ordering::Relaxed)
    }

    /// The client of this id.
    pub fn client(&self, id: &str) -> Option<Arc<Client>> {
        self.0.registry.read().clients.get(id).cloned()
    }

    /// Hands an event to a client, whatever it subscribed to.
    pub fn send(&self, client: &Arc<Client>, message: Message) {
        if !client.outbox.push(message) {
            tracing::info!(
                ip = client.ip(),
                "a realtime client is disconnected: it does not read its events"
            );
            self.give_up(client);
        }
    }

    /// Hands an event to all clients that subscribed to a topic. Each gets it under the name of its subscription.
    ///
    /// # Errors
    /// When the data is no JSON.
    pub fn publish(&self, topic: &str, data: &impl Serialize) -> Result<()> {
        let data = schema::json::to_string(data).map_err(Error::internal)?;
        let subscribers = self.0.registry.read().subscribers(topic);
        for (subscription, clients) in subscribers {
            let message = Message::new(subscription.name(), data.as_bytes());
            for client in clients {
                self.send(&client, message.clone());
            }
        }
        Ok(())
    }

    /// Takes a subscription away from a client by its full name.
    pub fn unsubscribe(&self, client: &Arc<Client>, name: &str) {
        self.0.registry.write().unsubscribe(client, name);
    }

    /// Disconnects all clients, after what they were sent. Nobody can connect any more.
    pub fn close(&self) {
        let clients: Vec<_> = {
            let mut registry = self.0.registry.write();
            registry.closed = true;
            registry.clients.values().cloned().collect()
        };
        for client in clients {
            client.outbox.close();
        }
    }

    /// Adds a client with a fresh id.
    pub(super) fn connect(&self, id: String, ip: &str) -> Result<Connection> {
        let client = Arc::new(Client::new(id, ip));
        let mut registry = self.0.registry.write();
        if registry.closed {
            return Err(Error::new(ErrorKind::Unavailable, "").because("the service stops"));
        }
        registry.clients.insert(client.shared_id(), Arc::clone(&client));
        self.0.connected.store(registry.clients.len(), Ordering::Relaxed);
        Ok(Connection { client, broker: self.clone() })
    }

    pub(super) fn disconnect(&self, client: &Arc<Client>) {
        let mut registry = self.0.registry.write();
        registry.remove(client);
        self.0.connected.store(registry.clients.len(), Ordering::Relaxed);
    }

    /// Ends the stream of a client without what waits for it.
    pub(super) fn give_up(&self, client: &Arc<Client>) {
        self.disconnect(client);
        client.outbox.discard();
    }

    /// Says who a client is and what it wants to hear of. It must be connected, and be nobody or the same.
    pub(super) fn set(
        &self,
        client: &Arc<Client>,
        auth: Option<Arc<Record>>,
        subscriptions: Vec<Arc<Subscription>>,
    ) -> Result<()> {
        let mut registry = self.0.registry.write();
        if !registry.clients.contains_key(client.id()) {
            return Err(Error::not_found("Missing or invalid client id."));
        }
        let is_same =
            |now: &Record, new: &Record| now.id() == new.id() && now.collection().id == new.collection().id;
        if client.auth().is_some_and(|now| !auth.as_deref().is_some_and(|new| is_same(&now, new))) {
            let message = "The current and the previous request authorization don't match.";
            return Err(Error::forbidden(message));
        }
        registry.set_session(client, Session { auth, subscriptions });
        Ok(())
    }

    /// Whether nobody can hear of a change.
    pub(crate) fn is_idle(&self) -> bool {
        self.connected() == 0
    }

    /// Whether anybody wants to hear of one of these topics.
    pub(super) fn has_any(&self, topics: &[String]) -> bool {
        self.0.registry.read().has_any(topics)
    }

    /// Who wants to hear of a topic, by subscription.
    pub(super) fn subscribers(&self, topic: &str) -> Vec<(Arc<Subscription>, Vec<Arc<Client>>)> {
        self.0.registry.read().subscribers(topic)
    }

    /// Room for the changes of another transaction. `None` as long as nobody can hear of them.
    pub(crate) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        if self.is_idle() {
            return None;
        }
        Arc::clone(&self.0.room).acquire_owned().await.ok()
    }

    /// Queues a transaction that is about to be committed.
    pub(super) fn queue(&self, announcement: Announcement) {
        // The other end is open as long as the engine is.
        let _ = self.0.lane.send(announcement);
    }

    /// What clients know of a record that changed: they are it as it is now, or guests when its tokens are not good
    /// any more.
    pub(super) fn refresh(&self, record: &Record) {
        self.replace(record, |old| {
            (old.text("tokenKey") == record.text("tokenKey")).then(|| Arc::new(record.clone()))
        });
    }

    /// The clients of a deleted record are guests from now on.
    pub(super) fn forget(&self, record: &Record) {
        self.replace(record, |_| None);
    }

    fn replace(&self, record: &Record, new: impl Fn(&Record) -> Option<Arc<Record>>) {
        let collection = &record.collection().id;
        if !record.collection().is_auth()
            || self.0.registry.read().clients_of(collection, record.id()).is_empty()
        {
            return;
        }
        let mut registry = self.0.registry.write();
        let mut shared: Option<Arc<Record>> = None;
        for client in registry.clients_of(collection, record.id()) {
            let Some(old) = client.auth() else { continue };
            let auth = new(&old).map(|new| Arc::clone(shared.get_or_insert(new)));
            registry.set_auth(&client, auth);
        }
    }

    /// Has clients follow a change of collections: those whose collection is gone or has another secret are guests
    /// from now on.
    pub(crate) fn follow(&self, before: &Catalog, now: &Catalog) {
        let callers = self.0.registry.read().callers();
        for client in callers {
            let Some(auth) = client.auth() else { continue };
            let id = &auth.collection().id;
            let secret = |catalog: &Catalog| {
                let options = catalog.by_id(id)?.collection.auth()?.auth_token.secret.clone();
                Some(options)
            };
            let entry = now.by_id(id).filter(|_| secret(before) == secret(now));
            let new = entry.map(|entry| Arc::new(auth.moved_to(&entry.collection)));
            let mut registry = self.0.registry.write();
            // Somebody else may have said otherwise by now.
            if client.auth().is_some_and(|now| Arc::ptr_eq(&now, &auth)) {
                registry.set_auth(&client, new);
            }
        }
    }

    /// Disconnects those who could not be told of all changes in these collections, so that they read them again.
    pub(super) fn lose<'a>(&self, catalog: &Catalog, collections: impl IntoIterator<Item = &'a String>) {
        let mut clients = Vec::new();
        for id in collections {
            let name = catalog.by_id(id).map(|entry| entry.collection.name.as_str());
            let starts: Vec<String> =
                [Some(id.as_str()), name].into_iter().flatten().map(str::to_owned).collect();
            let registry = self.0.registry.read();
            let is_of = |client: &Arc<Client>| client.auth().is_some_and(|auth| auth.collection().id == *id);
            clients.extend(registry.callers().into_iter().filter(is_of));
            clients.extend(registry.clients_below(&starts));
        }
        for client in clients {
            self.give_up(&client);
        }
    }
}
