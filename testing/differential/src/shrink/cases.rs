use serde_json::{Map, Value, json};

use crate::model::{Action, Caller, Case, Scenario};

use super::expressions;

/// Scenarios with fewer requests before the last one: without half of them, a quarter and so on.
pub(super) fn fewer(scenario: &Scenario) -> Vec<Scenario> {
    let before = scenario.cases.len().saturating_sub(1);
    let mut size = before;
    let mut fewer = Vec::new();
    while size > 0 {
        for start in (0..before).step_by(size) {
            let mut scenario = scenario.clone();
            scenario.cases.drain(start..(start + size).min(before));
            fewer.push(scenario);
        }
        size /= 2;
    }
    fewer
}

/// Scenarios whose last request is smaller.
pub(super) fn smaller_last(scenario: &Scenario) -> Vec<Scenario> {
    match scenario.cases.len() {
        0 => Vec::new(),
        count => at(scenario, count - 1),
    }
}

/// Scenarios with a smaller request among those before the last one.
pub(super) fn smaller(scenario: &Scenario) -> Vec<Scenario> {
    (0..scenario.cases.len().saturating_sub(1)).flat_map(|index| at(scenario, index)).collect()
}

fn at(scenario: &Scenario, index: usize) -> Vec<Scenario> {
    let replace = |case| {
        let mut scenario = scenario.clone();
        scenario.cases[index] = case;
        scenario
    };
    simpler(&scenario.cases[index]).into_iter().map(replace).collect()
}

fn simpler(case: &Case) -> Vec<Case> {
    let mut simpler = Vec::new();
    let mut push = |change: &dyn Fn(&mut Case)| {
        let mut changed = case.clone();
        change(&mut changed);
        if changed != *case {
            simpler.push(changed);
        }
    };
    push(&|case| case.expand.clear());
    push(&|case| case.fields = None);
    push(&|case| case.query.clear());
    push(&|case| case.headers.clear());
    if matches!(case.caller, Caller::Record { .. }) {
        push(&|case| case.caller = Caller::Guest);
    }
    if case.caller == Caller::Guest {
        push(&|case| case.caller = Caller::Superuser);
    }
    for at in 0..case.expand.len() {
        push(&|case| drop(case.expand.remove(at)));
        if let Some((short, _)) = case.expand[at].rsplit_once('.') {
            push(&|case| case.expand[at] = short.to_owned());
        }
    }
    if let Some(fields) = &case.fields {
        let items: Vec<&str> = fields.split(',').collect();
        for item in items.iter().filter(|_| items.len() > 1) {
            push(&|case| case.fields = Some((*item).to_owned()));
        }
    }
    for action in actions(&case.action) {
        push(&|case| case.action = action.clone());
    }
    simpler
}

fn actions(action: &Action) -> Vec<Action> {
    match action {
        Action::View { .. } | Action::Delete { .. } | Action::Truncate => Vec::new(),
        Action::Alter { body } => changes(body).into_iter().map(|body| Action::Alter { body }).collect(),
        Action::Import { body } => imports(body).into_iter().map(|body| Action::Import { body }).collect(),
        Action::Create { body } => bodies(body).into_iter().map(|body| Action::Create { body }).collect(),
        Action::Upsert { body } => bodies(body).into_iter().map(|body| Action::Upsert { body }).collect(),
        Action::Batch(cases) => batches(cases),
        Action::Update { id, body } => {
            bodies(body).into_iter().map(|body| Action::Update { id: id.clone(), body }).collect()
        }
        Action::List(list) => {
            let mut lists = Vec::new();
            let filters = list.filter.iter().flat_map(expressions::smaller).map(Some);
            for filter in [None].into_iter().chain(filters) {
                lists.push(crate::model::List { filter, ..list.clone() });
            }
            for at in 0..list.sort.len() {
                let mut shorter = list.clone();
                shorter.sort.remove(at);
                lists.push(shorter);
                let mut upward = list.clone();
                upward.sort[at] = upward.sort[at].trim_start_matches(['-', '+']).to_owned();
                lists.push(upward);
            }
            lists.push(crate::model::List { page: None, ..list.clone() });
            lists.push(crate::model::List { per_page: None, ..list.clone() });
            lists.push(crate::model::List { skip_total: None, ..list.clone() });
            lists.into_iter().map(Action::List).collect()
        }
    }
}

/// Changes of a collection without one of their keys, or without an item of one of their lists.
fn changes(body: &Value) -> Vec<Value> {
    let Value::Object(body) = body else { return Vec::new() };
    let mut smaller = bodies(body);
    // Texts and options stay: half of a rule or of a name is another kind of change.
    smaller.retain(|smaller| {
        let is_list = |value: &Value| value.is_array();
        smaller.iter().all(|(key, value)| body.get(key) == Some(value) || is_list(value))
    });
    smaller.into_iter().map(Value::Object).collect()
}

/// Imports with fewer or smaller collections.
fn imports(body: &Value) -> Vec<Value> {
    let collections = body.get("collections").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut smaller = Vec::new();
    for at in 0..collections.len() {
        for instead in [None].into_iter().chain(changes(&collections[at]).into_iter().map(Some)) {
            let mut collections = collections.clone();
            collections.splice(at..=at, instead);
            let mut body = body.clone();
            body["collections"] = collections.into();
            smaller.push(body);
        }
    }
    smaller
}

/// Batches without one of the requests, or with a simpler one.
fn batches(cases: &[Case]) -> Vec<Action> {
    let mut batches = Vec::new();
    let mut push = |at: usize, instead: Option<Case>| {
        let mut cases = cases.to_vec();
        cases.splice(at..=at, instead);
        batches.push(Action::Batch(cases));
    };
    for at in 0..cases.len() {
        push(at, None);
    }
    for (at, case) in cases.iter().enumerate() {
        for simpler in simpler(case) {
            push(at, Some(simpler));
        }
    }
    batches
}

/// Bodies without one of the keys, or with a simpler value. The id of a row stays: others may refer to it.
fn bodies(body: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut bodies = Vec::new();
    for key in body.keys().filter(|key| *key != "id") {
        let mut shorter = body.clone();
        shorter.remove(key);
        bodies.push(shorter);
    }
    for (key, value) in body.iter().filter(|(key, _)| *key != "id") {
        for simple in values(value) {
            let mut simpler = body.clone();
            simpler.insert(key.clone(), simple);
            bodies.push(simpler);
        }
    }
    bodies
}

fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text)
            if text.chars().count() > 1 && !text.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            let half = text.chars().count() / 2;
            vec![
                text.chars().take(half).collect::<String>().into(),
                text.chars().skip(half).collect::<String>().into(),
            ]
        }
        Value::Array(items) => {
            let without = |at: usize| items.iter().enumerate().filter(move |(other, _)| *other != at);
            (0..items.len()).map(|at| without(at).map(|(_, item)| item.clone()).collect()).collect()
        }
        Value::Object(object) => {
            let mut simpler: Vec<Value> = object.values().cloned().collect();
            simpler.extend(bodies(object).into_iter().map(|object| json!(object)));
            simpler
        }
        _ => Vec::new(),
    }
}
