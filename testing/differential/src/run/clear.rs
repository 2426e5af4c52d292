use serde_json::{Value, json};

use crate::model::Collection;
use crate::step::{Method, Step};
use crate::{Error, Side};

/// Removes what an earlier scenario left on a server.
pub(super) async fn clear(side: &mut Side) -> Result<(), Error> {
    side.forget();
    let mut left = leftovers(side).await;
    // Views first, and then whatever nothing refers to any more.
    left.sort_by_key(|(_, view)| !view);
    let mut loosened = false;
    while let Some((name, _)) = left.first().cloned() {
        let before = left.len();
        let mut rest = Vec::new();
        for (name, view) in left {
            if remove(side, &name).await.status != 204 {
                rest.push((name, view));
            }
        }
        left = rest;
        if left.len() == before {
            if loosened {
                return Err(Error::Leftover(name.clone(), remove(side, &name).await));
            }
            loosen(side, &left).await;
            loosened = true;
        }
    }
    Ok(())
}

/// The collections of a scenario, and whether they are views.
async fn leftovers(side: &mut Side) -> Vec<(String, bool)> {
    let mut step = Step::superuser(Method::Get, "/api/collections".to_owned(), None);
    step.query = vec![("perPage".to_owned(), "1000".to_owned())];
    let reply = side.send(&step).await;
    let items = reply.json.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    items
        .iter()
        .filter(|item| text(item, "id").starts_with(Collection::PREFIX))
        .map(|item| (text(item, "name"), text(item, "type") == "view"))
        .collect()
}

async fn remove(side: &mut Side, name: &str) -> crate::Reply {
    side.send(&Step::superuser(Method::Delete, format!("/api/collections/{name}"), None)).await
}

/// Drops the fields of collections that hold each other, and what may name them.
async fn loosen(side: &mut Side, collections: &[(String, bool)]) {
    for (name, _) in collections {
        let bare = json!({
            "fields": [], "indexes": [], "listRule": null, "viewRule": null, "createRule": null,
            "updateRule": null, "deleteRule": null, "manageRule": null,
        });
        side.send(&Step::superuser(Method::Patch, format!("/api/collections/{name}"), Some(bare))).await;
    }
}
