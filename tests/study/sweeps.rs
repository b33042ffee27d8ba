//! What a sweep's results are: the same on every machine, and what single runs would be.

use super::common::{SOBOL, Scratch, contents, done, fails, out, same};
use lamplight::experiment::Sweep;
use lamplight::people::Streets;
use lamplight::scenario::registry::{Kind, PARAMETERS};
use lamplight::scenario::{Overrides, load, load_study};

#[test]
fn workers_and_parts_change_no_byte_of_a_store() {
    let scratch = Scratch::new(SOBOL);
    let expected = scratch.undisturbed();
    done(&scratch.sweep("two", &["--jobs", "2"]));
    same(&expected, &contents(&scratch.path("two")));
    for part in 1..=7 {
        done(&scratch.sweep("parts", &["--shard", &format!("{part}/7"), "--jobs", "1"]));
    }
    done(&scratch.sweep("parts", &["--collect"]));
    same(&expected, &contents(&scratch.path("parts")));
    assert_eq!(scratch.shards("parts").len(), 20);
}

#[test]
fn a_point_is_the_scenario_with_its_values_set() {
    let scratch = Scratch::new(SOBOL);
    let found = load_study(&scratch.path("study.toml")).unwrap();
    let point = found.point(13);
    let set = found.keys.iter().cloned().zip(point.clone()).collect();
    let by_hand = load(
        &scratch.path("street.toml"),
        &Overrides {
            set,
            ..Overrides::default()
        },
    )
    .unwrap();
    assert_eq!(found.plan(13).unwrap().plan_hash, by_hand.plan_hash);
    // Keys of the design are certain; all others are drawn as at every other point.
    let threshold = lamplight::scenario::registry::param::THRESHOLD;
    let level = lamplight::scenario::registry::param::PREVALENCE;
    assert!(by_hand.values.value(threshold).prior.is_none() && by_hand.values.value(level).prior.is_none());
}

#[test]
fn other_parameters_are_drawn_alike_at_every_point() {
    use lamplight::scenario::registry::param;
    use lamplight::scenario::world::{Draws, Numbers};
    let scratch = Scratch::new(SOBOL);
    let found = load_study(&scratch.path("study.toml")).unwrap();
    let (a, b) = (found.plan(0).unwrap(), found.plan(1).unwrap());
    let draw = |plan: &lamplight::scenario::Plan, r| Numbers::draw(&plan.values, Some(Draws::new(plan.seed, r).world));
    let set = [param::THRESHOLD, param::LIST_SIZE, param::PREVALENCE];
    let mut drawn = 0;
    for r in 0..3 {
        let (x, y) = (draw(&a, r), draw(&b, r));
        for i in 0..PARAMETERS.len() {
            let id = lamplight::scenario::registry::ParamId(i as u16);
            if set.contains(&id) {
                assert_eq!(x.get(id), a.values.get(id));
            } else {
                assert_eq!(x.get(id), y.get(id), "{}", id.row().key);
                drawn += usize::from(x.get(id) != a.values.get(id));
            }
        }
    }
    assert!(drawn > 30, "only {drawn} numbers were drawn at all");
}

/// Points share prepared streets unless a key of people or time differs; no other key may then matter to them.
#[test]
fn streets_depend_on_people_and_time_alone() {
    let base = lamplight::scenario::load_text(
        "s.toml",
        super::common::STREET,
        std::path::Path::new(""),
        &Overrides::default(),
    )
    .unwrap();
    let of = |plan: &lamplight::scenario::Plan| {
        let s = Streets::prepare(plan);
        format!("{:?} {:?}", s.crowding, s.lorenz)
    };
    let expected = of(&base);
    let mut moved = 0;
    for (i, row) in PARAMETERS.iter().enumerate() {
        let id = lamplight::scenario::registry::ParamId(i as u16);
        let Kind::Number { min, max, .. } = row.kind else {
            continue;
        };
        let mut plan = base.clone();
        let central = plan.values.get(id);
        let other = if central > min {
            (min + central) / 2.0
        } else {
            (max + central) / 2.0
        };
        plan.values.set(
            id,
            lamplight::scenario::plan::Value {
                central: other,
                prior: None,
            },
        );
        let same = of(&plan) == expected;
        if row.key.starts_with("people.") || row.key.starts_with("time.") {
            moved += usize::from(!same);
        } else {
            assert!(
                same,
                "{} changes the streets, which points would share wrongly",
                row.key
            );
        }
    }
    assert!(moved > 2, "nothing moves the streets");
}

#[test]
fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let scratch = Scratch::new(SOBOL);
    let output = scratch.sweep("store", &["--dry-run"]);
    done(&output);
    for part in [
        "40 points x 2 strategies x 6 replications = 480",
        "20 of up to 24 runs",
        "matcher.threshold: 0.56 to 0.68",
        "disk",
    ] {
        assert!(out(&output).contains(part), "{part} is missing in {}", out(&output));
    }
    assert!(!scratch.path("store").exists());
}

#[test]
fn scripts_for_engines_ask_for_the_parts_that_are_missing() {
    let scratch = Scratch::new(SOBOL);
    done(&scratch.sweep("store", &["--shard", "2/5"]));
    let slurm = scratch.sweep(
        "store",
        &[
            "--on",
            "slurm",
            "--parts",
            "5",
            "--account",
            "crime",
            "--partition",
            "short",
            "--time",
            "01:00:00",
            "--memory",
            "2G",
            "--module",
            "gcc/13",
        ],
    );
    done(&slurm);
    for part in [
        "#SBATCH --array=1,3-5",
        "#SBATCH --account=crime",
        "#SBATCH --partition=short",
        "#SBATCH --time=01:00:00",
        "#SBATCH --mem=2G",
        "module load gcc/13",
        "--shard auto/5",
        "--dependency=\"afterany:",
        "--collect",
        "--requeue",
    ] {
        assert!(out(&slurm).contains(part), "{part} is missing in {}", out(&slurm));
    }
    let hq = scratch.sweep("store", &["--on", "hyperqueue", "--parts", "5", "--cpus", "4"]);
    assert!(
        out(&hq).contains("hq submit") && out(&hq).contains("--array 1,3-5 --cpus 4"),
        "{}",
        out(&hq)
    );
    let parallel = scratch.sweep("store", &["--on", "parallel", "--parts", "5"]);
    assert!(
        out(&parallel).contains("printf '%s\\n' 1 3 4 5 | parallel"),
        "{}",
        out(&parallel)
    );
    // What is printed is a program.
    for script in [slurm, hq, parallel] {
        let mut shell = std::process::Command::new("sh")
            .args(["-n"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut shell.stdin.take().unwrap(), &script.stdout).unwrap();
        assert!(shell.wait().unwrap().success());
    }
}

#[test]
fn a_part_is_numbered_by_the_environment_or_refused() {
    let scratch = Scratch::new(SOBOL);
    let with = |name: &str, value: &str, shard: &str| {
        let mut command = scratch.command("sweep", "store", &["--shard", shard]);
        command.env(name, value).output().unwrap()
    };
    done(&with("JOB_COMPLETION_INDEX", "0", "auto/20"));
    assert_eq!(scratch.shards("store").len(), 1);
    fails(
        &with("SLURM_ARRAY_TASK_ID", "0", "auto/20"),
        2,
        &["there is no part 0 of 20", "parts count from 1"],
    );
    fails(&with("HQ_TASK_ID", "21", "auto/20"), 2, &["there is no part 21 of 20"]);
    fails(
        &with("UNRELATED", "1", "auto/20"),
        2,
        &["no engine says which task this is"],
    );
    for wrong in ["3", "0/5", "6/5", "a/b", "1/0", "-1/3", ""] {
        fails(&scratch.sweep("store", &["--shard", wrong]), 2, &[]);
    }
}

#[test]
fn a_key_that_every_strategy_sets_itself_is_no_parameter() {
    let scratch =
        Scratch::new("[design]\nkind = \"grid\"\n[[parameter]]\nkey = \"matcher.threshold\"\nvalues = [0.6, 0.62]\n");
    let fixed = |which: usize| {
        let mut text = super::common::STREET.to_owned();
        for name in ["no-lfr", "van"].iter().take(which) {
            let at = format!("name = \"{name}\"\n");
            text = text.replace(&at, &format!("{at}set = {{ \"matcher.threshold\" = 0.64 }}\n"));
        }
        scratch.put("street.toml", &text);
        load_study(&scratch.path("study.toml")).and_then(Sweep::new)
    };
    assert!(fixed(0).unwrap().notes().is_empty());
    assert!(fixed(1).unwrap().notes()[0].contains("strategy no-lfr sets matcher.threshold itself"));
    let problems = fixed(2).err().unwrap();
    assert!(
        problems[0]
            .message
            .contains("every strategy sets matcher.threshold itself"),
        "{problems:?}"
    );
}
