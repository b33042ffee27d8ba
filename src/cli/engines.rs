//! Existing engines as hands for a sweep: scripts for GNU parallel, Slurm and HyperQueue, and which part a task is.

use super::Failure;
use super::args::{Engine, Sweep as Job};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a script is to do.
pub(crate) struct Order<'a> {
    pub job: &'a Job,
    pub name: &'a str,
    pub out: &'a Path,
    /// Number of parts of the whole study.
    pub parts: usize,
    /// Parts, from 1, that are not finished.
    pub missing: &'a [usize],
}

/// The number of this task, from 1, as engines say it in the environment. Engines that count from 0 are moved by one.
pub(crate) fn task_number(env: impl Fn(&str) -> Option<String>) -> Result<usize, Failure> {
    let number = |name: &str| env(name).and_then(|v| v.trim().parse::<usize>().ok());
    if let Some(id) = number("SLURM_ARRAY_TASK_ID").or_else(|| number("HQ_TASK_ID")) {
        return Ok(id);
    }
    if let Some(index) = number("JOB_COMPLETION_INDEX").or_else(|| number("AWS_BATCH_JOB_ARRAY_INDEX")) {
        return Ok(index + 1);
    }
    number("PARALLEL_SEQ").ok_or_else(|| {
        Failure::input(
            "--shard auto: no engine says which task this is",
            "it is read from SLURM_ARRAY_TASK_ID, HQ_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX or PARALLEL_SEQ; \
             elsewhere write --shard 3/8",
        )
    })
}

/// The script for an engine.
pub(crate) fn script(order: &Order) -> Result<String, Failure> {
    let job = order.job;
    let texts = [&job.account, &job.partition, &job.time, &job.memory];
    let all = texts.into_iter().flatten().chain(&job.module).chain(&job.engine_flag);
    if let Some(text) = all.into_iter().find(|t| t.contains(['\n', '\r', '\0'])) {
        return Err(Failure::input(
            format!("an engine's option holds a line break: {text:?}"),
            "",
        ));
    }
    let path = |p: &Path| std::path::absolute(p).unwrap_or_else(|_| p.to_path_buf());
    let program = std::env::current_exe().unwrap_or_else(|_| "lamplight".into());
    let quoted = |p: &Path| quote(&path(p).display().to_string());
    let lamplight = format!(
        "{} sweep {} -o {}",
        quote(&program.display().to_string()),
        quoted(&job.study),
        quoted(order.out)
    );
    let text = match job.on {
        Engine::Slurm => slurm(order, &lamplight),
        Engine::Hyperqueue => hyperqueue(order, &lamplight),
        Engine::Parallel | Engine::Local => parallel(order, &lamplight),
    };
    Ok(text)
}

fn modules(job: &Job) -> String {
    job.module
        .iter()
        .map(|m| format!("module load {}\n", quote(m)))
        .collect()
}

fn numbers(missing: &[usize]) -> String {
    // 1-3,7 for 1, 2, 3 and 7.
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for n in missing {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *n => *last = *n,
            _ => spans.push((*n, *n)),
        }
    }
    let span = |(a, b): &(usize, usize)| if a == b { a.to_string() } else { format!("{a}-{b}") };
    spans.iter().map(span).collect::<Vec<_>>().join(",")
}

fn head(order: &Order, engine: &str) -> String {
    let (n, parts) = (order.missing.len(), order.parts);
    format!(
        "#!/bin/sh\n# The study {} on {engine}: {n} of {parts} parts are not finished. Print it again for what is then missing.\nset -eu\n",
        order.name
    )
}

fn parallel(order: &Order, lamplight: &str) -> String {
    let (job, parts) = (order.job, order.parts);
    let list: Vec<String> = order.missing.iter().map(usize::to_string).collect();
    let jobs = if job.jobs == 0 {
        "100%".to_owned()
    } else {
        job.jobs.to_string()
    };
    let flags: String = job.engine_flag.iter().map(|f| format!(" {}", quote(f))).collect();
    format!(
        "{}{}# A part that is killed is tried again, three times in all.\n\
         printf '%s\\n' {} | parallel --jobs {jobs} --retries 3{flags} {}\n{lamplight} --collect\n",
        head(order, "GNU parallel"),
        modules(job),
        list.join(" "),
        quote(&format!("{lamplight} --shard {{}}/{parts} --jobs 1 --quiet")),
    )
}

fn slurm(order: &Order, lamplight: &str) -> String {
    let (job, parts) = (order.job, order.parts);
    let mut common = String::new();
    for (flag, value) in [
        ("account", &job.account),
        ("partition", &job.partition),
        ("time", &job.time),
        ("mem", &job.memory),
    ] {
        if let Some(value) = value {
            common += &format!("#SBATCH --{flag}={value}\n");
        }
    }
    job.engine_flag.iter().for_each(|f| common += &format!("#SBATCH {f}\n"));
    let cpus = job.cpus.unwrap_or(1);
    let load = modules(job);
    format!(
        "{}\
         # A node that is lost gives its tasks back (--requeue). A task that is killed is not tried again by Slurm: what it had not finished\n\
         # shows with --status, and this command printed or submitted again asks for those parts only.\n\
         job=$(sbatch --parsable <<'LAMPLIGHT'\n#!/bin/sh\n#SBATCH --job-name=lamplight-{name}\n#SBATCH --array={array}\n#SBATCH --cpus-per-task={cpus}\n\
         #SBATCH --requeue\n#SBATCH --output={name}-%A-%a.log\n{common}{load}exec {lamplight} --shard auto/{parts} --jobs {cpus} --quiet\nLAMPLIGHT\n)\n\
         sbatch --parsable --dependency=\"afterany:${{job%%;*}}\" <<'LAMPLIGHT'\n#!/bin/sh\n#SBATCH --job-name=lamplight-{name}-collect\n\
         #SBATCH --output={name}-collect-%j.log\n{common}{load}exec {lamplight} --collect\nLAMPLIGHT\n",
        head(order, "Slurm"),
        name = order.name,
        array = numbers(order.missing),
    )
}

fn hyperqueue(order: &Order, lamplight: &str) -> String {
    let (job, parts) = (order.job, order.parts);
    let cpus = job.cpus.unwrap_or(1);
    let mut flags = String::new();
    if let Some(time) = &job.time {
        flags += &format!(" --time-limit {} --time-request {}", quote(time), quote(time));
    }
    if let Some(memory) = &job.memory {
        flags += &format!(" --resource mem={}", quote(memory));
    }
    job.engine_flag.iter().for_each(|f| flags += &format!(" {}", quote(f)));
    format!(
        "{}{}# Tasks of a lost worker go to another by themselves.\n\
         hq submit --name {} --array {} --cpus {cpus} --crash-limit 10 --stdout none --wait{flags} -- {lamplight} --shard auto/{parts} --jobs {cpus} --quiet || true\n\
         {lamplight} --collect\n",
        head(order, "HyperQueue"),
        modules(job),
        quote(&format!("lamplight-{}", order.name)),
        numbers(order.missing),
    )
}

/// Runs a script.
pub(crate) fn submit(script: &str, engine: Engine) -> Result<(), Failure> {
    let (tool, package) = match engine {
        Engine::Slurm => ("sbatch", "run it on a login node of a cluster with Slurm"),
        Engine::Hyperqueue => ("hq", "HyperQueue is one program: see docs/cluster.md"),
        Engine::Parallel | Engine::Local => ("parallel", "install GNU parallel, as with apt install parallel"),
    };
    let found = std::env::var_os("PATH").is_some_and(|p| std::env::split_paths(&p).any(|d| d.join(tool).is_file()));
    if !found {
        return Err(Failure::input(
            format!("--submit: there is no program `{tool}` here"),
            package,
        ));
    }
    let failed = |e: std::io::Error| Failure::Job(format!("cannot run the script: {e}"));
    let mut shell = Command::new("sh")
        .arg("-s")
        .stdin(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut input) = shell.stdin.take() {
        input.write_all(script.as_bytes()).map_err(failed)?;
    }
    let status = shell.wait().map_err(failed)?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Job(format!("the script ended with {status}")))
    }
}

/// A word as a shell takes it.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:%+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_knows_its_part_from_every_engine() {
        let with = |name: &'static str, value: &'static str| {
            task_number(|asked| (asked == name).then(|| value.to_owned())).map_err(|_| ())
        };
        assert_eq!(with("SLURM_ARRAY_TASK_ID", "7"), Ok(7));
        assert_eq!(with("HQ_TASK_ID", "7"), Ok(7));
        assert_eq!(with("PARALLEL_SEQ", "7"), Ok(7));
        // These count from 0.
        assert_eq!(with("JOB_COMPLETION_INDEX", "0"), Ok(1));
        assert_eq!(with("AWS_BATCH_JOB_ARRAY_INDEX", "6"), Ok(7));
        assert_eq!(with("HOME", "7"), Err(()));
        assert_eq!(with("HQ_TASK_ID", "seven"), Err(()));
    }

    #[test]
    fn parts_are_named_as_spans() {
        assert_eq!(numbers(&[1, 2, 3, 7]), "1-3,7");
        assert_eq!(numbers(&[4]), "4");
    }
}
