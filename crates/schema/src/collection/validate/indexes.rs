use super::Run;
use crate::collection::changes::invalid_index;
use crate::collection::{Index, single_unique_index};
use crate::error::{FieldError, FieldErrors};

impl Run<'_> {
    /// The errors of `indexes`: those of the first check that finds any.
    pub(super) fn indexes(&self) -> FieldErrors {
        if self.new.is_view() && !self.new.indexes.is_empty() {
            let message = "View collections don't support indexes.";
            return indexes_error(FieldError::new("validation_indexes_not_supported", message));
        }
        let checks = [Self::each_index, Self::changed_system_index, Self::missing_auth_index];
        checks.iter().map(|check| check(self)).find(|errors| !errors.is_empty()).unwrap_or_default()
    }

    /// The first statement that is wrong by itself or clashes with another one.
    fn each_index(&self) -> FieldErrors {
        let mut names = Vec::new();
        let mut definitions = Vec::new();
        for (position, statement) in self.new.indexes.iter().enumerate() {
            if let Some(error) = self.index(statement, &mut names, &mut definitions) {
                return FieldErrors::single(position.to_string(), error).under("indexes");
            }
        }
        FieldErrors::new()
    }

    fn index(
        &self,
        statement: &str,
        names: &mut Vec<String>,
        definitions: &mut Vec<String>,
    ) -> Option<FieldError> {
        // The table is not looked at: an index always belongs to the collection's own.
        let index = Index::parse(statement).map(|index| Index { table: self.new.name.clone(), ..index });
        let Some(index) = index.filter(|index| !index.name.is_empty() && !index.columns.is_empty()) else {
            return Some(invalid_index());
        };
        let name = index.name.to_lowercase();
        if names.contains(&name) {
            return Some(FieldError::new(
                "validation_duplicated_index_name",
                "The index name already exists.",
            ));
        }
        names.push(name);

        let is_own = |table: &String| {
            [Some(self.new), self.old].iter().flatten().any(|own| own.name.eq_ignore_ascii_case(table))
        };
        if let Some(table) = self.context.table_of_index(&index.name).filter(|table| !is_own(table)) {
            let message = format!("The index name is already used in {table} collection.");
            let error = FieldError::new("validation_existing_index_name", message);
            return Some(error.with_param("usedTableName", table));
        }

        let definition = Index { schema: String::new(), name: String::new(), ..index }.to_string();
        if definitions.contains(&definition) {
            return Some(FieldError::new(
                "validation_duplicated_index_definition",
                "The index definition already exists.",
            ));
        }
        definitions.push(definition);
        None
    }

    /// A unique index on a system field must stay, by its columns and order at least.
    fn changed_system_index(&self) -> FieldErrors {
        let Some(old) = self.old else { return FieldErrors::new() };
        let new: Vec<_> = self.new.indexes.iter().filter_map(|statement| uniqueness(statement)).collect();
        for kept in old.indexes.iter().filter_map(|statement| uniqueness(statement)) {
            let system_field = kept.columns.iter().find_map(|column| {
                let is_it = |name: &str| name.eq_ignore_ascii_case(&column.name);
                old.fields.iter().find(|field| field.system && is_it(&field.name))
            });
            let Some(field) = system_field.filter(|_| !new.contains(&kept)) else { continue };
            let message =
                format!("Unique index definition on system fields ({}) is invalid or missing.", field.name);
            let error = FieldError::new("validation_invalid_unique_system_field_index", message);
            return indexes_error(error.with_param("fieldName", field.name.as_str()));
        }
        FieldErrors::new()
    }

    fn missing_auth_index(&self) -> FieldErrors {
        let is_missing = |field: &&str| single_unique_index(&self.new.indexes, field).is_none();
        match ["tokenKey", "email"].into_iter().find(is_missing) {
            Some(field) if self.new.is_auth() => {
                let message = format!("Missing required unique index for field \"{field}\".");
                let error = FieldError::new("validation_missing_required_unique_index", message);
                indexes_error(error.with_param("fieldName", field))
            }
            _ => FieldErrors::new(),
        }
    }
}

/// What a unique index keeps unique, without what makes no difference to that; `None` when it is not unique.
fn uniqueness(statement: &str) -> Option<Index> {
    let mut index = Index::parse(statement).filter(|index| index.unique)?;
    for column in &mut index.columns {
        column.collate.clear();
        column.sort.clear();
    }
    let without_names = Index {
        schema: String::new(),
        name: String::new(),
        table: String::new(),
        condition: String::new(),
        ..index
    };
    Some(without_names)
}

fn indexes_error(error: FieldError) -> FieldErrors {
    FieldErrors::single("indexes", error)
}
