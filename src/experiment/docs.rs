//! What a result holds, as a page for readers: made from the same tables that the files are made from.

use super::deployments::{deployment_columns, place_columns};
use super::evidence::tables::{backtest_columns, posterior_columns};
use super::ledger::LEDGER_COLUMNS;
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
    out += "\n## Columns of `ledger.csv`\n\nOne row for each strategy, kind, outcome, reason and group that occurred, sums included \
            (\"all\").\n\n| column | meaning |\n| --- | --- |\n";
    for (name, doc) in LEDGER_COLUMNS {
        let _ = writeln!(out, "| `{name}` | {doc} |");
    }
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

## Searches

`optimise.json` (`lamplight.optimise/1`): objectives, constraints and what is decided, in words; `candidates` (how many there are), `evaluated`, `feasible`, `kept` (by constraint), `ended` (`budget`, `everything` or
`interrupted`); `points`: the front, ordinary patrol (`no-lfr`), the strategies as given, each with `kind`, `status` (`front`, `dominated`, `infeasible`, `impossible`), `mounts`, `settings`, figures of the `search` and, of finalists, `fresh`
figures; and `selection` with objective, indifference zone, probability, finalists, those that broke a constraint, the selected one or those left, and the sentence. `front.csv` holds the same points, `points.csv` all that were tried:
`point`, `kind`, `status`, `strategy`, `mounts`, `settings`, then for each objective its value, `.low` and `.high`, for each constraint its value and `.met`, and the same again as `fresh.`; `evaluations.tsv` is the journal: system,
first replication, the one after the last, `ok` or `impossible`, figures by column and replication.
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

A result folder holds `report.html` and `charts/` (each picture as SVG and as PNG) for readers, `summary.json` with every estimate, `runs.parquet`,
`alerts.parquet` and `ledger.csv` for analysis, and `manifest.json`, which says how to make it all again.

## `summary.json`

Whatever fits on one line stands on one line: an estimate, a row of the ledger. Keys are stable: `format` (`lamplight.summary/1`), `scenario`, `title`, `question`, `reading`, `plan_hash`, `seed`, `replications`,
`uncertainty`, `label`, `per`, `level`, `baseline`, `strategies`, `comparisons`, `warnings`, `worlds`, `stopping`, `matched`, `ledger`,
`disparities`, `decompositions`.

- Each of `strategies` has `name`, `note`, `metrics` (id to estimate) and `groups` (a list of `by`, `name`, `metrics`).
- Each of `comparisons` has `strategy`, `baseline`, `differs_in` (the keys in which the two differ) and `metrics` (id to difference, strategy
  minus baseline, paired run by run).
- An estimate has `mean` (mean over replications; for a rate the ratio of sums; null without a denominator), `simulation_interval` (how
  precisely the model's own answer is known: it shrinks with replications and says nothing about the world), `predictive_interval` (what one
  deployment may bring: chance and, with uncertainty on, not knowing), `level`, `method` (`t`, `garwood`, `garwood-overdispersed` where worlds
  differ in how often a rare thing happens, `ratio-t`, `exact-zero` and so on), `n`, `unit`, `frequency` (in words, for counts), `events` (the
  counted events behind it) and `share_from_not_knowing` (the share of the variance between deployments that comes from not knowing the
  parameters; the rest is chance).
- A difference has `difference`, the same two intervals, `level`, `method`, `ratio`, `distinguishable` (whether the simulation interval excludes
  zero: a statement about the model), `variance_reduction` (what pairing gained over independent runs), `p_holm` (chance of a difference this far
  from zero if there were none, adjusted for the number of figures compared), and the verdict: `share_of_plausible_worlds_lower` and `_higher`,
  `smallest_that_matters`, `verdict` (`settled`, `no difference that matters` or `not settled`), `limited_by` (`knowledge`, `chance` or
  `replications`), `replications_needed`, `share_from_not_knowing`, and `verdict_from` (the metric it is read from: the expectation of a rare count).
- A comparison also has `differs` (each thing in which the strategies differ, with values, label, source, and whether it rests on an assumption
  alone), `tipping_points` (values of doubtful parameters at which a difference changes its sign; `confirmed` if runs on both sides say so) and
  `questions` (what to ask the force, by how much knowing it would reduce the chance that two plausible worlds disagree).
- `worlds` says how many plausible worlds there were and how many were run more than once. `stopping` says how `--precision` went, `matched`
  what `--match` did.
- `ledger` is `ledger.csv` without crossings of reason and group. Stops for a covered face are a kind of their own in it: they are in
  `cover_stops` and in no other figure of stops.
- Each of `disparities` has `strategy`, `matcher` (`as run`, or a table: `neutral`, `inferred-2025`, `npl-2023`), `hypothesis` (`ratio-constant`:
  differences between groups are the same at every threshold; `ratio-shrinks`: they are gone at 0.64), `how` (`run`, or `re-weighted`: the expected
  false alerts of the same searches under the other table) and `axes`: for each axis, and as run for each crossing of two, `reference` (the group
  with most scans), `groups` (rates per 100,000 scans, ratios and differences to the reference group) and `scalars`. Where fewer than five false
  alerts (or wrongful stops) are expected, all replications together, there is no ratio and `method` is `too few events`.
- Each of `decompositions` says for a group how its expected wrongful stops per head of the reference population (London passers-by, where the
  scenario has their groups) exceed the reference group's, and what `siting`, `footfall mix`, `list composition`, `matcher`, `operator` and
  `officers` contribute (`log_part`, and `times` = exp of it).

## A study's store

`study.json` (`lamplight.study/1`) says what it holds: `version`, `name`, `title`, `study_hash`, `plan_hash`, `resolved` (every value that no point sets),
`study` (its text), `design`, `keys`, `strategies`, `seed`, `metrics`, `precision`, `layout`. `shards/` and `runs.parquet` have the columns of `runs.parquet` above after `point`
and one column for each key of the design (dots become underscores), then `error` (empty unless the run failed) and, for each rate, `METRIC_per`: what it was divided by in the
run. `points.parquet` has the same keys, `runs`, `failed`, and for each metric its mean (of a rate: the ratio of sums) and `METRIC_se`, its standard
error; under a rule of stopping also `precision_half_width` and `precision_reached` (yes, no, or none where the strategy has none of the metric).
`sensitivity.json` (`lamplight.sensitivity/1`) has `method`, `level`, `replications` (fewest and most of a point) and `outputs`; each of these has `strategy`, `metric`,
`used`, `left_out`, `mean`, `sd`, `noise_share` and, for each of `parameters`, `key`, `first` and `total` or `mu`, `mu_star` and `sigma`, `noise` (what
noise of finite replications alone would give) and `distinguishable`.

## `manifest.json`

`format` (`lamplight.manifest/1`), `version`, `command`, `scenario_file`, `set`, `plan_hash`, `resolved` (every value used), `seed`,
`replications`, `uncertainty`, `schedule`, `strategies`, `baseline`, `level`, `platform`, `written`, `wall_s`, and `runs`: the trace hash of every run.
";
