//! WeChat's scan login, as a newcomer meets it with the simulator.

use baibase_tests::Server;
use reqwest::Url;
use serde_json::json;

#[tokio::test]
async fn a_user_scans_and_is_known_again() {
    let server = Server::with_superuser().await;
    let root = server.superuser().await;
    let fields = server.get("/api/collections/users").token(&root).send().await.expect(200)["fields"].clone();
    let mut fields = fields.as_array().unwrap().clone();
    for field in fields.iter_mut().filter(|field| field["name"] == "email") {
        field["required"] = json!(false);
    }
    let wechat = json!({"name": "wechat", "clientId": "wx-simulator", "clientSecret": "simulator"});
    let options = json!({"fields": fields, "oauth2": {"enabled": true, "providers": [wechat]}});
    server.patch("/api/collections/users").token(&root).json(&options).send().await.expect(200);

    let browser = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let browser = browser.build().unwrap();
    let mut records = Vec::new();
    for _ in 0..2 {
        let methods = server.get("/api/collections/users/auth-methods").send().await.expect(200);
        let offer = &methods["oauth2"]["providers"][0];
        assert_eq!((offer["name"].as_str(), offer["codeVerifier"].as_str()), (Some("wechat"), Some("")));
        let page = format!("{}http://app.example/back", offer["authURL"].as_str().unwrap());
        let reply = browser.get(&page).send().await.unwrap();
        assert!(reply.text().await.unwrap().contains("WeChat simulator"));
        let scanned = page.replace("/connect/qrconnect?", "/connect/confirm?name=anna&");
        let reply = browser.get(scanned).send().await.unwrap();
        let back = Url::parse(reply.headers()["location"].to_str().unwrap()).unwrap();
        let value = |name: &str| back.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        assert_eq!(value("state"), offer["state"].as_str().unwrap());
        let body =
            json!({"provider": "wechat", "code": value("code"), "redirectURL": "http://app.example/back"});
        let login = "/api/collections/users/auth-with-oauth2";
        let reply = server.post(login).json(&body).send().await.expect(200);
        assert_eq!(reply["record"]["name"], "anna");
        assert_eq!(reply["meta"]["id"], reply["meta"]["rawUser"]["unionid"]);
        records.push((reply["meta"]["isNew"].clone(), reply["record"]["id"].clone()));
        server.post(login).json(&body).send().await.expect(400);
    }
    assert_eq!((&records[0].0, &records[1].0), (&json!(true), &json!(false)));
    assert_eq!(records[0].1, records[1].1);
}
