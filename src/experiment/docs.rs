//! What a result holds, as a page for readers: made from the same tables that the files are made from.

use super::evidence::tables::{backtest_columns, posterior_columns};
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
    out += EVIDENCE;
    out += "\n### Columns of `backtest.parquet`\n\n";
    columns(&mut out, &backtest_columns());
    out += "\n### Columns of `posterior.parquet`\n\n";
    columns(&mut out, &posterior_columns());
    out
}

const EVIDENCE: &str = "
## Back-tests, calibrations, validation

`backtest.json` (`lamplight.backtest/1`): `until`, `test_from`, `rows_fitted`, `rows_predicted`, `flagged` (rows that rest on priors in some respect), `scores` by
figure (`alerts`, `arrests`, `false_alerts`) and by what was known (`blind`, `given_faces`), each with `rows`, `coverage` (share of rows within the central 50, 80 and 90 %
intervals), `crps` and that of the two benchmarks (`crps_pooled`, `crps_site_prior`; smaller is better), `log_score` (mean negative log of the predicted probability;
smaller is better), `bias` (predicted less published), `pit_p` and `pit` (ten bins of the randomised probability integral transform); and `totals` with 90 % `predictive`
intervals. `calibration.json` (`lamplight.calibration/1`): provenance, parameters before and after, aims with implausibility, sites; `calibration.toml` is what scenarios
name. `validation.json` (`lamplight.validation/1`): published findings with role, model's interval, and whether it is met.
";

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

## `manifest.json`

`format` (`lamplight.manifest/1`), `version`, `command`, `scenario_file`, `set`, `plan_hash`, `resolved` (every value used), `seed`,
`replications`, `uncertainty`, `schedule`, `strategies`, `baseline`, `level`, `platform`, `written`, `wall_s`, and `runs`: the trace hash of every run.
";
