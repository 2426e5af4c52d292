//! Rows, a portion at a time: a table can be larger than the memory.

use sql::{Comparison, Expr, Ident, Select, Value};
use store::{Cost, Gather, Row, SinkError, Store, Transaction};

/// A portion ends when it has so many rows,
const MAX_ROWS: u64 = 4096;
/// or so many bytes: of the values, as far as they are long.
const MAX_BYTES: usize = 4 << 20;

/// Where rows are read.
pub(crate) enum Reader<'a> {
    Store(&'a dyn Store),
    Transaction(&'a mut dyn Transaction),
}

/// Reads a table in the order of its rows.
pub(crate) struct Portions {
    table: Ident,
    columns: Vec<Ident>,
    /// The number of the last row that was read.
    after: Option<i64>,
    is_done: bool,
}

/// Ends a query when a portion is full.
#[derive(Debug, thiserror::Error)]
#[error("the portion is full")]
struct Full;

#[derive(Default)]
struct Portion {
    rows: Vec<Vec<Value>>,
    bytes: usize,
    last: Option<i64>,
}

impl Portions {
    pub(crate) fn new(table: Ident, columns: Vec<Ident>) -> Self {
        Self { table, columns, after: None, is_done: false }
    }

    /// The next rows; none when there are no more.
    pub(crate) async fn next(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Vec<Value>>, store::Error> {
        if self.is_done {
            return Ok(Vec::new());
        }
        let (sink, portion) = Gather::new(Portion::take);
        let query = self.query();
        let read = match reader {
            Reader::Store(store) => store.read(&query, Cost::Scan, sink).await,
            Reader::Transaction(transaction) => transaction.read(&query, sink).await,
        };
        let is_full = match read {
            Ok(()) => false,
            Err(store::Error::Sink(reason)) if reason.is::<Full>() => true,
            Err(error) => return Err(error),
        };
        let portion = std::mem::take(&mut *portion.lock());
        self.is_done = !is_full && (portion.rows.len() as u64) < MAX_ROWS;
        self.after = portion.last.or(self.after);
        Ok(portion.rows)
    }

    fn query(&self) -> Select {
        let number = || Expr::RowId { table: None };
        let columns = self.columns.iter().map(|column| Expr::name(column.clone()));
        let query = columns.fold(Select::from_table(self.table.clone()).column(number()), Select::column);
        let query = match self.after {
            Some(after) => query.filter(number().compare(Comparison::Gt, Expr::value(after))),
            None => query,
        };
        query.order_by(number(), false).limit(MAX_ROWS)
    }
}

impl Portion {
    fn take(&mut self, row: &dyn Row) -> Result<(), SinkError> {
        if self.bytes > MAX_BYTES {
            return Err(Box::new(Full));
        }
        self.last = row.get(0).as_i64();
        let values: Vec<Value> = (1..row.len()).map(|column| row.get(column).to_value()).collect();
        self.bytes += values.iter().map(size).sum::<usize>();
        self.rows.push(values);
        Ok(())
    }
}

/// About how many bytes a value takes.
fn size(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Text(text) => text.len(),
            Value::Blob(bytes) => bytes.len(),
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Real(_) => 0,
        }
}
