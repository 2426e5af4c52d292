use crate::model::{Field, Type};

use super::Generator;

/// The keys of JSON documents.
pub(super) const KEYS: [&str; 5] = ["a", "b", "list", "A1", "0"];

/// What comparing an operand makes sense with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// The values that were sent for a field, by collection and name.
    Field(String, String),
    /// The ids of a collection.
    Id(String),
    Number,
    Bool,
    /// Names of files.
    File,
    /// Whatever JSON has.
    Json,
    /// A value that the two servers do not have in common.
    Secret,
    /// Anything.
    Any,
}

/// An operand, as written.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) text: String,
    pub(super) shape: Shape,
}

impl Operand {
    pub(super) fn new(text: impl Into<String>, shape: Shape) -> Self {
        Self { text: text.into(), shape }
    }
}

impl Generator {
    /// A path from a collection, with at most so many relations.
    pub(super) fn path(&mut self, collection: &str, relations: usize) -> Operand {
        let Some(found) = self.scenario.collection(collection).cloned() else {
            return Operand::new("id", Shape::Any);
        };
        if relations > 0 && self.chance.percent(10) {
            let back = self.back_relations(collection);
            if !back.is_empty() {
                let (other, field) = self.chance.pick(&back).clone();
                let rest = self.path(&other, relations - 1);
                return Operand::new(format!("{other}_via_{field}.{}", rest.text), rest.shape);
            }
        }
        let system = if found.is_auth() { 18 } else { 8 };
        if found.fields.is_empty() || self.chance.percent(system) {
            return self.system_field(collection, found.is_auth());
        }
        // Relations are what makes paths: they come up more often than there are of them.
        let relation = self.chance.percent(25);
        let fields: Vec<&Field> =
            found.fields.iter().filter(|field| !relation || field.kind == Type::Relation).collect();
        let field = if fields.is_empty() { &found.fields[0] } else { *self.chance.pick(&fields) };
        self.path_of(collection, field, relations)
    }

    fn path_of(&mut self, collection: &str, field: &Field, relations: usize) -> Operand {
        let name = &field.name;
        let own = Shape::Field(collection.to_owned(), name.clone());
        match (field.kind, &field.target) {
            (Type::Relation, Some(target)) if relations > 0 && self.chance.percent(70) => {
                let rest = self.path(target, relations - 1);
                Operand::new(format!("{name}.{}", rest.text), rest.shape)
            }
            (Type::Relation, Some(target)) => {
                let id = Shape::Id(target.clone());
                self.list_modifier(Operand::new(name, id))
            }
            (Type::File, _) => self.list_modifier(Operand::new(name, Shape::File)),
            (Type::Select, _) => self.list_modifier(Operand::new(name, own)),
            (Type::Json, _) if self.chance.percent(60) => {
                let keys = self.chance.between(1, 3);
                let path: Vec<&str> = (0..keys).map(|_| *self.chance.pick(&KEYS)).collect();
                Operand::new(format!("{name}.{}", path.join(".")), Shape::Json)
            }
            (Type::Json, _) => Operand::new(name, Shape::Json),
            (Type::GeoPoint, _) if self.chance.percent(80) => {
                Operand::new(format!("{name}.{}", self.chance.pick(&["lon", "lat"])), Shape::Number)
            }
            (Type::Autodate | Type::Password, _) => Operand::new(name, Shape::Secret),
            _ if field.options.contains_key("autogeneratePattern") => Operand::new(name, Shape::Secret),
            _ => self.modifier(Operand::new(name, own)),
        }
    }

    fn system_field(&mut self, collection: &str, auth: bool) -> Operand {
        match self.chance.below(if auth { 8 } else { 2 }) {
            0 | 1 => Operand::new("id", Shape::Id(collection.to_owned())),
            2 => Operand::new("verified", Shape::Bool),
            3 => Operand::new("emailVisibility", Shape::Bool),
            4 => Operand::new("tokenKey", Shape::Secret),
            5 => Operand::new("password", Shape::Secret),
            _ => {
                let email = Operand::new("email", Shape::Field(collection.to_owned(), "email".to_owned()));
                self.modifier(email)
            }
        }
    }

    fn modifier(&mut self, operand: Operand) -> Operand {
        match self.chance.below(100) {
            0..8 => Operand { text: format!("{}:lower", operand.text), ..operand },
            8..10 => {
                let other = self.chance.word(&["each", "length", "isset", "changed", "unknown"]);
                Operand { text: format!("{}:{other}", operand.text), ..operand }
            }
            _ => operand,
        }
    }

    fn list_modifier(&mut self, operand: Operand) -> Operand {
        match self.chance.below(100) {
            0..15 => Operand::new(format!("{}:length", operand.text), Shape::Number),
            15..35 => Operand { text: format!("{}:each", operand.text), ..operand },
            35..39 => Operand { text: format!("{}:lower", operand.text), ..operand },
            _ => operand,
        }
    }

    /// The relations that point to a collection: the other collection and the field.
    pub(super) fn back_relations(&self, collection: &str) -> Vec<(String, String)> {
        let of = |other: &crate::model::Collection| {
            let fields = other.fields.iter().filter(|field| field.target.as_deref() == Some(collection));
            fields.map(|field| (other.name.clone(), field.name.clone())).collect::<Vec<_>>()
        };
        self.scenario.collections.iter().flat_map(of).collect()
    }
}
