//! One day's visits: who comes through which gate when, where they go and how fast.

use super::{Alias, Demand, HourBlock, Lorenz, Pool, SoughtPeople};
use crate::city::{Crowding, Gravity, Network, RouteChoice, Travel};
use crate::kernel::draw::{LANES, unit};
use crate::kernel::{Block, Micros, mix};
use crate::scenario::Plan;
use crate::scenario::place::Place;
use crate::scenario::profile::usual_mean;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// Most legs of one visit: seven destinations and the way out.
pub const MAX_LEGS: usize = 8;
/// Most members of one visit.
pub const MAX_MEMBERS: usize = 4;
/// How much slower groups walk than their slowest member.
const GROUP_PACE: [f64; MAX_MEMBERS] = [1.0, 0.92, 0.86, 0.82];
/// Marks the visits of sought people in a visit's id.
const SOUGHT_BIT: u64 = 1 << 39;

/// What all days of a plan share: streets, the ordinary day's crowd, the shape of the pool.
pub struct Streets {
    /// Routes.
    pub network: Network,
    /// Density of an ordinary day.
    pub crowding: Crowding,
    /// Shape of visit rates.
    pub lorenz: Lorenz,
    /// Factor of every gate's arrivals that gives a sketch the passers-by it was asked for; 1 for other places.
    pub demand_scale: f64,
}

impl Streets {
    /// Prepares a plan's place once, at the central values of its parameters.
    pub fn prepare(plan: &Plan) -> Self {
        let numbers = Numbers::draw(&plan.values, None);
        let network = Network::prepare(&plan.place);
        let (choice, gravity) = habits(plan, &network, &numbers);
        let solve = |demand: &Demand| {
            Crowding::solve(
                &network,
                &plan.place,
                &choice,
                &gravity,
                &demand.persons,
                numbers.get(param::EXTRA_STOPS),
                numbers.get(param::SPEED_MEAN),
            )
        };
        let demand_scale = plan.place.fit.map_or(1.0, |fit| {
            let unscaled = Demand::new(plan, &numbers, 1.0 / numbers.get(param::DEMAND_SCALE));
            let edge = plan.place.mounts[fit.mount].edge;
            let walks = solve(&unscaled);
            let flow = usual_mean(|hour| walks.flow(edge, hour));
            if flow > 0.0 { fit.persons_per_hour / flow } else { 1.0 }
        });
        let crowding = if numbers.choice(param::CROWDING) == 1 {
            Crowding::none(&network, &plan.place)
        } else {
            solve(&Demand::new(plan, &numbers, demand_scale))
        };
        Streets {
            network,
            crowding,
            lorenz: Lorenz::new(numbers.get(param::VISIT_SHAPE)),
            demand_scale,
        }
    }
}

fn habits(plan: &Plan, network: &Network, numbers: &Numbers) -> (RouteChoice, Gravity) {
    let choice = RouteChoice::new(
        network,
        numbers.get(param::ROUTE_TIME),
        numbers.get(param::ROUTE_SIZE),
        numbers.get(param::SPEED_MEAN),
    );
    (
        choice,
        Gravity::new(network, &plan.place, numbers.get(param::GRAVITY_M)),
    )
}

/// A visit before its clock is known: who leads it and which way it goes.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// Identity; the key of all its draws.
    pub id: u64,
    /// When it enters.
    pub start: Micros,
    /// Number of members.
    pub members: usize,
    /// Whether it is by a sought person.
    pub sought: bool,
    /// Number of legs.
    pub legs: usize,
    /// Path of each leg.
    pub paths: [u32; MAX_LEGS],
    /// Word for the stay after each leg.
    pub stays: [u32; MAX_LEGS],
}

impl Visit {
    /// The paths it walks, in order.
    pub fn route(&self) -> &[u32] {
        &self.paths[..self.legs]
    }
}

/// One leg of a visit with its clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Leg {
    /// Path.
    pub path: u32,
    /// Clock hour of departure: the density bin of the whole leg.
    pub hour: u8,
    /// Departure.
    pub depart: Micros,
    /// Arrival.
    pub arrive: Micros,
}

/// One member of a visit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Member {
    /// Group cell.
    pub cell: usize,
    /// Key of the person: two visits of the pool's same person share it.
    pub person: u64,
    /// Number in the pool, when people come back.
    pub pool_number: Option<u32>,
    /// Word of the member's own walking speed: drawn only for visits whose clock is asked for.
    pub speed_word: u32,
    /// How far behind the leader the member enters a view.
    pub delay: Micros,
}

/// The people of one day in one plausible world.
pub struct Day<'a> {
    /// Streets.
    pub place: &'a Place,
    /// What all days share.
    pub streets: &'a Streets,
    /// Expected arrivals.
    pub demand: Demand,
    /// Draws of the replication.
    pub draws: Draws,
    /// Travel times of this day.
    pub travel: Travel,
    /// Sought people.
    pub sought: SoughtPeople,
    /// People who use the place.
    pub pool: Pool,
    choice: RouteChoice,
    gravity: Gravity,
    leaders: Alias,
    companions: Vec<Alias>,
    cell_speed: Vec<f64>,
    /// Footfall of the day relative to an ordinary one.
    pub footfall: f64,
    prevalence: f64,
    coupling: f64,
    presence: f64,
    spread: f64,
    stops_below: [u32; MAX_LEGS - 2],
    group_below: [u32; MAX_MEMBERS - 1],
    only_ways: Vec<Option<usize>>,
    truncated_speed: Option<dist::TruncatedNormal>,
    speed_log_sd: f64,
    stay_s: f64,
    stay_log_sd: f64,
    group_spread_s: f64,
}

impl<'a> Day<'a> {
    /// The day of a replication. `numbers` must agree between strategies in every key of people, sought and time.
    pub fn new(plan: &'a Plan, streets: &'a Streets, numbers: &Numbers, draws: Draws) -> Self {
        let demand = Demand::new(plan, numbers, streets.demand_scale);
        let day = draws.world.block(Purpose::Day as u16, 0, 0, 0);
        let log_sd = numbers.get(param::DAY_LOG_SD);
        let footfall = libm::exp(log_sd * dist::normal_quantile(day.fine(0)) - 0.5 * log_sd * log_sd);
        let shape = numbers.get(param::DAY_SHAPE);
        let presence = if shape > 0.0 {
            dist::gamma_quantile(day.fine(1), shape) / shape
        } else {
            1.0
        };
        let shares = plan.axes.joint(&plan.crowd.shares);
        let (choice, gravity) = habits(plan, &streets.network, numbers);
        let multiplier = if numbers.choice(param::CROWDING) == 1 {
            0.0
        } else {
            footfall
        };
        let companions = (0..shares.len())
            .map(|leader| Alias::new(&companion_weights(plan, leader)))
            .collect();
        Day {
            place: &plan.place,
            streets,
            travel: Travel::new(&streets.network, &plan.place, &streets.crowding, multiplier),
            sought: SoughtPeople::new(plan, numbers),
            pool: Pool::new(demand.persons_per_day(), &shares, numbers.get(param::VISITS_PER_YEAR)),
            choice,
            gravity,
            leaders: Alias::new(&shares),
            companions,
            cell_speed: plan
                .crowd
                .speed_m_s
                .iter()
                .map(|v| v * numbers.get(param::SPEED_PURPOSE))
                .collect(),
            footfall,
            prevalence: numbers.get(param::PREVALENCE),
            coupling: numbers.get(param::COUPLING),
            presence,
            spread: numbers.get(param::SPREAD),
            stops_below: poisson_words(numbers.get(param::EXTRA_STOPS)),
            group_below: [0, 1, 2].map(|i| word(demand.size_below[i])),
            only_ways: only_ways(&streets.network),
            truncated_speed: (numbers.choice(param::SPEED_MODEL) == 1).then(|| {
                let [mean, sd, low, high] =
                    [param::SPEED_MEAN, param::SPEED_SD, param::SPEED_MIN, param::SPEED_MAX].map(|p| numbers.get(p));
                dist::TruncatedNormal::new(mean, sd, low, high)
            }),
            speed_log_sd: numbers.get(param::SPEED_LOG_SD),
            stay_s: 60.0 * numbers.get(param::DWELL_MIN),
            stay_log_sd: numbers.get(param::DWELL_LOG_SD),
            group_spread_s: numbers.get(param::GROUP_SPREAD_S),
            demand,
            draws,
        }
    }

    /// Number of ordinary visits through a gate in an hour.
    pub fn arrivals(&self, gate: usize, block: &HourBlock) -> u32 {
        let persons = self.demand.persons[gate][block.hour] * block.share * self.footfall * (1.0 - self.prevalence);
        self.count(self.demand.gate_keys[gate], block.hour, persons / self.demand.mean_size)
    }

    /// Number of visits by sought people in an hour, over the whole place.
    pub fn sought_arrivals(&self, block: &HourBlock) -> u32 {
        let level = (1.0 - self.coupling) * self.demand.mean_open
            + self.coupling * self.demand.place_persons(block.hour) * self.footfall;
        self.count(
            u64::MAX,
            block.hour,
            self.prevalence * level * self.presence * block.share,
        )
    }

    fn count(&self, key: u64, hour: usize, mean: f64) -> u32 {
        let u = self
            .draws
            .population
            .block(Purpose::Arrivals as u16, 0, hour as u32, key)
            .fine(0);
        dist::poisson_quantile(u, mean).min(u64::from(u32::MAX)) as u32
    }

    /// The identity of the `i`-th ordinary visit through a gate in an hour.
    #[inline]
    pub fn visit_id(&self, gate: usize, block: &HourBlock, i: u32) -> u64 {
        (self.demand.gate_keys[gate] << 40) | ((block.hour as u64) << 34) | u64::from(i)
    }

    /// When the first `count` of those visits enter.
    pub fn starts(&self, gate: usize, block: &HourBlock, count: u32, mut each: impl FnMut(u32, Micros)) {
        for first in (0..count).step_by(LANES) {
            let ids = std::array::from_fn(|i| self.visit_id(gate, block, first.wrapping_add(i as u32)));
            let words = self.draws.population.blocks(Purpose::Visit as u16, 0, 0, &ids);
            let here = (count - first).min(LANES as u32);
            (0..here).for_each(|i| each(first + i, start_of(block, words[0][i as usize])));
        }
    }

    /// The path of every visit through a gate, if there is only one: no destinations, one other gate, one route to it.
    pub fn only_way(&self, gate: usize) -> Option<usize> {
        self.only_ways[gate]
    }

    /// Whether every visit is by one person who never comes back.
    pub fn everybody_new_and_alone(&self) -> bool {
        !self.pool.returns() && self.group_below == [u32::MAX; MAX_MEMBERS - 1]
    }

    /// Group cell of a visit's leader, from the first word of the member's block.
    #[inline]
    pub fn leader_cell(&self, word: u32) -> usize {
        self.leaders.pick(word)
    }

    /// The `i`-th ordinary visit through a gate in an hour.
    #[inline]
    pub fn visit(&self, gate: usize, block: &HourBlock, i: u32) -> Visit {
        let id = self.visit_id(gate, block, i);
        let words = self.draws.population.block(Purpose::Visit as u16, 0, 0, id);
        let mut visit = self.blank(id, block, words);
        visit.members += self.group_below.iter().filter(|b| words.0[1] > **b).count();
        self.wander(&mut visit, gate, words.0[2]);
        visit
    }

    /// The `i`-th visit by a sought person in an hour. They walk alone.
    pub fn sought_visit(&self, block: &HourBlock, i: u32) -> Visit {
        let id = SOUGHT_BIT | ((block.hour as u64) << 34) | u64::from(i);
        let words = self.draws.population.block(Purpose::Visit as u16, 0, 0, id);
        let more = self.draws.population.block(Purpose::Visit as u16, 0, 1, id);
        let mut visit = self.blank(id, block, words);
        visit.sought = true;
        let gates = self.streets.network.gates;
        let even = (words.unit(1) < self.spread) && self.even_walk(&mut visit, more);
        if !even {
            let total: f64 = self.demand.persons.iter().map(|g| g[block.hour]).sum();
            let mut rest = words.unit(3) * total;
            let gate = (0..gates - 1).find(|&g| {
                rest -= self.demand.persons[g][block.hour];
                rest < 0.0
            });
            self.wander(&mut visit, gate.unwrap_or(gates - 1), words.0[2]);
        }
        visit
    }

    fn blank(&self, id: u64, block: &HourBlock, words: Block) -> Visit {
        let length = (block.end - block.start).0 as u64;
        let start = block.start + Micros(((u64::from(words.0[0]) * length) >> 32) as i64);
        Visit {
            id,
            start,
            members: 1,
            sought: false,
            legs: 0,
            paths: [0; MAX_LEGS],
            stays: [0; MAX_LEGS],
        }
    }

    /// Gate to one or more destinations by gravity, then out by a gate.
    #[inline]
    fn wander(&self, visit: &mut Visit, gate: usize, word: u32) {
        if let Some(path) = self.only_ways[gate] {
            visit.paths[0] = path as u32;
            visit.legs = 1;
            return;
        }
        let network = &self.streets.network;
        let mut here = gate;
        if network.attractors > 0 {
            let stops = 1 + self.stops_below.iter().filter(|b| word > **b).count();
            for leg in 0..stops {
                let words = self
                    .draws
                    .population
                    .block(Purpose::Leg as u16, 0, leg as u32, visit.id);
                let Some(to) = self.gravity.attractor(here, words.unit(0)) else {
                    break;
                };
                visit.paths[leg] = self.choice.choose(network, here, to, words.unit(1)) as u32;
                visit.stays[leg] = words.0[2];
                visit.legs = leg + 1;
                here = to;
            }
        }
        let words = self
            .draws
            .population
            .block(Purpose::Leg as u16, 0, MAX_LEGS as u32, visit.id);
        let out = self.gravity.exit(here, words.unit(0));
        if out != here {
            visit.paths[visit.legs] = self.choice.choose(network, here, out, words.unit(1)) as u32;
            visit.legs += 1;
        }
    }

    /// Gate to a point drawn evenly over street length, then out by a gate drawn evenly.
    fn even_walk(&self, visit: &mut Visit, words: Block) -> bool {
        let network = &self.streets.network;
        if network.waypoints == 0 || network.gates < 2 {
            return false;
        }
        let pick = |word: u32, n: usize| ((u64::from(word) * n as u64) >> 32) as usize;
        let from = pick(words.0[0], network.gates);
        let to = network.gates + network.attractors + pick(words.0[1], network.waypoints);
        let out = pick(words.0[2], network.gates);
        if network.alternatives(from, to).is_empty() || network.alternatives(to, out).is_empty() {
            return false;
        }
        let choices = self.draws.population.block(Purpose::Leg as u16, 0, 0, visit.id);
        visit.paths[0] = self.choice.choose(network, from, to, choices.unit(0)) as u32;
        visit.paths[1] = self.choice.choose(network, to, out, choices.unit(1)) as u32;
        visit.stays[0] = choices.0[2];
        visit.legs = 2;
        true
    }

    /// The members of an ordinary visit; returns how many.
    #[inline]
    pub fn members(&self, visit: &Visit, out: &mut [Member; MAX_MEMBERS]) -> usize {
        for i in 0..visit.members {
            let words = self
                .draws
                .population
                .block(Purpose::Member as u16, i as u16, 0, visit.id);
            let cell = if i == 0 {
                self.leaders.pick(words.0[0])
            } else {
                self.companions[out[0].cell].pick(words.0[0])
            };
            out[i] = self.member(visit, i, cell, words);
        }
        visit.members
    }

    /// A member of a known cell.
    #[inline]
    pub fn member(&self, visit: &Visit, i: usize, cell: usize, words: Block) -> Member {
        let fresh = mix(visit.id ^ ((i as u64 + 1) << 60));
        let (person, pool_number) = if self.pool.returns() && !visit.sought {
            let number = self.pool.person(&self.streets.lorenz, cell, words.unit(2));
            (mix(u64::from(number) ^ 0x706f_6f6c_0000_0000), Some(number))
        } else {
            (fresh, None)
        };
        let delay = if i == 0 {
            Micros(0)
        } else {
            Micros::from_seconds(self.group_spread_s * words.unit(3))
        };
        Member {
            cell,
            person,
            pool_number,
            speed_word: words.0[1],
            delay,
        }
    }

    /// Free speed of the whole visit, m/s: the slowest member's, less for larger groups.
    pub fn speed_m_s(&self, members: &[Member]) -> f64 {
        let of = |m: &Member| {
            let u = unit(m.speed_word);
            match &self.truncated_speed {
                Some(law) => law.quantile(u),
                None => self.cell_speed[m.cell] * libm::exp(self.speed_log_sd * dist::normal_quantile(u)),
            }
        };
        members.iter().map(of).fold(f64::INFINITY, f64::min) * GROUP_PACE[members.len() - 1]
    }

    /// Gives a visit its clock. Each leg's time is rounded before it is added.
    pub fn clock(&self, visit: &Visit, speed_m_s: f64, out: &mut [Leg; MAX_LEGS]) -> usize {
        let mut now = visit.start;
        for (i, path) in visit.route().iter().enumerate() {
            let hour = ((now.0 / 3_600_000_000).clamp(0, 23)) as u8;
            let effective = self.travel.effective_m(*path as usize, usize::from(hour));
            let arrive = now + Micros::from_seconds(effective / speed_m_s);
            out[i] = Leg {
                path: *path,
                hour,
                depart: now,
                arrive,
            };
            now = arrive;
            if i + 1 < visit.legs {
                let z = dist::normal_quantile(unit(visit.stays[i]));
                now += Micros::from_seconds(self.stay_s * libm::exp(self.stay_log_sd * z));
            }
        }
        visit.legs
    }

    /// When a walker on a leg is `along_m` down its path.
    #[inline]
    pub fn passes_at(&self, leg: &Leg, along_m: f64, speed_m_s: f64) -> Micros {
        let effective = self.travel.effective_to_m(
            &self.streets.network,
            self.place,
            leg.path as usize,
            usize::from(leg.hour),
            along_m,
        );
        leg.depart + Micros::from_seconds(effective / speed_m_s)
    }

    /// Replaces every leg that `crosses` by its shortest alternative that does not and is at most `limit_m` longer.
    /// Returns whether the visit now walks another way.
    pub fn detour(&self, visit: &mut Visit, limit_m: f64, crosses: impl Fn(usize) -> bool) -> bool {
        let network = &self.streets.network;
        let mut changed = false;
        for leg in 0..visit.legs {
            let path = visit.paths[leg] as usize;
            if !crosses(path) {
                continue;
            }
            let (from, to, length) = (
                usize::from(network.paths[path].from),
                usize::from(network.paths[path].to),
                network.paths[path].length_m,
            );
            let other = network
                .alternatives(from, to)
                .filter(|&p| !crosses(p) && network.paths[p].length_m - length <= limit_m)
                .min_by(|&a, &b| network.paths[a].length_m.total_cmp(&network.paths[b].length_m));
            if let Some(other) = other {
                visit.paths[leg] = other as u32;
                changed = true;
            }
        }
        changed
    }
}

/// A uniform time within an hour.
#[inline]
fn start_of(block: &HourBlock, word: u32) -> Micros {
    let length = (block.end - block.start).0 as u64;
    block.start + Micros(((u64::from(word) * length) >> 32) as i64)
}

/// For each gate the only path out of it, where destinations and choices leave no other.
fn only_ways(network: &Network) -> Vec<Option<usize>> {
    (0..network.gates)
        .map(|gate| {
            let mut ways = (0..network.gates)
                .filter(|to| *to != gate)
                .map(|to| network.alternatives(gate, to));
            match (network.attractors, ways.next(), ways.next()) {
                (0, Some(way), None) if way.len() == 1 => Some(way.start),
                _ => None,
            }
        })
        .collect()
}

/// Weights of a companion's cell given the leader's: per axis the leader's level with the stated chance, else the crowd's.
fn companion_weights(plan: &Plan, leader: usize) -> Vec<f64> {
    let shares: Vec<Vec<f64>> = (0..plan.axes.0.len())
        .map(|axis| {
            let mut s = plan.crowd.shares[axis].clone();
            if let Some(same) = plan.crowd.companions_same[axis] {
                let level = plan.axes.level(leader, axis);
                let rest = 1.0 - s[level];
                for (i, x) in s.iter_mut().enumerate() {
                    *x = if i == level {
                        same
                    } else if rest > 0.0 {
                        *x * (1.0 - same) / rest
                    } else {
                        0.0
                    };
                }
            }
            s
        })
        .collect();
    plan.axes.joint(&shares)
}

/// A probability as the 32-bit word at which it is reached.
fn word(p: f64) -> u32 {
    (p.clamp(0.0, 1.0) * 4_294_967_295.0) as u32
}

/// Words at which a Poisson with this mean passes from 0 to 1, 1 to 2 and so on.
fn poisson_words(mean: f64) -> [u32; MAX_LEGS - 2] {
    let mut mass = libm::exp(-mean);
    let mut below = 0.0;
    let mut words = [0; MAX_LEGS - 2];
    for (k, w) in words.iter_mut().enumerate() {
        below += mass;
        mass *= mean / (k + 1) as f64;
        *w = if below >= 1.0 { u32::MAX } else { word(below) };
    }
    words
}
