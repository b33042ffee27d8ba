//! What a result holds, as a page for readers: made from the same tables that the files are made from.

use super::deployments::{deployment_columns, place_columns};
use super::tables::{Spec, alert_columns, run_columns};
use crate::measure::METRICS;
use std::fmt::Write;

/// Markdown tables of every metric and of the columns of `runs.parquet` and `alerts.parquet`.
pub fn output_docs() -> String {
    let mut out = String::from(INTRODUCTION);
    out += "\n## Metrics\n\n| id | title | unit | by group | definition |\n| --- | --- | --- | --- | --- |\n";
    for m in METRICS {
        let by_group = if m.by_group { "yes" } else { "no" };
        let cells = [
            "`",
            m.id,
            "` | ",
            m.title,
            " | ",
            m.unit,
            " | ",
            by_group,
            " | ",
            m.definition,
        ];
        let _ = writeln!(out, "| {} |", cells.concat());
    }
    out += "\n## Columns of `runs.parquet`\n\nOne row for each strategy, replication and group, the group \"all\" first. \
            These columns, then one for each metric above (the run's own value, none where its denominator is zero or where \
            it does not exist for groups).\n\n";
    columns(&mut out, &run_columns());
    out += "\n## Columns of `alerts.parquet`\n\nOne row for each alert.\n\n";
    columns(&mut out, &alert_columns());
    out += "\nThose of a programme begin with these.\n\n";
    columns(&mut out, &place_columns());
    out += "\n## Columns of `deployments.parquet` and `deployments.csv`\n\nOne row for each deployment that a programme holds: first what \
            forces publish, then what only a simulation knows. The Parquet file holds all replications, the CSV the first.\n\n";
    columns(&mut out, &deployment_columns());
    out
}

fn columns<R>(out: &mut String, list: &[Spec<R>]) {
    *out += "| column | type | meaning |\n| --- | --- | --- |\n";
    for c in list {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| `{}` | {} | {} |", c.name, c.type_word(), c.doc);
    }
}

const INTRODUCTION: &str = "# Outputs

Made by `lamplight schema outputs` from the tables that the program itself uses; do not edit.

A result folder holds `report.html` and `charts/*.svg` for readers, `summary.json` with every estimate, `runs.parquet` and
`alerts.parquet` for analysis, and `manifest.json`, which says how to make it all again.

## `summary.json`

Keys are stable: `format` (`lamplight.summary/1`), `scenario`, `title`, `question`, `reading`, `plan_hash`, `seed`, `replications`,
`uncertainty`, `label`, `per`, `level`, `baseline`, `strategies`, `comparisons`, `warnings`.

- Each of `strategies` has `name`, `note`, `metrics` (id to estimate) and `groups` (a list of `by`, `name`, `metrics`).
- Each of `comparisons` has `strategy`, `baseline`, `differs_in` (the keys in which the two differ) and `metrics` (id to difference, strategy
  minus baseline, paired run by run).
- An estimate has `mean` (mean over replications; for a rate the ratio of sums; null without a denominator), `simulation_interval` (how
  precisely the model's own answer is known: it shrinks with replications and says nothing about the world), `predictive_interval` (what one
  deployment may bring: chance and, with uncertainty on, not knowing), `level`, `method` (`t`, `garwood`, `ratio-t`, `exact-zero` and so on),
  `n`, `unit`, `frequency` (in words, for counts) and `events` (the counted events behind it).
- A difference has `difference`, the same two intervals, `level`, `method`, `ratio`, `distinguishable` (whether the simulation interval excludes
  zero: a statement about the model) and `variance_reduction` (what pairing gained over independent runs).

## A study's store

`study.json` (`lamplight.study/1`) says what it holds: `version`, `name`, `title`, `study_hash`, `plan_hash`, `resolved` (every value that no point sets),
`study` (its text), `design`, `keys`, `strategies`, `seed`, `layout`. `shards/` and `runs.parquet` have the columns of `runs.parquet` above after `point`
and one column for each key of the design (dots become underscores), then `error` (empty unless the run failed) and, for each rate, `METRIC_per`: what it was divided by in the
run. `points.parquet` has the same keys, `runs`, `failed`, and for each metric its mean (of a rate: the ratio of sums) and `METRIC_se`, its standard
error. `sensitivity.json` (`lamplight.sensitivity/1`) has `method`, `level`, `replications` and `outputs`; each of these has `strategy`, `metric`,
`used`, `left_out`, `mean`, `sd`, `noise_share` and, for each of `parameters`, `key`, `first` and `total` or `mu`, `mu_star` and `sigma`, `noise` (what
noise of finite replications alone would give) and `distinguishable`.

## `manifest.json`

`format` (`lamplight.manifest/1`), `version`, `command`, `scenario_file`, `set`, `plan_hash`, `resolved` (every value used), `seed`,
`replications`, `uncertainty`, `schedule`, `strategies`, `baseline`, `level`, `platform`, `written`, `wall_s`, and `runs`: the trace hash of every run.
";
