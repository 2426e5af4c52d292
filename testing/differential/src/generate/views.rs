use crate::Chance;
use crate::model::{Collection, Field, Kind, Type};

/// The name of the view of a scenario.
const NAME: &str = "view_1";

/// A view of one of the collections, or of one and another that it points to.
pub(super) fn view(chance: &mut Chance, collections: &[Collection]) -> Collection {
    let source = chance.pick(collections);
    let mut view = Collection::new(NAME, Kind::View(String::new()));
    let mut columns = vec![id(chance).to_owned()];
    for field in some(chance, source) {
        columns.push(column(chance, &mut view, "a", &field, ""));
    }
    let mut join = String::new();
    if let Some((relation, target)) = pointer(source, collections) {
        join = format!(" LEFT JOIN {} b ON b.id = a.\"{relation}\"", target.name);
        for field in some(chance, target) {
            columns.push(column(chance, &mut view, "b", &field, "b_"));
        }
    }
    let mut grouping = String::new();
    match chance.below(100) {
        0..20 => {
            columns.push("COUNT(a.id) as total".to_owned());
            view.fields.push(Field::new("total", Type::Number));
            grouping = " GROUP BY a.id".to_owned();
        }
        20..35 => {
            let computed =
                chance.word(&["('x' || a.id) as made", "(1 + 1) as made", "CAST('1.5' AS REAL) as made"]);
            columns.push(computed.to_owned());
            view.fields.push(Field::new("made", Type::Json));
        }
        _ => {}
    }
    let only = match chance.percent(25) {
        true => format!(" WHERE a.id > '{}'", chance.word(&["a", "a00000000000005", "b00000000000015"])),
        false => String::new(),
    };
    let query = format!("SELECT {} FROM {} a{join}{only}{grouping}", columns.join(", "), source.name);
    view.kind = Kind::View(query);
    view
}

/// The collection whose rows a view shows, by name.
pub(super) fn source<'a>(query: &str, collections: &'a [Collection]) -> Option<&'a Collection> {
    let name = query.split(" FROM ").nth(1)?.split(' ').next()?;
    collections.iter().find(|collection| collection.name == name)
}

fn id(chance: &mut Chance) -> &'static str {
    chance.word(&["a.id", "a.id", "a.id", "a.id as id", "('v' || a.id) as id"])
}

/// A few fields that all rows have.
fn some(chance: &mut Chance, collection: &Collection) -> Vec<Field> {
    let fits = |field: &&Field| field.kind != Type::Password;
    let fields: Vec<Field> = collection.fields.iter().filter(fits).cloned().collect();
    fields.into_iter().filter(|_| chance.percent(55)).collect()
}

/// Adds a field to the view; the result is its column. What the servers fill in keeps its name, by which it is known.
fn column(chance: &mut Chance, view: &mut Collection, table: &str, field: &Field, prefix: &str) -> String {
    let rename = field.kind != Type::Autodate && !field.options.contains_key("autogeneratePattern");
    let mut shown = field.clone();
    if rename && (!prefix.is_empty() || chance.percent(25)) {
        shown.name = format!("{prefix}{}_v", field.name.trim_start_matches('_'));
    }
    if view.field(&shown.name).is_some() {
        return format!("{table}.id as other_{}", view.fields.len());
    }
    let written = format!("{table}.\"{}\"", field.name);
    let column = match shown.name == field.name {
        true => written,
        false => format!("{written} as {}", shown.name),
    };
    view.fields.push(shown);
    column
}

/// A relation to one record, and the collection that it points to.
fn pointer<'a>(source: &Collection, collections: &'a [Collection]) -> Option<(String, &'a Collection)> {
    source.fields.iter().filter(|field| !field.is_multiple()).find_map(|field| {
        let target = field.target.as_ref()?;
        Some((field.name.clone(), collections.iter().find(|collection| collection.name == *target)?))
    })
}
