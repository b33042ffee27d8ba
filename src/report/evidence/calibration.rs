//! A calibration as a page and as text.

use super::plots::{Range, ranges};
use super::{LABEL, Page, Section, plain_table, sheet};
use crate::experiment::evidence::{CalibrationSummary, Matched};
use crate::report::Error;
use crate::report::rows::Sheet;

/// A number with three digits that count.
fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0".to_owned();
    }
    if x.abs() < 1e-3 || x.abs() >= 1e6 {
        return format!("{x:.2e}");
    }
    let digits = (2.0 - libm::floor(libm::log10(x.abs()))).clamp(0.0, 6.0) as usize;
    format!("{x:.digits$}")
}

fn span([low, middle, high]: [f64; 3]) -> String {
    format!("{} ({} to {})", short(middle), short(low), short(high))
}

fn parameter_sheet(done: &CalibrationSummary) -> Sheet {
    let rows = done.parameters.iter().map(|p| {
        let cells = vec![
            short(p.default),
            p.prior.map_or_else(|| "–".to_owned(), span),
            span(p.posterior),
        ];
        (p.key.clone(), cells)
    });
    sheet(
        "Parameters: median and 90 % interval",
        &["default", "prior", "fitted"],
        rows.collect(),
    )
}

fn aim_sheet(done: &CalibrationSummary) -> Sheet {
    let rows = done.aims.iter().map(|m: &Matched| {
        let cells = vec![
            format!("{} ± {}", short(m.aim.observed), short(m.aim.error)),
            format!("{} ({:.1})", short(m.before), m.implausibility_before),
            format!("{} ({:.1})", span(m.after), m.implausibility_after),
        ];
        (m.aim.name.to_owned(), cells)
    });
    let columns = [
        "record",
        "simulated, defaults (implausibility)",
        "simulated, fitted (implausibility)",
    ];
    sheet("What the simulator brings about", &columns, rows.collect())
}

fn site_sheet(done: &CalibrationSummary) -> Sheet {
    let rows = done.sites.iter().map(|s| {
        let cells = vec![
            s.deployments.to_string(),
            span(s.faces_per_hour),
            span(s.alerts),
            span(s.alerts_per_1000),
            span(s.arrests_per_alert),
        ];
        (s.name.clone(), cells)
    });
    let columns = [
        "rows",
        "faces an hour",
        "true alerts",
        "true alerts per 1000 faces",
        "arrests per alert",
    ];
    sheet(
        "Sites at the cut: 5.5 hours, threshold 0.64, 15,500 people on the list",
        &columns,
        rows.collect(),
    )
}

/// The calibration for a terminal.
pub fn calibration_text(done: &CalibrationSummary) -> String {
    let mut text = format!(
        "Calibration to {}, rows to {} ({} rows); simulated: {}\n\n",
        done.provenance.record, done.provenance.until, done.provenance.rows, done.provenance.simulated
    );
    text += &plain_table(&parameter_sheet(done));
    text.push('\n');
    text += &plain_table(&aim_sheet(done));
    text += &format!(
        "\n{:.1} % of the settings tried are not ruled out. The simulated place needs {:.2} times the presence of sought people that \
         follows in closed form. {} sites fitted.\n",
        100.0 * done.not_ruled_out,
        done.presence_factor,
        done.sites.len()
    );
    text
}

/// The calibration as a page.
///
/// # Errors
/// When a chart cannot be drawn, which is a fault of this room.
pub fn calibration_page(done: &CalibrationSummary) -> Result<Page, Error> {
    let p = &done.provenance;
    let stamp = format!(
        "{LABEL} · fitted to {} · seed {} · lamplight {}",
        p.until, p.seed, p.version
    );
    let log = |values: [f64; 3], default: f64| values.map(|v| libm::log10((v / default).max(1e-3)));
    let parameters: Vec<Range> = done
        .parameters
        .iter()
        .filter(|p| p.default != 0.0)
        .map(|p| Range {
            label: p.key.clone(),
            series: [p.prior.map(|x| log(x, p.default)), Some(log(p.posterior, p.default))],
            tick: Some(0.0),
        })
        .collect();
    let aims: Vec<Range> = done
        .aims
        .iter()
        .map(|m| Range {
            label: m.aim.name.to_owned(),
            series: [None, Some(m.after.map(|x| x / m.aim.observed))],
            tick: Some(1.0),
        })
        .collect();
    let misses: Vec<Range> = done
        .aims
        .iter()
        .map(|m| Range {
            label: m.aim.name.to_owned(),
            series: [
                Some([
                    0.0,
                    m.implausibility_before.min(12.0),
                    m.implausibility_before.min(12.0),
                ]),
                Some([0.0, m.implausibility_after.min(12.0), m.implausibility_after.min(12.0)]),
            ],
            tick: Some(3.0),
        })
        .collect();
    let mut sites = done.sites.clone();
    sites.retain(|s| s.deployments > 1);
    sites.sort_by(|a, b| b.alerts_per_1000[1].total_cmp(&a.alerts_per_1000[1]));
    let sites: Vec<Range> = sites
        .iter()
        .map(|s| Range {
            label: s.name.clone(),
            series: [None, Some(s.alerts_per_1000)],
            tick: None,
        })
        .collect();
    let section = |id, title, text: &str, tables, charts| Section {
        id,
        title,
        text: vec![text.to_owned()],
        tables,
        charts,
    };
    Ok(Page {
        title: format!("Calibration to {}", p.record),
        question: format!("Which parameters of the simulator bring about the {} deployments to {}?", p.rows, p.until),
        stamp: stamp.clone(),
        answer: vec![
            format!(
                "{:.1} % of the settings tried are not ruled out by the record.",
                100.0 * done.not_ruled_out
            ),
            "What the record cannot tell apart: a biased matcher, where cameras were put, and who is on the list. No force publishes \
             what would settle it: searches and list entries by group for each deployment."
                .to_owned(),
        ],
        sections: vec![
            section(
                "parameters",
                "Parameters, before and after",
                "The prior is what plausible worlds were drawn from without the record.",
                vec![parameter_sheet(done)],
                vec![ranges(
                    "parameters",
                    "Fitted parameters against their priors (powers of ten of the default)",
                    ["prior", "fitted"],
                    &parameters,
                    &stamp,
                )?],
            ),
            section(
                "aims",
                "What the simulator brings about",
                "Implausibility is the distance between simulation and record in standard deviations of record, simulation and model; \
                 beyond 3 a setting is ruled out. Simulated figures come from settings drawn from the posterior.",
                vec![aim_sheet(done)],
                vec![
                    ranges(
                        "predictive",
                        "Simulated over recorded figures, posterior predictive",
                        ["", "simulated / recorded"],
                        &aims,
                        &stamp,
                    )?,
                    ranges(
                        "implausibility",
                        "Implausibility under the defaults and after fitting (line at 3)",
                        ["defaults", "fitted"],
                        &misses,
                        &stamp,
                    )?,
                ],
            ),
            section(
                "sites",
                "Sites",
                "Medians and 90 % intervals, drawn towards the borough and the city where a site has few rows.",
                vec![site_sheet(done)],
                vec![ranges(
                    "sites",
                    "True alerts per 1000 faces, sites with more than one deployment",
                    ["", "fitted"],
                    &sites,
                    &stamp,
                )?],
            ),
        ],
        command: p.command.clone(),
    })
}
