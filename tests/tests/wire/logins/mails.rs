//! Mails on their way.

use baibase_tests::{Encryption, MailServer, Server, Setup};
use serde_json::{Value, json};

use super::World;

async fn configure(server: &Server, root: &str, settings: &Value) {
    server.patch("/api/settings").token(root).json(settings).send().await.expect(200);
}

async fn test_mail(server: &Server, root: &str) -> baibase_tests::Reply {
    let body = json!({"email": "anna@example.com", "template": "otp"});
    server.post("/api/settings/test/email").token(root).json(&body).send().await
}

#[tokio::test]
async fn mails_are_sent_over_every_kind_of_connection() {
    for encryption in [Encryption::None, Encryption::StartTls, Encryption::Implicit] {
        let mails = MailServer::with(encryption).await;
        let trusting = Setup::bare().env("SSL_CERT_FILE", &mails.authority());
        let server = trusting.superuser().start().await;
        let root = server.superuser().await;
        for (method, name) in [("PLAIN", "localhost"), ("LOGIN", "mail.example.com")] {
            let mut settings = mails.settings();
            settings["smtp"]["authMethod"] = method.into();
            settings["smtp"]["localName"] = name.into();
            configure(&server, &root, &settings).await;
            test_mail(&server, &root).await.expect(204);
            let mail = mails.next().await;
            assert_eq!((mail.mechanism.as_str(), mail.hello.as_str()), (method, name));
            assert_eq!(mail.encrypted, encryption != Encryption::None);
            assert_eq!(
                (mail.from.as_str(), mail.to),
                ("noreply@example.com", vec!["anna@example.com".to_owned()])
            );
            assert!(mail.text.contains("123456") && mail.html.contains("<strong>123456</strong>"));
        }
    }
}

#[tokio::test]
async fn nobody_gets_the_password_who_is_not_the_mail_server() {
    let mails = MailServer::with(Encryption::StartTls).await;
    // The authority of the server is not known here.
    let server = Setup::bare().superuser().start().await;
    let root = server.superuser().await;
    let mut settings = mails.settings();
    configure(&server, &root, &settings).await;
    let refused = test_mail(&server, &root).await.expect(400);
    assert!(
        refused.at("/message").starts_with("Failed to send the test email. Raw error: \n"),
        "{}",
        refused.text()
    );
    settings["smtp"]["password"] = "wrong".into();
    configure(&server, &root, &settings).await;
    let log = server.log();
    assert!(!refused.text().contains("pass phrase") && !log.contains("pass phrase"));
    assert!(mails.is_empty().await);
}

#[tokio::test]
async fn what_the_mail_server_says_is_told() {
    let world = World::new(json!({})).await;
    let send = async |body: Value| {
        world.server.post("/api/settings/test/email").token(&world.root).json(&body).send().await
    };
    for template in ["verification", "password-reset", "email-change", "otp", "login-alert"] {
        let body = json!({"email": "anna@example.com", "template": template, "collection": "people"});
        send(body).await.expect(204);
        assert_eq!(world.mails.next().await.to, ["anna@example.com"]);
    }
    for (body, field, code) in [
        (json!({"email": "x", "template": "otp"}), "email", "validation_is_email"),
        (json!({"email": "a@example.com", "template": "x"}), "template", "validation_in_invalid"),
        (json!({"email": "a@example.com"}), "template", "validation_required"),
        (
            json!({"email": "a@example.com", "template": "otp", "collection": "_mfas"}),
            "collection",
            "validation_invalid_auth_collection",
        ),
    ] {
        assert_eq!(send(body).await.expect(400)["data"][field]["code"], code);
    }
    world.mails.refuse(true);
    let refused = send(json!({"email": "a@example.com", "template": "otp"})).await.expect(400);
    assert!(refused.at("/message").contains("550") && refused.at("/message").contains("no such user here"));
    let guest = world.server.post("/api/settings/test/email").json(&json!({})).send().await;
    guest.expect(401);
}

#[tokio::test]
async fn nothing_in_a_mail_can_become_a_header() {
    let world = World::new(json!({
        "fields": [{"type": "text", "name": "name"}],
        "resetPasswordTemplate": {"subject": "Hello {RECORD:name}", "body": "<p>{RECORD:name} {TOKEN}</p>"},
    }))
    .await;
    let evil = "Eve\r\nBcc: eve@example.com\r\n\r\n<script>1</script>{TOKEN}";
    let body = json!({"email": "eve@example.com", "name": evil, "password": "12345678", "passwordConfirm": "12345678"});
    world.people("records", &body).await.expect(200);
    let meta = json!({"meta": {"senderName": "A\r\nCc: eve@example.com", "appName": "x"}});
    world.patch_as_root("/api/settings", &meta).await.expect(200);
    world.people("request-password-reset", &json!({"email": "eve@example.com"})).await.expect(204);
    let mail = world.mails.next().await;
    assert_eq!(mail.to, ["eve@example.com"]);
    let names: Vec<&str> = mail.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        !names.iter().any(|name| ["bcc", "cc"].contains(&name.to_ascii_lowercase().as_str())),
        "{names:?}"
    );
    assert!(mail.subject.starts_with("Hello Eve  Bcc: eve@example.com"), "{}", mail.subject);
    assert!(!mail.html.contains("<script>"));
    assert!(mail.html.contains("{TOKEN}"), "what is put in is not looked at again");
}
