//! What is known of the order of a list.

use serde_json::Value;

use crate::Reply;
use crate::model::{Action, Case, Collection, Scenario, Type};
use crate::normal::normal;

/// Whether the sort of a list leaves no choice of order.
pub(crate) fn is_total(scenario: &Scenario, case: &Case) -> bool {
    let Action::List(list) = &case.action else { return true };
    let last = list.sort.last().map(|item| name(item));
    matches!(last, Some("id" | "@rowid")) && !list.sort.iter().any(|item| is_free(scenario, case, item))
}

/// A list with a sort that leaves no choice of order.
pub(crate) fn with_total(scenario: &Scenario, case: &Case) -> Case {
    let view = scenario.collection(&case.collection).is_some_and(Collection::is_view);
    let mut total = case.clone();
    if let Action::List(list) = &mut total.action {
        list.sort.retain(|item| !is_free(scenario, case, item));
        list.sort.push(if view { "id" } else { "@rowid" }.to_owned());
    }
    total
}

/// Whether a sort has items whose path leads to several values of one record.
pub(crate) fn by_several(scenario: &Scenario, case: &Case) -> bool {
    let Action::List(list) = &case.action else { return false };
    let Some(collection) = scenario.collection(&case.collection) else { return false };
    list.sort.iter().any(|item| is_several(scenario, collection, name(item)))
}

/// Whether an item of a sort lets the servers choose: it is random, or of several values the servers may take another.
fn is_free(scenario: &Scenario, case: &Case, item: &str) -> bool {
    let collection = scenario.collection(&case.collection);
    item.contains("@random")
        || collection.is_some_and(|collection| is_several(scenario, collection, name(item)))
}

/// Whether a path leads to several values of one record.
fn is_several(scenario: &Scenario, collection: &Collection, path: &str) -> bool {
    let (segment, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Some((other, _)) = segment.split_once("_via_") {
        return scenario.collection(other).is_some() && !rest.is_empty();
    }
    let (field, modifier) = segment.split_once(':').unwrap_or((segment, ""));
    let Some(field) = collection.field(field) else { return false };
    if field.is_multiple() && (modifier == "each" || field.kind == Type::Relation && !rest.is_empty()) {
        return true;
    }
    let target = field.target.as_ref().and_then(|target| scenario.collection(target));
    target.is_some_and(|target| is_several(scenario, target, rest))
}

fn name(item: &str) -> &str {
    item.trim().trim_start_matches(['-', '+'])
}

/// A page of a list with its items in an order that depends on nothing but them.
pub(crate) fn as_set(reply: &Reply) -> Reply {
    let mut reply = Reply { status: reply.status, json: normal(&reply.json, false) };
    if let Some(Value::Array(items)) = reply.json.get_mut("items") {
        items.sort_by_cached_key(ToString::to_string);
    }
    reply
}

/// Whether a reply is a list that is whole on its page.
pub(crate) fn is_whole(reply: &Reply) -> bool {
    let number = |key: &str| {
        let text = reply.json.get(key).and_then(Value::as_str)?;
        text.trim_start_matches('#').parse::<i64>().ok()
    };
    number("page") == Some(1)
        && number("totalItems")
            .zip(number("perPage"))
            .is_some_and(|(total, size)| (0..=size).contains(&total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Caller, Field, Kind, List};

    #[test]
    fn paths_to_several_values_are_told_from_others() {
        let mut collection = Collection::new("a", Kind::Base);
        let relation = |name: &str, most: u32| Field {
            target: Some("a".to_owned()),
            ..Field::new(name, Type::Relation).with("maxSelect", most)
        };
        collection.fields = vec![relation("one", 1), relation("all", 3)];
        let scenario = Scenario { collections: vec![collection], cases: Vec::new() };
        let total = |sort: &[&str]| {
            let sort = sort.iter().map(|item| (*item).to_owned()).collect();
            let list = Action::List(List { sort, ..List::default() });
            is_total(&scenario, &Case::new(Caller::Guest, "a", list))
        };
        assert!(total(&["one.all", "-id"]) && total(&["all", "id"]) && total(&["all:length", "@rowid"]));
        assert!(
            !total(&["one.all:each", "id"]) && !total(&["-all.id", "id"]) && !total(&["a_via_one.id", "id"])
        );
        assert!(!total(&["one"]) && !total(&["@random", "id"]));
    }
}
