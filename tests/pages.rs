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

/// Files and folders below one, copied.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = {
            let entry = entry.unwrap();
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

/// A scenario whose programme, if it has one, ends after five weeks: every picture is drawn from them as from a year.
fn shortened(text: &str) -> String {
    let day = |key: &str| {
        let start = text.find("[programme]")?;
        let at = start + text[start..].find(&format!("\n{key} = "))? + key.len() + 4;
        Some((at, text.get(at..at + 10)?))
    };
    let (Some((_, from)), Some((at, until))) = (day("from"), day("until")) else {
        return text.to_owned();
    };
    let end = from.parse::<jiff::civil::Date>().unwrap() + jiff::Span::new().days(34);
    text[..at].to_owned() + &end.to_string() + &text[at + until.len()..]
}

/// Every shipped scenario, reported on by a few replications; programmes by five weeks and the fewest replications that
/// have intervals.
fn reports(folder: &Path) -> Vec<PathBuf> {
    let scenarios = folder.join("scenarios");
    copy(&root().join("scenarios"), &scenarios);
    let mut all: Vec<PathBuf> = std::fs::read_dir(&scenarios)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    all.sort();
    assert!(!all.is_empty());
    all.iter()
        .map(|scenario| {
            let out = folder.join(scenario.file_stem().unwrap());
            let text = std::fs::read_to_string(scenario).unwrap();
            let programme = text.contains("[programme]");
            std::fs::write(scenario, shortened(&text)).unwrap();
            let run = Command::new(env!("CARGO_BIN_EXE_lamplight"))
                .arg("compare")
                .arg(scenario)
                .args(["-n", if programme { "2" } else { "4" }, "--inner", "1", "-q", "-o"])
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
