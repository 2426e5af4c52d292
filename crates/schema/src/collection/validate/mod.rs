//! The checks on a collection that is about to be saved.
//!
//! What they need to know of the database or of filters comes in through [`ValidationContext`].

mod auth;
mod fields;
mod indexes;
mod options;

pub(crate) use options::field_name;

use ambient::Entropy;

use super::{Collection, CollectionKind, CollectionLookup, Rules};
use crate::checks::{Checks, length, no_via, required, unchanged, word};
use crate::error::{FieldError, FieldErrors};
use crate::field::{Field, FieldKind};
use crate::value::{self, Value};

/// What the checks ask of the rest of the program.
pub trait ValidationContext: CollectionLookup {
    /// Whether a collection other than that of this id has this name (without regard to case).
    fn is_name_of_other(&self, name: &str, id: Option<&str>) -> bool;

    /// Whether the database has a table or view of this name (without regard to case).
    fn has_table(&self, name: &str) -> bool;

    /// The table that has an index of this name (without regard to case).
    fn table_of_index(&self, index: &str) -> Option<String>;

    /// What is wrong with a rule of `collection`; never asked about an empty rule.
    fn rule_error(&self, collection: &Collection, rule: &str) -> Option<String>;

    /// What is wrong with a view's query; never asked about an empty one.
    fn view_query_error(&self, query: &str) -> Option<String>;

    /// Whether this is the name of a service that records can log in through.
    fn has_oauth2_provider(&self, name: &str) -> bool;

    /// For trying out patterns that generate texts.
    fn entropy(&self) -> &dyn Entropy;
}

/// One run of the checks.
struct Run<'a> {
    new: &'a Collection,
    /// The stored state; `None` for a new collection.
    old: Option<&'a Collection>,
    context: &'a dyn ValidationContext,
}

/// What is wrong with a value that a record would have in a field of this type.
fn value_error(kind: FieldKind, value: &Value) -> Option<FieldError> {
    value::validate(&Field::new("", kind), value, &value::Context::NEW)
}

impl Collection {
    /// Checks a collection that went through [`Self::prepare`]; a view must have the fields of its query. `old` is
    /// the stored state, `None` for a new collection.
    ///
    /// The result is empty when all is well.
    pub fn validate(&self, old: Option<&Self>, context: &dyn ValidationContext) -> FieldErrors {
        let run = Run { new: self, old, context };
        let mut checks = Checks::default();
        checks
            .key("id", run.id())
            .key("system", run.system_flag())
            .key("type", run.kind())
            .key("name", run.name());
        run.rules(&mut checks);
        let mut errors = checks.into_errors();
        errors.merge(run.fields());
        errors.merge(run.indexes());
        errors.merge(match &self.kind {
            CollectionKind::Base => FieldErrors::new(),
            CollectionKind::Auth(options) => run.auth_options(options),
            CollectionKind::View(options) => run
                .view_query(&options.view_query)
                .map(|e| FieldErrors::single("viewQuery", e))
                .unwrap_or_default(),
        });
        errors
    }
}

impl Run<'_> {
    fn id(&self) -> Option<FieldError> {
        let id = &self.new.id;
        required(!id.is_empty()).or_else(|| match self.old {
            Some(old) => unchanged(id, &old.id),
            None => length(id, 1, 100).or_else(|| word(id)).or_else(|| {
                let message = "The model id is invalid or already exists.";
                let taken = self.context.by_id(id).is_some();
                taken.then(|| FieldError::new("validation_invalid_or_existing_id", message))
            }),
        })
    }

    fn system_flag(&self) -> Option<FieldError> {
        let changed = self.old.is_some_and(|old| old.system != self.new.system);
        let message = "System collection state cannot be changed.";
        changed.then(|| FieldError::new("validation_collection_system_flag_change", message))
    }

    fn kind(&self) -> Option<FieldError> {
        let changed = self.old.is_some_and(|old| old.kind.name() != self.new.kind.name());
        let message = "Collection type cannot be changed.";
        changed.then(|| FieldError::new("validation_collection_type_change", message))
    }

    fn name(&self) -> Option<FieldError> {
        let name = &self.new.name;
        required(!name.is_empty())
            .or_else(|| length(name, 1, 255))
            .or_else(|| no_via(name))
            .or_else(|| word(name))
            .or_else(|| self.system_name())
            .or_else(|| self.free_name())
    }

    fn system_name(&self) -> Option<FieldError> {
        let changed = self.old.is_some_and(|old| old.system && old.name != self.new.name);
        let message = "System collection name cannot be changed.";
        changed.then(|| FieldError::new("validation_collection_system_name_change", message))
    }

    fn free_name(&self) -> Option<FieldError> {
        let name = &self.new.name;
        if self.context.is_name_of_other(name, self.old.map(|old| old.id.as_str())) {
            let message = "Collection name must be unique (case insensitive).";
            return Some(FieldError::new("validation_collection_name_exists", message));
        }
        if self.context.by_id(name).is_some() {
            let message = "The name must not match an existing collection id.";
            return Some(FieldError::new("validation_collection_name_id_duplicate", message));
        }
        let changed = self.old.is_none_or(|old| old.name != *name);
        if changed && self.context.by_name(name).is_none() && self.context.has_table(name) {
            let message = "The name shouldn't match with an existing internal table.";
            return Some(FieldError::new("validation_collection_name_invalid", message));
        }
        None
    }

    fn rules(&self, checks: &mut Checks) {
        let Rules { list, view, create, update, delete } = &self.new.rules;
        let old = self.old.map(|old| &old.rules);
        let read_only = |rule: &Option<String>| {
            let refused = self.new.is_view() && rule.is_some();
            refused.then(|| FieldError::new("validation_nil", "must be blank"))
        };
        checks
            .key("listRule", self.rule(list.as_ref(), old.map(|old| old.list.as_ref())))
            .key("viewRule", self.rule(view.as_ref(), old.map(|old| old.view.as_ref())))
            .key(
                "createRule",
                read_only(create).or_else(|| self.rule(create.as_ref(), old.map(|old| old.create.as_ref()))),
            )
            .key(
                "updateRule",
                read_only(update).or_else(|| self.rule(update.as_ref(), old.map(|old| old.update.as_ref()))),
            )
            .key(
                "deleteRule",
                read_only(delete).or_else(|| self.rule(delete.as_ref(), old.map(|old| old.delete.as_ref()))),
            );
    }

    /// Checks one rule; `old` is `None` when there is no stored state.
    fn rule(&self, rule: Option<&String>, old: Option<Option<&String>>) -> Option<FieldError> {
        let wrong =
            rule.filter(|rule| !rule.is_empty()).and_then(|rule| self.context.rule_error(self.new, rule));
        if let Some(cause) = wrong {
            let message = format!("Invalid rule. Raw error: {cause}");
            return Some(FieldError::new("validation_invalid_rule", message));
        }
        let is_system = self.old.is_some_and(|old| old.system);
        let changed = is_system && old.is_some_and(|old| old != rule);
        let message = "System collection API rule cannot be changed.";
        changed.then(|| FieldError::new("validation_collection_system_rule_change", message))
    }

    fn view_query(&self, query: &str) -> Option<FieldError> {
        required(!query.is_empty()).or_else(|| {
            let cause: String = self.context.view_query_error(query)?.chars().take(500).collect();
            Some(FieldError::new("validation_invalid_view_query", format!("Invalid query - {cause}")))
        })
    }
}
