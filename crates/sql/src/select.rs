use std::sync::Arc;

use crate::{Authored, Catalog, Expr, Ident, Projection};

/// A query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Select {
    /// Queries that can be used as tables, by name.
    pub with: Vec<(Ident, Select)>,
    /// Whether equal rows come once. If they are in an order, they are those of the one table or view `from`, whose
    /// columns alone make the order.
    pub distinct: bool,
    /// What a row consists of.
    pub columns: Vec<Output>,
    /// Where the rows come from; `None` for exactly one row.
    pub from: Option<Source>,
    /// What is joined to them.
    pub joins: Vec<Join>,
    /// Which rows; `None` for all.
    pub filter: Option<Expr>,
    /// What makes a group.
    pub group_by: Vec<Expr>,
    /// In which order; empty for any.
    pub order_by: Vec<Order>,
    /// The table by whose row numbers those rows are ordered that are equal in `order_by`. SQLite is not told: where
    /// it does not sort it reads rows in this order anyway.
    pub row_order: Option<Ident>,
    /// What puts rows without a number in order that are equal in `order_by`, in a database that does not keep the
    /// order in which it finds them. SQLite, which does, is not told.
    pub key_order: Option<Expr>,
    /// At most how many rows.
    pub limit: Option<u64>,
    /// How many rows are left out at the start.
    pub offset: Option<u64>,
}

/// One or all columns of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// An expression.
    Expr {
        /// What it is.
        expr: Expr,
        /// Its name in the result.
        alias: Option<Ident>,
    },
    /// Columns of a table that other queries select as well.
    Shared(Arc<Projection>),
    /// All columns of a source, or of all sources.
    All(Option<Ident>),
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A table, a view, or a query of [`Select::with`].
    Table {
        /// Its name.
        name: Ident,
        /// The name it goes by in this query.
        alias: Option<Ident>,
    },
    /// A query.
    Select {
        /// The query.
        select: Box<Select>,
        /// The name it goes by.
        alias: Ident,
    },
    /// One row for each item of a JSON array ([`Expr::item`]): strings unquoted, null as null. A value that is no
    /// array counts as an array of itself; a bound value ([`Expr::Value`]) must be a JSON array.
    JsonEach {
        /// The array.
        array: Box<Expr>,
        /// The name it goes by.
        alias: Ident,
    },
    /// What the database knows about its own tables.
    Catalog(Catalog),
    /// A query written by a superuser (of a view).
    Authored {
        /// Its text.
        query: Authored,
        /// The name it goes by.
        alias: Ident,
    },
}

/// A source that is joined to those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// What happens to rows without a partner.
    pub kind: JoinKind,
    /// What is joined.
    pub source: Source,
    /// Which rows belong together; `None` for all.
    pub on: Option<Expr>,
}

/// What happens to rows without a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// They are left out.
    Inner,
    /// Those of the left side stay, with nulls on the right.
    Left,
    /// Every row is the partner of every row.
    Cross,
}

/// A part of an order. Null comes before everything else, or after it when the order is turned round.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is compared.
    pub by: Expr,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl Source {
    /// The name it goes by.
    pub fn name(&self) -> Option<&Ident> {
        match self {
            Self::Table { name, alias } => Some(alias.as_ref().unwrap_or(name)),
            Self::Select { alias, .. } | Self::JsonEach { alias, .. } | Self::Authored { alias, .. } => {
                Some(alias)
            }
            Self::Catalog(_) => None,
        }
    }

    /// A table under its own name.
    pub fn table(name: impl Into<Ident>) -> Self {
        Self::Table { name: name.into(), alias: None }
    }

    /// A table under another name.
    pub fn table_as(name: impl Into<Ident>, alias: impl Into<Ident>) -> Self {
        Self::Table { name: name.into(), alias: Some(alias.into()) }
    }

    /// A query under a name.
    pub fn select(select: Select, alias: impl Into<Ident>) -> Self {
        Self::Select { select: Box::new(select), alias: alias.into() }
    }

    /// The items of a JSON array under a name.
    pub fn json_each(array: Expr, alias: impl Into<Ident>) -> Self {
        Self::JsonEach { array: Box::new(array), alias: alias.into() }
    }
}

impl Select {
    /// A query of one row, without a source.
    pub fn new() -> Self {
        Self::default()
    }

    /// A query of this source.
    pub fn from(source: Source) -> Self {
        Self { from: Some(source), ..Self::default() }
    }

    /// A query of this table.
    pub fn from_table(name: impl Into<Ident>) -> Self {
        Self::from(Source::table(name))
    }

    /// Adds a column to the result.
    #[must_use]
    pub fn column(mut self, expr: Expr) -> Self {
        self.columns.push(Output::Expr { expr, alias: None });
        self
    }

    /// Adds a column with a name to the result.
    #[must_use]
    pub fn column_as(mut self, expr: Expr, alias: impl Into<Ident>) -> Self {
        self.columns.push(Output::Expr { expr, alias: Some(alias.into()) });
        self
    }

    /// Adds columns that other queries select as well to the result.
    #[must_use]
    pub fn shared(mut self, columns: &Arc<Projection>) -> Self {
        self.columns.push(Output::Shared(Arc::clone(columns)));
        self
    }

    /// Adds all columns of all sources to the result.
    #[must_use]
    pub fn all_columns(mut self) -> Self {
        self.columns.push(Output::All(None));
        self
    }

    /// Joins a source.
    #[must_use]
    pub fn join(mut self, kind: JoinKind, source: Source, on: Option<Expr>) -> Self {
        self.joins.push(Join { kind, source, on });
        self
    }

    /// Keeps only the rows for which this holds as well.
    #[must_use]
    pub fn filter(mut self, condition: Expr) -> Self {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
        self
    }

    /// Adds to the order.
    #[must_use]
    pub fn order_by(mut self, by: Expr, descending: bool) -> Self {
        self.order_by.push(Order { by, descending });
        self
    }

    /// Takes at most so many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }
}
