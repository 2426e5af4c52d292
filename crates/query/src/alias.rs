//! The aliases of `@collection.<name>:<alias>`.

use std::sync::Arc;

use filter::sort::SortItem;
use filter::{Expr, Operand, OperandKind};
use schema::{Collection, Field};

use crate::error::ErrorKind;
use crate::path::{Path, split_modifier};
use crate::schema::Schema;

/// Which collection goes by which alias in texts that are compiled together. Of several with one alias it is the last
/// for all of them, as PocketBase has it.
#[derive(Debug, Default)]
pub(crate) struct Aliases(Vec<(String, Arc<Collection>)>);

impl Aliases {
    /// Takes in the aliases of a rule or a filter.
    pub(crate) fn expr(mut self, schema: &dyn Schema, expr: Option<&Expr>) -> Self {
        if let Some(expr) = expr {
            self.note_expr(schema, expr);
        }
        self
    }

    /// Takes in the aliases of a sort.
    pub(crate) fn sort(mut self, schema: &dyn Schema, items: &[SortItem]) -> Self {
        items.iter().for_each(|item| self.note(schema, &item.name));
        self
    }

    fn note_expr(&mut self, schema: &dyn Schema, expr: &Expr) {
        match expr {
            Expr::And(items) | Expr::Or(items) => {
                items.iter().for_each(|item| self.note_expr(schema, item));
            }
            Expr::Comparison(comparison) => {
                self.note_operand(schema, &comparison.left);
                self.note_operand(schema, &comparison.right);
            }
        }
    }

    fn note_operand(&mut self, schema: &dyn Schema, operand: &Operand) {
        match &operand.kind {
            OperandKind::Identifier(name) => self.note(schema, name),
            OperandKind::Function { arguments, .. } => {
                arguments.iter().for_each(|argument| self.note_operand(schema, argument));
            }
            OperandKind::Text(_) | OperandKind::Number(_) => {}
        }
    }

    fn note(&mut self, schema: &dyn Schema, name: &str) {
        if !name.starts_with("@collection.") {
            return;
        }
        let Some(Path::Collection { name, alias, .. }) = Path::parse(name) else { return };
        let Some(collection) = schema.collection(name).filter(|_| !alias.is_empty()) else { return };
        self.0.retain(|(known, _)| known != alias);
        self.0.push((alias.to_owned(), collection));
    }

    /// The collection whose records are read for a path to the fields `rest` of `named`.
    ///
    /// # Errors
    /// [`ErrorKind::SharedAlias`] when it is not `named` and its field is another one.
    pub(crate) fn collection(
        &self,
        alias: &str,
        named: &Arc<Collection>,
        rest: &[&str],
    ) -> Result<Arc<Collection>, ErrorKind> {
        let known = self.0.iter().find(|(known, _)| known == alias).map(|(_, collection)| collection);
        let Some(read) = known.filter(|known| known.id != named.id) else { return Ok(Arc::clone(named)) };
        let first = rest.first().copied().unwrap_or_default();
        let first = split_modifier(first).map_or(first, |(name, _)| name);
        match (named.field(first), read.field(first)) {
            (None, None) => Ok(Arc::clone(read)),
            (Some(a), Some(b)) if is_alike(a, b) => Ok(Arc::clone(read)),
            _ => Err(ErrorKind::SharedAlias {
                alias: alias.to_owned(),
                collection: named.name.clone(),
                other: read.name.clone(),
            }),
        }
    }
}

/// Whether the values of one field can be read as those of the other.
fn is_alike(a: &Field, b: &Field) -> bool {
    a.kind.name() == b.kind.name() && a.column() == b.column()
}
