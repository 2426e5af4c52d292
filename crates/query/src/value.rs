//! The value at the end of a path.

use std::sync::Arc;

use schema::{Field, FieldKind};
use sql::{ColumnType, Expr, Ident, PathSegment, Values};

use crate::error::ErrorKind;
use crate::operand::{Many, Nulls, Operand, Shape, Side};
use crate::path::split_modifier;
use crate::walk::Walk;

impl Walk<'_, '_> {
    /// The value of a field of the rows reached, with its modifier.
    ///
    /// A modifier that does not apply to the field's type is ignored.
    pub(crate) fn value(self, prop: &str) -> Result<Operand, ErrorKind> {
        let (name, modifier) = match split_modifier(prop) {
            Some((name, modifier @ ("isset" | "each" | "length" | "lower" | "changed"))) => (name, modifier),
            Some((name, modifier)) => {
                let (name, modifier) = (name.to_owned(), modifier.to_owned());
                let expected = ":isset, :each, :length, :lower or :changed";
                return Err(ErrorKind::Modifier { name, expected, modifier });
            }
            None => (prop, ""),
        };
        let collection = Arc::clone(&self.collection);
        let Some(field) = collection.field(name) else {
            if self.missing_is_null {
                return Ok(Operand::null());
            }
            return Err(ErrorKind::UnknownField {
                collection: collection.name.clone(),
                name: name.to_owned(),
            });
        };
        self.check_visible(&collection, field)?;
        let values = self.values(field);
        if takes_several(field) {
            match modifier {
                "length" => {
                    let length = |column| Expr::JsonArrayLength(Box::new(column));
                    return Ok(
                        self.finish(Nulls::Auto, |at| length(Expr::column_of(at, &field.name, values)))
                    );
                }
                "each" => return self.each(field),
                _ => {}
            }
        }
        let is_json = matches!(field.kind, FieldKind::Json(_));
        let nulls = if is_json { Nulls::Distinct } else { Nulls::Auto };
        let is_guarded = name == "email" && collection.is_auth() && !self.scope.trusted;
        let guard = is_guarded.then(|| {
            Expr::column_of(&self.at, "emailVisibility", Values::Stored(ColumnType::Bool)).eq(Expr::TRUE)
        });
        let mut operand = self.finish(nulls, |at| {
            let column = Expr::column_of(at, &field.name, values);
            // Numbers and texts are the whole document at times, and are compared as such.
            let value = if is_json { extract(column, Vec::new()) } else { column };
            if modifier == "lower" { value.lower() } else { value }
        });
        operand.guard = guard;
        Ok(operand)
    }

    /// The value of a part of a JSON field.
    pub(crate) fn json_value(self, field: &Field, path: &[&str]) -> Result<Operand, ErrorKind> {
        let path: Vec<_> = path.iter().map(|part| json_segment(part)).collect();
        let values = self.values(field);
        let document = |at: &Ident| Expr::column_of(at, &field.name, values);
        Ok(self.finish(Nulls::Distinct, |at| extract(document(at), path.clone())))
    }

    /// The items of a list, one row each.
    fn each(mut self, field: &Field) -> Result<Operand, ErrorKind> {
        self.is_many |= field.kind.is_multiple();
        let items = self.items(field)?;
        (self.at, self.many_at) = (items.one, items.many);
        Ok(self.finish(Nulls::Auto, |at| Expr::item(at)))
    }

    /// The operand that `value` makes of the rows reached.
    fn finish(self, nulls: Nulls, value: impl Fn(&Ident) -> Expr) -> Operand {
        Operand {
            side: Side { shape: Shape::Column(value(&self.at)), nulls },
            own: self.at == self.scope.table,
            many: self.is_many.then(|| Many { value: value(&self.many_at), joins: self.many_joins }),
            guard: None,
        }
    }
}

/// Whether a field can be of the kind that holds several values, also when it holds only one.
pub(crate) fn takes_several(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Select(_) | FieldKind::File(_) | FieldKind::Relation(_))
}

/// The step into a JSON document that a part of a path stands for.
pub(crate) fn json_segment(part: &str) -> PathSegment {
    match part.parse() {
        Ok(index) => PathSegment::Index(index),
        // A colon is no part of a key that could be addressed, and there are no modifiers here.
        Err(_) => PathSegment::Key(part.replace(':', "")),
    }
}

fn extract(document: Expr, path: Vec<PathSegment>) -> Expr {
    Expr::JsonExtract { document: Box::new(document), path }
}
