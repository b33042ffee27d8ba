//! Tidy CSV: one row for each figure, for people who bring their own tools.

use super::Facts;
use crate::experiment::summary::Estimate;

/// Columns of the table.
const COLUMNS: [&str; 12] = [
    "strategy",
    "group_by",
    "group",
    "metric",
    "mean",
    "sim_low",
    "sim_high",
    "pred_low",
    "pred_high",
    "unit",
    "method",
    "n",
];

/// Every figure of every strategy and group, unrounded: strategy, group axis and level ("all" for everybody), metric, mean,
/// simulation and predictive interval, unit, method, replications. An empty field is a figure that does not exist.
pub fn csv(facts: &Facts) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |record: [String; 12]| {
        // Writing to memory cannot fail.
        let _ = writer.write_record(record);
    };
    put(COLUMNS.map(str::to_owned));
    for s in &facts.summary.strategies {
        for (id, e) in &s.metrics {
            put(record(&s.name, "all", "all", id, e));
        }
        for g in &s.groups {
            for (id, e) in &g.metrics {
                put(record(&s.name, &g.by, &g.name, id, e));
            }
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn record(strategy: &str, by: &str, group: &str, metric: &str, e: &Estimate) -> [String; 12] {
    let exact = |x: Option<f64>| x.map_or_else(String::new, |v| v.to_string());
    let end = |i: Option<[f64; 2]>, which: usize| exact(i.map(|ends| ends[which]));
    [
        strategy.to_owned(),
        by.to_owned(),
        group.to_owned(),
        metric.to_owned(),
        exact(e.mean),
        end(e.simulation_interval, 0),
        end(e.simulation_interval, 1),
        end(e.predictive_interval, 0),
        end(e.predictive_interval, 1),
        e.unit.clone(),
        e.method.clone(),
        e.n.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;

    #[test]
    fn every_figure_is_one_row_that_reads_back() {
        let facts = facts();
        let text = super::csv(&facts);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), super::COLUMNS);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let figures: usize = (facts.summary.strategies.iter())
            .map(|s| s.metrics.len() + s.groups.iter().map(|g| g.metrics.len()).sum::<usize>())
            .sum();
        assert_eq!(rows.len(), figures);
        let arrests = &facts.summary.strategies[1].metrics["arrests"];
        let row = rows
            .iter()
            .find(|r| &r[0] == "lamp-posts" && &r[1] == "all" && &r[3] == "arrests")
            .unwrap();
        assert_eq!(row[4].parse::<f64>().ok(), arrests.mean);
    }
}
