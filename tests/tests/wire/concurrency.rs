//! Many at once, and a loss of power in between.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use baibase_tests::{Home, Server, Setup, login, register, unique_code};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

const COMPANIES: &str = "/api/collections/tbl_company/records";

#[tokio::test]
async fn thirty_two_first_logins_make_one_user() {
    let server = Server::start().await;
    let logins = join_all((0..32).map(|_| async {
        let body = json!({"users_wx_code": unique_code("dev-anna")});
        server.post("/api/wechat/login").json(&body).send().await
    }))
    .await;
    assert!(logins.iter().all(|reply| reply.status == 200));
    let ids: HashSet<&str> = logins.iter().map(|reply| reply.at("/data/user/pb_id")).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(logins.iter().filter(|reply| reply.at("/data/status") == "register_success").count(), 1);
    let count = server.post("/api/system/users-count").send().await.expect(200);
    assert_eq!(count["data"]["total_users"], 1);
    // Each of the tokens is good.
    for reply in &logins {
        server.post("/api/system/refresh-token").token(reply.at("/token")).send().await.expect(200);
    }
}

#[tokio::test]
async fn parallel_creates_never_share_a_business_id() {
    let server = Server::start().await;
    let token = register(&server, "13800138000").await.at("/token").to_owned();
    for (collection, field) in [
        ("tbl_company", "company_id"),
        ("tbl_document", "document_id"),
        ("tbl_attachments", "attachments_id"),
        ("tbl_system_dict", "system_dict_id"),
        ("tbl_user_groups", "usergroups_id"),
    ] {
        let path = format!("/api/collections/{collection}/records");
        let creates = join_all((0..60).map(|number| {
            let body =
                json!({"document_title": "t", "document_type": "D@U", "dict_name": format!("n{number}")});
            server.post(&path).token(&token).json(&body).send()
        }))
        .await;
        let ids: HashSet<String> =
            creates.into_iter().map(|reply| reply.expect(200)[field].to_string()).collect();
        assert_eq!(ids.len(), 60, "{collection}");
    }
    let users = join_all((0..30).map(|number| {
        let server = &server;
        async move {
            let user = login(server, &format!("user{number}")).await;
            user.edit(server, json!({})).await.expect(200).at("/data/user/users_id").to_owned()
        }
    }))
    .await;
    let distinct: HashSet<&String> = users.iter().collect();
    assert_eq!(distinct.len(), 30, "{users:?}");
}

#[tokio::test]
async fn what_was_answered_survives_sigkill() {
    let mut server = Setup::new().superuser().start().await;
    let answered = Arc::new(AtomicUsize::new(0));
    let creates: Vec<_> = (0..200)
        .map(|number| {
            let call = reqwest::Client::builder().no_proxy().build().unwrap().post(server.url(COMPANIES));
            let call = call.json(&json!({"company_name": format!("c{number}")}));
            let answered = Arc::clone(&answered);
            tokio::spawn(async move {
                let reply = call.send().await.ok()?;
                if !reply.status().is_success() {
                    return None;
                }
                let record: Value = reply.json().await.ok()?;
                answered.fetch_add(1, Ordering::SeqCst);
                record["id"].as_str().map(str::to_owned)
            })
        })
        .collect();
    while answered.load(Ordering::SeqCst) < 60 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.kill();
    let ids: Vec<String> = join_all(creates).await.into_iter().filter_map(|id| id.unwrap()).collect();
    assert!(ids.len() >= 60);

    let server = Setup::new().home(server.home()).start().await;
    let list = server.get(COMPANIES).query(&[("perPage", "1000"), ("fields", "id")]).send().await.expect(200);
    let there: HashSet<&str> =
        list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    for id in &ids {
        assert!(there.contains(id.as_str()), "{id} was answered with 200 and is gone");
    }
    server.post(COMPANIES).json(&json!({})).send().await.expect(200);
}

#[tokio::test]
async fn readers_and_writers_do_not_stop_each_other() {
    let server = Server::start().await;
    let writes =
        join_all((0..100).map(|number| {
            server.post(COMPANIES).json(&json!({"company_name": format!("c{number}")})).send()
        }));
    let reads = join_all((0..100).map(|_| server.get(COMPANIES).query(&[("sort", "-created")]).send()));
    let (writes, reads) = tokio::join!(writes, reads);
    assert!(writes.iter().chain(&reads).all(|reply| reply.status == 200));
    assert_eq!(server.get(COMPANIES).send().await.expect(200)["totalItems"], 100);
}

/// Whatever the collections are changed to meanwhile: nothing is refused, and nothing waits for ever.
#[tokio::test]
async fn collections_change_under_load() {
    for home in [Home::on_sqlite(), Home::on_postgres()] {
        let server = Setup::bare().superuser().home(Arc::new(home)).start().await;
        let load = Load::prepare(&server).await;
        let done = AtomicBool::new(false);
        let traffic = join_all((0..8).map(|number| load.traffic(number, &done)));
        let changes = async {
            for round in 0..6 {
                load.change(round).await;
            }
            done.store(true, Ordering::SeqCst);
        };
        let (counts, ()) =
            tokio::time::timeout(Duration::from_secs(120), join(traffic, changes)).await.unwrap();
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    }
}

/// The collections `papers` (`title`, `kind`) and `titles`, a view of it, and who changes them.
struct Load<'a> {
    server: &'a Server,
    token: String,
}

impl<'a> Load<'a> {
    const PAPERS: &'static str = "/api/collections/papers/records";

    async fn prepare(server: &'a Server) -> Self {
        let load = Self { server, token: server.superuser().await };
        let open = ["listRule", "viewRule", "createRule", "updateRule", "deleteRule"]
            .map(|rule| (rule.to_owned(), json!("")));
        let mut papers = json!({"name": "papers", "type": "base", "fields": Self::fields(0)});
        papers.as_object_mut().unwrap().extend(open);
        let view = json!({
            "name": "titles", "type": "view", "listRule": "", "viewQuery": "SELECT id, title FROM papers",
        });
        for collection in [papers, view] {
            server.post("/api/collections").token(&load.token).json(&collection).send().await.expect(200);
        }
        let paper = json!({"id": "paper0000000000", "title": "first", "kind": "a"});
        server.post(Self::PAPERS).json(&paper).send().await.expect(200);
        load
    }

    /// The fields by round: one has another name, and one holds one or several, each time.
    fn fields(round: usize) -> Value {
        json!([
            {"id": "title0", "type": "text", "name": "title"},
            {"id": "kind00", "type": "select", "name": "kind", "values": ["a", "b"], "maxSelect": 1 + round % 2},
            {"id": "other0", "type": "text", "name": format!("other{round}")},
            {"id": format!("more{round}0"), "type": "number", "name": format!("more{round}")},
        ])
    }

    /// Changes the fields, and the indexes by and by.
    async fn change(&self, round: usize) {
        let mut index = format!("CREATE INDEX idx_papers_{round} ON papers (title, other{round})");
        if round.is_multiple_of(2) {
            index.push_str(" WHERE title != ''");
        }
        let body = json!({"fields": Self::fields(round), "indexes": [index]});
        self.server.patch("/api/collections/papers").token(&self.token).json(&body).send().await.expect(200);
    }

    /// What clients do until it is `done`, and how often they did it.
    async fn traffic(&self, number: usize, done: &AtomicBool) -> usize {
        let (server, first) = (self.server, format!("{}/paper0000000000", Self::PAPERS));
        let mut count = 0;
        while !done.load(Ordering::SeqCst) {
            let paper = json!({"title": format!("t{number}"), "kind": "b"});
            let made = server.post(Self::PAPERS).json(&paper).send().await.expect(200);
            let made = format!("{}/{}", Self::PAPERS, made.at("/id"));
            server.patch(&made).json(&json!({"title": "changed"})).send().await.expect(200);
            server
                .get(Self::PAPERS)
                .query(&[("filter", "title ~ 't'"), ("sort", "-title")])
                .send()
                .await
                .expect(200);
            server.get(&first).send().await.expect(200);
            server.get("/api/collections/titles/records").query(&[("sort", "id")]).send().await.expect(200);
            server.delete(&made).send().await.expect(204);
            count += 1;
        }
        count
    }
}
