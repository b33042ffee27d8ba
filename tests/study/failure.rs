//! What goes wrong on real machines: each test is named after what fails. A store must say so clearly and lose nothing.

use super::common::{SOBOL, Scratch, contents, done, err, fails, out, same};
use std::time::Duration;

/// Many runs, so that a process can be killed in the middle of them.
const LONG: &str = "replications = 60\n";
/// Its shards: 20 for the first 32 replications, and 20 for the rest.
const SHARDS: usize = 40;

fn long() -> Scratch {
    Scratch::new(&format!("{LONG}{SOBOL}"))
}

/// Bytes of a store's plan and of its smallest shard.
struct Sizes {
    plan: usize,
    shard: usize,
}

impl Sizes {
    fn of(store: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>) -> Self {
        let shards = store.iter().filter(|(path, _)| path.starts_with("shards"));
        Sizes {
            plan: store[std::path::Path::new("study.json")].len(),
            shard: shards.map(|(_, bytes)| bytes.len()).min().unwrap(),
        }
    }
}

#[test]
fn killed_batch() {
    let scratch = long();
    let expected = scratch.undisturbed();
    let mut interrupted = 0;
    for round in 0..10_u64 {
        let mut child = scratch.start("killed", &["--jobs", "2"]);
        // From before the first shard to about the last.
        std::thread::sleep(Duration::from_millis(20 + (round * 7919) % 230));
        interrupted += u32::from(child.try_wait().unwrap().is_none());
        // On Unix this is SIGKILL: the process has no chance to tidy up.
        child.kill().unwrap();
        child.wait().unwrap();
        let kept = scratch.shards("killed").len();
        if kept > 0 && kept < SHARDS {
            let status = scratch.sweep("killed", &["--status"]);
            assert!(
                out(&status).contains(&format!("{kept} of {SHARDS} shards finished")),
                "{}",
                out(&status)
            );
        }
    }
    assert!(interrupted > 0, "every process was finished before it was killed");
    done(&scratch.sweep("killed", &[]));
    same(&expected, &contents(&scratch.path("killed")));
}

#[test]
fn finished_work_is_not_repeated() {
    let scratch = Scratch::new(SOBOL);
    done(&scratch.sweep("store", &[]));
    let shards = scratch.shards("store");
    std::fs::remove_file(&shards[3]).unwrap();
    let stamp = |i: usize| std::fs::metadata(&shards[i]).unwrap().modified().unwrap();
    let before = stamp(5);
    let again = scratch.sweep("store", &[]);
    done(&again);
    assert!(
        err(&again).contains("19 of 20 shards are finished already"),
        "{}",
        err(&again)
    );
    assert_eq!(before, stamp(5));
    assert!(shards[3].exists());
}

#[test]
fn two_writers() {
    let scratch = long();
    let expected = scratch.undisturbed();
    let mut first = scratch.start("store", &["--jobs", "1"]);
    while scratch.shards("store").is_empty() && first.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    if first.try_wait().unwrap().is_none() {
        let second = scratch.sweep("store", &[]);
        if first.try_wait().unwrap().is_none() {
            fails(
                &second,
                1,
                &["another lamplight is working on", "--status", "--shard 1/2"],
            );
        }
    }
    assert!(first.wait().unwrap().success());
    same(&expected, &contents(&scratch.path("store")));
    // Processes with parts of their own share a store, and a part that is run twice does no harm.
    let mut parts: Vec<_> = ["1/3", "2/3", "3/3", "2/3"]
        .iter()
        .map(|p| scratch.start("parts", &["--shard", p, "--jobs", "1"]))
        .collect();
    for part in &mut parts {
        assert!(part.wait().unwrap().success());
    }
    done(&scratch.sweep("parts", &["--collect"]));
    same(&expected, &contents(&scratch.path("parts")));
}

#[test]
fn a_lock_of_a_killed_process_is_gone() {
    let scratch = long();
    let mut child = scratch.start("store", &["--jobs", "1"]);
    while scratch.shards("store").is_empty() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    done(&scratch.sweep("store", &[]));
}

#[test]
fn corrupt_shard() {
    let scratch = Scratch::new(SOBOL);
    let expected = scratch.undisturbed();
    done(&scratch.sweep("store", &[]));
    let shard = &scratch.shards("store")[7];
    let mut bytes = std::fs::read(shard).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(shard, bytes).unwrap();
    let status = scratch.sweep("store", &["--status"]);
    assert!(
        out(&status).contains("19 of 20 shards finished, 0 missing, 1 damaged"),
        "{}",
        out(&status)
    );
    fails(
        &scratch.sweep("store", &["--collect"]),
        1,
        &["1 of 20 shards", "damaged"],
    );
    let again = scratch.sweep("store", &[]);
    done(&again);
    assert!(err(&again).contains("shard 7 is damaged"), "{}", err(&again));
    same(&expected, &contents(&scratch.path("store")));
}

#[test]
fn truncated_shard() {
    let scratch = Scratch::new(SOBOL);
    let expected = scratch.undisturbed();
    done(&scratch.sweep("store", &[]));
    let shards = scratch.shards("store");
    for (shard, keep) in [(&shards[0], 0), (&shards[19], 100)] {
        std::fs::OpenOptions::new()
            .write(true)
            .open(shard)
            .unwrap()
            .set_len(keep)
            .unwrap();
    }
    // A half-written file of a process that is gone.
    std::fs::write(scratch.path("store").join("shards/.tmp-4711-0"), b"PAR1").unwrap();
    let again = scratch.sweep("store", &[]);
    done(&again);
    assert!(
        err(&again).contains("shard 0 is damaged") && err(&again).contains("shard 19 is damaged"),
        "{}",
        err(&again)
    );
    same(&expected, &contents(&scratch.path("store")));
}

#[test]
fn clock_moved() {
    let scratch = Scratch::new(SOBOL);
    let expected = scratch.undisturbed();
    done(&scratch.sweep("store", &["--shard", "1/2"]));
    // As a clock leaves them that stood in 1990, and then in 2090.
    for (i, shard) in scratch.shards("store").iter().enumerate() {
        let years = if i % 2 == 0 { 20 } else { 120 };
        let time = std::time::UNIX_EPOCH + Duration::from_secs(years * 31_557_600);
        std::fs::File::options()
            .write(true)
            .open(shard)
            .unwrap()
            .set_modified(time)
            .unwrap();
    }
    let again = scratch.sweep("store", &[]);
    done(&again);
    assert!(
        err(&again).contains("10 of 20 shards are finished already"),
        "{}",
        err(&again)
    );
    same(&expected, &contents(&scratch.path("store")));
}

#[test]
#[cfg(unix)]
fn disk_full() {
    let scratch = long();
    let expected = scratch.undisturbed();
    // No file may grow beyond so many blocks of 512 bytes: study.json fits, shards do not. What a write then meets is what a full
    // disk answers with, an error.
    let sizes = Sizes::of(&expected);
    assert!(
        sizes.plan + 1024 < sizes.shard,
        "{} against {}",
        sizes.plan,
        sizes.shard
    );
    let blocks = (sizes.plan + sizes.shard) / 1024;
    let limited = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$@\""),
            "sh",
            env!("CARGO_BIN_EXE_lamplight"),
            "sweep",
        ])
        .args([&scratch.text("study.toml"), "-o", &scratch.text("full")])
        .output()
        .unwrap();
    fails(
        &limited,
        1,
        &[
            "cannot write",
            "What was finished is kept",
            "run the same command again",
        ],
    );
    let left: Vec<_> = std::fs::read_dir(scratch.path("full").join("shards"))
        .unwrap()
        .collect();
    assert!(left.is_empty(), "half-written files are left: {left:?}");
    done(&scratch.sweep("full", &[]));
    same(&expected, &contents(&scratch.path("full")));
}

/// A real small disk, where the tests may mount one; elsewhere the test says so and ends.
#[test]
#[cfg(target_os = "linux")]
fn disk_full_in_the_middle() {
    let scratch = long();
    let sizes = Sizes::of(&scratch.undisturbed());
    let room = format!("size={}k", (2 * sizes.plan + 6 * sizes.shard) / 1024);
    let disk = scratch.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = |args: &[&str]| {
        let run = std::process::Command::new(args[0]).args(&args[1..]).arg(&disk).output();
        run.is_ok_and(|o| o.status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", &room, "tmpfs"]) {
        eprintln!("not run: this user may not mount a file system");
        return;
    }
    let first = scratch.sweep("disk/store", &[]);
    let kept = scratch.shards("disk/store").len();
    let grown = mount(&["mount", "-o", "remount,size=64m"]);
    let second = scratch.sweep("disk/store", &[]);
    let found = contents(&disk.join("store"));
    mount(&["umount"]);
    fails(&first, 1, &["No space left on device"]);
    assert!(kept > 0 && grown, "{kept} shards were kept");
    done(&second);
    assert!(
        err(&second).contains(&format!("{kept} of {SHARDS} shards are finished already")),
        "{}",
        err(&second)
    );
    same(&scratch.undisturbed(), &found);
}

/// Folders that even an administrator cannot write.
#[test]
#[cfg(target_os = "linux")]
fn read_only_folder() {
    let scratch = Scratch::new(SOBOL);
    for folder in ["/proc/lamplight", "/sys/lamplight"] {
        let run = scratch.command("sweep", "unused", &["-o", folder]);
        drop(run);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_lamplight"))
            .args(["sweep", &scratch.text("study.toml"), "-o", folder])
            .output()
            .unwrap();
        fails(&output, 2, &["cannot write into", "name another folder with -o"]);
    }
}

/// As somebody else than the owner of the folder.
#[test]
#[cfg(target_os = "linux")]
fn no_permission() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let scratch = Scratch::new(SOBOL);
    std::fs::set_permissions(scratch.0.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = scratch.path("lamplight");
    // The build folder may be closed to others; a copy is not.
    std::fs::copy(env!("CARGO_BIN_EXE_lamplight"), &program).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = std::process::Command::new(&program);
    command
        .args([
            "sweep",
            &scratch.text("study.toml"),
            "-o",
            &scratch.text("closed/store"),
        ])
        .current_dir(scratch.0.path());
    let closed = scratch.path("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).unwrap();
    let root = std::process::Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout == b"0\n");
    if root {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    fails(&output, 2, &["cannot write into", "Permission denied"]);
    assert!(!closed.join("store").exists());
}

#[test]
fn another_study_never_overwrites_a_store() {
    let scratch = Scratch::new(SOBOL);
    done(&scratch.sweep("store", &[]));
    let before = contents(&scratch.path("store"));
    scratch.put("study.toml", &super::common::study(&SOBOL.replace("0.56", "0.57")));
    fails(&scratch.sweep("store", &[]), 2, &["holds another study", "-o"]);
    fails(&scratch.sweep("store", &["--status"]), 2, &["holds another study"]);
    same(&before, &contents(&scratch.path("store")));
    // Nor does a study settle in a folder of other things.
    fails(&scratch.sweep(".", &[]), 2, &["holds something else than a study"]);
}

#[test]
fn failed_runs_are_rows_and_the_others_go_on() {
    let points = "[design]\nkind = \"list\"\npoints = [
      { \"people.group_2\" = 0.3, \"people.group_3\" = 0.1 },
      { \"people.group_2\" = 0.9, \"people.group_3\" = 0.9 },
      { \"people.group_2\" = 0.2, \"people.group_3\" = 0.1 },
    ]\n";
    let scratch = Scratch::new(points);
    let output = scratch.sweep("store", &[]);
    fails(
        &output,
        1,
        &["36 runs, 12 failed", "the column `error` of runs.parquet says why"],
    );
    let status = scratch.sweep("store", &["--status"]);
    assert!(out(&status).contains("complete and collected"), "{}", out(&status));
}
