//! What an instance consists of, table by table, for whoever moves one to another database.

use ambient::Entropy;
use files::S3Bucket;
use sql::{ColumnDef, CreateTable, DropTable, DropView, Statement};
use store::{Store, Transaction};

use crate::bootstrap::{self, StartError};
use crate::{Catalog, Result, Settings, collections, storage};

/// Everything that a store of collections and records holds.
#[derive(Debug)]
pub struct Contents {
    catalog: Catalog,
    /// `None` when they are encrypted: they go from place to place as they are.
    settings: Option<Settings>,
    tables: Vec<Table>,
}

/// A table as it is made in a fresh store.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    create: CreateTable,
    indexes: Vec<Statement>,
}

impl Contents {
    /// Looks into a store; `None` when it is fresh.
    ///
    /// # Errors
    /// [`StartError`] when an engine would not start on it.
    pub async fn read(store: &dyn Store) -> Result<Option<Self>, StartError> {
        if !bootstrap::is_current(store).await? {
            return Ok(None);
        }
        let catalog = bootstrap::load_catalog(store).await?;
        let settings = match bootstrap::load_settings(store, None).await {
            Err(StartError::Encrypted(_)) => None,
            settings => Some(settings?),
        };
        let mut tables = Table::from_statements(bootstrap::data_tables());
        for entry in catalog.entries().iter().filter(|entry| !entry.collection.is_view()) {
            let statements = collections::new_table(&entry.collection);
            tables.extend(Table::from_statements(
                statements.map_err(|error| StartError::Engine(Box::new(error)))?,
            ));
        }
        Ok(Some(Self { catalog, settings, tables }))
    }

    /// The tables, those of the system first.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The collections.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The bucket that the settings keep the files of records in, if they do and are not encrypted.
    pub fn files_bucket(&self) -> Option<S3Bucket> {
        let s3 = &self.settings.as_ref()?.s3;
        s3.enabled.then(|| storage::bucket(s3))
    }

    /// Removes all of it, and the logs as far as they are in the same store.
    ///
    /// # Errors
    /// The store's failure, and when something else depends on it.
    pub async fn remove(&self, transaction: &mut dyn Transaction) -> Result<(), store::Error> {
        let entries = self.catalog.entries().iter();
        let mut views: Vec<&str> =
            entries.filter(|entry| entry.collection.is_view()).map(|entry| &*entry.collection.name).collect();
        // A view that another one reads goes after it.
        while !views.is_empty() {
            let mut left = Vec::new();
            let mut failure = None;
            for &name in &views {
                let drop = DropView { name: name.to_owned().into(), if_exists: true };
                if let Err(error) = transaction.execute(&drop.into()).await {
                    left.push(name);
                    failure = Some(error);
                }
            }
            match failure {
                Some(error) if left.len() == views.len() => return Err(error),
                _ => views = left,
            }
        }
        for table in self.tables.iter().chain(&Table::of_logs()) {
            let drop = DropTable { name: table.name().to_owned().into(), if_exists: true };
            transaction.execute(&drop.into()).await?;
        }
        Ok(())
    }

    /// Makes the views of the collections, when the tables are there. Returns the names of those that cannot be made,
    /// with the reasons: their queries are broken.
    ///
    /// # Errors
    /// The store's failure.
    pub async fn create_views(
        &self,
        transaction: &mut dyn Transaction,
        entropy: &dyn Entropy,
    ) -> Result<Vec<(String, String)>> {
        collections::create_views(transaction, &self.catalog, entropy).await
    }
}

impl Table {
    /// The tables of the logs.
    pub fn of_logs() -> Vec<Self> {
        Self::from_statements(bootstrap::auxiliary_tables())
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.create.name.as_str()
    }

    /// The columns.
    pub fn columns(&self) -> &[ColumnDef] {
        &self.create.columns
    }

    /// What makes the table.
    pub fn create(&self) -> Statement {
        self.create.clone().into()
    }

    /// What makes its indexes.
    pub fn indexes(&self) -> &[Statement] {
        &self.indexes
    }

    fn from_statements(statements: Vec<Statement>) -> Vec<Self> {
        let mut tables: Vec<Self> = Vec::new();
        for statement in statements {
            match (statement, tables.last_mut()) {
                (Statement::CreateTable(create), _) => tables.push(Self { create, indexes: Vec::new() }),
                (index, Some(table)) => table.indexes.push(index),
                (_, None) => {}
            }
        }
        tables
    }
}
