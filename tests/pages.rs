//! Reports in a real browser: nothing fails, nothing is asked of a network, every chart is drawn, everybody can read it.
//!
//! Needs chromium, node and npm (`.ci/run` installs them). Where they cannot be had the test says so loudly and passes,
//! unless LAMPLIGHT_BROWSER=must.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|n| folders.iter().map(move |f| f.join(n)))
        .find(|p| p.is_file())
}

/// The folder with the browser's driver and the accessibility checker, fetched once into target/.
fn packages() -> Option<PathBuf> {
    let folder = root().join("target/web");
    let there = |name: &str| folder.join("node_modules").join(name).join("package.json").is_file();
    if !(there("puppeteer-core") && there("axe-core")) {
        std::fs::create_dir_all(&folder).ok()?;
        let npm = Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefix",
            ])
            .arg(&folder)
            .args(["puppeteer-core@24", "axe-core@4"])
            .output()
            .ok()?;
        if !npm.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&npm.stderr));
            return None;
        }
    }
    Some(folder)
}

/// Every shipped scenario, reported on by a few replications; programmes of many deployments by the fewest that have intervals.
fn reports(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all.iter()
        .map(|scenario| {
            let out = folder.join(scenario.file_stem().unwrap());
            let programme = std::fs::read_to_string(scenario).unwrap().contains("[programme]");
            let run = Command::new(env!("CARGO_BIN_EXE_lamplight"))
                .arg("compare")
                .arg(scenario)
                .args(["-n", if programme { "2" } else { "8" }, "-q", "-o"])
                .arg(&out)
                .output()
                .unwrap();
            assert!(
                run.status.success(),
                "{}: {}",
                scenario.display(),
                String::from_utf8_lossy(&run.stderr)
            );
            out.join("report.html")
        })
        .collect()
}

#[test]
fn every_report_opens_draws_and_prints_in_a_browser() {
    let must = std::env::var("LAMPLIGHT_BROWSER").is_ok_and(|v| v == "must");
    let browser = found(&["chromium", "chromium-browser", "google-chrome"]);
    let node = found(&["node"]);
    let (Some(browser), Some(node), Some(packages)) = (browser, node, packages()) else {
        assert!(!must, "chromium, node or the npm packages are missing");
        eprintln!("\n*** NOT TESTED: chromium, node or the npm packages are missing, so no report was opened. ***\n");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let reports = reports(folder.path());
    let out = Command::new(node)
        .arg(root().join("tests/web/look.mjs"))
        .arg(browser)
        .arg(packages)
        .args(&reports)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{text}\n{}", String::from_utf8_lossy(&out.stderr));
    let mut seen = 0;
    for line in text.lines() {
        let page: Value = serde_json::from_str(line).unwrap();
        seen += 1;
        for problem in ["console", "requests", "blank", "axe", "wide"] {
            assert_eq!(page[problem], Value::Array(vec![]), "{}: {problem}", page["report"]);
        }
        assert!(page["charts"].as_u64() >= Some(5), "{page}");
        assert_eq!(
            page["pages"], 2,
            "the printed summary has two pages: {}",
            page["report"]
        );
    }
    assert_eq!(seen, reports.len());
}
