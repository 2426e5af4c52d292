//! From sort items to orders.

use filter::sort::SortItem;
use sql::{Expr, Function, Order};

use crate::condition::Names;
use crate::error::{Error, ErrorKind};
use crate::operand::Shape;

/// A key of an order.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    by: Expr,
    descending: bool,
    pub(crate) place: Place,
}

/// Where the value of a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is a column of the records.
    Column,
    /// It is made of the record alone.
    Record,
    /// It is a value of what is joined, of which there can be several for one record.
    Joined,
}

impl Key {
    /// The key that an item stands for. `row_id` is the number of the row, where rows have one.
    pub(crate) fn new(names: &mut dyn Names, item: &SortItem, row_id: Option<Expr>) -> Result<Self, Error> {
        let not_sortable = || ErrorKind::NotSortable { name: item.name.clone() }.at(item.span);
        let (by, place) = match item.name.as_str() {
            "@random" => (Expr::Call(Function::Random, Vec::new()), Place::Record),
            "@rowid" => (row_id.ok_or_else(not_sortable)?, Place::Record),
            name => {
                let operand = names.path(name, item.span).map_err(|error| match error.kind {
                    ErrorKind::UnknownName { .. } if name.starts_with('@') => not_sortable(),
                    _ => error,
                })?;
                let Shape::Column(by) = operand.side.shape else { return Err(not_sortable()) };
                let place = match by {
                    _ if !operand.own => Place::Joined,
                    Expr::Column { .. } => Place::Column,
                    _ => Place::Record,
                };
                (by, place)
            }
        };
        Ok(Self { by, descending: item.descending, place })
    }

    /// The order of single rows.
    pub(crate) fn into_order(self) -> Order {
        Order { by: self.by, descending: self.descending }
    }

    /// The order of groups of rows that belong to one record: by the value that would come first.
    pub(crate) fn into_group_order(self) -> Order {
        if self.place != Place::Joined {
            return self.into_order();
        }
        let first = if self.descending { Function::Max } else { Function::Min };
        Order { by: Expr::Call(first, vec![self.by]), descending: self.descending }
    }
}
