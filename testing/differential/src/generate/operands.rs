use super::Generator;
use super::literals::quoted;
use super::paths::{Operand, Shape};

/// Where an expression stands.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// The collection that it is about.
    pub(super) collection: String,
    /// Whether it may look at the request and at other collections.
    pub(super) privileged: bool,
}

/// The parameters and headers that requests send and rules look at.
pub(super) const PARAMETERS: [&str; 2] = ["q", "mode"];
pub(super) const HEADERS: [(&str, &str); 2] = [("X-Test", "x_test"), ("X-Mode", "x_mode")];

impl Generator {
    /// What stands on one side of a comparison, and is not a literal.
    pub(super) fn operand(&mut self, scope: &Scope) -> Operand {
        match self.chance.below(100) {
            0..8 if scope.privileged => self.request_operand(scope),
            8..18 if scope.privileged => self.caller_operand(),
            18..24 if scope.privileged => self.foreign_operand(),
            24..30 => self.function(&scope.collection),
            _ => {
                // Now and then more than there may be.
                let relations = if self.chance.percent(2) { 8 } else { 3 };
                self.path(&scope.collection, relations)
            }
        }
    }

    fn request_operand(&mut self, scope: &Scope) -> Operand {
        let text = match self.chance.below(10) {
            0 => "@request.method".to_owned(),
            1 => "@request.context".to_owned(),
            2 | 3 => format!("@request.query.{}", self.chance.pick(&PARAMETERS)),
            4 => format!("@request.headers.{}", self.chance.pick(&HEADERS).1),
            _ => return self.body_operand(scope),
        };
        let modifier = self.chance.word(&["", "", "", ":isset", ":lower"]);
        let shape = if modifier == ":isset" { Shape::Bool } else { Shape::Any };
        Operand::new(format!("{text}{modifier}"), shape)
    }

    fn body_operand(&mut self, scope: &Scope) -> Operand {
        let path = self.path(&scope.collection, 1);
        // A path with a modifier of its own takes no second one.
        let modifier = match path.text.contains(':') {
            true => "",
            false => *self
                .chance
                .pick(&["", "", ":isset", ":isset", ":changed", ":changed", ":length", ":each", ":lower"]),
        };
        let shape = match modifier {
            ":isset" | ":changed" => Shape::Bool,
            ":length" => Shape::Number,
            _ => path.shape,
        };
        Operand::new(format!("@request.body.{}{modifier}", path.text), shape)
    }

    /// Something about who calls.
    fn caller_operand(&mut self) -> Operand {
        let accounts: Vec<String> = self
            .scenario
            .collections
            .iter()
            .filter(|collection| collection.is_auth())
            .map(|collection| collection.name.clone())
            .collect();
        let collection = self.chance.pick(&accounts).clone();
        match self.chance.below(10) {
            0..4 => Operand::new("@request.auth.id", Shape::Id(collection)),
            4 => Operand::new("@request.auth.collectionName", Shape::Any),
            5 => Operand::new("@request.auth.verified", Shape::Bool),
            _ => {
                let path = self.path(&collection, 2);
                Operand::new(format!("@request.auth.{}", path.text), path.shape)
            }
        }
    }

    /// A path from another collection, which has nothing to do with the row.
    fn foreign_operand(&mut self) -> Operand {
        let collection = self.any_collection();
        let alias = match self.chance.below(100) {
            0..50 => String::new(),
            // One alias for several collections.
            50..58 => ":shared".to_owned(),
            _ => format!(":{}_{}", collection.to_lowercase(), self.chance.between(1, 2)),
        };
        let path = self.path(&collection, 1);
        Operand::new(format!("@collection.{collection}{alias}.{}", path.text), path.shape)
    }

    /// What an operand is compared with.
    pub(super) fn counterpart(&mut self, scope: &Scope, shape: &Shape) -> String {
        if matches!(shape, Shape::Secret | Shape::File) {
            return self.literal(shape);
        }
        match self.chance.below(100) {
            0..74 => self.literal(shape),
            74..80 if scope.privileged => "@request.auth.id".to_owned(),
            80..84 => {
                let format = self.chance.word(&["%Y", "%Y-%m-%d"]);
                format!("strftime({}, '2024-01-02')", quoted(format))
            }
            _ => {
                let other = self.operand(scope);
                // Not comparable with anything but what the literal says.
                match other.shape {
                    Shape::Secret | Shape::File => self.literal(shape),
                    _ => other.text,
                }
            }
        }
    }
}
