//! Changes of records, told to clients that want to hear of them.
//!
//! A client connects ([`Engine::connect`]) and gets an id. With it, it says what it wants to hear of, and who it is
//! ([`Engine::subscribe`]). [`Broker`] knows the clients, for extensions as well. Nothing here knows HTTP.
//!
//! A transaction notes the records that it writes, if anybody is connected. The changes of one that is committed come
//! out of a queue, one transaction after the other in the order of their commits, and are sent out by a task of their
//! own: the request that made them does not wait for it. For each change, the subscribers are divided into audiences
//! between whom nothing makes a difference; the rule, the filter and the JSON are worked out once for each audience,
//! and its members share the bytes. Deletes alone are judged within the transaction, as long as there is something to
//! look at.
//!
//! An event shows the record as it was written. Other records, those that rules look at and those that are sent along,
//! are read when the event is sent out: a moment after the commit, in which they may have changed.
//!
//! Everything is bounded: what waits for a client (see [`Broker`]), the transactions whose changes wait (others then
//! wait before they begin), and the changes of one transaction (subscribers of the collections of one with more than
//! 10,000 are disconnected).

mod audience;
mod broker;
mod changes;
mod client;
mod judge;
mod lane;
mod message;
mod outbox;
mod registry;
mod subscription;

use std::sync::Arc;

use ambient::EntropyExt;
use schema::{FieldError, FieldErrors};

pub use broker::Broker;
pub(crate) use changes::{Action, Changes};
pub use client::{Client, Connection};
pub use message::Message;
pub use subscription::Subscription;

use crate::{Engine, Error, Request, Result};

const ID_LENGTH: usize = 40;
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The most bytes of a client's id, and of the name of a subscription.
const MAX_ID: usize = 255;
const MAX_NAME: usize = 2500;

/// The most subscriptions of a client.
const MAX_SUBSCRIPTIONS: usize = 1000;

impl Engine {
    /// Connects a client from an address. It is a guest without subscriptions.
    ///
    /// `last` is the id of an earlier connection from the same address that this one takes the place of; empty for
    /// none. That one is disconnected if it still is there. Nothing else is taken over from it.
    ///
    /// # Errors
    /// 503 when the service stops.
    pub fn connect(&self, ip: &str, last: &str) -> Result<Connection> {
        let broker = self.realtime();
        if let Some(last) = broker.client(last).filter(|last| last.ip() == ip) {
            broker.give_up(&last);
        }
        broker.connect(self.entropy().text(ID_LENGTH, ALPHABET), ip)
    }

    /// Sets what a client wants to hear of, in place of what it wanted before, and makes the caller the one who it is.
    ///
    /// # Errors
    /// 400 with errors by field, 404 for an unknown client, 400 when the request comes from another address than the
    /// client, 403 when the client is somebody else already.
    pub async fn subscribe(
        &self,
        request: &Request,
        client_id: &str,
        subscriptions: Vec<Subscription>,
    ) -> Result<()> {
        check(client_id, &subscriptions)?;
        let broker = self.realtime();
        let client = broker.client(client_id);
        let client = client.ok_or_else(|| Error::not_found("Missing or invalid client id."))?;
        if !client.ip().is_empty() && client.ip() != request.ip {
            return Err(Error::bad_request("Invalid realtime client.").because("it has another address"));
        }
        let subscriptions = subscriptions.into_iter().filter(|subscription| !subscription.name().is_empty());
        broker.set(&client, request.auth.clone(), subscriptions.map(Arc::new).collect())?;
        // The record may have changed between the check of the token and now, with nobody to tell the client.
        if let Some(auth) = &request.auth {
            match self.find_by_id(&auth.collection().id, auth.id()).await? {
                Some(now) => broker.refresh(&now),
                None => broker.forget(auth),
            }
        }
        Ok(())
    }
}

/// Checks the form of a request for subscriptions.
fn check(client_id: &str, subscriptions: &[Subscription]) -> Result<()> {
    let mut errors = FieldErrors::new();
    if client_id.is_empty() {
        errors.push("clientId", FieldError::required());
    } else if client_id.len() > MAX_ID {
        let message = format!("the length must be between 1 and {MAX_ID}");
        let error = FieldError::new("validation_length_out_of_range", message);
        errors.push("clientId", error.with_param("max", MAX_ID).with_param("min", 1));
    }
    if subscriptions.len() > MAX_SUBSCRIPTIONS {
        errors.push("subscriptions", too_long(MAX_SUBSCRIPTIONS));
    }
    let mut names = FieldErrors::new();
    for (index, _) in subscriptions.iter().enumerate().filter(|(_, one)| one.name().len() > MAX_NAME) {
        names.push(index.to_string(), too_long(MAX_NAME));
    }
    errors.push_nested("subscriptions", names);
    errors.into_result().map_err(|errors| Error::invalid("", errors))
}

fn too_long(max: usize) -> FieldError {
    let error =
        FieldError::new("validation_length_too_long", format!("the length must be no more than {max}"));
    error.with_param("max", max).with_param("min", 0)
}
