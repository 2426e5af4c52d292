use serde_json::json;

use crate::Chance;
use crate::model::{Field, Type};
use crate::normal::{GENERATED, STAMP};

/// The values that select fields have.
pub(super) const OPTIONS: [&str; 6] = ["a", "b", "A b", "1", "ü", "true"];

/// The patterns of generated texts.
const PATTERNS: [&str; 3] = ["[a-z0-9]{8}", "x-[0-9]{3}", "(ab|cd)[A-F]{2,4}"];

/// Names that are longer than a database may take; they differ only beyond that.
const LONG: &str = "a_name_that_is_longer_than_the_63_bytes_that_postgresql_has_for_one";

/// Names of columns that databases have of their own. `oid` is none of them: SQLite 3.54 does not alter such a column.
const OWN_NAMES: [&str; 5] = ["xmin", "ctid", "tableoid", "xmax", "cmax"];

/// Names that mean something in SQL or look like something else.
const ODD_NAMES: [&str; 7] = ["order", "from", "Group", "values", "_x", "select", "rowid2"];

const TYPES: [(Type, usize); 13] = [
    (Type::Text, 26),
    (Type::Number, 16),
    (Type::Bool, 8),
    (Type::Date, 9),
    (Type::Select, 12),
    (Type::Json, 12),
    (Type::GeoPoint, 5),
    (Type::Email, 4),
    (Type::Url, 4),
    (Type::Editor, 4),
    (Type::Autodate, 3),
    (Type::Password, 1),
    (Type::File, 6),
];

/// A field of any type but a relation; `at` makes its name unique.
pub(super) fn field(chance: &mut Chance, at: usize) -> Field {
    let kind = TYPES[chance.weighted(&TYPES.map(|(_, weight)| weight))].0;
    let name = match kind {
        Type::Autodate => format!("{STAMP}{at}"),
        _ if chance.percent(12) => ODD_NAMES[at % ODD_NAMES.len()].to_owned(),
        _ if chance.percent(3) => format!("{LONG}_{at}"),
        _ if chance.percent(3) => OWN_NAMES[at % OWN_NAMES.len()].to_owned(),
        _ => format!("{}{at}", kind.name()),
    };
    let mut field = options(chance, Field::new(name, kind), at);
    if !matches!(kind, Type::Autodate) && chance.percent(8) {
        field = field.with("required", true);
    }
    if chance.percent(8) {
        field = field.with("hidden", true);
    }
    if chance.percent(10) {
        field = field.with("presentable", true);
    }
    field
}

/// A relation to a collection.
pub(super) fn relation(chance: &mut Chance, at: usize, target: &str) -> Field {
    let mut field = Field::new(format!("rel{at}"), Type::Relation);
    field.target = Some(target.to_owned());
    if chance.percent(55) {
        field = field.with("maxSelect", chance.between(2, 5));
        if chance.percent(12) {
            field = field.with("minSelect", 2);
        }
    } else {
        field = field.with("maxSelect", 1);
    }
    for (option, percent) in [("cascadeDelete", 30), ("required", 10), ("hidden", 5)] {
        if chance.percent(percent) {
            field = field.with(option, true);
        }
    }
    field
}

fn options(chance: &mut Chance, field: Field, at: usize) -> Field {
    match field.kind {
        Type::Text => text(chance, field, at),
        Type::Number => number(chance, field),
        Type::Select => {
            let values = &OPTIONS[..chance.between(1, OPTIONS.len())];
            let most = if chance.percent(55) { chance.between(2, 4) } else { 1 };
            field.with("values", json!(values)).with("maxSelect", most.min(values.len()))
        }
        Type::Date if chance.percent(12) => field.with("min", "2000-01-01 00:00:00.000Z"),
        Type::Date if chance.percent(8) => field.with("max", "2024-06-01 00:00:00.000Z"),
        Type::Autodate => {
            let (create, update) = *chance.pick(&[(true, true), (true, false), (false, true)]);
            field.with("onCreate", create).with("onUpdate", update)
        }
        Type::Email if chance.percent(15) => field.with("exceptDomains", json!(["example.com"])),
        Type::Url if chance.percent(15) => field.with("onlyDomains", json!(["example.com", "a.b"])),
        Type::Json if chance.percent(10) => field.with("maxSize", 20),
        Type::Editor if chance.percent(10) => field.with("maxSize", 40),
        Type::File => file(chance, field),
        // Hashing at the default cost would take most of a run.
        Type::Password => field.with("cost", 4).with("min", chance.below(12)),
        _ => field,
    }
}

fn text(chance: &mut Chance, field: Field, at: usize) -> Field {
    match chance.below(100) {
        0..6 => field.with("max", chance.between(2, 6)),
        6..9 => field.with("min", 2),
        9..13 => field.with("pattern", *chance.pick(&["^[a-zA-Z]*$", r"^\d+$", "a", r"\w\s?"])),
        13..18 => {
            let pattern = chance.word(&PATTERNS);
            Field { name: format!("{GENERATED}{at}"), ..field }.with("autogeneratePattern", pattern)
        }
        _ => field,
    }
}

fn number(chance: &mut Chance, field: Field) -> Field {
    match chance.below(100) {
        0..8 => field.with("onlyInt", true),
        8..13 => field.with("min", *chance.pick(&[-5.0, 0.0, 1.5])),
        13..18 => field.with("max", *chance.pick(&[0.0, 2.0, 1000.0])),
        _ => field,
    }
}

fn file(chance: &mut Chance, field: Field) -> Field {
    let field = field.with("maxSelect", *chance.pick(&[1, 1, 2, 3]));
    match chance.below(100) {
        0..12 => field.with("maxSize", 8),
        12..24 => field.with("mimeTypes", json!(["text/plain", "image/png"])),
        24..30 => field.with("protected", true),
        _ => field,
    }
}
