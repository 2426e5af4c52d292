use std::borrow::Cow;
use std::sync::Arc;

use hashlink::LruCache;
use sql::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Statement};

use crate::bind::type_of;
use crate::columns::{Kind, Readable, readable};

/// A statement that the server has prepared.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) statement: Statement,
    /// How each column of the result is read.
    pub(crate) kinds: Arc<[Kind]>,
}

/// The statements that were prepared on a connection, those that were used last.
pub(crate) struct PreparedStatements(LruCache<String, Prepared>);

impl PreparedStatements {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(LruCache::new(capacity))
    }

    /// The prepared statement for a text and values of these types.
    pub(crate) async fn prepare(
        &mut self,
        client: &Client,
        text: &str,
        values: &[Cow<'_, Value>],
    ) -> Result<Prepared, Error> {
        let key = key(text, values);
        if let Some(prepared) = self.0.get(&key) {
            return Ok(prepared.clone());
        }
        let types: Vec<Type> = values.iter().map(|value| type_of(value)).collect();
        let mut statement = client.prepare_typed(text, &types).await?;
        let kinds = match readable(text, statement.columns()) {
            Readable::Directly(kinds) => kinds,
            Readable::Through(text, kinds) => {
                statement = client.prepare_typed(&text, &types).await?;
                kinds
            }
        };
        let prepared = Prepared { statement, kinds: kinds.into() };
        self.0.insert(key, prepared.clone());
        Ok(prepared)
    }

    /// Whether [`Self::prepare`] need not ask the server.
    pub(crate) fn has(&self, text: &str, values: &[Cow<'_, Value>]) -> bool {
        self.0.contains_key(&key(text, values))
    }

    /// Forgets a statement that is of no use any more.
    pub(crate) fn forget(&mut self, text: &str, values: &[Cow<'_, Value>]) {
        self.0.remove(&key(text, values));
    }
}

/// The types of the values, one letter for each, and the text.
fn key(text: &str, values: &[Cow<'_, Value>]) -> String {
    let letters = values.iter().map(|value| match **value {
        Value::Null => 'n',
        Value::Bool(_) => 'b',
        Value::Integer(_) => 'i',
        Value::Real(_) => 'r',
        Value::Text(_) => 't',
        Value::Blob(_) => 'x',
    });
    let mut key = String::with_capacity(values.len() + 1 + text.len());
    key.extend(letters);
    key.push(':');
    key.push_str(text);
    key
}
