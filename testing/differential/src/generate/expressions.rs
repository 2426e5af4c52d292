use crate::model::{Comparison, Expression, Join};

use super::Generator;
use super::operands::Scope;
use super::paths::Shape;

const OPERATORS: [(&str, usize); 16] = [
    ("=", 20),
    ("!=", 13),
    ("~", 11),
    ("!~", 7),
    (">", 5),
    (">=", 5),
    ("<", 5),
    ("<=", 5),
    ("?=", 9),
    ("?!=", 5),
    ("?~", 5),
    ("?!~", 3),
    ("?>", 3),
    ("?>=", 2),
    ("?<", 2),
    ("?<=", 2),
];

const GAPS: [&str; 5] = [" ", "", "  ", "\n\t", " // why\n"];

const NOISE: [&str; 12] = ["(", ")", "&&", "||", "'", "=", "@", ":", ".", "\r", "x y", "//"];

impl Generator {
    /// A filter or a rule, mostly a valid one.
    pub(super) fn expression(&mut self, scope: &Scope) -> Expression {
        let expression = self.sequence(scope, 2);
        if self.chance.percent(5) { self.broken(&expression) } else { expression }
    }

    fn sequence(&mut self, scope: &Scope, depth: usize) -> Expression {
        let parts = self.chance.weighted(&[0, 50, 30, 14, 6]);
        let mut sequence = Vec::new();
        for _ in 0..parts {
            let join = if self.chance.percent(55) { Join::And } else { Join::Or };
            let part = match depth > 0 && self.chance.percent(18) {
                true => self.sequence(scope, depth - 1),
                false => Expression::Comparison(self.comparison(scope)),
            };
            sequence.push((join, part));
        }
        Expression::Sequence(sequence)
    }

    fn comparison(&mut self, scope: &Scope) -> Comparison {
        let left = self.operand(scope);
        let right = self.counterpart(scope, &left.shape);
        let operator = match left.shape {
            Shape::Secret => self.chance.word(&["=", "!=", "?="]),
            _ => OPERATORS[self.chance.weighted(&OPERATORS.map(|(_, weight)| weight))].0,
        };
        let gap = GAPS[self.chance.weighted(&[80, 10, 4, 3, 3])];
        let (left, right) = if self.chance.percent(7) { (right, left.text) } else { (left.text, right) };
        // Without white space a comment would begin, or a number go on.
        Comparison { left, operator, right, gap }
    }

    /// The text of an expression with a fault in it.
    fn broken(&mut self, expression: &Expression) -> Expression {
        let mut text: Vec<char> = expression.to_string().chars().collect();
        let at = self.chance.below(text.len() + 1);
        if self.chance.percent(40) && at < text.len() {
            text.remove(at);
        } else {
            let noise = self.chance.word(&NOISE);
            text.splice(at..at, noise.chars());
        }
        Expression::Verbatim(text.into_iter().collect())
    }
}
