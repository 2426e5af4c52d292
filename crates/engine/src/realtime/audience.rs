//! Who is told the same of a change.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::judge::Judge;
use super::subscription::Filter;
use super::{Client, Subscription};
use crate::rule::Rule;
use crate::{Entry, Record};

/// Clients that see the same: they have the same subscription, and nothing makes a difference between them.
pub(super) struct Audience {
    pub(super) subscription: Arc<Subscription>,
    /// Whether it is about all records or about one.
    pub(super) scope: Scope,
    /// Any of them; `None` for guests, and for those between whom and guests there is no difference.
    pub(super) auth: Option<Arc<Record>>,
    pub(super) clients: Vec<Arc<Client>>,
}

/// What a topic is about, which decides on the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All records of a collection.
    List,
    /// One record.
    View,
}

/// Between whom there is no difference.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Everybody who is no superuser.
    Everybody,
    Superusers,
    Guests,
    /// The record of this collection and id.
    One(String, String),
}

/// What makes a difference between clients with the same subscription.
struct Differences {
    /// Between superusers.
    superusers: bool,
    /// Between others.
    others: bool,
}

impl Scope {
    pub(super) fn rule(self, entry: &Entry) -> &Rule {
        match self {
            Self::List => &entry.rules.list,
            Self::View => &entry.rules.view,
        }
    }
}

/// The topics that a change of a record belongs to.
pub(super) fn topics(entry: &Entry, id: &str) -> [(Scope, String); 6] {
    let (name, key) = (&entry.collection.name, &entry.collection.id);
    [
        (Scope::View, format!("{name}/{id}")),
        (Scope::View, format!("{key}/{id}")),
        (Scope::List, format!("{name}/*")),
        (Scope::List, format!("{key}/*")),
        (Scope::List, name.clone()),
        (Scope::List, key.clone()),
    ]
}

impl Judge<'_> {
    /// Everybody who wants to hear of the record.
    pub(super) fn audiences(&self) -> Vec<Audience> {
        let mut audiences = Vec::new();
        for (scope, topic) in topics(&self.entry, self.record.id()) {
            for (subscription, clients) in self.engine.realtime().subscribers(&topic) {
                audiences.extend(self.divide(scope, &subscription, clients));
            }
        }
        audiences
    }

    fn divide(
        &self,
        scope: Scope,
        subscription: &Arc<Subscription>,
        clients: Vec<Arc<Client>>,
    ) -> impl Iterator<Item = Audience> {
        let differences = self.differences(scope, subscription);
        let mut by_class = BTreeMap::new();
        for client in clients {
            let auth = client.auth();
            let class = self.class(auth.as_deref(), &differences);
            let auth = auth.filter(|_| !matches!(class, Class::Everybody));
            by_class.entry(class).or_insert_with(|| (auth, Vec::new())).1.push(client);
        }
        by_class.into_values().map(move |(auth, clients)| Audience {
            subscription: Arc::clone(subscription),
            scope,
            auth,
            clients,
        })
    }

    fn class(&self, auth: Option<&Record>, differences: &Differences) -> Class {
        let one = |auth: &Record| Class::One(auth.collection().id.clone(), auth.id().to_owned());
        match auth {
            Some(auth) if auth.is_superuser() => {
                if differences.superusers {
                    one(auth)
                } else {
                    Class::Superusers
                }
            }
            Some(auth) if differences.others || self.is_self(auth) => one(auth),
            None if differences.others => Class::Guests,
            Some(_) | None => Class::Everybody,
        }
    }

    /// Whether somebody is the record.
    fn is_self(&self, auth: &Record) -> bool {
        auth.id() == self.record.id() && auth.collection().id == self.entry.collection.id
    }

    fn differences(&self, scope: Scope, subscription: &Subscription) -> Differences {
        let hooks = self.engine.hooks();
        let enriched = hooks.enriches(&self.entry.collection.name)
            || subscription.is_far()
                && self.catalog.entries().iter().any(|entry| hooks.enriches(&entry.collection.name));
        let restricted = matches!(subscription.filter, Filter::Condition { is_restricted: true, .. });
        let asks_who = |rule: &Rule| rule.looks_at_caller();
        let ruled = if subscription.is_far() {
            let mut rules = self.catalog.entries().iter().map(|entry| &entry.rules);
            rules.any(|rules| [&rules.list, &rules.view, &rules.manage].into_iter().any(asks_who))
        } else {
            asks_who(scope.rule(&self.entry)) || asks_who(&self.entry.rules.manage)
        };
        Differences { superusers: enriched || restricted, others: enriched || ruled }
    }
}
