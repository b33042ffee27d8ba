//! V17: people lost in the crowd.

use crate::common::{binomial, key, plan, watch};
use lamplight::deployment::Ending;
use lamplight::people::{Day, Streets};
use lamplight::scenario::world::{Draws, Numbers};

fn lost(seconds: f64, density: f64) -> f64 {
    -(-seconds * 0.00044 * (1.8 * density).exp()).exp_m1()
}

/// V17: golden values of 1 - exp(-∫ hazard).
#[test]
fn golden_chances_to_lose_somebody() {
    assert!((lost(40.0, 0.3) - 0.0298).abs() <= 0.5e-4);
    assert!((lost(60.0, 1.0) - 0.1476).abs() <= 0.5e-4);
}

/// V17 in runs: everybody walks alike down one long street, pairs all take the same time to reach people, and the share lost
/// before is that of the closed form at the street's density.
#[test]
fn people_are_lost_in_the_crowd_as_often_as_the_hazard_says() {
    for (persons, hazard) in [(2900, 0.00044), (7600, 0.00044), (0, 0.002)] {
        let arrivals: String = (8..16)
            .map(|hour| format!("[[people.arrivals]]\nhour = {hour}\npersons = {}\n", persons.max(1000)))
            .collect();
        let text = format!(
            "format = 1
title = \"A long street\"
question = \"Who is lost?\"
reading = \"A test.\"
uncertainty = \"off\"
[time]
date = 2026-06-03
open = 10:00:00
close = 14:00:00
[place]
sketch = {{ length_m = 3000, width_m = 2 }}
[people]
group_size = \"alone\"
speed_model = \"truncated-normal\"
speed_sd = 0
day_log_sd = 0
visits_per_year = 0
crowding = \"{}\"
{arrivals}
[sought]
prevalence = 0
[watchlist]
composition = \"as-crowd\"
[camera]
capture_model = \"fixed\"
capture_probability = 1
[matcher]
kind = \"plain\"
plain_rate = {{ everybody = 0.05 }}
plain_tail_at = 0.64
person_effect = 1
[operator]
count = 100
decision = \"fixed\"
confirm_false = 1
review_s = 0.1
review_log_sd = 0
[officers]
pairs = 200
radio_s = 30
radio_log_sd = 0
speed = 5
pursuit_radius_m = 5000
lost_hazard = {hazard}
wrongful_arrest = 0
[policy]
awareness = \"none\"
[[people.axis]]
name = \"all\"
levels = [\"everybody\"]
shares = [1]
[[strategy]]
name = \"one-camera\"
cameras = [{{ at_m = 1500 }}]
",
            if persons > 0 { "mean-field" } else { "off" }
        );
        let plan = plan(&text, &[], 40);
        let streets = Streets::prepare(&plan);
        let numbers = Numbers::draw(&plan.strategies[0].values, None);
        let day = Day::new(&plan, &streets, &numbers, Draws::new(1, 0));
        let density = day.travel.density(0, 12);
        let (mut sent, mut gone, mut steps) = (0_u64, 0_u64, 0_i64);
        for watch in watch(&plan) {
            for alert in &watch.alerts {
                match alert.ending {
                    Ending::Stopped => {
                        let (Some(contact), Some(from)) = (alert.contact, alert.dispatched) else {
                            panic!("a stop without contact")
                        };
                        let took = (contact - from).0 / 1_000_000;
                        assert!(steps == 0 || (took - steps).abs() <= 1, "{took} and {steps} s");
                        steps = took;
                        sent += 1;
                    }
                    Ending::Lost => {
                        sent += 1;
                        gone += 1;
                    }
                    other => panic!("an alert that ended {other:?}"),
                }
            }
        }
        assert!(sent > 5000 && steps > 30);
        let hazard_here = hazard * (numbers.get(key("officers.lost_crowd")) * density).exp();
        binomial(
            &format!("lost at density {density} within {steps} s"),
            gone,
            sent,
            -(-steps as f64 * hazard_here).exp_m1(),
        );
    }
}
