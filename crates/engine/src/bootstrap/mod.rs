//! The start: a fresh store is set up, an existing one is checked and loaded.

mod declare;
mod error;
mod load;
mod migrations;
mod tables;
mod upgrade;

pub(crate) use declare::start_extension;
pub use error::StartError;
pub(crate) use load::{COLLECTION_COLUMNS, collection_row, load_catalog, load_settings};
pub use migrations::LATEST_MIGRATION;
pub(crate) use migrations::is_own;
pub(crate) use tables::{
    COLLECTIONS, MIGRATIONS, PARAMS, applied, auxiliary as auxiliary_tables, new_settings,
};
pub(crate) use upgrade::upgrade;
pub use upgrade::{Upgraded, pending_upgrades};

use schema::collection::system;
use sql::Statement;
use store::{Cost, Store, Transaction};

use crate::collections::write_collection;
use crate::{Catalog, Parts, Settings};

/// Sets the stores up when they are fresh, and refuses them when they are not usable.
pub(crate) async fn prepare(parts: &Parts) -> Result<(), StartError> {
    if !is_set_up(&*parts.store).await?
        && let Err(error) = create(parts).await
        // Another process may have set the store up in the meantime.
        && !is_set_up(&*parts.store).await?
    {
        return Err(error);
    }
    // The logs are of no use to anybody else and can be lost: what is missing is made again. Another process may make
    // it, too: the second time it is there.
    match create_auxiliary(parts).await {
        Ok(()) => Ok(()),
        Err(_) => Ok(create_auxiliary(parts).await?),
    }
}

async fn create_auxiliary(parts: &Parts) -> Result<(), store::Error> {
    let mut transaction = parts.auxiliary.begin().await?;
    for statement in auxiliary_tables() {
        transaction.execute(&statement).await?;
    }
    transaction.commit().await
}

async fn create(parts: &Parts) -> Result<(), StartError> {
    let mut transaction = parts.store.begin().await?;
    create_in(parts, &mut *transaction).await?;
    transaction.commit().await?;
    tracing::info!("a fresh database was set up");
    Ok(())
}

async fn create_in(parts: &Parts, transaction: &mut dyn Transaction) -> Result<(), StartError> {
    let now = parts.clock.now_text();
    for statement in data_tables() {
        transaction.execute(&statement).await?;
    }
    for collection in system::all(&*parts.entropy, &now) {
        write_collection(transaction, &Catalog::default(), &*parts.entropy, None, &collection)
            .await
            .map_err(|error| StartError::Engine(Box::new(error)))?;
    }
    let settings = Settings::default().to_stored(parts.encryption.as_ref(), &*parts.entropy);
    let settings = settings.map_err(|error| StartError::Engine(Box::new(error)))?;
    transaction.execute(&tables::new_settings(settings, &now)).await?;
    let at = parts.clock.now().as_microsecond();
    for migration in migrations::KNOWN {
        transaction.execute(&tables::applied(migration.file, at)).await?;
    }
    Ok(())
}

/// Whether a store holds an instance; not when it is fresh.
async fn is_set_up(store: &dyn Store) -> Result<bool, StartError> {
    Ok(table_exists(store, tables::MIGRATIONS).await?)
}

/// Whether a store holds an instance of the present format; not when it is fresh.
///
/// # Errors
/// [`StartError`] when the instance is of an older or a newer format.
pub(crate) async fn is_current(store: &dyn Store) -> Result<bool, StartError> {
    match load::applied_migrations(store).await? {
        None => Ok(false),
        Some(files) => match migrations::pending(&files)?.first() {
            Some(missing) => Err(StartError::OlderFormat { missing: missing.file.to_owned() }),
            None => Ok(true),
        },
    }
}

/// What makes the tables of the system in a fresh store of data.
pub(crate) fn data_tables() -> Vec<Statement> {
    std::iter::once(tables::migrations()).chain(tables::data()).collect()
}

/// Whether a table of this name exists.
async fn table_exists(store: &dyn Store, name: &str) -> Result<bool, store::Error> {
    let found = store::fetch_optional(store, &sql::Catalog::exists(name), Cost::Point, |_| Ok(())).await?;
    Ok(found.is_some())
}
