//! Requests that a guest could make the server send. Pictures of profiles stand in `oauth2`.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::oauth2::{Setup, profile};

/// Somebody who listens, and what would lead to them.
fn probe() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn nobody_but_superusers_names_an_address() {
    let setup = Setup::start().await;
    let (probe, url) = probe();
    let user = setup.login("oidc", "", profile("1", "anna@example.com"), json!({})).await.expect(200);
    let bucket = json!({
        "enabled": true, "bucket": "x", "region": "x", "endpoint": url, "accessKey": "x", "secret": "x",
        "forcePathStyle": true,
    });
    let smtp = json!({"enabled": true, "host": "127.0.0.1", "port": probe.local_addr().unwrap().port()});
    let services = json!({"oauth2": {"enabled": true, "providers": [{
        "name": "oidc", "clientId": "x", "clientSecret": "x", "authURL": url, "tokenURL": url, "userInfoURL": url,
    }]}});
    let attempts: [(&str, &str, Value); 6] = [
        ("POST", "/api/settings/test/s3", json!({"filesystem": "storage", "s3": bucket})),
        (
            "POST",
            "/api/settings/test/email",
            json!({"email": "a@example.com", "template": "otp", "smtp": smtp}),
        ),
        ("PATCH", "/api/settings", json!({"s3": bucket, "backups": {"s3": bucket}, "smtp": smtp})),
        ("PATCH", "/api/collections/users", services.clone()),
        ("PUT", "/api/collections/import", json!({"collections": [services]})),
        ("POST", "/api/backups", json!({"name": "a.zip"})),
    ];
    for (method, path, body) in &attempts {
        let call = || setup.server.call(&method.parse().unwrap(), path).json(body);
        call().send().await.expect(401);
        call().token(user.at("/token")).send().await.expect(403);
    }
    // What a guest may send with a login says nothing about where to go.
    let steered = json!({
        "avatar": format!("{url}/a.png"), "avatarURL": url, "authURL": url, "tokenURL": url, "userInfoURL": url,
        "jwksURL": url, "endpoint": url,
    });
    let reply = setup.login("oidc", "", profile("2", "bert@example.com"), steered.clone()).await;
    assert!([200, 400].contains(&reply.status), "{}", reply.text());
    let mut body = steered;
    body["provider"] = json!("oidc");
    body["code"] = json!(setup.provider.code(profile("3", "carl@example.com")));
    body["redirectURL"] = json!(url);
    let path = "/api/collections/users/auth-with-oauth2";
    let reply = setup.server.post(path).json(&body).send().await.expect(200);
    assert_eq!(reply.at("/record/avatar"), "");
    for name in [format!("{url}/a.png"), url.clone(), "file:///etc/passwd".to_owned()] {
        let user = format!("/api/collections/users/records/{}", reply.at("/record/id"));
        let change = setup.server.patch(&user).token(reply.at("/token")).json(&json!({"avatar": name}));
        let refused = change.send().await.expect(400);
        assert_eq!(refused.at("/data/avatar/code"), "validation_invalid_file", "{name}");
    }
    assert!(probe.accept().is_err(), "nobody came");
}
