//! The whole benchmark, small and short: every piece of work is done by every server, without an error.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::path::Path;
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
    // Another one of the same kind stands in for a peer: how peers are measured is tried as well.
    let peer = format!("peer={} serve --dir {{dir}} --http {{address}}", baibase_tests::binary().display());
    let sizes = ["--subscribers", "20", "--logins", "2", "--logins-rate", "50", "--start-size", "8"];
    let (results, text) =
        run(folder.path(), &[&sizes[..], &["--spawn", &peer, "--scale", "500,1000"]].concat());
    let outcomes = results["outcomes"].as_array().unwrap();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome["name"].as_str().unwrap()).collect();
    assert_eq!(names, WORK);
    assert_eq!(servers(&outcomes[0]), ["baibase", "peer", "floor"]);
    assert!(text.contains("targets") && text.contains("(≥ 10)"), "{text}");
}

#[test]
fn postgres_has_a_floor_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let only = "by_id,list_totals,list_relation,create,update,delete";
    let (results, _) = run(folder.path(), &["--store", "postgres", "--only", only]);
    let outcomes = results["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 6);
    for outcome in outcomes {
        assert_eq!(servers(outcome), ["baibase", "floor"]);
        assert_eq!(outcome["verdicts"][0]["target"]["at_least"], 0.6, "{outcome}");
    }
}

fn servers(outcome: &Value) -> Vec<&str> {
    let figures = outcome["figures"].as_array().unwrap();
    figures.iter().map(|figure| figure["server"].as_str().unwrap()).collect()
}

/// Runs it in a folder; every figure must be one, and without an error.
fn run(folder: &Path, arguments: &[&str]) -> (Value, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_baibase-bench"))
        .arg("--binary")
        .arg(baibase_tests::binary())
        .args(["--records", "1000", "--seconds", "0.2", "--warm-up", "0.1", "--rounds", "1"])
        .args(["--connections", "4", "--name", "smoke"])
        .args(arguments)
        .arg("--cache")
        .arg(folder.join("cache"))
        .arg("--out")
        .arg(folder.join("out"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let files: Vec<_> =
        std::fs::read_dir(folder.join("out")).unwrap().map(|file| file.unwrap().path()).collect();
    let file = |end: &str| files.iter().find(|file| file.to_str().unwrap().ends_with(end)).unwrap();
    let results: Value = serde_json::from_slice(&std::fs::read(file("-smoke.json")).unwrap()).unwrap();
    let outcomes = results["outcomes"].as_array().unwrap();
    for figure in outcomes.iter().flat_map(|outcome| outcome["figures"].as_array().unwrap()) {
        assert!(figure["value"].as_f64().unwrap() > 0.0, "{figure}");
        assert!(figure.get("load").is_none_or(|load| load["errors"] == 0), "{figure}");
    }
    assert!(std::fs::read_to_string(file("-smoke.svg")).unwrap().contains("one record by id"));
    (results, text)
}
