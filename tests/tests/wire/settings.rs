//! Settings: what superusers see and change, and how they are stored.

use baibase_tests::{Server, Setup, run};
use serde_json::{Value, json};

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn lists_merge_by_position_and_secrets_stay() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let patch = |body: Value| server.patch("/api/settings").json(&body).token(&token);
    let rule = |label: &str| json!({"label": label, "audience": "@auth", "duration": 5, "maxRequests": 7});
    let rules = json!({"rateLimits": {"rules": [rule("a:list"), rule("b:list")]}});
    patch(rules).send().await.expect(200);
    let merged = patch(json!({"rateLimits": {"rules": [{"label": "c:list"}]}})).send().await.expect(200);
    assert_eq!(merged["rateLimits"]["rules"], json!([rule("c:list")]));

    let mail = json!({"smtp": {"enabled": false, "password": "geheim", "host": "mail.example.com"}});
    let saved = patch(mail).send().await.expect(200);
    assert!(!saved.text().contains("geheim") && saved["smtp"].get("password").is_none());
    let view = server.get("/api/settings?fields=smtp,meta.appName").token(&token).send().await.expect(200);
    assert_eq!(view["smtp"]["host"], "mail.example.com");
    assert_eq!(view["meta"], json!({"appName": "Acme"}));
    assert!(!view.text().contains("geheim"));

    for (body, pointer, code) in [
        (json!({"meta": {"appName": ""}}), "/data/meta/appName/code", "validation_required"),
        (
            json!({"logs": {"maxDays": -1}}),
            "/data/logs/maxDays/code",
            "validation_min_greater_equal_than_required",
        ),
        (
            json!({"superuserIPs": ["nonsense"]}),
            "/data/superuserIPs/0/code",
            "validation_invlaid_ip_or_subnet",
        ),
    ] {
        let refused = patch(body).send().await.expect(400);
        assert_eq!(refused["message"], "An error occurred while saving the new settings.");
        assert_eq!(refused.at(pointer), code, "{}", refused.text());
    }
    let wrong = patch(json!({"meta": {"appName": 1}})).send().await.expect(400);
    assert_eq!(wrong["message"], "An error occurred while loading the submitted data.");
    server.get("/api/settings").send().await.expect(401);
}

#[tokio::test]
async fn superusers_come_from_listed_addresses_alone_whatever_they_ask() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let proxy =
        json!({"trustedProxy": {"headers": ["X-Real-IP"]}, "superuserIPs": ["10.0.0.0/8", "127.0.0.1"]});
    server.patch("/api/settings").json(&proxy).token(&token).send().await.expect(200);
    for path in ["/api/health", "/api/settings", "/api/nope", "/", "/api/collections/users/records"] {
        let call = || server.get(path).token(&token).header("X-Real-IP", "203.0.113.9");
        let refused = call().send().await.expect(403);
        assert_eq!(refused["message"], "You are not allowed to perform this request.", "{path}");
        let guest = server.get(path).header("X-Real-IP", "203.0.113.9").send().await;
        assert_ne!(guest.status, 403, "{path}");
    }
    let health = server.get("/api/health").token(&token).header("X-Real-IP", "10.1.2.3");
    let health = health.send().await.expect(200);
    assert_eq!(health["data"]["realIP"], "10.1.2.3");
    assert_eq!(health["data"]["possibleProxyHeader"], "X-Real-IP");
    let direct = server.get("/api/health").token(&token).header("CF-Connecting-IP", "::1").send().await;
    assert_eq!(direct.expect(200)["data"]["possibleProxyHeader"], "CF-Connecting-IP");
}

#[tokio::test]
async fn stored_settings_can_be_encrypted() {
    let setup = || Setup::bare().arg("--encryptionEnv").arg("SETTINGS_KEY");
    let mut server = setup().env("SETTINGS_KEY", KEY).superuser().start().await;
    let token = server.superuser().await;
    // The superuser was made without the key: the settings were plain until now.
    let name = json!({"meta": {"appName": "Verschlüsselt"}, "smtp": {"password": "geheim"}});
    server.patch("/api/settings").json(&name).token(&token).send().await.expect(200);
    let stored = server.post("/api/sql").token(&token);
    let stored =
        stored.json(&json!({"query": "SELECT value FROM _params WHERE id = 'settings'"})).send().await;
    let stored = stored.expect(200).text();
    assert!(!stored.contains("geheim") && !stored.contains("appName"), "{stored}");
    server.terminate();
    server.ended().await;
    let home = server.home();

    let again = setup().env("SETTINGS_KEY", KEY).home(home.clone()).start().await;
    let settings = again.get("/api/settings").token(&token).send().await.expect(200);
    assert_eq!(settings["meta"]["appName"], "Verschlüsselt");
    drop(again);
    let data = home.data();
    let start = |key| {
        let mut env = home.env();
        env.push(("SETTINGS_KEY", key));
        let args = ["serve", "--http", "127.0.0.1:0", "--encryptionEnv", "SETTINGS_KEY", "--dir"];
        run(&[&args[..], &[data.to_str().unwrap()]].concat(), &env)
    };
    for (key, reason) in [
        ("", "the key is missing"),
        ("short", "32 bytes"),
        ("fedcba9876543210fedcba9876543210", "the key is another one"),
    ] {
        let output = start(key);
        assert!(output.code == Some(1) && output.stderr.contains(reason), "{output:?}");
    }
}

#[tokio::test]
async fn a_secret_for_apple_is_made() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let path = "/api/settings/apple/generate-client-secret";
    let invalid = server.post(path).json(&json!({"teamId": "x"})).token(&token).send().await.expect(400);
    assert_eq!(invalid["message"], "Invalid client secret data.");
    assert_eq!(invalid.at("/data/teamId/code"), "validation_length_invalid");
    let form = json!({
        "clientId": "c", "teamId": "t123456789", "keyId": "k123456789", "duration": 60,
        "privateKey": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    });
    let broken = server.post(path).json(&form).token(&token).send().await.expect(400);
    assert!(broken.at("/message").starts_with("Failed to generate client secret. Raw error: \n"));
}
