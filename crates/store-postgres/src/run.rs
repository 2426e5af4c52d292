use std::borrow::Cow;
use std::pin::pin;

use futures_util::TryStreamExt;
use sql::{Rendered, Statement, Value};
use store::{Error, Sink};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::bind::{Bind, has_nul};
use crate::error::Failure;
use crate::prepared::{Prepared, PreparedStatements};
use crate::row::PostgresRow;

/// While a change of tables waits for those who read a table, nobody else can begin to read it. So it does not wait
/// for long, and is tried again.
const GIVE_WAY: &str = "SET LOCAL lock_timeout = '2s'";

/// Notes names and what they are kept as.
const KEEP: &str =
    "INSERT INTO baibase_names (kept, name) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING";

/// A statement to run, and what becomes of its rows.
pub(crate) struct Job<'a> {
    pub(crate) text: &'a str,
    pub(crate) values: &'a [Cow<'a, Value>],
    renamed: &'a [(String, String)],
    kind: JobKind<'a>,
    /// Whether a row was given to the sink.
    pub(crate) delivered: bool,
}

enum JobKind<'a> {
    Query {
        sink: &'a mut dyn Sink,
        /// Whether the rows that the sink does not want are waited for.
        drain: bool,
    },
    /// Rows are changed.
    Change,
    /// Tables are changed. Such a statement is not worth being prepared: it comes once.
    Definition,
}

impl<'a> Job<'a> {
    /// A query whose rows go to `sink`. `drain` keeps the connection usable when the sink refuses one.
    pub(crate) fn query(
        rendered: &'a Rendered<'_>,
        sink: &'a mut dyn Sink,
        drain: bool,
    ) -> Result<Self, Error> {
        Self::new(rendered, JobKind::Query { sink, drain })
    }

    /// A statement that changes something.
    pub(crate) fn statement(rendered: &'a Rendered<'_>, statement: &Statement) -> Result<Self, Error> {
        if rendered.values.iter().any(|value| has_nul(value)) {
            return Err(Error::Constraint("PostgreSQL has no text with the character NUL".into()));
        }
        let kind = match statement {
            Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) => JobKind::Change,
            _ => JobKind::Definition,
        };
        Self::new(rendered, kind)
    }

    fn new(rendered: &'a Rendered<'_>, kind: JobKind<'a>) -> Result<Self, Error> {
        match &rendered.refused {
            Some(reason) => Err(Error::Statement(reason.clone())),
            None => Ok(Self {
                text: &rendered.text,
                values: &rendered.values,
                renamed: &rendered.renamed,
                kind,
                delivered: false,
            }),
        }
    }

    /// Whether nothing is changed.
    pub(crate) fn is_query(&self) -> bool {
        matches!(self.kind, JobKind::Query { .. })
    }

    /// Runs it and returns the number of rows that it changed.
    pub(crate) async fn run(
        &mut self,
        client: &Client,
        prepared: &mut PreparedStatements,
    ) -> Result<u64, Failure> {
        // The text holds no values: they are bound.
        tracing::debug!(text = self.text, "statement");
        if matches!(self.kind, JobKind::Definition) {
            client.batch_execute(GIVE_WAY).await?;
            keep_names(client, self.renamed).await?;
            return Ok(client.execute_typed(self.text, &[]).await?);
        }
        let prepared = prepared.prepare(client, self.text, self.values).await?;
        let values = self.values.iter().map(|value| Bind(value));
        match &mut self.kind {
            JobKind::Query { sink, drain } => {
                stream(client, &prepared, values, *sink, *drain, &mut self.delivered).await?;
                Ok(0)
            }
            JobKind::Change | JobKind::Definition => {
                Ok(client.execute_raw(&prepared.statement, values).await?)
            }
        }
    }
}

/// Notes what the names stand for that the server keeps under others.
async fn keep_names(client: &Client, renamed: &[(String, String)]) -> Result<(), Failure> {
    if renamed.is_empty() {
        return Ok(());
    }
    let (kept, names): (Vec<&str>, Vec<&str>) =
        renamed.iter().map(|(kept, name)| (kept.as_str(), name.as_str())).unzip();
    client.execute_typed(KEEP, &[(&kept, Type::TEXT_ARRAY), (&names, Type::TEXT_ARRAY)]).await?;
    Ok(())
}

/// Gives the rows to the sink as they come.
async fn stream<'a>(
    client: &Client,
    prepared: &Prepared,
    values: impl ExactSizeIterator<Item = Bind<'a>>,
    sink: &mut dyn Sink,
    drain: bool,
    delivered: &mut bool,
) -> Result<(), Failure> {
    let mut rows = pin!(client.query_raw(&prepared.statement, values).await?);
    while let Some(row) = rows.try_next().await? {
        *delivered = true;
        if let Err(refusal) = sink.row(&PostgresRow { row: &row, kinds: &prepared.kinds }) {
            while drain && rows.try_next().await?.is_some() {}
            return Err(Failure::Sink(refusal));
        }
    }
    Ok(())
}
