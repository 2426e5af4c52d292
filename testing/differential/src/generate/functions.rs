use super::Generator;
use super::literals::quoted;
use super::paths::{Operand, Shape};
use crate::model::Type;

const FORMATS: [&str; 7] = ["%Y", "%Y-%m-%d", "%H:%M", "%w", "%s", "%j %f", "%d.%m.%Y"];
const MODIFIERS: [&str; 6] = ["+1 day", "-2 months", "start of month", "weekday 0", "nonsense", "unixepoch"];

impl Generator {
    /// A call of a function.
    pub(super) fn function(&mut self, collection: &str) -> Operand {
        if self.chance.percent(55) {
            return Operand::new(self.time(collection), Shape::Any);
        }
        Operand::new(self.distance(collection), Shape::Number)
    }

    fn time(&mut self, collection: &str) -> String {
        let format = quoted(self.chance.word(&FORMATS));
        let mut arguments = vec![format];
        if self.chance.percent(92) {
            let time = match self.chance.below(10) {
                0 => "'2024-03-01 10:11:12.131Z'".to_owned(),
                1 => self.chance.word(&["2460000.5", "0", "'nonsense'", "null"]).to_owned(),
                2..4 => self.path(collection, 2).text,
                _ => self.field_of(collection, Type::Date).unwrap_or_else(|| "'2024-01-02'".to_owned()),
            };
            arguments.push(time);
        }
        for _ in 0..self.chance.weighted(&[60, 30, 10]) {
            arguments.push(quoted(self.chance.word(&MODIFIERS)));
        }
        format!("strftime({})", arguments.join(", "))
    }

    fn distance(&mut self, collection: &str) -> String {
        let number = |generator: &mut Self| {
            generator.chance.word(&["0", "23.32", "42.69", "-0.1276", "90", "180"]).to_owned()
        };
        let mut arguments = match self.field_of(collection, Type::GeoPoint) {
            Some(field) => vec![format!("{field}.lon"), format!("{field}.lat")],
            None => vec![number(self), number(self)],
        };
        arguments.extend([number(self), number(self)]);
        if self.chance.percent(5) {
            arguments.pop();
        }
        format!("geoDistance({})", arguments.join(","))
    }

    /// A path to a field of this type, through a relation when the collection itself has none.
    fn field_of(&mut self, collection: &str, kind: Type) -> Option<String> {
        let found = self.scenario.collection(collection)?;
        if let Some(field) = found.fields.iter().find(|field| field.kind == kind) {
            return Some(field.name.clone());
        }
        found.fields.iter().find_map(|field| {
            let target = self.scenario.collection(field.target.as_deref()?)?;
            let there = target.fields.iter().find(|there| there.kind == kind)?;
            Some(format!("{}.{}", field.name, there.name))
        })
    }
}
