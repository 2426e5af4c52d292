use std::sync::Arc;

use schema::value::{Context, validate};
use schema::{Collection, Value};
use sql::{Expr, Ident, Insert, Statement, Update};

use super::uploads::Incoming;
use super::{StoredUpload, belongings, fill, unique, validate as record_checks};
use crate::hooks::WriteEvent;
use crate::password::cost_of;
use crate::realtime::Action;
use crate::superusers::end_installation;
use crate::{Engine, Record, Request, Result, Tx, row};

/// A write of one record within a transaction: hooks, generated values, validation, the row.
pub(crate) struct Write<'a> {
    /// Who asks for what.
    pub(super) request: &'a Request,
    /// As it is stored; `None` for a new record.
    pub(super) original: Option<&'a Record>,
    /// The files that came with it.
    pub(super) incoming: &'a [Incoming],
    /// Those of them that are stored.
    pub(super) stored: &'a [StoredUpload],
}

impl<'a> Write<'a> {
    /// A write without files; `original` is the record as it is stored, `None` for a new one.
    pub(crate) fn plain(request: &'a Request, original: Option<&'a Record>) -> Self {
        Self { request, original, incoming: &[], stored: &[] }
    }

    /// Runs it. The record then is as it is stored.
    pub(crate) async fn run(&self, tx: &mut Tx, record: &mut Record) -> Result<()> {
        let engine = tx.engine().clone();
        let hooks = engine.hooks().of(&record.collection().name.clone());
        for hooks in hooks {
            let mut event = self.event(&engine, tx, record);
            match self.original {
                None => hooks.before_create(&mut event).await?,
                Some(_) => hooks.before_update(&mut event).await?,
            }
        }
        if self.original.is_none() {
            fill::generate(record, engine.entropy())?;
        }
        // Requests have their passwords hashed already; what an extension left undone is made up for here.
        engine.hash_passwords(record).await?;
        record_checks::validate(tx, record, self.original, self.incoming).await?;
        match self.original {
            None => insert_row(tx, record).await?,
            Some(original) => {
                belongings::before_update(tx, self.request, record, original, engine.entropy()).await?;
                update_row(tx, record, original, "Failed to update record.").await?;
                belongings::after_update(tx, self.request, record, original).await?;
            }
        }
        for hooks in hooks {
            let mut event = self.event(&engine, tx, record);
            match self.original {
                None => hooks.after_create(&mut event).await?,
                Some(_) => hooks.after_update(&mut event).await?,
            }
        }
        Ok(())
    }

    fn event<'e>(&'e self, engine: &'e Engine, tx: &'e mut Tx, record: &'e mut Record) -> WriteEvent<'e> {
        WriteEvent {
            engine,
            request: self.request,
            record,
            original: self.original,
            uploads: self.stored,
            tx,
        }
    }
}

impl Engine {
    /// Hashes the passwords of a record that are still plain text. A write does it as well, but within its
    /// transaction, where everybody else waits for it.
    ///
    /// # Errors
    /// 429 when too many passwords are being hashed already.
    pub async fn hash_passwords(&self, record: &mut Record) -> Result<()> {
        let collection = record.collection().clone();
        for (field, value) in collection.fields.iter().zip(record.values().to_vec()) {
            let Value::Password { hash, plain: Some(plain) } = value else { continue };
            if !hash.is_empty() {
                continue;
            }
            let mut value = Value::Password { hash: NO_HASH.to_owned(), plain: Some(plain.clone()) };
            // What cannot be a password is not worth the work; it is refused when the record is validated.
            if validate(field, &value, &Context::NEW).is_none() {
                let hash = self.passwords().hash(plain.clone(), cost_of(field)).await?;
                value = Value::Password { hash, plain: Some(plain) };
            }
            record.put(&field.name, value);
        }
        Ok(())
    }
}

/// Stands for the hash of a password that is not worth one. No password belongs to it.
const NO_HASH: &str = "-";

async fn insert_row(tx: &mut Tx, record: &mut Record) -> Result<()> {
    let engine = tx.engine().clone();
    fill::guard_login(record, None, engine.entropy());
    fill::set_times(record, true, &engine.clock().now_text());
    forget_plain_passwords(record);
    let collection = record.collection().clone();
    let row = Insert {
        table: (&collection.name).into(),
        columns: collection.fields.iter().map(|field| Ident::from(&field.name)).collect(),
        rows: vec![record.values().iter().map(|value| Expr::Value(row::bound(value))).collect()],
        on_conflict: None,
    };
    write_row(tx, &collection, row.into(), "Failed to create record.").await?;
    tx.note(Action::Create, record);
    end_installation(tx, record).await
}

/// Writes the fields that changed; the time of the change is always one of them. `failed` is what the client is told
/// when the store refuses them.
pub(super) async fn update_row(
    tx: &mut Tx,
    record: &mut Record,
    original: &Record,
    failed: &'static str,
) -> Result<()> {
    let engine = tx.engine().clone();
    forget_plain_passwords(record);
    fill::guard_login(record, Some(original), engine.entropy());
    fill::set_times(record, false, &engine.clock().now_text());
    let collection = record.collection().clone();
    let changed = collection.fields.iter().zip(record.values()).zip(original.values());
    let set: Vec<(Ident, Expr)> = changed
        .filter(|((_, new), old)| new != old)
        .map(|((field, new), _)| (Ident::from(&field.name), Expr::Value(row::bound(new))))
        .collect();
    if set.is_empty() {
        tx.note(Action::Update, record);
        return Ok(());
    }
    let row =
        Update { table: (&collection.name).into(), set, filter: Some(Expr::name("id").eq(original.id())) };
    write_row(tx, &collection, row.into(), failed).await?;
    tx.discard_removed(record, original);
    tx.note(Action::Update, record);
    Ok(())
}

/// `failed` is what the client is told when the store refuses the row.
async fn write_row(
    tx: &mut Tx,
    collection: &Arc<Collection>,
    row: Statement,
    failed: &'static str,
) -> Result<()> {
    let refused = Arc::clone(collection);
    tx.write_row(collection, row, move |error| unique::refusal(error, &refused, failed)).await
}

fn forget_plain_passwords(record: &mut Record) {
    for (field, value) in record.collection().clone().fields.iter().zip(record.values().to_vec()) {
        if let Value::Password { hash, plain: Some(_) } = value {
            record.put(&field.name, Value::Password { hash, plain: None });
        }
    }
}
