use crate::model::Expression;

use super::Generator;
use super::operands::Scope;

const RULES: [&str; 5] = ["listRule", "viewRule", "createRule", "updateRule", "deleteRule"];

impl Generator {
    /// Gives the collections rules, and views what they can have of them.
    pub(super) fn rules(&mut self) {
        for at in 0..self.scenario.collections.len() {
            let collection = self.scenario.collections[at].clone();
            let mut rules: Vec<&'static str> = RULES.to_vec();
            if collection.is_view() {
                rules.truncate(2);
            }
            if collection.is_auth() {
                rules.push("manageRule");
            }
            let scope = Scope { collection: collection.name, privileged: true };
            let rules = rules.into_iter().map(|name| (name, self.rule(&scope))).collect();
            self.scenario.collections[at].rules = rules;
        }
    }

    fn rule(&mut self, scope: &Scope) -> Option<Expression> {
        match self.chance.below(100) {
            0..10 => None,
            10..45 => Some(Expression::Empty),
            _ => Some(self.expression(scope)),
        }
    }
}
