use crate::model::{Action, Caller, Collection, Expression, Scenario};

use super::expressions;

/// Scenarios with fewer collections, rules, indexes and fields.
pub(super) fn fewer(scenario: &Scenario) -> Vec<Scenario> {
    let names: Vec<&String> = scenario.collections.iter().map(|collection| &collection.name).collect();
    let mut fewer: Vec<Scenario> =
        names.iter().filter_map(|name| without_collection(scenario, name)).collect();
    for at in 0..scenario.collections.len() {
        let mut push = |change: &dyn Fn(&mut Collection)| {
            let mut changed = scenario.clone();
            change(&mut changed.collections[at]);
            if changed.collections[at] != scenario.collections[at] {
                fewer.push(changed);
            }
        };
        let collection = &scenario.collections[at];
        push(&|collection| collection.rules.clear());
        push(&|collection| collection.indexes.clear());
        for rule in 0..collection.rules.len() {
            push(&|collection| drop(collection.rules.remove(rule)));
        }
        for index in 0..collection.indexes.len() {
            push(&|collection| drop(collection.indexes.remove(index)));
        }
        for field in 0..collection.fields.len() {
            fewer.push(without_field(scenario, at, field));
        }
    }
    fewer
}

/// Scenarios with simpler rules and fields with fewer options.
pub(super) fn smaller(scenario: &Scenario) -> Vec<Scenario> {
    let mut smaller = Vec::new();
    for (at, collection) in scenario.collections.iter().enumerate() {
        for (number, (_, rule)) in collection.rules.iter().enumerate() {
            let empty = rule.iter().filter(|rule| **rule != Expression::Empty).map(|_| Expression::Empty);
            for rule in empty.chain(rule.iter().flat_map(expressions::smaller)) {
                let mut changed = scenario.clone();
                changed.collections[at].rules[number].1 = Some(rule);
                smaller.push(changed);
            }
        }
        for (number, field) in collection.fields.iter().enumerate() {
            for option in field.options.keys() {
                let mut changed = scenario.clone();
                changed.collections[at].fields[number].options.remove(option);
                smaller.push(changed);
            }
        }
    }
    smaller
}

/// Without a collection, what points to it, and what is sent to it. The last request stays.
fn without_collection(scenario: &Scenario, name: &str) -> Option<Scenario> {
    if scenario.cases.last().is_some_and(|case| case.collection == name) {
        return None;
    }
    let mut scenario = scenario.clone();
    scenario.collections.retain(|collection| collection.name != name);
    for collection in &mut scenario.collections {
        collection.fields.retain(|field| field.target.as_deref() != Some(name));
    }
    scenario.cases.retain(|case| case.collection != name);
    let is_gone = |caller: &Caller| matches!(caller, Caller::Record { collection, .. } if collection == name);
    for case in scenario.cases.iter_mut().filter(|case| is_gone(&case.caller)) {
        case.caller = Caller::Guest;
    }
    Some(scenario)
}

/// Without a field and its values.
fn without_field(scenario: &Scenario, collection: usize, field: usize) -> Scenario {
    let mut scenario = scenario.clone();
    let changed = &mut scenario.collections[collection];
    let field = changed.fields.remove(field).name;
    let name = changed.name.clone();
    changed
        .indexes
        .retain(|index| !index.columns.iter().any(|column| column.contains(&format!("`{field}`"))));
    for case in scenario.cases.iter_mut().filter(|case| case.collection == name) {
        if let Action::Create { body } | Action::Update { body, .. } = &mut case.action {
            body.remove(&field);
        }
    }
    scenario
}
