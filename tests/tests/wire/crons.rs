//! Jobs that run by a schedule, as superusers see them.

use baibase_tests::Server;
use serde_json::{Value, json};

fn job<'a>(jobs: &'a Value, id: &str) -> Option<&'a Value> {
    jobs.as_array().unwrap().iter().find(|job| job["id"] == id)
}

#[tokio::test]
async fn superusers_see_jobs_and_run_them() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let jobs = server.get("/api/crons").token(&token).send().await.expect(200);
    for (id, expression) in [
        ("__pbDBOptimize__", "0 0 * * *"),
        ("__pbMFACleanup__", "0 * * * *"),
        ("__pbOTPCleanup__", "0 * * * *"),
        ("__pbLogsCleanup__", "0 */6 * * *"),
    ] {
        let expected = json!({"id": id, "expression": expression});
        assert_eq!(job(&jobs.json, id), Some(&expected), "{}", jobs.text());
        let run = server.post(&format!("/api/crons/{id}")).token(&token).send().await.expect(204);
        assert!(run.bytes.is_empty());
    }
    let ids = server.get("/api/crons?fields=id").token(&token).send().await.expect(200).json;
    assert_eq!(ids[0], json!({"id": "__pbDBOptimize__"}));

    let unknown = server.post("/api/crons/nope").token(&token).send().await.expect(404);
    assert_eq!(unknown["message"], "Missing or invalid cron job.");
    server.get("/api/crons/nope").token(&token).send().await.expect(404);
    for call in [server.get("/api/crons"), server.post("/api/crons/__pbDBOptimize__")] {
        let refused = call.send().await.expect(401);
        assert_eq!(refused["message"], "The request requires valid record authorization token.");
    }
}

/// The retention has no upper bound, and what is beyond every calendar keeps everything.
#[tokio::test]
async fn logs_are_kept_for_as_long_as_anybody_wants() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    for days in [180_i64, 3650, 9_000_000_000_000_000] {
        let settings = json!({"logs": {"maxDays": days}});
        let saved = server.patch("/api/settings").json(&settings).token(&token).send().await.expect(200);
        assert_eq!(saved["logs"]["maxDays"], days);
        server.post("/api/crons/__pbLogsCleanup__").token(&token).send().await.expect(204);
    }
    server.get("/api/collections/nope/records").send().await.expect(404);
    let kept = async {
        loop {
            let page = server.get("/api/logs?filter=data.status=404").token(&token).send().await.expect(200);
            if page["totalItems"] != 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), kept).await.unwrap();
}
