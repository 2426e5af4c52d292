//! The way back from a service to the client that waits for it.

use baibase_tests::{Events, Reply, Server, Setup};
use serde_json::{Value, json};
use tempfile::TempDir;

const PATH: &str = "/api/oauth2-redirect";

/// Whether a reply sends the user to the page of success.
#[track_caller]
fn is_success(reply: &Reply, status: u16) -> bool {
    assert_eq!((reply.status, reply.text().as_str()), (status, ""), "nothing of what came in is reflected");
    match reply.header("location") {
        "../_/#/auth/oauth2-redirect-success" => true,
        "../_/#/auth/oauth2-redirect-failure" => false,
        other => panic!("{other} is no page of ours"),
    }
}

/// A server with a folder of static files that has a dashboard.
async fn start() -> (Server, TempDir) {
    start_with(Setup::new()).await
}

async fn start_with(setup: Setup) -> (Server, TempDir) {
    let public = tempfile::tempdir().unwrap();
    std::fs::create_dir(public.path().join("_")).unwrap();
    std::fs::write(public.path().join("_/index.html"), "dashboard").unwrap();
    let server = setup.arg("--publicDir").arg(public.path().to_str().unwrap()).start().await;
    (server, public)
}

async fn back(server: &Server, query: &[(&str, &str)]) -> bool {
    is_success(&server.get(PATH).query(query).send().await, 307)
}

async fn back_by_form(server: &Server, body: &str) -> bool {
    let form = "application/x-www-form-urlencoded";
    is_success(&server.post(PATH).body(form, body.to_owned()).send().await, 303)
}

async fn told(events: &mut Events<'_>) -> Value {
    let event = events.next().await;
    assert_eq!(event.name, "@oauth2");
    event.data
}

#[tokio::test]
async fn the_client_that_waits_is_told_once() {
    let (server, _public) = start().await;
    let mut events = Events::of(&server, "", &["@oauth2"]).await;
    let state = events.id().to_owned();
    assert!(back(&server, &[("state", &state), ("code", "c<&>"), ("user", "ignored")]).await);
    assert_eq!(told(&mut events).await, json!({"state": state, "code": "c<&>"}));
    assert!(!back(&server, &[("state", &state), ("code", "again")]).await);
    events.nothing().await;
}

#[tokio::test]
async fn errors_are_told_as_well_and_lead_to_the_page_of_failure() {
    let (server, _public) = start().await;
    for (query, data) in [
        (vec![("code", "c"), ("error", "access_denied")], json!({"code": "c", "error": "access_denied"})),
        (vec![], json!({"code": ""})),
    ] {
        let mut events = Events::of(&server, "", &["@oauth2"]).await;
        let state = events.id().to_owned();
        let query: Vec<(&str, &str)> = query.into_iter().chain([("state", state.as_str())]).collect();
        assert!(!back(&server, &query).await);
        let mut expected = data;
        expected["state"] = json!(state);
        assert_eq!(told(&mut events).await, expected);
    }
}

#[tokio::test]
async fn who_does_not_wait_is_not_told() {
    let (server, _public) = start().await;
    let mut events = Events::of(&server, "", &["@oauth2/x", "users"]).await;
    let state = events.id().to_owned();
    assert!(!back(&server, &[("state", &state), ("code", "c")]).await);
    events.nothing().await;
    for state in ["", "unknown", "<script>alert(1)</script>"] {
        assert!(!back(&server, &[("state", state), ("code", state), ("error", state)]).await);
    }
}

#[tokio::test]
async fn who_comes_from_another_address_tells_nobody() {
    let (server, _public) = start_with(Setup::new().superuser()).await;
    let root = server.superuser().await;
    let proxy = json!({"trustedProxy": {"headers": ["X-Real-IP"], "useLeftmostIP": false}});
    server.patch("/api/settings").token(&root).json(&proxy).send().await.expect(200);
    let mut events = Events::of(&server, "", &["@oauth2"]).await;
    let query = [("state", events.id()), ("code", "c")];
    let reply = server.get(PATH).query(&query).header("X-Real-IP", "203.0.113.9").send().await;
    assert!(!is_success(&reply, 307));
    events.nothing().await;
}

#[tokio::test]
async fn forms_are_read_and_what_is_none_is_a_failure() {
    let (server, _public) = start().await;
    let mut events = Events::of(&server, "", &["@oauth2"]).await;
    let state = events.id().to_owned();
    assert!(back_by_form(&server, &format!("state={state}&code=0012")).await);
    assert_eq!(told(&mut events).await, json!({"state": state, "code": "0012"}));
    assert!(!back_by_form(&server, "state=%zz").await);
    assert!(!is_success(&server.post(PATH).body("text/plain", "state=x").send().await, 303));
    let long = format!("state=x&code={}", "y".repeat(1 << 17));
    assert!(!back_by_form(&server, &long).await);
}

#[tokio::test]
async fn without_a_dashboard_the_user_is_told_in_plain_text() {
    let server = Server::start().await;
    let mut events = Events::of(&server, "", &["@oauth2"]).await;
    let query = [("state", events.id().to_owned()), ("code", "<b>".to_owned())];
    let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reply = server.get(PATH).query(&query).send().await.expect(200);
    assert_eq!(reply.text(), "Auth completed. You can close this window and go back to the app.");
    assert!(reply.header("content-type").starts_with("text/plain"));
    assert_eq!(told(&mut events).await["code"], "<b>");
    let reply = server.get(PATH).query(&query).send().await.expect(200);
    assert!(reply.text().starts_with("Failed to authenticate."));
}
