use super::Renderer;
use crate::Authored;

impl Renderer<'_> {
    /// Writes a query.
    pub(super) fn authored_query(&mut self, query: &Authored) {
        self.push(&query.text);
    }

    /// Writes an expression or a condition.
    pub(super) fn authored_expression(&mut self, expression: &Authored) {
        self.push(&expression.text);
    }
}
