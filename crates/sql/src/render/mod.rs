//! From trees to text.

mod authored;
mod call;
mod class;
mod compare;
mod ddl;
mod dml;
mod expr;
mod footprint;
mod form;
mod json;
mod select;
mod source;

use std::borrow::Cow;

pub use self::footprint::Footprint;
use self::footprint::Traces;

use crate::ident::{kept_by_postgres, push_quoted};
use crate::{Expr, Ident, Select, Statement, Value};

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.38 or newer, with JSON and mathematical functions.
    Sqlite,
    /// PostgreSQL 15 or newer, after [`POSTGRES_SETUP`](crate::POSTGRES_SETUP). A parameter has the type of its value.
    Postgres,
}

/// The text of a statement and the values bound to its parameters, in their order from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered<'a> {
    /// The text, without any value.
    pub text: String,
    /// The values.
    pub values: Vec<Cow<'a, Value>>,
    /// Why the text is of no use: what a superuser wrote cannot be said to this kind of database.
    pub refused: Option<String>,
    /// The names in it that PostgreSQL keeps under other ones: what they are kept as, and the names.
    pub renamed: Vec<(String, String)>,
}

impl Rendered<'_> {
    /// The text and the values, to be taken to another thread.
    pub fn into_owned(self) -> (String, Vec<Value>) {
        (self.text, self.values.into_iter().map(Cow::into_owned).collect())
    }
}

/// What can be rendered: [`Select`] and [`Statement`].
pub trait Render {
    #[doc(hidden)]
    fn render_to<'a>(&'a self, renderer: &mut Renderer<'a>);
}

/// Writes a tree as text for one kind of database.
pub fn render<T: Render>(tree: &T, dialect: Dialect) -> Rendered<'_> {
    let mut renderer = Renderer::new(dialect);
    tree.render_to(&mut renderer);
    let Renderer { text, values, refused, renamed, .. } = renderer;
    Rendered { text, values, refused, renamed }
}

impl Render for Select {
    fn render_to<'a>(&'a self, renderer: &mut Renderer<'a>) {
        renderer.select(self);
    }
}

impl Render for Statement {
    fn render_to<'a>(&'a self, renderer: &mut Renderer<'a>) {
        match self {
            Self::Insert(statement) => renderer.insert(statement),
            Self::Update(statement) => renderer.update(statement),
            Self::Delete(statement) => renderer.delete(statement),
            Self::CreateTable(statement) => renderer.create_table(statement),
            Self::AlterTable(statement) => renderer.alter_table(statement),
            Self::RenameTable(statement) => renderer.rename_table(statement),
            Self::DropTable(statement) => renderer.drop("TABLE", &statement.name, statement.if_exists),
            Self::CreateIndex(statement) => renderer.create_index(statement),
            Self::DropIndex(statement) => renderer.drop("INDEX", &statement.name, statement.if_exists),
            Self::CreateView(statement) => renderer.create_view(statement),
            Self::DropView(statement) => renderer.drop("VIEW", &statement.name, statement.if_exists),
            Self::Authored(text) => renderer.push(text),
        }
    }
}

/// Text without values, for use in many statements.
#[derive(Debug)]
pub(crate) struct Written {
    text: String,
    /// As in [`Rendered`].
    renamed: Vec<(String, String)>,
}

impl Written {
    /// Columns that leave a query.
    pub(crate) fn results(columns: &[Expr], dialect: Dialect) -> Self {
        let mut renderer = Renderer::new(dialect);
        renderer.list(columns, Renderer::result);
        let Renderer { text, renamed, .. } = renderer;
        Self { text, renamed }
    }
}

/// The text and values so far.
#[derive(Debug)]
pub struct Renderer<'a> {
    dialect: Dialect,
    text: String,
    values: Vec<Cow<'a, Value>>,
    refused: Option<String>,
    renamed: Vec<(String, String)>,
    /// `None` when nobody wants to know.
    traces: Option<Traces<'a>>,
}

impl<'a> Renderer<'a> {
    fn new(dialect: Dialect) -> Self {
        let text = String::with_capacity(256);
        Self { dialect, text, values: Vec::new(), refused: None, renamed: Vec::new(), traces: None }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes a number of the tree itself (never of a request).
    fn push_number(&mut self, number: impl itoa::Integer) {
        self.text.push_str(itoa::Buffer::new().format(number));
    }

    /// Writes `sqlite` or `postgres`, whichever it is.
    fn push_either(&mut self, sqlite: &str, postgres: &str) {
        let text = match self.dialect {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        };
        self.push(text);
    }

    /// Writes a name in quotes.
    fn ident(&mut self, ident: &Ident) {
        push_quoted(ident.as_str(), self.dialect, &mut self.text);
        self.note(ident.as_str());
    }

    /// Remembers a name that the database keeps under another one.
    fn note(&mut self, name: &str) {
        if self.dialect == Dialect::Postgres
            && let Cow::Owned(kept) = kept_by_postgres(name)
        {
            self.renamed.push((kept, name.to_owned()));
        }
    }

    /// Binds a value and writes its parameter.
    fn bind(&mut self, value: Cow<'a, Value>) {
        self.values.push(value);
        self.push_either("?", "$");
        self.push_number(self.values.len());
    }

    /// Writes what `write` makes of each item, with commas between.
    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            write(self, item);
        }
    }
}
