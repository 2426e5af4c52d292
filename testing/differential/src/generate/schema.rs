use crate::Chance;
use crate::model::{Collection, Field, Index, Kind, Type};

use super::{fields, views};

const NAMES: [&str; 5] = ["alpha", "Beta", "gamma_2", "delta", "eps"];

/// The name of the last collection in some scenarios: longer than PostgreSQL takes names.
const LONG: &str = "epsilon_of_a_name_that_is_longer_than_the_63_bytes_that_postgresql_has";

/// Two to five collections without rules, and maybe a view. The second can sign in, so that there is somebody to call.
pub(super) fn collections(chance: &mut Chance) -> Vec<Collection> {
    let mut names = NAMES[..chance.between(2, NAMES.len())].to_vec();
    if names.len() == NAMES.len() && chance.percent(15) {
        names[NAMES.len() - 1] = LONG;
    }
    let mut collections: Vec<Collection> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let auth = at == 1 || chance.percent(15);
            let mut collection = Collection::new(name, if auth { Kind::Auth } else { Kind::Base });
            let fields = chance.between(2, 7);
            collection.fields = (0..fields).map(|at| fields::field(chance, at)).collect();
            collection
        })
        .collect();
    for collection in &mut collections {
        for at in 0..chance.between(0, 3) {
            let target = *chance.pick(&names);
            collection.fields.push(fields::relation(chance, at, target));
        }
        for _ in 0..chance.weighted(&[65, 25, 10]) {
            if let Some(index) = index(chance, collection) {
                collection.indexes.push(index);
            }
        }
    }
    if chance.percent(45) {
        collections.push(views::view(chance, &collections));
    }
    collections
}

/// The condition of an index on this field.
fn condition(chance: &mut Chance, field: &Field) -> String {
    let name = &field.name;
    match field.kind {
        Type::Json => chance
            .pick(&[
                format!("json_extract(`{name}`, '$.a') = 1"),
                format!("`{name}` IS NOT NULL"),
                format!("json_valid(`{name}`) AND json_array_length(`{name}`) > 1"),
                format!("`{name}` != 'null'"),
            ])
            .clone(),
        Type::GeoPoint => format!("json_extract(`{name}`, '$.lon') > 0"),
        Type::Number => chance.pick(&[format!("`{name}` > 0"), format!("`{name}` != 1")]).clone(),
        Type::Bool => format!("`{name}` = TRUE"),
        _ => format!("`{name}` != ''"),
    }
}

fn index(chance: &mut Chance, collection: &Collection) -> Option<Index> {
    let fits = |field: &&Field| !matches!(field.kind, Type::Json | Type::GeoPoint | Type::Autodate);
    let fields: Vec<&Field> = collection.fields.iter().filter(fits).collect();
    if fields.is_empty() {
        return None;
    }
    let count = chance.weighted(&[0, 80, 20]).min(fields.len());
    let start = chance.below(fields.len());
    let chosen: Vec<&Field> = fields.iter().cycle().skip(start).take(count).copied().collect();
    let column = |field: &Field, chance: &mut Chance| {
        let collate = if field.kind == Type::Text && chance.percent(15) { " COLLATE NOCASE" } else { "" };
        format!("`{}`{collate}", field.name)
    };
    let columns = chosen.iter().map(|field| column(field, chance)).collect();
    let conditional =
        collection.fields.iter().find(|field| matches!(field.kind, Type::Json | Type::GeoPoint));
    let conditional = conditional.filter(|_| chance.percent(25)).unwrap_or(chosen[0]);
    let only = chance.percent(50).then(|| condition(chance, conditional));
    Some(Index { unique: chance.percent(75), columns, only })
}
