use reqwest::Method;

use super::json::Json;
use super::run::Runner;

impl Runner {
    /// The names of all collections.
    pub async fn collections(&self) -> Vec<String> {
        let (_, reply) = self.ask(Method::GET, "/api/collections?perPage=1000&fields=name").await;
        let Json::Object(page) = &reply else { panic!("no page: {}", reply.pretty()) };
        let Some(Json::List(items)) = page.get("items") else { panic!("no items: {}", reply.pretty()) };
        items.iter().filter_map(|item| item.at("/name")).collect()
    }

    /// Deletes all collections but these.
    ///
    /// # Panics
    /// When one cannot be deleted.
    pub async fn clean_up(&self, keep: &[String]) {
        loop {
            let mut left = self.collections().await;
            left.retain(|name| !keep.contains(name));
            if left.is_empty() {
                return;
            }
            // One that others refer to can be deleted after them.
            let mut deleted = 0;
            for name in &left {
                let (status, _) = self.ask(Method::DELETE, &format!("/api/collections/{name}")).await;
                deleted += usize::from(status == 204);
            }
            assert!(deleted > 0, "these cannot be deleted: {left:?}");
        }
    }
}
