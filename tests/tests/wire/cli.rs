//! The command line: help, superusers, and what keeps the service from starting.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use baibase_tests::{Home, Output, SUPERUSER, Server, Setup, run};
use serde_json::json;
use tempfile::TempDir;

/// Asserts that a run failed with one clear line.
fn refused(output: &Output, words: &[&str]) {
    assert!(output.code.is_some_and(|code| code != 0), "{output:?}");
    let text = output.stderr.to_lowercase();
    for word in words {
        assert!(text.contains(word), "{word}: {output:?}");
    }
    assert!(!text.contains("panicked") && !text.contains("backtrace"), "{output:?}");
    let errors = output.stderr.lines().filter(|line| line.to_lowercase().contains("error")).count();
    assert_eq!(errors, 1, "one clear line: {}", output.stderr);
}

fn serve(dir: &Path, more: &[&str], env: &[(&str, &str)]) -> Output {
    let mut args = vec!["serve", "--http", "127.0.0.1:0", "--dir", dir.to_str().unwrap()];
    args.extend(more);
    run(&args, env)
}

#[test]
fn help_and_version() {
    for flag in ["--version", "-v", "-V"] {
        let version = run(&[flag], &[]);
        assert_eq!(version.code, Some(0), "{version:?}");
        assert!(version.stdout.starts_with("baibase ") && version.stdout.lines().count() == 1, "{version:?}");
    }
    for args in
        [&["--help"][..], &["serve", "--help"], &["superuser", "--help"], &["superuser", "upsert", "--help"]]
    {
        let help = run(args, &[]);
        assert_eq!(help.code, Some(0), "{help:?}");
        assert!(help.stdout.contains("Usage: baibase"), "{help:?}");
        assert!(help.stderr.is_empty());
    }
    let serve = run(&["serve", "--help"], &[]).stdout;
    for flag in ["--dir", "--http", "--legacy-http", "--origins", "--dev", "127.0.0.1:8090", "pb_data"] {
        assert!(serve.contains(flag), "{flag}: {serve}");
    }
    for name in ["BAIBASE_DIR", "BAIBASE_HTTP", "BAIBASE_WECHAT_SIMULATOR", "BAIBASE_DUPLICATE_WINDOW_MS"] {
        assert!(serve.contains(name), "{name}: {serve}");
    }
}

#[test]
fn bad_flags_are_refused() {
    for (args, word) in [
        (&["serve", "--nosuch"][..], "--nosuch"),
        (&["nosuch"], "nosuch"),
        (&["serve", "--http", "nonsense"], "--http"),
        (&["superuser", "upsert"], "email"),
    ] {
        let output = run(args, &[]);
        assert!(output.code.is_some_and(|code| code != 0), "{output:?}");
        assert!(output.stderr.to_lowercase().contains(word), "{output:?}");
    }
    let dir = TempDir::new().unwrap();
    let window = serve(dir.path(), &[], &[("BAIBASE_DUPLICATE_WINDOW_MS", "soon")]);
    refused(&window, &["duplicate-window-ms"]);
    let mode = serve(dir.path(), &[], &[("BAIBASE_PLATFORM_REGISTRATION", "maybe")]);
    refused(&mode, &["platform-registration"]);
}

#[test]
fn a_busy_port_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("pb_data");
    let output = run(&["serve", "--dir", data.to_str().unwrap(), "--http", &address], &[]);
    refused(&output, &[&address, "in use"]);
    let legacy = serve(&data, &["--legacy-http", &address], &[]);
    refused(&legacy, &[&address, "in use"]);
}

#[test]
fn a_file_for_a_folder_is_refused() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("pb_data");
    std::fs::write(&file, "not a folder").unwrap();
    refused(&serve(&file, &[], &[]), &["pb_data"]);
    refused(&serve(&file.join("below"), &[], &[]), &["pb_data"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a folder");
}

#[test]
fn a_corrupt_database_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    let database = dir.path().join("data.db");
    let garbage = "this is not a database ".repeat(500);
    std::fs::write(&database, &garbage).unwrap();
    refused(&serve(dir.path(), &[], &[]), &["database"]);
    assert_eq!(std::fs::read_to_string(&database).unwrap(), garbage);
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let mut server = Server::start().await;
    server.terminate();
    server.ended().await;
    let insert =
        "INSERT INTO _migrations (file, applied) VALUES ('4102444800_from_the_future.go', 4102444800000000)";
    server.database().run(insert);
    refused(&serve(&server.data(), &[], &server.home().env()), &["newer"]);
    server.database().run("DELETE FROM _migrations WHERE file LIKE '%future%'");
    Setup::new().home(server.home()).start().await;
}

#[test]
fn the_simulator_does_not_run_beside_a_real_secret() {
    let dir = TempDir::new().unwrap();
    let env = [
        ("BAIBASE_WECHAT_SIMULATOR", "1"),
        ("BAIBASE_WECHAT_APP_ID", "wx1"),
        ("BAIBASE_WECHAT_APP_SECRET", "TOPSECRET"),
    ];
    let output = serve(dir.path(), &[], &env);
    refused(&output, &["simulator", "secret"]);
    assert!(!format!("{output:?}").contains("TOPSECRET"));
    let half = serve(dir.path(), &[], &[("BAIBASE_WECHAT_APP_ID", "wx1")]);
    refused(&half, &["appsecret"]);
}

#[tokio::test]
async fn the_banner_tells_that_the_simulator_is_on() {
    let with = Server::start().await;
    assert!(with.log().to_lowercase().contains("simulator"), "{}", with.log());
    assert!(with.log().contains(&with.address().to_string()), "{}", with.log());
    let without = Setup::bare().start().await;
    assert!(!without.log().to_lowercase().contains("simulator"), "{}", without.log());
}

#[tokio::test]
async fn superusers_are_managed() {
    let home = Arc::new(Home::new());
    let data = home.data();
    let superuser = |args: &[&str]| {
        let mut all = vec!["superuser"];
        all.extend(args);
        all.extend(["--dir", data.to_str().unwrap()]);
        run(&all, &home.env())
    };
    let done = |args: &[&str]| {
        let output = superuser(args);
        assert_eq!(output.code, Some(0), "{args:?}: {output:?}");
    };
    done(&["create", SUPERUSER, "12345678"]);
    refused(&superuser(&["create", SUPERUSER, "12345678"]), &[]);
    done(&["upsert", SUPERUSER, "first password"]);
    done(&["update", SUPERUSER, "second password"]);
    refused(&superuser(&["update", "nobody@example.com", "12345678"]), &["nobody@example.com"]);
    refused(&superuser(&["create", "no address", "12345678"]), &[]);
    refused(&superuser(&["create", "short@example.com", "1234567"]), &[]);
    done(&["create", "second@example.com", "12345678"]);
    done(&["delete", "second@example.com"]);
    refused(&superuser(&["delete", "second@example.com"]), &[]);

    let server = Setup::new().home(Arc::clone(&home)).start().await;
    let login = async |email: &str, password: &str| {
        let body = json!({"identity": email, "password": password});
        server.post("/api/collections/_superusers/auth-with-password").json(&body).send().await.status
    };
    assert_eq!(login(SUPERUSER, "second password").await, 200);
    assert_eq!(login(SUPERUSER, "first password").await, 400);
    assert_eq!(login("second@example.com", "12345678").await, 400);
}

#[tokio::test]
async fn flags_are_environment_variables_too() {
    let server = Setup::new().env("BAIBASE_ORIGINS", "https://a.example,https://*.b.example").start().await;
    let origin = async |origin: &str| {
        let reply = server.get("/api/health").header("Origin", origin).send().await.expect(200);
        reply.header("access-control-allow-origin").to_owned()
    };
    assert_eq!(origin("https://a.example").await, "https://a.example");
    assert_eq!(origin("https://x.b.example").await, "https://x.b.example");
    assert_eq!(origin("https://evil.example").await, "");
}

#[tokio::test]
async fn logs_can_be_json_and_tell_of_each_request() {
    let server = Setup::new().env("BAIBASE_LOG_FORMAT", "json").start().await;
    server.get("/api/collections/nosuch/records?token=TOPSECRET").send().await.expect(404);
    let log = server.log();
    let line = log
        .lines()
        .find(|line| line.contains("/api/collections/nosuch/records"))
        .expect("the request is logged");
    let line: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
    let text = line.to_string();
    for part in ["404", "GET"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!log.contains("TOPSECRET"), "a token in a query is not logged: {text}");
}

#[tokio::test]
async fn whoever_sets_a_server_up_becomes_its_first_superuser() {
    let home = Arc::new(Home::new());
    let page = home.data().parent().unwrap().join("pb_public/_");
    std::fs::create_dir_all(&page).unwrap();
    std::fs::write(page.join("index.html"), "a dashboard").unwrap();
    let server = Setup::new().home(Arc::clone(&home)).start().await;
    let log = server.log();
    let (_, rest) = log.split_once("/_/#/pbinstall/").expect("a link in the banner");
    let token = rest.split_whitespace().next().unwrap().to_owned();
    let renewed = server.post("/api/collections/_superusers/auth-refresh").token(&token).send().await;
    assert_eq!(renewed.expect(200)["token"], token.as_str(), "it is not renewed");

    let body =
        json!({"email": "first@example.com", "password": "1234567890", "passwordConfirm": "1234567890"});
    server.post("/api/collections/_superusers/records").token(&token).json(&body).send().await.expect(200);
    assert_eq!(server.get("/api/settings").token(&token).send().await.status, 401, "the invitation is over");
    assert_eq!(server.database().text("SELECT count(*) FROM _superusers"), "1");
    drop(server);
    let server = Setup::new().home(home).start().await;
    assert_eq!(server.log().matches("pbinstall").count(), 1, "only the first start has invited somebody");
}

#[tokio::test]
async fn a_superuser_gets_a_one_time_password_from_the_command_line() {
    let server = Server::with_superuser().await;
    let data = server.data();
    let args = ["superuser", "otp", SUPERUSER, "--dir", data.to_str().unwrap()];
    let refused = run(&args, &server.home().env());
    assert!(refused.code == Some(1) && refused.stderr.contains("OTP"), "{refused:?}");
    let token = server.superuser().await;
    let on = json!({"otp": {"enabled": true}});
    server.patch("/api/collections/_superusers").token(&token).json(&on).send().await.expect(200);
    let made = run(&args, &server.home().env());
    assert_eq!(made.code, Some(0), "{made:?}");
    let word = |label: &str| {
        let line = made.stdout.lines().find(|line| line.trim_start().starts_with(label)).unwrap();
        line.split_whitespace().last().unwrap().to_owned()
    };
    let body = json!({"otpId": word("id"), "password": word("password")});
    // For superusers it is the first of two methods.
    let login = server.post("/api/collections/_superusers/auth-with-otp").json(&body).send().await;
    assert_ne!(login.expect(401)["mfaId"], serde_json::Value::Null);
}

#[tokio::test]
async fn superusers_are_let_in_from_the_addresses_of_the_command_line() {
    let mut server = Server::with_superuser().await;
    let token = server.superuser().await;
    let data = server.data();
    let ips = |list: &[&str]| {
        let args = [&["superuser", "ips"], list, &["--dir", data.to_str().unwrap()]].concat();
        run(&args, &server.home().env())
    };
    assert_eq!(ips(&["10.0.0.0/8"]).code, Some(1), "a server runs");
    server.terminate();
    server.ended().await;
    let ips = |list: &[&str]| {
        let args = [&["superuser", "ips"], list, &["--dir", data.to_str().unwrap()]].concat();
        run(&args, &server.home().env())
    };
    assert_eq!(ips(&["nonsense"]).code, Some(1));
    assert_eq!(ips(&["10.0.0.0/8"]).code, Some(0));
    let elsewhere = Setup::new().home(server.home()).start().await;
    assert_eq!(elsewhere.get("/api/settings").token(&token).send().await.status, 403);
}
