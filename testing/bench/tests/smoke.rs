//! The whole benchmark, small and short: every piece of work is done by every server, without an error.

use std::process::Command;

use serde_json::Value;

const WORK: [&str; 18] = [
    "by_id",
    "by_id_auth",
    "list",
    "list_totals",
    "list_relation",
    "create",
    "update",
    "delete",
    "auth_refresh",
    "wechat_login",
    "file",
    "realtime",
    "logins",
    "memory_rest",
    "memory_peak",
    "start",
    "scale_by_id",
    "scale_list",
];

#[test]
fn every_server_does_all_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let binary = baibase_tests::binary();
    // Another one of the same kind stands in for a peer: how peers are measured is tried as well.
    let peer = format!("peer={} serve --dir {{dir}} --http {{address}}", binary.display());
    let output = Command::new(env!("CARGO_BIN_EXE_baibase-bench"))
        .arg("--binary")
        .arg(binary)
        .args([
            "--spawn",
            &peer,
            "--records",
            "1000",
            "--seconds",
            "0.2",
            "--warm-up",
            "0.1",
            "--rounds",
            "1",
        ])
        .args(["--subscribers", "20", "--logins", "2", "--logins-rate", "50", "--start-size", "8"])
        .args(["--scale", "500,1000", "--connections", "4", "--name", "smoke"])
        .arg("--cache")
        .arg(folder.path().join("cache"))
        .arg("--out")
        .arg(folder.path().join("out"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));

    let files: Vec<_> =
        std::fs::read_dir(folder.path().join("out")).unwrap().map(|file| file.unwrap().path()).collect();
    let file = |end: &str| files.iter().find(|file| file.to_str().unwrap().ends_with(end)).unwrap();
    let results: Value = serde_json::from_slice(&std::fs::read(file("-smoke.json")).unwrap()).unwrap();
    let outcomes = results["outcomes"].as_array().unwrap();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome["name"].as_str().unwrap()).collect();
    assert_eq!(names, WORK);
    for figure in outcomes.iter().flat_map(|outcome| outcome["figures"].as_array().unwrap()) {
        assert!(figure["value"].as_f64().unwrap() > 0.0, "{figure}");
        assert!(figure.get("load").is_none_or(|load| load["errors"] == 0), "{figure}");
    }
    let by_id: Vec<&str> = outcomes[0]["figures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|figure| figure["server"].as_str().unwrap())
        .collect();
    assert_eq!(by_id, ["baibase", "peer", "floor"]);
    assert!(text.contains("targets") && text.contains("(≥ 10)"), "{text}");
    assert!(std::fs::read_to_string(file("-smoke.svg")).unwrap().contains("one record by id"));
}
