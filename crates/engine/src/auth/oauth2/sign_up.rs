//! A new record for somebody who comes from a service for the first time.

use std::sync::Arc;

use ambient::EntropyExt;
use files::Upload;
use oauth2_providers::User;
use schema::FieldKind;
use schema::collection::Index;
use schema::value::validate_plain_text;
use serde_json::{Map, Value as JsonValue};
use sql::{Comparison, Expr, Select};
use store::Cost;

use super::link::Link;
use crate::records::{Access, Create, Uploads};
use crate::{Engine, Entry, Error, Record, Request, Result, SUPERUSERS, Tx};

/// The largest picture that is downloaded, in bytes: what a request may send.
const MAX_PICTURE: usize = 32 << 20;

const PASSWORD_LENGTH: usize = 30;
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A record that is about to be created.
pub(super) struct SignUp {
    create: Create,
}

impl SignUp {
    /// Puts the client's fields and what the service says of the user together, and does what takes long.
    pub(super) async fn prepare(
        engine: &Engine,
        link: &Link<'_>,
        create_data: &Map<String, JsonValue>,
    ) -> Result<Self> {
        let entry = link.entry;
        if entry.collection.name == SUPERUSERS {
            return Err(Error::bad_request(super::login::FAILED).because("nobody signs up as a superuser"));
        }
        entry.rules.create.for_caller(link.request.is_superuser())?;
        let mut body = create_data.clone();
        fill(engine, entry, link.user, &mut body).await?;
        let picture = picture(engine, entry, link.user, &mut body).await;
        let own_password = body.contains_key("password");
        if !own_password {
            let password = engine.entropy().text(PASSWORD_LENGTH, ALPHABET);
            body.insert("password".to_owned(), password.clone().into());
            body.insert("passwordConfirm".to_owned(), password.into());
        }
        let request = Request { method: "POST".to_owned(), query: Map::new(), body, ..link.request.clone() };
        let files = picture.into_iter().collect();
        let uploads = Arc::new(Uploads::receive(&entry.collection, files, engine.entropy()).await?);
        let mut create = Create::plan(engine, &request, Arc::clone(entry), uploads)?;
        if !own_password {
            // Nobody chose it, so it need not be one that somebody may choose.
            create.set_password(engine.random_password(&Record::new(entry.collection.clone())).await?);
        }
        match create.prepare(engine).await {
            Ok(()) => Ok(Self { create }),
            Err(error) => {
                create.discard(engine).await;
                Err(error)
            }
        }
    }

    /// Creates the record, if the create rule lets the caller do that. It is verified when its address is the one that
    /// the service has verified.
    pub(super) async fn run(&self, tx: &mut Tx, link: &Link<'_>) -> Result<Record> {
        let mut record = self.create.run(tx).await?.record;
        if record.text("email") == link.user.email && !record.flag("verified") {
            record.set("verified", true);
            tx.update(&Request::internal(), &mut record).await?;
        }
        Ok(record)
    }

    /// Removes what was stored for a record that is not created after all.
    pub(super) async fn discard(&self, engine: &Engine) {
        self.create.discard(engine).await;
    }
}

/// Fills in what the service says of the user where the client says nothing.
async fn fill(engine: &Engine, entry: &Entry, user: &User, body: &mut Map<String, JsonValue>) -> Result<()> {
    if body.get("email").and_then(JsonValue::as_str).unwrap_or_default().is_empty() {
        body.insert("email".to_owned(), user.email.as_str().into());
    }
    let Some(mapped) = entry.collection.auth().map(|auth| &auth.oauth2.mapped_fields) else { return Ok(()) };
    for (field, value) in [(&mapped.id, &user.id), (&mapped.name, &user.name)] {
        if !field.is_empty() && !body.contains_key(field) {
            body.insert(field.clone(), value.as_str().into());
        }
    }
    let username = &mapped.username;
    if !username.is_empty()
        && !body.contains_key(username)
        && can_be_username(engine, entry, username, &user.username).await?
    {
        body.insert(username.clone(), user.username.as_str().into());
    }
    Ok(())
}

/// Whether a name fits into the field and nobody else has it.
async fn can_be_username(engine: &Engine, entry: &Entry, field: &str, name: &str) -> Result<bool> {
    let Some(known) = entry.collection.field(field) else { return Ok(false) };
    if let FieldKind::Text(options) = &known.kind
        && validate_plain_text(options, name).is_err()
    {
        return Ok(false);
    }
    let mut indexes = entry.collection.indexes.iter().filter_map(|text| Index::parse(text));
    let Some(index) = indexes.find(|index| index.is_single_unique(field)) else { return Ok(true) };
    let any_case = index.columns.iter().any(|column| column.collate.eq_ignore_ascii_case("nocase"));
    let comparison = if any_case { Comparison::EqIgnoreCase } else { Comparison::Eq };
    let others = Select::from_table(&entry.collection.name)
        .column(Expr::integer(1))
        .filter(Expr::name(field.to_owned()).compare(comparison, name))
        .limit(1);
    Ok(!Access::Store(engine.store()).exists(&others, Cost::Point).await?)
}

/// The user's picture for the field that takes it, downloaded when that is a file field; its address is put into the
/// body when it is another one. A picture that cannot be had is none.
async fn picture(
    engine: &Engine,
    entry: &Entry,
    user: &User,
    body: &mut Map<String, JsonValue>,
) -> Option<(String, Upload)> {
    let field = &entry.collection.auth()?.oauth2.mapped_fields.avatar_url;
    if field.is_empty() || user.avatar_url.is_empty() || body.contains_key(field) {
        return None;
    }
    let is_file = entry.collection.field(field).is_some_and(|field| matches!(field.kind, FieldKind::File(_)));
    if !is_file {
        body.insert(field.clone(), user.avatar_url.as_str().into());
        return None;
    }
    match engine.oauth2().picture(&user.avatar_url, MAX_PICTURE).await {
        Ok(bytes) => {
            let path = user.avatar_url.split(['?', '#']).next().unwrap_or_default();
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let content = bytes::Bytes::from(bytes).into();
            Some((field.clone(), Upload { original_name: name.to_owned(), content_type: None, content }))
        }
        Err(error) => {
            tracing::warn!(%error, "the picture of an OAuth2 user could not be downloaded");
            None
        }
    }
}
