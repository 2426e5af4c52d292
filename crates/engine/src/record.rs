use std::sync::Arc;

use schema::{Collection, Value};

/// A record: the values of one row of a collection.
#[derive(Debug, Clone)]
pub struct Record {
    collection: Arc<Collection>,
    /// One for each of the collection's fields, in their order.
    values: Vec<Value>,
}

impl Record {
    /// A record with every field empty.
    pub fn new(collection: Arc<Collection>) -> Self {
        let values = collection.fields.iter().map(Value::zero).collect();
        Self { collection, values }
    }

    pub(crate) fn from_values(collection: Arc<Collection>, values: Vec<Value>) -> Self {
        Self { collection, values }
    }

    /// The collection it belongs to.
    pub fn collection(&self) -> &Arc<Collection> {
        &self.collection
    }

    /// The id; empty before one was given.
    pub fn id(&self) -> &str {
        self.text("id")
    }

    /// The value of a field; `None` when there is no such field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(self.collection.field_index(name)?)
    }

    /// The values, one for each of the collection's fields.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The text of a field; empty when there is no such field or it holds no single text.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Value::Text(text) | Value::Json(text)) => text,
            _ => "",
        }
    }

    /// The number of a field; 0 when there is no such field or it holds no number.
    pub fn number(&self, name: &str) -> f64 {
        match self.get(name) {
            Some(Value::Number(number)) => *number,
            _ => 0.0,
        }
    }

    /// The truth of a field; false when there is no such field or it holds none.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Bool(true)))
    }

    /// The items of a field: of a list, or the one item of a single value that is not empty.
    pub fn items(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::List(items)) => items.iter().map(String::as_str).collect(),
            Some(Value::Text(text)) if !text.is_empty() => vec![text],
            _ => Vec::new(),
        }
    }

    /// Sets a field from input, normalised for its type; a name that is no field is ignored.
    pub fn set(&mut self, name: &str, input: impl Into<serde_json::Value>) {
        if let Some(index) = self.collection.field_index(name)
            && let (Some(field), Some(slot)) = (self.collection.fields.get(index), self.values.get_mut(index))
        {
            *slot = Value::from_json(field, &input.into());
        }
    }

    /// Sets a field to a value that is normalised already; a name that is no field is ignored.
    pub(crate) fn put(&mut self, name: &str, value: Value) {
        if let Some(slot) = self.collection.field_index(name).and_then(|index| self.values.get_mut(index)) {
            *slot = value;
        }
    }

    /// The same record in its collection as that is by now: fields that it lacks are empty there.
    pub(crate) fn moved_to(&self, collection: &Arc<Collection>) -> Self {
        if Arc::ptr_eq(&self.collection, collection) {
            return self.clone();
        }
        let value = |field: &schema::Field| {
            let old = self.collection.fields.iter().zip(&self.values).find(|(old, _)| old.id == field.id);
            old.map_or_else(|| Value::zero(field), |(_, value)| value.clone())
        };
        Self { values: collection.fields.iter().map(value).collect(), collection: Arc::clone(collection) }
    }

    /// Whether it belongs to the collection of superusers.
    pub fn is_superuser(&self) -> bool {
        self.collection.name == crate::SUPERUSERS
    }
}
