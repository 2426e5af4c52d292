use super::{Run, value_error};
use crate::checks::{
    Checks, MAX_SAFE_INTEGER, at_least, domain, each, empty, length, no_via, not_in, required, thumb_size,
    unchanged, within, word,
};
use crate::error::{FieldError, FieldErrors};
use crate::field::{
    AutodateOptions, DomainOptions, Field, FieldKind, FileOptions, NumberOptions, PasswordOptions,
    RelationOptions, SelectOptions, TextOptions,
};
use crate::value::{Value, autogenerate, go_quote, pattern, validate_plain_text};

/// Names that mean something else in filters or in the JSON of a record.
const RESERVED_NAMES: [&str; 7] =
    ["null", "true", "false", "_rowid_", "collectionId", "collectionName", "expand"];

/// The longest password in bytes that bcrypt looks at in full.
const MAX_PASSWORD: i64 = 71;

/// The least and greatest bcrypt cost.
const COSTS: (i64, i64) = (4, 31);

/// How many texts a pattern generates to be tried out.
const TRIALS: usize = 10;

impl Run<'_> {
    /// The errors of one field by option.
    pub(super) fn options_of(&self, field: &Field) -> FieldErrors {
        let mut checks = Checks::default();
        checks.key("id", required(!field.id.is_empty()).or_else(|| length(&field.id, 1, 100)));
        checks.key("name", field_name(field));
        checks.key("help", length(&field.help, 1, 300));
        match &field.kind {
            FieldKind::Text(options) => self.text(&mut checks, field, options),
            FieldKind::Editor(options) => size(&mut checks, options.max_size),
            FieldKind::Json(options) => size(&mut checks, options.max_size),
            FieldKind::Number(options) => number(&mut checks, options),
            FieldKind::Email(options) | FieldKind::Url(options) => domains(&mut checks, options),
            FieldKind::Autodate(options) => self.autodate(&mut checks, field, options),
            FieldKind::Select(options) => select(&mut checks, options),
            FieldKind::File(options) => file(&mut checks, options),
            FieldKind::Relation(options) => self.relation(&mut checks, field, options),
            FieldKind::Password(options) => password(&mut checks, options),
            FieldKind::Bool(_) | FieldKind::Date(_) | FieldKind::GeoPoint(_) => {}
        }
        checks.into_errors()
    }

    fn text(&self, checks: &mut Checks, field: &Field, options: &TextOptions) {
        let is_key = options.primary_key;
        let keys = self.new.fields.iter().filter(|field| field.is_primary_key()).count();
        let composite = (is_key && keys > 1).then(|| {
            let message = "Composite PKs are not supported and the collection must have only 1 PK.";
            FieldError::new("validation_unsupported_composite_pk", message)
        });
        checks
            .key("primaryKey", composite)
            .key("min", within(options.min, 0, MAX_SAFE_INTEGER))
            .key("max", within(options.max, options.min, MAX_SAFE_INTEGER))
            .key(
                "pattern",
                required(!is_key || !options.pattern.is_empty())
                    .or_else(|| regular_expression(&options.pattern)),
            )
            .key("hidden", empty(!is_key || !field.hidden))
            .key("required", required(!is_key || options.required))
            .key(
                "autogeneratePattern",
                regular_expression(&options.autogenerate_pattern).or_else(|| self.generated_texts(options)),
            );
    }

    /// Tries a pattern out against the other options of its field.
    fn generated_texts(&self, options: &TextOptions) -> Option<FieldError> {
        let pattern = &options.autogenerate_pattern;
        if pattern.is_empty() {
            return None;
        }
        (0..TRIALS).find_map(|_| {
            let text = match autogenerate::generate(pattern, self.context.entropy()) {
                Ok(text) => text,
                Err(cause) => {
                    return Some(FieldError::new(
                        "validation_invalid_autogenerate_pattern",
                        cause.to_string(),
                    ));
                }
            };
            validate_plain_text(options, &text).err().map(|_| {
                let message = format!(
                    "The provided autogenerate pattern could produce invalid field values, ex.: {}",
                    go_quote(&text)
                );
                FieldError::new("validation_invalid_autogenerate_pattern_value", message)
            })
        })
    }

    fn autodate(&self, checks: &mut Checks, field: &Field, options: &AutodateOptions) {
        let before = self.old.filter(|_| field.system).and_then(|old| old.field_by_id(&field.id));
        let old = before.and_then(|field| match &field.kind {
            FieldKind::Autodate(options) => Some(options),
            _ => None,
        });
        let is_set = options.on_create || options.on_update;
        let missing = || {
            let message = "either onCreate or onUpdate must be enabled";
            (!is_set).then(|| FieldError::new("validation_required", message))
        };
        checks
            .key(
                "onCreate",
                old.and_then(|old| unchanged(&options.on_create, &old.on_create)).or_else(missing),
            )
            .key(
                "onUpdate",
                old.and_then(|old| unchanged(&options.on_update, &old.on_update)).or_else(missing),
            );
    }

    fn relation(&self, checks: &mut Checks, field: &Field, options: &RelationOptions) {
        let RelationOptions { collection_id, min_select, max_select, .. } = options;
        checks
            .key(
                "collectionId",
                required(!collection_id.is_empty()).or_else(|| self.related_collection(field, collection_id)),
            )
            .key("minSelect", at_least(*min_select, 0))
            .key(
                "maxSelect",
                required(*min_select <= 0 || *max_select != 0).or_else(|| at_least(*max_select, *min_select)),
            );
    }

    fn related_collection(&self, field: &Field, id: &str) -> Option<FieldError> {
        // What an import has saved by now is what it may be.
        let stored = self.old.and_then(|_| self.context.by_id(&self.new.id));
        let before = stored.as_ref().and_then(|stored| stored.field_by_id(&field.id));
        if let Some(FieldKind::Relation(before)) = before.map(|field| &field.kind)
            && before.collection_id != id
        {
            let message = "The relation collection cannot be changed.";
            return Some(FieldError::new("validation_field_relation_change", message));
        }
        let Some(related) = self.context.by_id(id) else {
            let message = "The relation collection doesn't exist.";
            return Some(FieldError::new("validation_field_relation_missing_collection", message));
        };
        let refused = related.is_view() && !self.new.is_view();
        let message = "Only view collections are allowed to have relations to other views.";
        refused.then(|| FieldError::new("validation_relation_field_non_view_base_collection", message))
    }
}

/// What is wrong with the name of a field.
pub(crate) fn field_name(field: &Field) -> Option<FieldError> {
    let name = &field.name;
    required(!name.is_empty())
        .or_else(|| length(name, 1, 100))
        .or_else(|| word(name))
        .or_else(|| not_in(name, &RESERVED_NAMES))
        .or_else(|| no_via(name))
        .or_else(|| {
            let misnamed = field.is_primary_key() && name != "id";
            let message = "The primary key must be named \"id\".";
            misnamed.then(|| FieldError::new("validation_in_invalid", message))
        })
}

fn regular_expression(text: &str) -> Option<FieldError> {
    if text.is_empty() {
        return None;
    }
    pattern::check(text).err().map(|cause| FieldError::new("validation_invalid_regex", cause.to_string()))
}

fn size(checks: &mut Checks, max_size: i64) {
    checks.key("maxSize", within(max_size, 0, MAX_SAFE_INTEGER));
}

fn number(checks: &mut Checks, options: &NumberOptions) {
    let whole = |value: Option<f64>| {
        let refused = options.only_int && value.is_some_and(|value| value.fract() != 0.0);
        let message = "Decimal numbers are not allowed";
        refused.then(|| FieldError::new("validation_only_int_constraint", message))
    };
    let ordered = || match (options.min, options.max) {
        // The error is that of a record's value which is too low.
        (Some(min), Some(max)) if max < min => {
            let limited = NumberOptions { min: Some(min), ..NumberOptions::default() };
            value_error(FieldKind::Number(limited), &Value::Number(f64::MIN))
        }
        _ => None,
    };
    checks.key("min", whole(options.min)).key("max", whole(options.max).or_else(ordered));
}

fn domains(checks: &mut Checks, options: &DomainOptions) {
    let except = options.except_domains.as_deref().unwrap_or_default();
    let only = options.only_domains.as_deref().unwrap_or_default();
    if !except.is_empty() && !only.is_empty() {
        checks.key("exceptDomains", empty(false)).key("onlyDomains", empty(false));
        return;
    }
    checks
        .nested("exceptDomains", each(except, |text| domain(text)))
        .nested("onlyDomains", each(only, |text| domain(text)));
}

fn select(checks: &mut Checks, options: &SelectOptions) {
    let most = i64::try_from(options.values.len()).unwrap_or(i64::MAX).max(1);
    checks
        .key("values", required(!options.values.is_empty()))
        .key("maxSelect", within(options.max_select, 0, most));
}

fn file(checks: &mut Checks, options: &FileOptions) {
    size(checks, options.max_size);
    checks.key("maxSelect", within(options.max_select, 0, MAX_SAFE_INTEGER));
    checks.nested("thumbs", each(options.thumbs.as_deref().unwrap_or_default(), |text| thumb_size(text)));
}

fn password(checks: &mut Checks, options: &PasswordOptions) {
    checks
        .key("min", within(options.min, 1, MAX_PASSWORD))
        .key("max", within(options.max, options.min, MAX_PASSWORD))
        .key("cost", within(options.cost, COSTS.0, COSTS.1))
        .key("pattern", regular_expression(&options.pattern));
}
