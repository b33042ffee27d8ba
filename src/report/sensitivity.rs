//! Sensitivity indices as table, CSV and pictures.

use super::Error;
use super::canvas::{Anchor, Canvas, INK, Scale, draw, faint, fit, stroke};
use super::charts::{WIDTH, frame};
use super::odd::tex;
use super::words::number;
use crate::experiment::sensitivity::{Estimated, Output, Sensitive, Sensitivity};
use std::fmt::Write;

/// Said of an index that noise alone could have given.
const WITHIN_NOISE: &str = "not told from zero";

/// How many replications points have.
fn replications(s: &Sensitivity) -> String {
    match s.replications {
        [fewest, most] if fewest == most => format!("{most} replications"),
        [fewest, most] => format!("{fewest} to {most} replications"),
    }
}

/// The indices as a table for people.
pub fn sensitivity_table(s: &Sensitivity) -> String {
    let mut out = format!(
        "{}\n{} ({} at each point; {} % intervals)\n",
        title(s),
        s.label,
        replications(s),
        s.level * 100.0
    );
    for o in &s.outputs {
        let _ = write!(
            out,
            "\n{}, {} [{}]: mean {}, sd {}; noise {} % of the variance\n",
            o.strategy,
            o.title,
            o.unit,
            figure(o.mean),
            figure(o.sd),
            number(100.0 * o.noise_share, 1)
        );
        if o.left_out > 0 {
            let _ = writeln!(
                out,
                "  {} of {} rows left out: a run failed or a rate had no denominator",
                o.left_out,
                o.left_out + o.used
            );
        }
        if o.parameters.iter().all(|p| main_index(p).is_none()) {
            let _ = writeln!(out, "  it does not vary over the study's points");
            continue;
        }
        let heads = match s.method.as_str() {
            "morris" => ["mu*", "mu", "sigma"],
            _ => ["total", "first", ""],
        };
        let _ = writeln!(
            out,
            "  {:<34}{:>28}{:>28}{:>12}",
            "parameter", heads[0], heads[1], heads[2]
        );
        for p in sorted(o) {
            let flag = if p.distinguishable { "" } else { WITHIN_NOISE };
            let cells = cells(p);
            let line = format!(
                "  {:<34}{:>28}{:>28}{:>12}  {flag}",
                fit(&p.key, 1, 18),
                cells[0],
                cells[1],
                cells[2]
            );
            let _ = writeln!(out, "{}", line.trim_end());
        }
    }
    out
}

/// The same as Markdown.
pub fn sensitivity_markdown(s: &Sensitivity) -> String {
    let mut out = format!(
        "## {}\n\n{}. {} at each point; {} % intervals.\n",
        title(s),
        s.label,
        replications(s),
        s.level * 100.0
    );
    for o in &s.outputs {
        let heads = if s.method == "morris" {
            "mu* | mu | sigma"
        } else {
            "total | first | "
        };
        let _ = write!(
            out,
            "\n**{}, {}** [{}]\n\n| parameter | {heads} | |\n| --- | --- | --- | --- | --- |\n",
            o.strategy, o.title, o.unit
        );
        for p in sorted(o) {
            let [a, b, c] = cells(p);
            let flag = if p.distinguishable { "" } else { WITHIN_NOISE };
            let _ = writeln!(out, "| `{}` | {a} | {b} | {c} | {flag} |", p.key);
        }
    }
    out
}

/// The same as LaTeX: one table for each output.
pub fn sensitivity_latex(s: &Sensitivity) -> String {
    let heads = if s.method == "morris" {
        "$\\mu^*$ & $\\mu$ & $\\sigma$"
    } else {
        "total & first & "
    };
    let mut out = format!("% {}\n% needs: \\usepackage{{booktabs}}\n", s.label);
    for o in &s.outputs {
        let caption = format!(
            "{}: {}, {} [{}]. {}; {} at each point.",
            title(s),
            o.strategy,
            o.title,
            o.unit,
            s.label,
            replications(s)
        );
        let _ = writeln!(
            out,
            "\\begin{{table}}\n\\caption{{{}}}\n\\begin{{tabular}}{{lrrrl}}\n\\toprule\nparameter & {heads} & \\\\\n\\midrule",
            tex(&caption)
        );
        for p in sorted(o) {
            let [a, b, c] = cells(p).map(|cell| tex(&cell));
            let flag = if p.distinguishable { "" } else { WITHIN_NOISE };
            let _ = writeln!(out, "{} & {a} & {b} & {c} & {flag} \\\\", tex(&p.key));
        }
        out.push_str("\\bottomrule\n\\end{tabular}\n\\end{table}\n\n");
    }
    out
}

/// Every index, unrounded, one row for each parameter of each output.
pub fn sensitivity_csv(s: &Sensitivity) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = [
        "strategy",
        "metric",
        "key",
        "first",
        "first_low",
        "first_high",
        "total",
        "total_low",
        "total_high",
        "mu",
        "mu_star",
        "mu_star_low",
        "mu_star_high",
        "sigma",
        "noise",
        "distinguishable",
        "noise_share",
        "used",
        "left_out",
    ];
    // Writing to memory cannot fail.
    let _ = writer.write_record(columns);
    let exact = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    let three = |e: Option<Estimated>| {
        [
            exact(e.map(|e| e.estimate)),
            exact(e.map(|e| e.interval[0])),
            exact(e.map(|e| e.interval[1])),
        ]
    };
    for o in &s.outputs {
        for p in &o.parameters {
            let mut record = vec![o.strategy.clone(), o.metric.clone(), p.key.clone()];
            record.extend(three(p.first));
            record.extend(three(p.total));
            record.push(exact(p.mu));
            record.extend(three(p.mu_star));
            record.push(exact(p.sigma));
            record.extend([
                p.noise.to_string(),
                p.distinguishable.to_string(),
                o.noise_share.to_string(),
            ]);
            record.extend([o.used.to_string(), o.left_out.to_string()]);
            let _ = writer.write_record(record);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A picture for each output: its file name and SVG.
///
/// # Errors
/// When the SVG backend fails, which it does not while it writes to memory.
pub fn sensitivity_charts(s: &Sensitivity) -> Result<Vec<(String, String)>, Error> {
    let of = |o: &Output| Ok((format!("sensitivity-{}-{}.svg", o.strategy, o.metric), chart(s, o)?));
    s.outputs
        .iter()
        .filter(|o| o.parameters.iter().any(|p| main_index(p).is_some()))
        .map(of)
        .collect()
}

fn title(s: &Sensitivity) -> String {
    let what = if s.method == "morris" {
        "Morris screening"
    } else {
        "Sobol' indices"
    };
    if s.title.is_empty() {
        format!("{what}: {}", s.study)
    } else {
        format!("{what}: {}", s.title)
    }
}

/// Parameters, the most influential first.
fn sorted(o: &Output) -> Vec<&Sensitive> {
    let mut all: Vec<&Sensitive> = o.parameters.iter().collect();
    let size = |p: &Sensitive| main_index(p).map_or(0.0, |e| e.estimate);
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    all
}

fn main_index(p: &Sensitive) -> Option<Estimated> {
    p.total.or(p.mu_star)
}

fn figure(x: f64) -> String {
    let digits = if x == 0.0 {
        0.0
    } else {
        2.0 - libm::floor(libm::log10(x.abs()))
    };
    number(x, digits.clamp(0.0, 9.0) as usize)
}

fn with_interval(e: Option<Estimated>, text: fn(f64) -> String) -> String {
    e.map_or_else(
        || "–".to_owned(),
        |e| {
            format!(
                "{} [{}, {}]",
                text(e.estimate),
                text(e.interval[0]),
                text(e.interval[1])
            )
        },
    )
}

fn cells(p: &Sensitive) -> [String; 3] {
    let share = |x: f64| number(x, 3);
    match p.mu_star {
        Some(_) => [
            with_interval(p.mu_star, figure),
            p.mu.map_or_else(String::new, figure),
            p.sigma.map_or_else(String::new, figure),
        ],
        None => [
            with_interval(p.total, share),
            with_interval(p.first, share),
            String::new(),
        ],
    }
}

fn chart(s: &Sensitivity, o: &Output) -> Result<String, Error> {
    let rows = sorted(o);
    let morris = s.method == "morris";
    let heading = format!(
        "What {} depend on: {}",
        super::words::within_sentence(&o.title),
        o.strategy
    );
    let names: [(usize, &str); 2] = if morris {
        [
            (0, "mu*: mean size of an effect"),
            (3, "sigma: interaction and curvature"),
        ]
    } else {
        [(0, "total: with all interactions"), (3, "first: alone")]
    };
    let ends = rows.iter().flat_map(|p| {
        let second = if morris {
            p.sigma.map(|x| [x, x])
        } else {
            p.first.map(|e| e.interval)
        };
        main_index(p).map(|e| e.interval).into_iter().chain(second).flatten()
    });
    let (low, high) = ends.fold((0.0_f64, if morris { 1e-12_f64 } else { 1.0 }), |(l, h), x| {
        (l.min(x), h.max(x))
    });
    let (top, step, left, right) = (84, 40, 330, WIDTH - 40);
    let height = top + step * i32::try_from(rows.len()).unwrap_or(1) + 66;
    let scale = Scale::new((low, high), (left, right));
    let list: Vec<String> = rows.iter().map(|p| format!("{} {}", p.key, cells(p)[0])).collect();
    let alternative = format!(
        "{} by parameter, the largest first: {}. {}",
        names[0].1,
        list.join("; "),
        s.label
    );
    let id = format!("sensitivity-{}", o.metric.replace('.', "-"));
    draw((WIDTH, height), &id, &heading, &alternative, |c| {
        frame(c, &heading, &s.label);
        c.legend(&names, (12, 46));
        axis(c, &scale, (top, height - 56), morris, &o.unit);
        for (i, p) in rows.iter().enumerate() {
            let y = top + step * i32::try_from(i).unwrap_or(0) + step / 2;
            let strength = if p.distinguishable { 1.0 } else { 0.6 };
            c.text(
                &fit(&p.key, 13, left - 24),
                (12, y - 6),
                13,
                Anchor::Left,
                faint(strength),
            );
            if !p.distinguishable {
                c.text(WITHIN_NOISE, (12, y + 10), 11, Anchor::Left, faint(0.75));
            }
            if let Some(e) = main_index(p) {
                mark(c, &scale, e, 0, y - 7);
            }
            let second = p.first.or(p.sigma.map(|x| Estimated {
                estimate: x,
                interval: [x, x],
            }));
            if let Some(e) = second {
                mark(c, &scale, e, 3, y + 7);
            }
        }
    })
    .map(|drawing| drawing.svg)
}

fn axis(c: &Canvas, scale: &Scale, (top, bottom): (i32, i32), morris: bool, unit: &str) {
    let (ticks, decimals) = scale.ticks(5);
    for tick in ticks {
        let x = scale.at(tick);
        c.line(
            &[(x, top), (x, bottom)],
            stroke(faint(if tick == 0.0 { 0.5 } else { 0.14 }), 1),
        );
        c.text(
            &number(tick, decimals),
            (x, bottom + 12),
            11,
            Anchor::Middle,
            faint(0.8),
        );
    }
    let words = if morris {
        format!("change of the mean [{unit}] from one end of the parameter's range to the other")
    } else {
        "share of the variance over the study's points".to_owned()
    };
    c.text(
        &words,
        (scale.at(0.0).max(330) + 260, bottom + 28),
        11,
        Anchor::Middle,
        INK,
    );
}

fn mark(c: &Canvas, scale: &Scale, e: Estimated, which: usize, y: i32) {
    let [low, high] = e.interval.map(|x| scale.at(x));
    c.line(&[(low, y), (high, y)], stroke(super::canvas::color(which), 2));
    c.mark(which, (scale.at(e.estimate), y), 5);
}
