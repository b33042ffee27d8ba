//! The crowd and the list at which the default level of false matches was fitted, on a scenario's own axes.

use super::document::Problems;
use super::files::{DEFAULT_POPULATION, DEFAULT_WATCHLIST};
use super::files::{POPULATIONS, WATCHLISTS};
use super::plan::Axes;
use super::population::read_population;
use super::watchlist_file::read_watchlist;

/// Shares by cell of the reference crowd and list, if they know every axis and level of `axes`.
pub(crate) fn reference_shares(axes: &Axes) -> Option<(Vec<f64>, Vec<f64>)> {
    let problems = &mut Problems::default();
    let people = read_population(&POPULATIONS.preset(DEFAULT_POPULATION)?.source, problems)?;
    let list = read_watchlist(&WATCHLISTS.preset(DEFAULT_WATCHLIST)?.source, None, &people, problems)?;
    let on_own_axes = |shares: &[Vec<f64>]| -> Option<Vec<Vec<f64>>> {
        axes.0
            .iter()
            .map(|axis| {
                let a = people.axes.0.iter().position(|x| x.name == axis.name)?;
                let known = &people.axes.0[a].levels;
                let mine = axis
                    .levels
                    .iter()
                    .map(|l| Some(shares[a][known.iter().position(|k| k == l)?]));
                mine.collect::<Option<Vec<f64>>>()
            })
            .collect()
    };
    if axes.0.is_empty() {
        return None;
    }
    Some((
        axes.joint(&on_own_axes(&people.crowd.shares)?),
        axes.joint(&on_own_axes(&list.shares)?),
    ))
}
