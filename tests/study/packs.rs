//! `lamplight pack`: an archive from which a result can be made again.

use super::common::{SOBOL, Scratch, contents, done, fails, same};
use std::process::{Command, Output};

fn lamplight(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lamplight"))
        .args(args)
        .output()
        .unwrap()
}

/// Takes an archive apart, and checks its checksums.
fn unpack(scratch: &Scratch, archive: &str) -> std::path::PathBuf {
    let folder = scratch.path("unpacked");
    let file = std::fs::File::open(scratch.path(archive)).unwrap();
    zip::ZipArchive::new(file).unwrap().extract(&folder).unwrap();
    let sums = std::fs::read_to_string(folder.join("checksums.sha256")).unwrap();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        use sha2::Digest;
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let found: String = sha2::Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(found, sum, "{name}");
    }
    let metadata = std::fs::read_to_string(folder.join("ro-crate-metadata.json")).unwrap();
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let graph = metadata["@graph"].as_array().unwrap();
    let ids: Vec<&str> = graph.iter().filter_map(|n| n["@id"].as_str()).collect();
    let root = graph.iter().find(|n| n["@id"] == "./").unwrap();
    for part in root["hasPart"].as_array().unwrap() {
        let id = part["@id"].as_str().unwrap();
        assert!(ids.contains(&id) && folder.join(id).is_file(), "{id}");
    }
    folder
}

#[test]
fn a_packed_study_gives_the_same_store_again() {
    let scratch = Scratch::new(SOBOL);
    done(&scratch.sweep("store", &[]));
    let (store, study, archive) = (
        scratch.text("store"),
        scratch.text("study.toml"),
        scratch.text("study.zip"),
    );
    done(&lamplight(&["pack", &store, "--source", &study, "-o", &archive]));
    let folder = unpack(&scratch, "study.zip");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    for part in [
        "van, no-lfr",
        "6 replications",
        "40 points of matcher.threshold",
        "simulated projection",
        "lamplight sweep inputs/study.toml",
    ] {
        assert!(
            text("methods.md").contains(part),
            "{part} is missing in {}",
            text("methods.md")
        );
    }
    assert!(text("sources.bib").contains("@software{lamplight,") && text("sources.bib").matches("@misc").count() > 20);
    let again = Command::new(env!("CARGO_BIN_EXE_lamplight"))
        .args(["sweep", "inputs/study.toml", "-o", "again"])
        .current_dir(&folder)
        .output()
        .unwrap();
    done(&again);
    same(
        &contents(&folder.join("result")),
        &without_lock(contents(&folder.join("again"))),
    );
    fails(
        &lamplight(&["pack", &store, "--source", &study, "-o", &archive]),
        2,
        &["is there already"],
    );
    fails(
        &lamplight(&["pack", &store, "-o", &scratch.text("other.zip")]),
        2,
        &["add --source STUDY.toml"],
    );
    std::fs::remove_file(&scratch.shards("store")[0]).unwrap();
    fails(
        &lamplight(&["pack", &store, "--source", &study, "-o", &scratch.text("other.zip")]),
        1,
        &["is not complete"],
    );
}

fn without_lock(
    mut files: std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>,
) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    files.remove(std::path::Path::new("lock"));
    files
}

#[test]
fn a_packed_comparison_holds_its_inputs() {
    let scratch = Scratch::new(SOBOL);
    let (scenario, result) = (scratch.text("street.toml"), scratch.text("result"));
    done(&lamplight(&[
        "compare",
        &scenario,
        "-n",
        "3",
        "-o",
        &result,
        "--set",
        "matcher.preset=neutral",
        "-q",
    ]));
    done(&lamplight(&["pack", &result, "-o", &scratch.text("result.zip")]));
    let folder = unpack(&scratch, "result.zip");
    for name in [
        "inputs/street.toml",
        "inputs/shipped/population-london-passers-by.toml",
        "inputs/shipped/matcher-neutral.toml",
        "result/summary.json",
        "plan.txt",
    ] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    // Another scenario under the same name is not what made the result.
    scratch.put(
        "street.toml",
        &super::common::STREET.replace("persons = 900", "persons = 901"),
    );
    fails(
        &lamplight(&["pack", &result, "-o", &scratch.text("again.zip")]),
        2,
        &["has changed since the result was made"],
    );
}
