//! Repeating a run with somebody who follows: of one day, or of a programme up to a deployment.

use super::Told;
use super::find::Known;
use super::retell::clock;
use super::story::HeldStory;
use crate::deployment::{Scene, Schedule, run};
use crate::experiment::{Stage, faces};
use crate::kernel::Micros;
use crate::programme::{Finished, Prepared, replay};
use crate::record::Follower;
use crate::scenario::plan::MountKind;
use crate::scenario::world::{Draws, Numbers};
use jiff::civil::Date;

/// Deployments looked at where every sought person is followed.
const LOOKED_AT: u32 = 20;

/// A deployment repeated with somebody who followed.
pub(in crate::experiment) struct Again<'t> {
    /// Strategy and site.
    pub scene: &'t Scene<'t>,
    /// Replication.
    pub replication: u32,
    /// What was told.
    pub run: Follower,
    /// The numbers of that day.
    pub numbers: Numbers,
    /// Which deployment of its programme it is; none of a plan of one day.
    pub held: Option<HeldStory>,
    /// Date and index of the site in a programme.
    pub at: Option<(Date, usize)>,
    /// For each true alert of a programme, the person's key and place on the list.
    pub places: Vec<(u64, u64)>,
}

/// Repeats a run of one day with somebody who follows.
fn follow(scene: &Scene, replication: u32, mut follower: Follower) -> Follower {
    run(scene, scene.plan.seed, replication, Schedule::Lazy, &mut follower);
    follower
}

/// The first deployments of a strategy, replication by replication, with everybody sought followed.
pub(in crate::experiment) fn sought_followed<'t>(
    stage: &'t Stage<'t>,
    strategy: usize,
    replications: u32,
) -> Vec<Again<'t>> {
    let runs = replications.clamp(1, LOOKED_AT);
    let prepared = match stage {
        Stage::Day(scenes, _) => {
            let one = |r| of_day(&scenes[strategy], r, Follower::of_sought());
            return (0..runs).map(one).collect();
        }
        Stage::Programme(prepared) => prepared,
    };
    let each = LOOKED_AT.div_ceil(runs) as usize;
    let mut all = Vec::new();
    for replication in 0..runs {
        let mut found = Vec::new();
        replay(
            prepared,
            strategy,
            replication,
            faces(&prepared.plan.strategies[strategy].values),
            prepared.programme.until,
            &mut |opening| (opening.number < each as u64).then(Follower::of_sought),
            &mut |held| {
                let number = found.len() as u64 + 1;
                found.extend(of_programme(prepared, strategy, replication, number, held));
                found.len() < each
            },
        );
        all.extend(found);
    }
    all
}

/// A run of one day, repeated.
pub(super) fn of_day<'t>(scene: &'t Scene<'t>, replication: u32, follower: Follower) -> Again<'t> {
    let draws = Draws::new(scene.plan.seed, replication);
    Again {
        run: follow(scene, replication, follower),
        numbers: Numbers::draw(&scene.strategy.values, scene.plan.uncertainty.then_some(draws.world)),
        scene,
        replication,
        held: None,
        at: None,
        places: Vec::new(),
    }
}

/// A deployment of a programme that somebody followed, the `number`-th of its replication; none where nobody could.
fn of_programme<'t>(
    prepared: &'t Prepared<'t>,
    strategy: usize,
    replication: u32,
    number: u64,
    held: Finished,
) -> Option<Again<'t>> {
    let followed = *held.followed?;
    let (row, published) = (&held.row, &held.row.published);
    let site = &prepared.programme.sites[published.site];
    let hour = |s: f64| clock(Micros::from_seconds(s));
    Some(Again {
        scene: prepared.scene(strategy, published.site, row.mount),
        replication,
        run: followed.run,
        numbers: followed.numbers,
        at: Some((row.date, published.site)),
        held: Some(HeldStory {
            number,
            date: row.date.to_string(),
            site: site.title.clone(),
            borough: site.borough.clone(),
            sketch: site.plan.place.sketch,
            mount: mount_word(row.mount).into(),
            open: hour(row.open_s),
            close: hour(row.open_s + 3600.0 * published.hours),
            threshold: published.threshold,
            list_size: published.watchlist,
        }),
        places: followed.places,
    })
}

/// How cameras are mounted, in words.
pub(super) fn mount_word(mount: MountKind) -> &'static str {
    match mount {
        MountKind::Van => "van",
        MountKind::Lamp => "lamp post",
    }
}

/// A day of a strategy of a programme.
pub(super) struct ThatDay<'t> {
    /// Deployments at the site that were followed.
    pub there: Vec<Again<'t>>,
    /// Names of the sites of all its deployments that day.
    pub sites: Vec<String>,
    /// Whether officers went to addresses about the site, and nobody followed anybody.
    pub addresses: bool,
}

/// Repeats a strategy's replication up to a day, and follows a visit at a site on that day.
pub(super) fn that_day<'t>(
    prepared: &'t Prepared<'t>,
    strategy: usize,
    replication: u32,
    (date, site): (Date, usize),
    visit: u64,
) -> ThatDay<'t> {
    let (mut there, mut sites, mut addresses, mut number) = (Vec::new(), Vec::new(), false, 0);
    replay(
        prepared,
        strategy,
        replication,
        faces(&prepared.plan.strategies[strategy].values),
        date,
        &mut |opening| (opening.date == date && opening.site == site).then(|| Follower::of_visit(visit)),
        &mut |held| {
            number += 1;
            if held.row.date == date {
                let here = held.row.published.site;
                sites.push(prepared.programme.sites[here].title.clone());
                let found = of_programme(prepared, strategy, replication, number, held);
                addresses |= here == site && found.is_none();
                there.extend(found);
            }
            true
        },
    );
    ThatDay {
        there,
        sites,
        addresses,
    }
}

impl<'t> Told<'t> {
    /// Index of the strategy of this name.
    pub(super) fn strategy(&self, name: &str) -> Option<usize> {
        self.plan.strategies.iter().position(|s| s.name == name)
    }

    /// Repeats the run of an alert and follows the visit that raised it.
    pub(super) fn again(&self, which: &Known) -> Option<Again<'t>> {
        let strategy = self.strategy(&which.strategy)?;
        match self.stage {
            Stage::Day(scenes, _) => {
                let follower = Follower::of_visit(which.visit);
                Some(of_day(scenes.get(strategy)?, which.replication, follower))
            }
            Stage::Programme(prepared) => {
                let at = self.site_of(which)?;
                let day = that_day(prepared, strategy, which.replication, at, which.visit);
                let has = |a: &Again| a.run.alerts.iter().any(|alert| which.is_of(alert));
                day.there.into_iter().find(has)
            }
        }
    }

    /// Date and index of the site of an alert of a programme.
    pub(super) fn site_of(&self, which: &Known) -> Option<(Date, usize)> {
        let at = which.at.as_ref()?;
        let sites = &self.plan.programme.as_ref()?.sites;
        Some((at.date, sites.iter().position(|s| s.name == at.site)?))
    }
}
