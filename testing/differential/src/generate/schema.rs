use crate::Chance;
use crate::model::{Collection, Field, Index, Kind, Type};

use super::{fields, views};

const NAMES: [&str; 5] = ["alpha", "Beta", "gamma_2", "delta", "eps"];

/// Two to five collections without rules, and maybe a view. The second can sign in, so that there is somebody to call.
pub(super) fn collections(chance: &mut Chance) -> Vec<Collection> {
    let count = chance.between(2, NAMES.len());
    let mut collections: Vec<Collection> = NAMES[..count]
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
            let target = *chance.pick(&NAMES[..count]);
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
    let only = chance.percent(50).then(|| format!("`{}` != ''", chosen[0].name));
    Some(Index { unique: chance.percent(75), columns, only })
}
