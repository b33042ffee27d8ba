//! `runs.parquet` and `alerts.parquet`: one small column writer over the parquet crate, without arrow.

use super::Runs;
use crate::deployment::{Alert, Scene, Schedule, run};
use crate::kernel::Micros;
use crate::measure::METRICS;
use crate::record::{AlertLog, cell_name, truth_word};
use crate::scenario::Plan;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// A column: its name, what it means, and its values.
pub struct Column {
    name: String,
    doc: String,
    data: Data,
}

enum Data {
    Whole(Vec<i64>),
    Real(Vec<Option<f64>>),
    Text(Vec<String>),
}

impl Column {
    fn whole(name: &str, doc: &str, values: Vec<i64>) -> Self {
        Column {
            name: name.into(),
            doc: doc.into(),
            data: Data::Whole(values),
        }
    }
    fn real(name: &str, doc: &str, values: Vec<Option<f64>>) -> Self {
        Column {
            name: name.into(),
            doc: doc.into(),
            data: Data::Real(values),
        }
    }
    fn text(name: &str, doc: &str, values: Vec<String>) -> Self {
        Column {
            name: name.into(),
            doc: doc.into(),
            data: Data::Text(values),
        }
    }
}

/// Writes columns of equal length as one Parquet file; column meanings and `notes` go into its metadata.
fn write_columns(out: impl Write + Send, columns: &[Column], notes: &[(&str, String)]) -> Result<(), ParquetError> {
    let field = |c: &Column| match c.data {
        Data::Whole(_) => format!("REQUIRED INT64 {};", c.name),
        Data::Real(_) => format!("OPTIONAL DOUBLE {};", c.name),
        Data::Text(_) => format!("REQUIRED BYTE_ARRAY {} (UTF8);", c.name),
    };
    let schema = format!(
        "message lamplight {{ {} }}",
        columns.iter().map(field).collect::<Vec<_>>().join(" ")
    );
    let docs = columns
        .iter()
        .map(|c| KeyValue::new(format!("column.{}", c.name), c.doc.clone()));
    let notes = notes.iter().map(|(k, v)| KeyValue::new((*k).to_string(), v.clone()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("lamplight ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata(Some(notes.chain(docs).collect()))
        .build();
    let mut file = SerializedFileWriter::new(out, Arc::new(parse_message_type(&schema)?), Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for column in columns {
        let Some(mut writer) = group.next_column()? else { break };
        match &column.data {
            Data::Whole(v) => writer.typed::<Int64Type>().write_batch(v, None, None).map(drop)?,
            Data::Real(v) => {
                let levels: Vec<i16> = v.iter().map(|x| i16::from(x.is_some())).collect();
                let values: Vec<f64> = v.iter().flatten().copied().collect();
                writer
                    .typed::<DoubleType>()
                    .write_batch(&values, Some(&levels), None)
                    .map(drop)?;
            }
            Data::Text(v) => {
                let values: Vec<ByteArray> = v.iter().map(|s| ByteArray::from(s.as_str())).collect();
                writer
                    .typed::<ByteArrayType>()
                    .write_batch(&values, None, None)
                    .map(drop)?;
            }
        }
        writer.close()?;
    }
    group.close()?;
    file.close().map(drop)
}

/// `runs.parquet`: one row per (strategy, replication, group), group "all" first.
///
/// # Errors
/// The file could not be written.
pub fn write_runs(out: impl Write + Send, plan: &Plan, strategies: &[usize], runs: &Runs) -> Result<(), ParquetError> {
    let names: Vec<(String, String)> = std::iter::once(("all".to_string(), "all".to_string()))
        .chain(
            plan.axes
                .0
                .iter()
                .flat_map(|a| a.levels.iter().map(|l| (a.name.clone(), l.clone()))),
        )
        .collect();
    let rows: Vec<(usize, usize, usize)> = (0..strategies.len())
        .flat_map(|s| (0..runs.by_strategy[s].len()).map(move |r| (s, r)))
        .flat_map(|(s, r)| (0..names.len()).map(move |g| (s, r, g)))
        .collect();
    let text =
        |name, doc, f: &dyn Fn(&(usize, usize, usize)) -> String| Column::text(name, doc, rows.iter().map(f).collect());
    let mut columns = vec![
        text("strategy", "name of the placement strategy", &|r| {
            plan.strategies[strategies[r.0]].name.clone()
        }),
        Column::whole(
            "replication",
            "number of the replication, from 0",
            rows.iter().map(|r| r.1 as i64).collect(),
        ),
        text("group_by", "axis of the group, or all", &|r| names[r.2].0.clone()),
        text("group", "level of the group, or all", &|r| names[r.2].1.clone()),
        Column::whole("seed", "master seed", rows.iter().map(|_| plan.seed as i64).collect()),
        text("trace_hash", "hash of everything observed in the run", &|r| {
            format!("{:016x}", runs.by_strategy[r.0][r.1].hash)
        }),
    ];
    for metric in METRICS {
        let value = |r: &(usize, usize, usize)| {
            if r.2 > 0 && !metric.by_group {
                return None;
            }
            let faces = super::faces(&plan.strategies[strategies[r.0]].values);
            match metric.parts(&runs.by_strategy[r.0][r.1], r.2, faces) {
                (n, None) => Some(n),
                (n, Some(d)) => (d > 0.0).then(|| n / d),
            }
        };
        let doc = format!("{} [{}]", metric.definition, metric.unit);
        columns.push(Column::real(metric.id, &doc, rows.iter().map(value).collect()));
    }
    write_columns(
        out,
        &columns,
        &[
            ("plan_hash", plan.plan_hash.clone()),
            ("label", super::summarise::LABEL.into()),
        ],
    )
}

/// Every alert of the given strategies and replications, re-run from their identity.
pub fn alert_rows(scenes: &[Scene], replications: u32, schedule: Schedule) -> Vec<(usize, u32, Vec<Alert>)> {
    use rayon::prelude::*;
    (0..replications)
        .into_par_iter()
        .flat_map_iter(|r| {
            scenes.iter().enumerate().map(move |(s, scene)| {
                let mut log = AlertLog::default();
                run(scene, scene.plan.seed, r, schedule, &mut log);
                (s, r, log.alerts)
            })
        })
        .collect()
}

/// `alerts.parquet`: one row per alert.
///
/// # Errors
/// The file could not be written.
pub fn write_alerts(
    out: impl Write + Send,
    plan: &Plan,
    scenes: &[Scene],
    logs: &[(usize, u32, Vec<Alert>)],
) -> Result<(), ParquetError> {
    let mut rows: Vec<(usize, u32, &Alert)> = logs
        .iter()
        .flat_map(|(s, r, list)| list.iter().map(move |a| (*s, *r, a)))
        .collect();
    rows.sort_by_key(|(s, r, a)| (*s, *r, a.at, a.key));
    let text = |name: &str, doc: &str, f: &dyn Fn(&(usize, u32, &Alert)) -> String| {
        Column::text(name, doc, rows.iter().map(f).collect())
    };
    let real = |name: &str, doc: &str, f: &dyn Fn(&(usize, u32, &Alert)) -> Option<f64>| {
        Column::real(name, doc, rows.iter().map(f).collect())
    };
    let seconds = |t: Option<Micros>| t.map(Micros::seconds);
    let cell = |s: usize, c: usize| cell_name(&scenes[s], c);
    let columns = vec![
        text("strategy", "name of the placement strategy", &|r| {
            scenes[r.0].strategy.name.clone()
        }),
        Column::whole(
            "replication",
            "number of the replication, from 0",
            rows.iter().map(|r| i64::from(r.1)).collect(),
        ),
        text("alert", "identity of the alert", &|r| format!("{:016x}", r.2.key)),
        real("time_s", "time of the look, s after local midnight", &|r| {
            Some(r.2.at.seconds())
        }),
        text("visit", "identity of the simulated visit", &|r| {
            format!("{:016x}", r.2.visit)
        }),
        Column::whole(
            "member",
            "member of the visit, from 0",
            rows.iter().map(|r| i64::from(r.2.member)).collect(),
        ),
        text("group", "group of the simulated person", &|r| cell(r.0, r.2.cell)),
        text("camera", "mount of the camera", &|r| {
            plan.place.mounts[scenes[r.0].cameras[r.2.camera].mount_site].id.clone()
        }),
        Column::whole(
            "leg",
            "leg of the visit, from 0",
            rows.iter().map(|r| r.2.leg as i64).collect(),
        ),
        real("score", "similarity score", &|r| Some(r.2.score)),
        real("threshold", "threshold it reached", &|r| Some(r.2.threshold)),
        real("quality", "quality of the look, 0 to 1", &|r| Some(r.2.quality)),
        text("truth", "whether the alert is about the person it names", &|r| {
            truth_word(r.2.truth).into()
        }),
        text("matched_group", "group of the list entry", &|r| {
            cell(r.0, r.2.matched_cell)
        }),
        real("review_start_s", "start of the review, s after local midnight", &|r| {
            seconds(r.2.review_start)
        }),
        real("review_end_s", "end of the review, s after local midnight", &|r| {
            seconds(r.2.review_end)
        }),
        real("dispatch_s", "when a pair was sent, s after local midnight", &|r| {
            seconds(r.2.dispatched)
        }),
        real(
            "contact_s",
            "when a pair reached the person, s after local midnight",
            &|r| seconds(r.2.contact),
        ),
        text("ending", "how the alert ended", &|r| r.2.ending.word().into()),
        text("outcome", "outcome of the stop, if there was one", &|r| {
            r.2.stop.map_or(String::new(), |s| s.outcome.word().into())
        }),
        real("minutes_lost", "minutes of the stop and of custody", &|r| {
            r.2.stop.map(|s| (s.scene + s.custody).seconds() / 60.0)
        }),
    ];
    write_columns(
        out,
        &columns,
        &[
            ("plan_hash", plan.plan_hash.clone()),
            ("label", super::summarise::LABEL.into()),
        ],
    )
}
