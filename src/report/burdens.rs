//! Who bears it, in words: ratios between groups under every idea of the matcher, and where they come from.

use super::Facts;
use super::settled::Panel;
use super::words::number;
use crate::experiment::summary::{Borne, Decomposition, Disparity, Measured};

/// Who bears it, strategy by strategy.
pub fn burdens(facts: &Facts) -> Vec<Panel> {
    let all = &facts.summary.disparities;
    all.iter()
        .filter(|d| d.how == "run")
        .map(|d| Panel {
            title: format!("Who bears it: {}", d.strategy),
            items: items(facts, d),
        })
        .collect()
}

fn items(facts: &Facts, own: &Disparity) -> Vec<String> {
    let s = &facts.summary;
    let axes = facts.axes();
    let mut items: Vec<String> = own.axes.iter().filter(|b| axes.contains(&b.by)).map(run).collect();
    let others: Vec<&Disparity> = s
        .disparities
        .iter()
        .filter(|d| d.strategy == own.strategy && d.how != "run")
        .collect();
    // The first axis that a table says anything about tells the ideas apart best.
    if let Some(axis) = axes.first() {
        items.extend(others.iter().filter_map(|d| {
            let b = d.axes.iter().find(|b| b.by == *axis)?;
            Some(format!(
                "Under {}, {}: {}.",
                d.matcher,
                match d.hypothesis.as_str() {
                    "ratio-shrinks" => "if differences are gone at a threshold of 0.64",
                    _ => "if differences are the same at every threshold",
                },
                ratios(b)
            ))
        }));
    }
    let known = |d: &&Decomposition| {
        let clear = d.log_ratio.interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0);
        d.strategy == own.strategy && !d.too_few_events && clear
    };
    items.extend(s.decompositions.iter().filter(known).map(cause));
    items
}

/// "By group: expected false alerts per scan, times those of A: B 6.2 [5.3, 7.2]; too few events to say for C".
fn run(b: &Borne) -> String {
    let scalar = |id: &str| {
        b.scalars
            .iter()
            .find(|x| x.id == id)
            .and_then(|x| x.measured.value.map(|_| &x.measured))
    };
    let more = match scalar("excess_burden") {
        Some(m) => format!(
            " Wrongful stops beyond the share of scans, all replications together: {}.",
            figure(m)
        ),
        None => String::new(),
    };
    format!("By {}: {}.{more}", b.by, ratios(b))
}

fn ratios(b: &Borne) -> String {
    let others = || b.groups.iter().filter(|g| g.name != b.reference);
    let mut parts: Vec<String> = others()
        .filter(|g| g.fpir_ratio.value.is_some())
        .map(|g| format!("{} {}", g.name, figure(&g.fpir_ratio)))
        .collect();
    let few: Vec<&str> = others()
        .filter(|g| g.fpir_ratio.value.is_none())
        .map(|g| g.name.as_str())
        .collect();
    if !few.is_empty() {
        parts.push(format!("too few events to say for {}", few.join(", ")));
    }
    format!(
        "expected false alerts per scan, times those of {}: {}",
        b.reference,
        parts.join("; ")
    )
}

/// "6.2 [5.3, 7.2]".
pub(super) fn figure(m: &Measured) -> String {
    let Some(value) = m.value else {
        return "not known".to_owned();
    };
    match m.interval {
        Some([low, high]) => format!("{} [{}, {}]", number(value, 1), number(low, 1), number(high, 1)),
        None => number(value, 1),
    }
}

/// "Expected wrongful stops per head, B over A: 9.1 [7.2, 12.0] times. It comes from matcher × 3.10, ...".
fn cause(d: &Decomposition) -> String {
    let mut factors: Vec<_> = d.factors.iter().collect();
    let size = |x: f64| libm::log(x).abs();
    factors.sort_by(|a, b| size(b.times).total_cmp(&size(a.times)));
    let parts: Vec<String> = factors
        .iter()
        .map(|f| format!("{} × {}", f.factor, number(f.times, 2)))
        .collect();
    format!(
        "Expected wrongful stops per head, {} over {}: {} times. It comes from {}.",
        d.group,
        d.reference,
        figure(&d.ratio),
        parts.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::*;
    use crate::experiment::summary::{Factor, GroupRates};

    #[test]
    fn ratios_name_their_reference_and_few_events_are_said() {
        let mut facts = facts();
        let axis = facts.axes()[0].clone();
        let group = |name: &str, ratio: Option<f64>| GroupRates {
            name: name.to_owned(),
            fpir_ratio: Measured {
                value: ratio,
                interval: ratio.map(|r| [0.8 * r, 1.2 * r]),
                method: String::new(),
            },
            ..GroupRates::default()
        };
        facts.summary.disparities = vec![Disparity {
            strategy: "two-vans".to_owned(),
            how: "run".to_owned(),
            axes: vec![Borne {
                by: axis.clone(),
                reference: "one".to_owned(),
                groups: vec![group("one", Some(1.0)), group("two", Some(5.0)), group("three", None)],
                scalars: vec![],
            }],
            ..Disparity::default()
        }];
        let measured = |x: f64| Measured {
            value: Some(x),
            interval: Some([0.9 * x, 1.1 * x]),
            method: String::new(),
        };
        facts.summary.decompositions = vec![Decomposition {
            strategy: "two-vans".to_owned(),
            by: axis,
            group: "two".to_owned(),
            reference: "one".to_owned(),
            ratio: measured(5.0),
            log_ratio: measured(1.6),
            factors: vec![Factor {
                factor: "matcher".to_owned(),
                times: 5.0,
                ..Factor::default()
            }],
            ..Decomposition::default()
        }];
        let said = burdens(&facts)[0].items.join("\n");
        for part in [
            "times those of one: two 5.0 [4.0, 6.0]; too few events to say for three",
            "matcher × 5.00",
        ] {
            assert!(said.contains(part), "{said}");
        }
    }
}
