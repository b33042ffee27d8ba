//! Who lives where and goes where, and how often each of them has been scanned.

use super::prepare::Prepared;
use crate::deployment::Seen;
use crate::measure::{BoroughExposure, Exposure};
use crate::people::{Demand, Homes, Pool, When};
use crate::scenario::plan::{Axes, DayType};
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

const WEEK: [(DayType, f64); 4] = [
    (DayType::MonThu, 4.0),
    (DayType::Friday, 1.0),
    (DayType::Saturday, 1.0),
    (DayType::Sunday, 1.0),
];

/// The people of all sites of a programme in one plausible world.
#[derive(Clone, Debug)]
pub struct Pools {
    /// One pool for each site, in one numbering.
    pools: Vec<Pool>,
    /// For each site: words below which a visitor belongs to a pool, and which one; the site's own first.
    coming: Vec<(Vec<u64>, Vec<usize>)>,
    /// Mean person-visits of each site per day.
    pub visits_per_day: Vec<f64>,
}

impl Pools {
    /// The pools: members make the same number of visits on average everywhere, a share of them at other sites.
    pub fn new(prepared: &Prepared, numbers: &Numbers) -> Self {
        let sites = &prepared.programme.sites;
        let visits_per_day: Vec<f64> = sites
            .iter()
            .enumerate()
            .map(|(j, site)| usual_visits(prepared, j, numbers) * footfall(numbers, site))
            .collect();
        let coming = belonging(&visits_per_day, &prepared.distance_km, numbers);
        let per_year = numbers.get(param::VISITS_PER_YEAR);
        let shares: Vec<Vec<f64>> = sites.iter().map(|s| s.plan.axes.joint(&s.plan.crowd.shares)).collect();
        let cells = prepared.plan.axes.cells();
        let mut from = 0;
        let pools = (0..sites.len())
            .map(|i| {
                let visits = |cell: usize| {
                    (0..sites.len())
                        .map(|j| visits_per_day[j] * coming[j][i] * shares[j][cell])
                        .sum::<f64>()
                };
                let people = |cell| {
                    if per_year > 0.0 {
                        visits(cell) * 365.0 / per_year
                    } else {
                        0.0
                    }
                };
                let pool = Pool::of_sizes((0..cells).map(people), from, prepared.keys[i]);
                from = from.saturating_add(pool.people() as u32);
                pool
            })
            .collect();
        Pools {
            pools,
            coming: coming.iter().enumerate().map(|(j, row)| words(j, row)).collect(),
            visits_per_day,
        }
    }

    /// Whose members come to a site.
    pub fn homes(&self, site: usize) -> Homes<'_> {
        let (below, which) = &self.coming[site];
        Homes {
            pools: &self.pools,
            below,
            which,
        }
    }

    /// Number of people.
    pub fn people(&self) -> usize {
        self.pools.iter().map(Pool::people).sum()
    }
}

/// Footfall of a site in this world relative to its plan.
pub fn footfall(numbers: &Numbers, site: &crate::scenario::programme::Site) -> f64 {
    numbers
        .doubtful(site.footfall, &format!("programme.footfall.{}", site.name))
        .max(0.0)
}

/// Mean person-visits of a site per day at the plan's own demand.
fn usual_visits(prepared: &Prepared, site: usize, numbers: &Numbers) -> f64 {
    let plan = &prepared.programme.sites[site].plan;
    let of = |(day_type, days): &(DayType, f64)| {
        let when = When {
            day_type: *day_type,
            ..When::of(plan)
        };
        days * Demand::on(plan, numbers, &when, prepared.streets[site].demand_scale).persons_per_day()
    };
    WEEK.iter().map(of).sum::<f64>() / 7.0
}

/// For each site the share of its visitors that belongs to the pool of each other site.
fn belonging(visits: &[f64], distance_km: &[Vec<f64>], numbers: &Numbers) -> Vec<Vec<f64>> {
    let (away, scale_km) = (numbers.get(param::ELSEWHERE), numbers.get(param::ELSEWHERE_KM));
    let n = visits.len();
    // Where members of pool i go when they go elsewhere.
    let elsewhere: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let pull = |j: usize| {
                if i == j {
                    0.0
                } else {
                    visits[j] * libm::exp(-distance_km[i][j] / scale_km)
                }
            };
            let weights: Vec<f64> = (0..n).map(pull).collect();
            let total: f64 = weights.iter().sum();
            weights
                .iter()
                .map(|w| if total > 0.0 { w / total } else { 0.0 })
                .collect()
        })
        .collect();
    (0..n)
        .map(|j| {
            let part = |i: usize| {
                let own = if n > 1 { 1.0 - away } else { 1.0 };
                visits[i] * if i == j { own } else { away * elsewhere[i][j] }
            };
            let parts: Vec<f64> = (0..n).map(part).collect();
            let total: f64 = parts.iter().sum();
            let share = |(i, p): (usize, &f64)| {
                if total > 0.0 {
                    p / total
                } else {
                    f64::from(u8::from(i == j))
                }
            };
            parts.iter().enumerate().map(share).collect()
        })
        .collect()
}

/// Shares as words of a draw, the site's own pool first because most visits are its own.
fn words(site: usize, shares: &[f64]) -> (Vec<u64>, Vec<usize>) {
    let others = (0..shares.len()).filter(|i| *i != site && shares[*i] > 0.0);
    let which: Vec<usize> = std::iter::once(site).chain(others).collect();
    let mut sum = 0.0;
    let below = which
        .iter()
        .map(|i| {
            sum += shares[*i];
            (sum * 4_294_967_296.0) as u64
        })
        .collect();
    (below, which)
}

/// What the counts of searches come to: for everybody and each level of each axis, and by borough.
pub fn exposure(prepared: &Prepared, pools: &Pools, seen: &Seen) -> (Vec<Exposure>, Vec<BoroughExposure>) {
    let axes = &prepared.plan.axes;
    let levels: usize = axes.0.iter().map(|a| a.levels.len()).sum();
    let mut groups = vec![Exposure::default(); 1 + levels];
    let mut boroughs: Vec<BoroughExposure> = residents(prepared);
    let Seen::HowOften(counts) = seen else {
        return (groups, boroughs);
    };
    for (index, pool) in pools.pools.iter().enumerate().filter(|(_, p)| p.returns()) {
        let site = &prepared.programme.sites[index];
        let shares = axes.joint(&site.plan.crowd.shares);
        let borough = prepared.borough[index];
        for (cell, share) in shares.iter().enumerate() {
            let range = pool.numbers(cell);
            let mut of_cell = Exposure::default();
            of_cell.add_all(&counts[range.start.min(counts.len())..range.end.min(counts.len())]);
            group_rows(axes, cell).for_each(|row| groups[row].sum(&of_cell));
            let living_here = match site.residents_by_cell.get(cell) {
                Some(r) if site.residents > 0.0 && *share > 0.0 => {
                    (site.resident_share * (r / site.residents) / share).clamp(0.0, 1.0)
                }
                _ => site.resident_share,
            };
            boroughs[borough].add(&of_cell, living_here, group_rows(axes, cell));
        }
    }
    (groups, boroughs)
}

/// Rows of a cell: all, and its level of each axis.
fn group_rows(axes: &Axes, cell: usize) -> impl Iterator<Item = usize> {
    let mut first = 1;
    std::iter::once(0).chain((0..axes.0.len()).map(move |a| {
        let row = first + axes.level(cell, a);
        first += axes.0[a].levels.len();
        row
    }))
}

/// Boroughs with their residents and nobody scanned.
fn residents(prepared: &Prepared) -> Vec<BoroughExposure> {
    let axes = &prepared.plan.axes;
    let levels: usize = axes.0.iter().map(|a| a.levels.len()).sum();
    let mut list: Vec<BoroughExposure> = Vec::new();
    for (b, name) in prepared.boroughs.iter().enumerate() {
        let mut borough = BoroughExposure::new(name, 1 + levels);
        let first = prepared.borough.iter().position(|x| *x == b);
        if let Some(site) = first.map(|i| &prepared.programme.sites[i]) {
            for (cell, people) in site.residents_by_cell.iter().enumerate().take(axes.cells()) {
                group_rows(axes, cell).for_each(|row| borough.groups[row].residents += people);
            }
            borough.groups[0].residents = site.residents;
        }
        list.push(borough);
    }
    list
}
