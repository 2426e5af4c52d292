//! Which clients there are, found by what they want to hear of and by who they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::client::Session;
use super::{Client, Subscription};
use crate::Record;

type Clients = HashMap<Arc<str>, Arc<Client>>;

/// All clients, with indexes.
#[derive(Default)]
pub(super) struct Registry {
    pub(super) clients: Clients,
    /// By topic, and then by the full name of the subscription.
    topics: HashMap<String, BTreeMap<Arc<str>, Subscribers>>,
    /// By the ids of the collection and of the record.
    callers: HashMap<(String, String), Clients>,
    /// Whether nobody can connect any more.
    pub(super) closed: bool,
}

/// Those who have the same subscription.
struct Subscribers {
    subscription: Arc<Subscription>,
    clients: Clients,
}

impl Registry {
    /// Takes a client out.
    pub(super) fn remove(&mut self, client: &Arc<Client>) {
        self.set_session(client, Session::default());
        self.clients.remove(client.id());
    }

    /// Makes a client another one, with other subscriptions.
    pub(super) fn set_session(&mut self, client: &Arc<Client>, new: Session) {
        self.set_auth(client, new.auth);
        let mut wanted = BTreeMap::new();
        for subscription in new.subscriptions {
            wanted.entry(subscription.shared_name()).or_insert(subscription);
        }
        let mut session = client.session.lock();
        for old in session.subscriptions.drain(..) {
            if !wanted.contains_key(old.name()) {
                self.leave(client, &old);
            }
        }
        session.subscriptions = wanted.into_values().map(|new| self.join(client, new)).collect();
    }

    /// Takes a subscription away from a client.
    pub(super) fn unsubscribe(&mut self, client: &Arc<Client>, name: &str) {
        let mut session = client.session.lock();
        if let Some(at) = session.subscriptions.iter().position(|subscription| subscription.name() == name) {
            let old = session.subscriptions.remove(at);
            self.leave(client, &old);
        }
    }

    /// Those who subscribed to a topic share what was understood of it.
    fn join(&mut self, client: &Arc<Client>, subscription: Arc<Subscription>) -> Arc<Subscription> {
        let by_name = match self.topics.get_mut(subscription.topic()) {
            Some(by_name) => by_name,
            None => self.topics.entry(subscription.topic().to_owned()).or_default(),
        };
        let same = by_name
            .entry(subscription.shared_name())
            .or_insert_with(|| Subscribers { subscription, clients: Clients::new() });
        same.clients.insert(client.shared_id(), Arc::clone(client));
        Arc::clone(&same.subscription)
    }

    fn leave(&mut self, client: &Arc<Client>, subscription: &Subscription) {
        let Some(by_name) = self.topics.get_mut(subscription.topic()) else { return };
        if let Some(same) = by_name.get_mut(subscription.name()) {
            same.clients.remove(client.id());
            if same.clients.is_empty() {
                by_name.remove(subscription.name());
            }
        }
        if by_name.is_empty() {
            self.topics.remove(subscription.topic());
        }
    }

    /// Changes who a client is.
    pub(super) fn set_auth(&mut self, client: &Arc<Client>, auth: Option<Arc<Record>>) {
        let mut session = client.session.lock();
        if let Some(old) = session.auth.take() {
            let key = key(&old);
            if let Some(clients) = self.callers.get_mut(&key) {
                clients.remove(client.id());
                if clients.is_empty() {
                    self.callers.remove(&key);
                }
            }
        }
        if let Some(new) = &auth {
            self.callers.entry(key(new)).or_default().insert(client.shared_id(), Arc::clone(client));
        }
        session.auth = auth;
    }

    /// The clients of a record.
    pub(super) fn clients_of(&self, collection: &str, record: &str) -> Vec<Arc<Client>> {
        let clients = self.callers.get(&(collection.to_owned(), record.to_owned()));
        clients.map(|clients| clients.values().cloned().collect()).unwrap_or_default()
    }

    /// All clients that are no guests.
    pub(super) fn callers(&self) -> Vec<Arc<Client>> {
        self.callers.values().flat_map(Clients::values).cloned().collect()
    }

    /// Whether anybody wants to hear of one of these topics.
    pub(super) fn has_any(&self, topics: &[String]) -> bool {
        topics.iter().any(|topic| self.topics.contains_key(topic))
    }

    /// Who wants to hear of a topic, by subscription.
    pub(super) fn subscribers(&self, topic: &str) -> Vec<(Arc<Subscription>, Vec<Arc<Client>>)> {
        let by_name = self.topics.get(topic).into_iter().flat_map(BTreeMap::values);
        by_name
            .map(|same| (Arc::clone(&same.subscription), same.clients.values().cloned().collect()))
            .collect()
    }

    /// All clients with a subscription to a topic that begins so.
    pub(super) fn clients_below(&self, starts: &[String]) -> Vec<Arc<Client>> {
        let below = |topic: &&String| starts.iter().any(|start| topic.starts_with(start.as_str()));
        let topics = self.topics.keys().filter(below);
        topics.flat_map(|topic| self.subscribers(topic)).flat_map(|(_, clients)| clients).collect()
    }
}

fn key(record: &Record) -> (String, String) {
    (record.collection().id.clone(), record.id().to_owned())
}
