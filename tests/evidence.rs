//! Records, fits and back-tests: hostile files, no leak from later rows, honest uncertainty.

use lamplight::experiment::evidence::{
    self, Draws, Family, Forecast, Given, Model, NormalPrior, Observation, Place, ScalePrior, Scales, Target,
};
use lamplight::scenario::record_file::{DeploymentRecord, RecordRow, open_record};
use lamplight::scenario::record_text::write_record;
use lamplight::stats::counts::{binomial_quantile, negative_binomial_quantile};
use lamplight::stats::dist::{logistic, normal_quantile};
use lamplight::stats::score::{ten_bins, uniformity_p};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SHIPPED: &str = "met-lfr-to-2025-09";

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

fn shipped() -> DeploymentRecord {
    open_record(Path::new(SHIPPED)).unwrap()
}

fn lamplight(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lamplight"))
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A file in a scratch folder.
fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

const COLUMNS: &str = "force,date,place,use_case,kind,hours,watchlist,threshold,faces,alerts,true_confirmed,true_unconfirmed,\
    false_confirmed,false_unconfirmed,true_alerts,false_alerts,engagements,arrests,other_disposal,no_action,status,source,note";

/// A row in the layout of the published compilation: no site, no borough.
fn line(date: &str, place: &str, alerts: &str, arrests: &str) -> String {
    format!(
        "Met,{date},\"{place}\",Crime Hotspot,van,,,0.64,9000,{alerts},,,,,{alerts},0,,{arrests},,,transcribed,somewhere,"
    )
}

#[test]
fn the_shipped_record_is_whole_and_its_totals_are_those_of_the_annual_report() {
    let record = shipped();
    assert_eq!(record.rows.len(), 385);
    let year = |f: fn(&RecordRow) -> Option<u32>| -> u32 {
        let within = |r: &&RecordRow| r.force == "Met" && r.date >= day("2024-09-11") && r.date <= day("2025-09-10");
        record.rows.iter().filter(within).filter_map(f).sum()
    };
    // The annual report says 3,147,436 faces, 2,077 alerts and 962 arrests; two figures of the compilation are a little lower.
    assert_eq!(
        (year(|r| r.faces), year(|r| r.alerts), year(|r| r.arrests)),
        (3_147_436, 2074, 959)
    );
    let sites: std::collections::BTreeSet<&str> = record.rows.iter().map(|r| r.site.as_str()).collect();
    assert!((80..110).contains(&sites.len()), "{}", sites.len());
    // Written and read again, nothing is lost.
    let folder = tempfile::tempdir().unwrap();
    let again = open_record(&file(folder.path(), "again.csv", write_record(&record).as_bytes())).unwrap();
    let strip = |rows: &[RecordRow]| -> Vec<RecordRow> {
        let without_line = |r: &RecordRow| RecordRow { line: 0, ..r.clone() };
        rows.iter().map(without_line).collect()
    };
    assert_eq!(strip(&again.rows), strip(&record.rows));
}

#[test]
fn broken_lines_are_all_reported_by_number_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = vec![COLUMNS.to_owned(), line("2025-01-08", "Brixton", "5", "2")];
    lines.push(line("2025-13-08", "Brixton", "5", "2")); // 3: no such day
    lines.push(line("2025-01-09", "Brixton", "-5", "2")); // 4: negative
    lines.push(line("2025-01-10", "Brixton", "five", "2")); // 5: a word
    lines.push("Met,2025-01-11,Brixton".to_owned()); // 6: cells missing
    lines.push(line("2025-01-12", "", "5", "2")); // 7: no place
    lines.push(line("2025-01-13", "Brixton", "5", "2").replace("0.64", "64")); // 8: threshold
    let path = file(folder.path(), "bad.csv", lines.join("\n").as_bytes());
    for command in [
        vec!["check", "bad.csv"],
        vec!["backtest", "bad.csv", "--until", "2025-01-08", "-o", "out"],
    ] {
        let output = lamplight(folder.path(), &command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        let said = text(&output.stderr);
        for number in 3..=8 {
            assert!(
                said.contains(&format!("bad.csv:{number}:")),
                "{command:?} says nothing of line {number}:\n{said}"
            );
        }
        assert!(!said.contains("bad.csv:2:") && !said.contains("panicked"), "{said}");
        assert!(!folder.path().join("out").exists());
    }
    drop(path);
}

#[test]
fn wrong_columns_and_texts_are_answered_and_unused_columns_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, bytes: &[u8]| {
        let path = file(folder.path(), name, bytes);
        let output = lamplight(folder.path(), &["check", path.to_str().unwrap()]);
        (output.status.code(), text(&output.stderr))
    };
    let good = line("2025-01-08", "Brixton", "5", "2");
    let renamed = format!("{}\n{good}\n", COLUMNS.replace(",arrests", ",arests"));
    let (code, said) = of("renamed.csv", renamed.as_bytes());
    assert!(code == Some(2) && said.contains("did you mean `arrests`?"), "{said}");
    let (code, said) = of("other.csv", b"name;age\nx;1\n");
    assert!(
        code == Some(2) && said.contains("no column `date`") && said.contains("commas"),
        "{said}"
    );
    let (code, said) = of("empty.csv", b"");
    assert!(code == Some(2) && !said.contains("panicked"), "{said}");
    let (code, said) = of("rowless.csv", format!("{COLUMNS}\n").as_bytes());
    assert!(code == Some(2) && said.contains("no row"), "{said}");
    let mut latin = format!("{COLUMNS}\n{good}\n").into_bytes();
    latin.extend(b"Met,2025-01-09,St Ann\x92s\n");
    let (code, said) = of("latin.csv", &latin);
    assert!(
        code == Some(2) && said.contains("UTF-8") && said.contains("line 3"),
        "{said}"
    );
    let extra = format!("\u{feff}{COLUMNS},weather\r\n{good},rain\r\n");
    let (code, said) = of("extra.csv", extra.as_bytes());
    assert!(code == Some(0) && said.contains("`weather` is not used"), "{said}");
}

#[test]
fn doubtful_rows_are_kept_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        COLUMNS.to_owned(),
        line("2025-01-10", "Brixton", "5", "2"),
        line("2025-01-08", "Camden", "4", "1"),  // out of order
        line("2025-01-12", "Brixton", "3", "7"), // more arrests than alerts
        line("2025-01-10", "Brixton", "5", "2"), // a repetition
    ];
    let path = file(folder.path(), "odd.csv", lines.join("\n").as_bytes());
    let record = open_record(&path).unwrap();
    let kept: Vec<(u64, Option<u32>)> = record.rows.iter().map(|r| (r.line, r.arrests)).collect();
    assert_eq!(kept, [(3, Some(1)), (2, Some(2)), (4, None)]);
    assert_eq!(record.contradictions.len(), 1);
    let output = lamplight(folder.path(), &["check", "odd.csv"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    for words in [
        "7 arrests are more than 3 alerts",
        "odd.csv:4:",
        "line 5 repeats line 2",
        "order of date",
    ] {
        assert!(said.contains(words), "{words}:\n{said}");
    }
}

#[test]
fn a_hundred_thousand_rows_are_fitted_and_predicted_in_good_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut csv = format!("{COLUMNS}\n");
    for i in 0..100_000_u32 {
        let date = day("2020-01-01").saturating_add(jiff::Span::new().days(i / 60));
        let place = format!("Road {}", (i * 7919) % 9_973);
        csv += &line(
            &date.to_string(),
            &place,
            &(i % 19).to_string(),
            &(i % 19 / 3).to_string(),
        );
        csv.push('\n');
    }
    let record = open_record(&file(folder.path(), "long.csv", csv.as_bytes())).unwrap();
    let clock = std::time::Instant::now();
    let last = record.rows.last().unwrap().date;
    let until = last.checked_sub(jiff::Span::new().days(60)).unwrap();
    let done = evidence::backtest(&record, until, until.tomorrow().unwrap(), 1);
    assert!(done.summary.rows_predicted > 3000);
    assert!((0.8..0.99).contains(&done.summary.scores["alerts"]["blind"].coverage["90"]));
    assert!(clock.elapsed().as_secs() < 120, "{:?}", clock.elapsed());
}

#[test]
fn rows_after_the_cut_change_nothing_that_is_fitted() {
    let record = shipped();
    let until = day("2025-01-31");
    let before = evidence::fit(&record.rows, until, 1, 60);
    let mut changed = record.rows.clone();
    for row in changed.iter_mut().filter(|r| r.date > until) {
        row.alerts = row.alerts.map(|a| a * 50 + 7);
        row.faces = Some(123);
        row.arrests = Some(0);
        row.false_alerts = row.alerts;
        row.hours = Some(60.0);
        row.watchlist = Some(10);
        row.threshold = Some(0.5);
        row.site = "Elsewhere".to_owned();
        row.borough = None;
    }
    let fewer: Vec<RecordRow> = record.rows.iter().filter(|r| r.date <= until).cloned().collect();
    let one_row = fewer
        .iter()
        .chain(changed.iter().filter(|r| r.date > until).take(1))
        .cloned()
        .collect();
    for rows in [changed, fewer, one_row] {
        let after = evidence::fit(&rows, until, 1, 60);
        assert_eq!(after.rows, before.rows);
        for (a, b) in [
            (&before.faces, &after.faces),
            (&before.true_alerts, &after.true_alerts),
            (&before.false_alerts, &after.false_alerts),
            (&before.arrests, &after.arrests),
        ] {
            assert_eq!(format!("{a:?}"), format!("{b:?}"));
        }
        assert_eq!(format!("{:?}", before.frame), format!("{:?}", after.frame));
    }
    // A row before the cut does matter.
    let mut earlier = record.rows.clone();
    let last = earlier.iter_mut().rfind(|r| r.date <= until).unwrap();
    last.alerts = Some(40);
    last.true_alerts = None;
    let after = evidence::fit(&earlier, until, 1, 60);
    assert_ne!(format!("{:?}", before.true_alerts), format!("{:?}", after.true_alerts));
}

#[test]
fn forecasts_do_not_read_what_they_predict() {
    let record = shipped();
    let fit = evidence::fit(&record.rows, day("2025-01-31"), 1, 60);
    let row = record.rows.iter().find(|r| r.date > day("2025-03-01")).unwrap();
    let blank = RecordRow {
        alerts: None,
        true_alerts: None,
        false_alerts: Some(3),
        arrests: None,
        ..row.clone()
    };
    for given in [Given::Blind, Given::Faces] {
        let (a, b) = (
            Forecast::new(&fit, row, given, 1),
            Forecast::new(&fit, &blank, given, 1),
        );
        assert_eq!(
            (a.alerts, a.arrests, a.false_alerts),
            (b.alerts, b.arrests, b.false_alerts)
        );
    }
    let crowded = RecordRow {
        faces: row.faces.map(|f| f * 4),
        ..row.clone()
    };
    let mean = |row: &RecordRow, given| lamplight::stats::mean(&Forecast::new(&fit, row, given, 1).alerts);
    assert_eq!(mean(row, Given::Blind), mean(&crowded, Given::Blind));
    assert!(mean(&crowded, Given::Faces) > 1.2 * mean(row, Given::Faces));
}

#[test]
fn what_was_never_seen_is_predicted_with_wide_intervals() {
    let record = shipped();
    let fit = evidence::fit(&record.rows, day("2025-05-10"), 1, 400);
    let known = record
        .rows
        .iter()
        .find(|r| r.date > day("2025-05-10") && r.site == "Woolwich")
        .unwrap();
    let spread = |change: &dyn Fn(&mut RecordRow)| {
        let mut row = known.clone();
        change(&mut row);
        let mut ensemble = Forecast::new(&fit, &row, Given::Blind, 1).alerts;
        ensemble.sort_by(f64::total_cmp);
        let mean = lamplight::stats::mean(&ensemble);
        (mean, (ensemble[379] - ensemble[20]) / mean.max(1.0))
    };
    let usual = spread(&|_| {});
    let unknown = spread(&|r| (r.site, r.borough) = ("A new town".into(), None));
    let fixed = spread(&|r| r.kind = lamplight::scenario::record_file::Mounting::Static);
    let elsewhere = spread(&|r| (r.force, r.site, r.borough) = ("Essex".into(), "Basildon".into(), None));
    let far = spread(&|r| r.date = day("2031-05-10"));
    for (what, wide) in [
        ("site", unknown),
        ("mounting", fixed),
        ("force", elsewhere),
        ("year", far),
    ] {
        assert!(wide.1 > 1.1 * usual.1, "{what}: {wide:?} {usual:?}");
        assert!(wide.0.is_finite() && wide.0 < 200.0, "{what}: {wide:?}");
    }
    let short_list = spread(&|r| r.watchlist = Some(160));
    assert!(short_list.0 < 0.1 * usual.0, "{short_list:?} {usual:?}");
    let no_list = spread(&|r| r.watchlist = Some(0));
    assert!(no_list.0.is_finite());
    // A laxer threshold: many times the false alerts.
    let wrong = |threshold| {
        let row = RecordRow {
            threshold: Some(threshold),
            ..known.clone()
        };
        lamplight::stats::mean(&Forecast::new(&fit, &row, Given::Blind, 1).false_alerts)
    };
    let ratio = wrong(0.60) / wrong(0.64);
    assert!((4.0..30.0).contains(&ratio), "{ratio}");
}

/// Draws parameters from the priors of a small model, simulates its rows, fits them, and returns the ranks (as shares) of the
/// true values among the posterior's draws.
fn recovered(family: Family, seed: u64) -> Vec<f64> {
    const DRAWS: usize = 399;
    let stream = lamplight::kernel::Stream::new(seed, 77, 5);
    let mut next = 0_u32;
    let mut uniform = || {
        next += 1;
        stream.block(1, 0, next, 0).fine(0)
    };
    let (sites, groups, periods, rows) = (9_usize, 3_usize, 8_usize, 70_usize);
    let prior = |median, log_sd| ScalePrior { median, log_sd };
    let model = Model {
        family,
        coefficients: vec![
            NormalPrior {
                mean: if family == Family::Binomial { -0.2 } else { 1.9 },
                sd: 0.6,
            },
            NormalPrior { mean: 0.6, sd: 0.25 },
        ],
        scales: Scales {
            step: prior(0.12, 0.6),
            site: prior(0.35, 0.5),
            group: prior(0.3, 0.5),
            dispersion: if family == Family::Normal {
                prior(0.33, 0.3)
            } else {
                prior(15.0, 0.7)
            },
        },
        sites,
        groups,
        periods,
    };
    let mut normal = || normal_quantile(uniform());
    let scale = |p: ScalePrior, z: f64| p.median * (p.log_sd * z).exp();
    let step = scale(model.scales.step, normal());
    let site_sd = scale(model.scales.site, normal());
    let group_sd = scale(model.scales.group, normal());
    let dispersion = scale(model.scales.dispersion, normal());
    let coefficients: Vec<f64> = model.coefficients.iter().map(|p| p.mean + p.sd * normal()).collect();
    let site: Vec<f64> = (0..sites).map(|_| site_sd * normal()).collect();
    let group: Vec<f64> = (0..groups).map(|_| group_sd * normal()).collect();
    let mut level = vec![0.0; periods];
    for p in (0..periods - 1).rev() {
        level[p] = level[p + 1] + step * normal();
    }
    let future = step * normal();
    let draw = |eta: f64, u: f64| match family {
        Family::NegativeBinomial => f64::from(negative_binomial_quantile(u, eta.exp(), dispersion)),
        Family::Binomial => f64::from(binomial_quantile(u, 9, logistic(eta))),
        Family::Normal => eta + dispersion * normal_quantile(u),
    };
    let observations: Vec<Observation> = (0..rows)
        .map(|i| {
            // Some sites have many rows, some few.
            let spread = (i * 37 % rows) as f64 / rows as f64;
            let s = ((sites as f64) * spread.sqrt()) as usize % sites;
            let x = 0.4 * normal();
            let period = i * periods / rows;
            let eta = coefficients[0] + coefficients[1] * x + level[period] + site[s] + group[s % groups];
            Observation {
                y: draw(eta, lamplight::stats::dist::normal_cdf(normal())),
                trials: if family == Family::Binomial { 9.0 } else { 1.0 },
                offset: 0.0,
                site: Some(s as u32),
                group: Some((s % groups) as u32),
                period: period as u32,
                x: vec![1.0, x],
            }
        })
        .collect();
    let posterior = Draws::new(model.fit(&observations), seed, 1, DRAWS);
    let target = |place: Place, group: Place, period: u32| Target {
        offset: 0.0,
        site: place,
        group,
        period,
        x: vec![1.0, 0.3],
    };
    let rank = |truth: f64, of: &dyn Fn(usize) -> f64, u: f64| {
        let below = (0..DRAWS).filter(|d| of(*d) < truth).count() as f64;
        (below + u) / (DRAWS as f64 + 1.0)
    };
    let base = coefficients[0] + coefficients[1] * 0.3;
    let mut ranks = vec![
        rank(coefficients[0], &|d| posterior.coefficient(d, 0), uniform()),
        rank(coefficients[1], &|d| posterior.coefficient(d, 1), uniform()),
        rank(site[2], &|d| posterior.site(d, Place::Known(2)), uniform()),
        rank(group[1], &|d| posterior.group(d, Place::Known(1)), uniform()),
        rank(level[3], &|d| posterior.level(d, 3), uniform()),
        rank(
            base + future + site[8] + group[2],
            &|d| posterior.predictor(d, &target(Place::Known(8), Place::Known(2), periods as u32)),
            uniform(),
        ),
    ];
    for (i, truth) in [step, site_sd, group_sd, dispersion].into_iter().enumerate() {
        if i < 3 || family != Family::Binomial {
            // Draws that share a point of the scales tie; each tie is broken evenly.
            let u = uniform();
            let ties = (0..DRAWS)
                .filter(|d| (posterior.scales(*d)[i] - truth).abs() < 1e-12)
                .count() as f64;
            ranks.push(rank(truth, &|d| posterior.scales(d)[i], u * (1.0 + ties)));
        }
    }
    ranks
}

#[test]
fn fits_to_simulated_records_recover_what_they_were_simulated_from() {
    let names = [
        "level",
        "slope",
        "site",
        "group",
        "month",
        "forecast",
        "step",
        "site sd",
        "group sd",
        "dispersion",
    ];
    for family in [Family::NegativeBinomial, Family::Binomial, Family::Normal] {
        let all: Vec<Vec<f64>> = (0..300).map(|seed| recovered(family, seed)).collect();
        for i in 0..all[0].len() {
            let ranks: Vec<f64> = all.iter().map(|r| r[i]).collect();
            let bins = ten_bins(&ranks);
            let p = uniformity_p(&bins);
            println!("{family:?} {}: {bins:?} p {p:.3}", names[i]);
            assert!(
                p > 0.01,
                "{family:?} {}: ranks {bins:?} are not even (p {p:.4})",
                names[i]
            );
        }
    }
}

#[test]
fn the_shipped_back_test_keeps_what_was_promised_of_it() {
    let done = evidence::backtest(&shipped(), day("2025-05-10"), day("2025-05-11"), 1).summary;
    assert_eq!((done.rows_fitted, done.rows_predicted), (275, 89));
    for figure in ["alerts", "arrests"] {
        let scores = &done.scores[figure]["blind"];
        let within = scores.coverage["90"];
        assert!((0.80..=0.98).contains(&within), "{figure}: {within}");
        assert!(scores.crps <= scores.crps_pooled, "{figure}: {scores:?}");
        assert!(scores.crps <= 1.1 * scores.crps_site_prior, "{figure}: {scores:?}");
        assert!(scores.pit_p > 0.01, "{figure}: {scores:?}");
        assert!(
            done.scores[figure]["given_faces"].crps <= scores.crps,
            "{figure}: faces say nothing"
        );
    }
    for (key, total) in &done.totals {
        let [low, high] = total.predictive;
        assert!((low..=high).contains(&(total.observed as f64)), "{key}: {total:?}");
    }
}

#[test]
fn a_back_test_writes_its_files_and_refuses_what_cannot_be_tested() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| lamplight(folder.path(), args);
    let first = run(&["backtest", SHIPPED, "--until", "2025-08-31", "-o", "a", "--jobs", "1"]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).contains("says nothing of differences between strategies"));
    let read = |path: &str| std::fs::read(folder.path().join(path)).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&read("a/backtest.json")).unwrap();
    assert_eq!(json["format"], "lamplight.backtest/1");
    for key in [
        "rows",
        "coverage",
        "crps",
        "crps_pooled",
        "crps_site_prior",
        "log_score",
        "bias",
        "pit_p",
    ] {
        for figure in ["alerts", "arrests", "false_alerts"] {
            for given in ["blind", "given_faces"] {
                assert!(!json["scores"][figure][given][key].is_null(), "{figure} {given} {key}");
            }
        }
    }
    assert!(json["totals"]["alerts"]["predictive"][1].as_f64().unwrap() > 0.0);
    let page = text(&read("a/report.html"));
    assert_eq!(page.matches("<svg").count(), 3);
    assert!(!page.replace("http://www.w3.org/2000/svg", "").contains("http"));
    // Two workers, and the same file under another name, give the same numbers.
    run(&["backtest", SHIPPED, "--until", "2025-08-31", "-o", "b", "--jobs", "2"]);
    for file in ["backtest.json", "backtest.parquet", "charts/alerts.svg"] {
        assert!(
            read(&format!("a/{file}")) == read(&format!("b/{file}")),
            "{file} depends on the number of workers"
        );
    }
    for (args, words) in [
        (vec!["backtest", SHIPPED, "--until", "2026-01-01"], "nothing to predict"),
        (vec!["backtest", SHIPPED, "--until", "2010-01-01"], "nothing to fit"),
        (
            vec![
                "backtest",
                SHIPPED,
                "--until",
                "2025-05-10",
                "--test-from",
                "2025-05-01",
            ],
            "not after --until",
        ),
        (
            vec!["backtest", "no-such-file.csv", "--until", "2025-05-10"],
            "cannot read",
        ),
        (
            vec!["backtest", SHIPPED, "--until", "2025-05-10", "-o", "a"],
            "another plan",
        ),
        (vec!["calibrate", SHIPPED, "--until", "2010-01-01"], "nothing to fit"),
    ] {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            text(&output.stderr).contains(words),
            "{args:?}: {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn rows_of_kinds_never_seen_are_predicted_to_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = write_record(&shipped());
    let mut lines = vec![COLUMNS.to_owned()];
    let mut reader = csv::Reader::from_reader(shipped.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    for row in reader.records() {
        let row = row.unwrap();
        let cell = |c: &str| format!("\"{}\"", &row[names.iter().position(|n| n == c).unwrap()]);
        lines.push(COLUMNS.split(',').map(|c| cell(c.trim())).collect::<Vec<_>>().join(","));
    }
    let empty = ",,,,,,,,";
    lines.extend([
        "Met,2025-10-02,\"North End, Croydon\",Crime Hotspot,static,4,,0.64,30000,12,,,,,12,0,,6,,,transcribed,x,"
            .to_owned(),
        "Met,2025-10-02,\"London Rd, Croydon\",Crime Hotspot,static (pilot),,,,,,,,,,,,,,,,transcribed,x,".to_owned(),
        "Met,2025-10-03,\"New Place, Bexley\",Event PSO,van,,120,0.62,500,0,,,,,0,0,,0,,,transcribed,x,".to_owned(),
        "Met,2025-10-04,Somewhere,,hand-held,,,0.55,,3,,,,,,,,,,,transcribed,x,".to_owned(),
        "SWP,2025-10-05,Cardiff (3 days),,van,,800,,160000,0,,,,,0,0,,0,,,press,x,".to_owned(),
        "Essex,2026-03-05,Basildon,,van,5,18000,0.9,,250,,,,,200,50,,90,,,press,x,".to_owned(),
        format!("British Transport Police,2027-01-05,Station,,van{empty},,,,,,,,press,x,"),
    ]);
    file(folder.path(), "later.csv", lines.join("\n").as_bytes());
    let output = lamplight(
        folder.path(),
        &["backtest", "later.csv", "--until", "2025-09-30", "-o", "out"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("out/backtest.json")).unwrap()).unwrap();
    assert_eq!(json["rows_predicted"], 7);
    assert_eq!(json["scores"]["alerts"]["blind"]["rows"], 5);
    for (flag, rows) in [
        ("fixed cameras", 2),
        ("another force", 3),
        ("unknown mounting", 1),
        ("event", 1),
    ] {
        assert_eq!(json["flagged"][flag], rows, "{flag}: {}", json["flagged"]);
    }
    for figure in ["alerts", "arrests", "false_alerts"] {
        assert!(
            json["scores"][figure]["blind"]["log_score"]
                .as_f64()
                .unwrap()
                .is_finite()
        );
    }
}

#[test]
fn a_calibration_is_a_file_that_scenarios_name() {
    use lamplight::scenario::registry::param;
    use lamplight::scenario::{Overrides, load, load_text};
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| lamplight(folder.path(), args);
    let args = [
        "calibrate",
        SHIPPED,
        "--until",
        "2025-05-10",
        "--settings",
        "40",
        "-n",
        "4",
        "-o",
        "cal",
    ];
    let output = run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for name in ["calibration.json", "posterior.parquet", "report.html", "manifest.json"] {
        assert!(folder.path().join("cal").join(name).exists(), "{name}");
    }
    let checked = run(&["check", "cal/calibration.toml"]);
    assert!(
        text(&checked.stdout).contains("good (calibration)"),
        "{}",
        text(&checked.stderr)
    );
    std::fs::copy(
        folder.path().join("cal/calibration.toml"),
        folder.path().join("mine.toml"),
    )
    .unwrap();
    let scenario = |calibration: &str| {
        let street = include_str!("../scenarios/reference/calibration-street.toml");
        load_text(
            "s.toml",
            &street.replace("format = 1", &format!("format = 1\n{calibration}")),
            folder.path(),
            &Overrides::default(),
        )
    };
    let plain = scenario("").unwrap();
    for named in ["calibration = \"mine.toml\"", "calibration = \"met-2025-05\""] {
        let fitted = scenario(named).unwrap();
        for id in [
            param::COUPLING,
            param::SCORE_SLOPE,
            param::FALSE_MATCH_LEVEL,
            param::PREVALENCE,
        ] {
            assert_ne!(
                fitted.values.value(id),
                plain.values.value(id),
                "{named}: {}",
                id.row().key
            );
            assert!(fitted.values.value(id).prior.is_some());
        }
        assert_ne!(fitted.plan_hash, plain.plan_hash);
        assert!(fitted.resolved.contains("calibration ="));
    }
    // What the scenario sets itself stands; a site brings its own presence of sought people.
    let own = scenario("calibration = \"mine.toml\"").unwrap();
    let set = Overrides {
        set: vec![("sought.coupling".into(), "0.9".into())],
        ..Overrides::default()
    };
    let path = file(
        folder.path(),
        "own.toml",
        include_str!("../scenarios/reference/calibration-street.toml")
            .replace(
                "format = 1",
                "format = 1\ncalibration = { preset = \"mine.toml\", site = \"Woolwich\" }",
            )
            .as_bytes(),
    );
    let at_site = load(&path, &set).unwrap();
    assert_eq!(at_site.values.get(param::COUPLING), 0.9);
    assert_ne!(
        at_site.values.value(param::PREVALENCE),
        own.values.value(param::PREVALENCE)
    );
    let wrong = scenario("calibration = { preset = \"mine.toml\", site = \"Wolwich\" }").unwrap_err();
    assert!(wrong[0].help.contains("Woolwich"), "{}", wrong[0].help);
    assert!(scenario("calibration = \"met-2052\"").is_err());
    // The record's own figures: faces scatter by about a third, alerts follow them by about two fifths, the slope is near 55.
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("cal/calibration.json")).unwrap()).unwrap();
    let median = |key: &str| {
        let list = json["parameters"].as_array().unwrap();
        let found = list.iter().find(|p| p["key"] == key).unwrap();
        found["posterior"][1].as_f64().unwrap()
    };
    assert!((0.25..0.45).contains(&median("people.day_log_sd")));
    assert!((0.2..0.6).contains(&median("sought.coupling")));
    assert!((35.0..75.0).contains(&median("matcher.score_slope")));
    assert!((5e-4..2e-3).contains(&median("sought.prevalence")));
    assert!(median("officers.pursuit_radius_m") > 150.0);
}
