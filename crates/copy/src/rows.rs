//! The rows of one table, copied and read again.

use engine::transfer::Table;
use sql::{ColumnKind, Expr, Ident, Insert, Value};
use store::{Store, Transaction};

use crate::canonical::{Checksum, Summary};
use crate::fit::{Kind, fit};
use crate::portion::{Portions, Reader};
use crate::{Error, Misfit, Progress, Result};

/// The most values of one statement; databases have limits from 32,766 on.
const MAX_VALUES: usize = 8_000;

/// How many values that do not fit are told.
const MAX_MISFITS: usize = 20;

/// Values that the target cannot hold.
#[derive(Debug, Default)]
pub(crate) struct Misfits {
    count: u64,
    first: Vec<Misfit>,
}

impl Misfits {
    pub(crate) fn into_result(self) -> Result<()> {
        match self.count {
            0 => Ok(()),
            count => Err(Error::Misfits { count, first: self.first }),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, misfit: Misfit) {
        self.count += 1;
        if self.first.len() < MAX_MISFITS {
            self.first.push(misfit);
        }
    }
}

/// Copies the rows of a table. Once a value does not fit, the others are only looked at: all that do not are told.
pub(crate) async fn copy_rows(
    source: &dyn Store,
    target: &mut dyn Transaction,
    table: &Table,
    typed: bool,
    misfits: &mut Misfits,
    progress: &dyn Progress,
) -> Result<Summary> {
    let columns = Columns::of(table);
    let mut portions = columns.portions(table);
    let mut checksum = Checksum::default();
    loop {
        let rows = portions.next(&mut Reader::Store(source)).await;
        let rows = rows.map_err(|cause| Error::Read { table: table.name().to_owned(), cause })?;
        if rows.is_empty() {
            return Ok(checksum.summary());
        }
        let count = rows.len() as u64;
        let rows: Vec<_> = rows.into_iter().map(|row| columns.fit(table, row, typed, misfits)).collect();
        rows.iter().for_each(|row| columns.add(&mut checksum, row));
        if misfits.is_empty() {
            insert(target, &columns, table, rows).await?;
        }
        progress.advance(count);
    }
}

/// Reads a table that was copied.
pub(crate) async fn read_again(
    target: &mut dyn Transaction,
    table: &Table,
    progress: &dyn Progress,
) -> Result<Summary> {
    let columns = Columns::of(table);
    let mut portions = columns.portions(table);
    let mut checksum = Checksum::default();
    loop {
        let rows = portions.next(&mut Reader::Transaction(&mut *target)).await;
        let rows = rows.map_err(|cause| Error::Write { table: table.name().to_owned(), cause })?;
        if rows.is_empty() {
            return Ok(checksum.summary());
        }
        rows.iter().for_each(|row| columns.add(&mut checksum, row));
        progress.advance(rows.len() as u64);
    }
}

async fn insert(
    target: &mut dyn Transaction,
    columns: &Columns,
    table: &Table,
    rows: Vec<Vec<Value>>,
) -> Result<()> {
    let at_once = (MAX_VALUES / columns.names.len().max(1)).max(1);
    let mut rows = rows.into_iter().map(|row| row.into_iter().map(Expr::Value).collect());
    loop {
        let rows: Vec<Vec<Expr>> = rows.by_ref().take(at_once).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let insert = Insert {
            table: table.name().to_owned().into(),
            columns: columns.names.clone(),
            rows,
            on_conflict: None,
        };
        let inserted = target.execute(&insert.into()).await;
        inserted.map_err(|cause| Error::Write { table: table.name().to_owned(), cause })?;
    }
}

/// The columns of a table.
struct Columns {
    names: Vec<Ident>,
    kinds: Vec<ColumnKind>,
    /// Where the one is that identifies a row.
    key: usize,
}

impl Columns {
    fn of(table: &Table) -> Self {
        let is_key = |kind| matches!(kind, ColumnKind::RandomId | ColumnKind::TextKey);
        let columns = table.columns();
        Self {
            names: columns.iter().map(|column| column.name.clone()).collect(),
            kinds: columns.iter().map(|column| column.kind).collect(),
            key: columns.iter().position(|column| is_key(column.kind)).unwrap_or_default(),
        }
    }

    fn portions(&self, table: &Table) -> Portions {
        Portions::new(table.name().to_owned().into(), self.names.clone())
    }

    fn add(&self, checksum: &mut Checksum, row: &[Value]) {
        checksum.row(row.iter().zip(self.kinds.iter().map(|&kind| Kind::of(kind))));
    }

    fn fit(&self, table: &Table, row: Vec<Value>, typed: bool, misfits: &mut Misfits) -> Vec<Value> {
        let key = row.get(self.key).and_then(|key| key.as_ref().to_text()).unwrap_or_default().into_owned();
        let columns = self.kinds.iter().zip(&self.names);
        let fitted = row.into_iter().zip(columns).map(|(value, (&kind, name))| {
            fit(value, kind, typed).unwrap_or_else(|reason| {
                misfits.add(Misfit {
                    table: table.name().to_owned(),
                    row: key.clone(),
                    column: name.as_str().to_owned(),
                    reason,
                });
                Value::Null
            })
        });
        fitted.collect()
    }
}
