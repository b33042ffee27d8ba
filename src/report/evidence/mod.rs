//! Pages about evidence: back-tests, calibrations, validation. Every figure arrives ready.

mod backtest;
mod calibration;
mod plots;
mod validation;

use super::charts::Chart;
use super::rows::{Cell, Row, Sheet};
use super::{Error, page};
use crate::experiment::Folder;
use minijinja::{Environment, context};
use serde::Serialize;
use std::io::Write as _;

pub use backtest::{backtest_page, backtest_text};
pub use calibration::{calibration_page, calibration_text};
pub use validation::validation_markdown;

/// Said under every picture and at the top of every page.
const LABEL: &str = "a model against the published record";

const PAGE: &str = include_str!("page.html");

/// A page that is ready to be written.
pub struct Page {
    pub(in crate::report) title: String,
    pub(in crate::report) question: String,
    pub(in crate::report) stamp: String,
    pub(in crate::report) answer: Vec<String>,
    pub(in crate::report) sections: Vec<Section>,
    pub(in crate::report) command: String,
}

/// A part of a page.
pub(in crate::report) struct Section {
    pub(in crate::report) id: &'static str,
    pub(in crate::report) title: &'static str,
    pub(in crate::report) text: Vec<String>,
    pub(in crate::report) tables: Vec<Sheet>,
    pub(in crate::report) charts: Vec<Chart>,
}

#[derive(Serialize)]
struct SectionView<'a> {
    id: &'a str,
    title: &'a str,
    text: &'a [String],
    tables: &'a [Sheet],
    charts: Vec<page::Picture<'a>>,
}

impl Page {
    /// The page as one self-contained file.
    ///
    /// # Errors
    /// When the template fails, which is a fault of this room.
    pub fn html(&self) -> Result<String, Error> {
        let mut environment = Environment::new();
        environment.add_template("page.html", PAGE).map_err(Error::Page)?;
        let template = environment.get_template("page.html").map_err(Error::Page)?;
        let sections = self.sections.iter().map(|s| SectionView {
            id: s.id,
            title: s.title,
            text: &s.text,
            tables: &s.tables,
            charts: s.charts.iter().map(page::Picture::plain).collect(),
        });
        template
            .render(context! {
                style => page::STYLE,
                title => self.title,
                question => self.question,
                stamp => self.stamp,
                answer => self.answer,
                sections => sections.collect::<Vec<_>>(),
                command => self.command,
            })
            .map_err(Error::Page)
    }

    /// Writes `report.html` and `charts/*.svg`, `charts/*.png` into a result folder.
    ///
    /// # Errors
    /// A text that names the file.
    pub fn write(&self, folder: &Folder) -> Result<(), String> {
        let page = self.html().map_err(|e| e.to_string())?;
        for chart in self.sections.iter().flat_map(|s| &s.charts) {
            let png = chart.drawing.png().map_err(|e| e.to_string())?;
            folder.write(&format!("charts/{}.svg", chart.name), |out| {
                out.write_all(chart.drawing.svg.as_bytes())
            })?;
            folder.write(&format!("charts/{}.png", chart.name), |out| out.write_all(&png))?;
        }
        folder.write("report.html", |out| out.write_all(page.as_bytes()))
    }
}

/// A table of plain cells.
pub(in crate::report) fn sheet(title: &str, columns: &[&str], rows: Vec<(String, Vec<String>)>) -> Sheet {
    Sheet {
        title: title.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows: rows.into_iter().map(|(label, cells)| plain_row(label, cells)).collect(),
    }
}

fn plain_row(label: String, cells: Vec<String>) -> Row {
    let cell = |figure| Cell {
        figure,
        ..Cell::default()
    };
    Row {
        section: None,
        label,
        unit: String::new(),
        definition: String::new(),
        cells: cells.into_iter().map(cell).collect(),
    }
}

/// A table for a terminal: columns padded to the widest cell.
pub(in crate::report) fn plain_table(sheet: &Sheet) -> String {
    let mut lines = vec![
        std::iter::once(String::new())
            .chain(sheet.columns.iter().cloned())
            .collect::<Vec<_>>(),
    ];
    for row in &sheet.rows {
        lines.push(
            std::iter::once(row.label.clone())
                .chain(row.cells.iter().map(|c| c.figure.clone()))
                .collect(),
        );
    }
    let columns = sheet.columns.len() + 1;
    let width = |i: usize| {
        lines
            .iter()
            .filter_map(|l| l.get(i))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = format!("{}\n", sheet.title);
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(i, (cell, wide))| {
            let pad = " ".repeat(wide - cell.chars().count());
            if i == 0 {
                format!("  {cell}{pad}")
            } else {
                format!("{pad}{cell}")
            }
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}
