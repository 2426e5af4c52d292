//! View collections: what they show, and what becomes of them when others change.

mod changes;
mod dry_run;
mod files;
mod postgres;
mod records;

use baibase_tests::{Reply, Server};
use serde_json::{Value, json};

const PATH: &str = "/api/collections";

/// A server with superuser, and the collections `tags` (`label`, `weight`) and `notes` (`title`, `size`, `active`,
/// `kind`, `tag`, `data`) with three records each.
struct Notes {
    server: Server,
    token: String,
}

impl Notes {
    async fn start() -> Self {
        Self::on(Server::with_superuser().await).await
    }

    async fn on(server: Server) -> Self {
        let token = server.superuser().await;
        let notes = Self { server, token };
        let tags = json!([{"type": "text", "name": "label"}, {"type": "number", "name": "weight"}]);
        let tag = notes.collection("tags", tags).await;
        let fields = json!([
            {"type": "text", "name": "title"},
            {"type": "number", "name": "size"},
            {"type": "bool", "name": "active"},
            {"type": "select", "name": "kind", "values": ["x", "y"], "maxSelect": 1},
            {"type": "relation", "name": "tag", "collectionId": tag, "maxSelect": 1},
            {"type": "json", "name": "data"},
        ]);
        notes.collection("notes", fields).await;
        for (number, label) in ["red", "Green", "blue"].into_iter().enumerate() {
            let body = json!({"id": id("tag", number), "label": label, "weight": number});
            notes.post("tags", body).await.expect(200);
        }
        for (number, (title, size)) in
            [("alpha", json!(1)), ("Beta", json!(2.5)), ("10", json!(7))].into_iter().enumerate()
        {
            let body = json!({
                "id": id("note", number), "title": title, "size": size, "active": number != 1,
                "kind": (["x", "y", "x"][number]), "tag": id("tag", number % 2),
                "data": ([json!({"a": [1, "b"]}), json!(null), json!("s")][number]),
            });
            notes.post("notes", body).await.expect(200);
        }
        notes
    }

    /// Creates a collection that everybody may read; its id.
    async fn collection(&self, name: &str, fields: Value) -> String {
        let body = json!({"name": name, "type": "base", "listRule": "", "viewRule": "", "fields": fields});
        self.create(body).await.expect(200).at("/id").to_owned()
    }

    async fn create(&self, body: Value) -> Reply {
        self.server.post(PATH).token(&self.token).json(&body).send().await
    }

    /// Creates a view that everybody may read.
    async fn view(&self, name: &str, query: &str) -> Reply {
        let body = json!({"name": name, "type": "view", "listRule": "", "viewRule": "", "viewQuery": query});
        self.create(body).await
    }

    async fn change(&self, name: &str, body: Value) -> Reply {
        self.server.patch(&format!("{PATH}/{name}")).token(&self.token).json(&body).send().await
    }

    async fn delete(&self, name: &str) -> Reply {
        self.server.delete(&format!("{PATH}/{name}")).token(&self.token).send().await
    }

    /// The names, and what `key` says, of a collection's fields.
    async fn fields(&self, name: &str, key: &str) -> Vec<(String, Value)> {
        let collection =
            self.server.get(&format!("{PATH}/{name}")).token(&self.token).send().await.expect(200);
        let fields = collection["fields"].as_array().unwrap().iter();
        fields.map(|field| (field["name"].as_str().unwrap().to_owned(), field[key].clone())).collect()
    }

    /// The fields of `notes`, changed by `edit`, are saved.
    async fn edit(&self, edit: impl Fn(&mut Vec<Value>)) -> Reply {
        let collection =
            self.server.get(&format!("{PATH}/notes")).token(&self.token).send().await.expect(200);
        let mut fields = collection["fields"].as_array().unwrap().clone();
        edit(&mut fields);
        self.change("notes", json!({"fields": fields})).await
    }

    async fn post(&self, collection: &str, body: Value) -> Reply {
        let path = format!("{PATH}/{collection}/records");
        self.server.post(&path).token(&self.token).json(&body).send().await
    }

    /// The records of a collection in the order of their ids, as everybody sees them.
    async fn list(&self, collection: &str, parameters: &[(&str, &str)]) -> Reply {
        // The first of several counts.
        let parameters = [parameters, &[("sort", "id")]].concat();
        self.server.get(&format!("{PATH}/{collection}/records")).query(&parameters).send().await
    }

    /// What a key of those records holds.
    async fn values(&self, collection: &str, key: &str) -> Vec<Value> {
        let list = self.list(collection, &[]).await.expect(200);
        list["items"].as_array().unwrap().iter().map(|item| item[key].clone()).collect()
    }

    async fn dry_run(&self, query: &str) -> Reply {
        let path = format!("{PATH}/meta/dry-run-view");
        self.server.post(&path).token(&self.token).json(&json!({"query": query})).send().await
    }
}

/// The id of a record by its number.
fn id(of: &str, number: usize) -> String {
    format!("{of:0<14}{number}")
}
