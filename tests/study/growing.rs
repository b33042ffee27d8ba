//! More replications in a store that is there already: only what is missing is run, and nothing tells that it came later.

use super::common::{SOBOL, Scratch, contents, done, err, fails, out, same, study};

/// A study with so many replications of each point.
fn with(scratch: &Scratch, replications: u32) {
    scratch.put("study.toml", &study(&format!("replications = {replications}\n{SOBOL}")));
}

/// The bytes of a store that had so many replications from the start.
fn from_the_start(scratch: &Scratch, replications: u32) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    with(scratch, replications);
    scratch.undisturbed()
}

#[test]
fn more_replications_end_as_if_they_had_been_asked_for_at_once() {
    let scratch = Scratch::new(SOBOL);
    let expected = from_the_start(&scratch, 40);
    // 40 replications are a block of 32 and one of 8: the first is begun, and lengthened twice.
    for (replications, runs) in [(5, 400), (12, 560), (40, 2240)] {
        with(&scratch, replications);
        if replications > 5 {
            let status = scratch.sweep("store", &["--status"]);
            assert!(out(&status).contains("20 shards have fewer than"), "{}", out(&status));
        }
        let output = scratch.sweep("store", &[]);
        done(&output);
        assert!(err(&output).contains(&format!("0 of {runs} runs")), "{}", err(&output));
    }
    same(&expected, &contents(&scratch.path("store")));
    // Parts do the same, each for itself.
    with(&scratch, 12);
    done(&scratch.sweep("parts", &[]));
    with(&scratch, 40);
    for part in ["2/3", "1/3", "3/3"] {
        done(&scratch.sweep("parts", &["--shard", part, "--jobs", "1"]));
    }
    done(&scratch.sweep("parts", &["--collect"]));
    same(&expected, &contents(&scratch.path("parts")));
}

#[test]
fn killed_while_it_grew() {
    let scratch = Scratch::new(SOBOL);
    let expected = from_the_start(&scratch, 70);
    with(&scratch, 10);
    done(&scratch.sweep("store", &[]));
    with(&scratch, 70);
    let mut interrupted = 0;
    for round in 0..8_u64 {
        let mut child = scratch.start("store", &["--jobs", "2"]);
        std::thread::sleep(std::time::Duration::from_millis(15 + (round * 7919) % 120));
        interrupted += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(interrupted > 0, "every process was finished before it was killed");
    // As a kill between the renaming of a longer shard and the removal of the shorter one leaves them.
    with(&scratch, 10);
    done(&scratch.sweep("short", &[]));
    for shard in scratch.shards("short") {
        std::fs::copy(&shard, scratch.path("store/shards").join(shard.file_name().unwrap())).unwrap();
    }
    with(&scratch, 70);
    done(&scratch.sweep("store", &[]));
    same(&expected, &contents(&scratch.path("store")));
}

#[test]
fn a_damaged_shard_is_made_up_for_while_the_store_grows() {
    let scratch = Scratch::new(SOBOL);
    let expected = from_the_start(&scratch, 20);
    with(&scratch, 6);
    done(&scratch.sweep("store", &[]));
    let shards = scratch.shards("store");
    std::fs::write(&shards[4], b"PAR1").unwrap();
    with(&scratch, 20);
    let output = scratch.sweep("store", &[]);
    done(&output);
    assert!(err(&output).contains("shard 4 is damaged"), "{}", err(&output));
    same(&expected, &contents(&scratch.path("store")));
}

#[test]
fn a_store_never_shrinks() {
    let scratch = Scratch::new(SOBOL);
    with(&scratch, 6);
    done(&scratch.sweep("store", &[]));
    let before = contents(&scratch.path("store"));
    with(&scratch, 5);
    let parts = [
        "holds 6 replications",
        "asks for 5 only",
        "ask for 6 again or more",
        "-o",
    ];
    fails(&scratch.sweep("store", &[]), 2, &parts);
    fails(&scratch.sweep("store", &["--collect"]), 2, &parts);
    same(&before, &contents(&scratch.path("store")));
    // To look is not to begin: a store is as it was until something is run.
    with(&scratch, 9);
    done(&scratch.sweep("store", &["--status"]));
    done(&scratch.sweep("store", &["--on", "slurm"]));
    done(&scratch.sweep("store", &["--dry-run"]));
    fails(&scratch.sweep("store", &["--collect"]), 1, &["20 of 20 shards"]);
    same(&before, &contents(&scratch.path("store")));
}
