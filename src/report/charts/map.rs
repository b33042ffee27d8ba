//! The map: streets as wide as their flow, and where each strategy would put its cameras.

use super::{Chart, WIDTH, frame, overlap};
use crate::report::canvas::{
    Anchor, Canvas, INK, PAPER, STREET, color, draw, faint, fit, lines, px, stroke, text_width,
};
use crate::report::rows::{Cell, Row, Sheet};
use crate::report::{CameraFacts, Error, Facts, MapFacts, words};
use plotters::style::Color;

/// Space of the drawing itself on the sheet, px: left, top, right, bottom.
const FIELD: [i32; 4] = [12, 84, WIDTH - 12, 640];
const HEIGHT: i32 = 720;
/// Least extent shown around the cameras, m.
const LEAST_SPAN_M: f64 = 500.0;

/// The map with its list of cameras.
pub fn chart(facts: &Facts, map: &MapFacts) -> Result<Chart, Error> {
    let title = format!("{}: hypothetical cameras and the flow of people", facts.place_title);
    let alternative = alternative(facts, map);
    let view = View::of(map);
    let numbered = numbered(facts, map);
    let names: Vec<(usize, &str)> = {
        let mut all: Vec<(usize, &str)> = Vec::new();
        for (which, camera) in &numbered {
            let strategy = camera.strategy;
            if !all.contains(&(*which, strategy)) {
                all.push((*which, strategy));
            }
        }
        all
    };
    let sketch = facts.sketch.then_some("sketch, not surveyed");
    let notes: Vec<&str> = sketch
        .into_iter()
        .chain(facts.attribution.iter().map(String::as_str))
        .collect();
    // Licences ask for the whole line to be seen: the sheet grows with it.
    let notes = lines(&notes.join(" · "), 11, WIDTH - 24);
    let extra = 15 * (i32::try_from(notes.len()).unwrap_or(1) - 1).max(0);
    let drawing = draw((WIDTH, HEIGHT + extra), "map", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        let key =
            "camera positions are hypothetical · numbers: see the table · streets: the wider, the more people an hour";
        c.text(key, (12, 44), 12, Anchor::Left, faint(0.85));
        c.legend(&names, (12, 66));
        streets(c, map, &view);
        for (which, camera) in &numbered {
            c.series(*which, |c| sector(c, camera.facts, *which, &view));
        }
        gates(c, map, &view);
        let mut taken = Vec::new();
        for (i, (which, camera)) in numbered.iter().enumerate() {
            let at = view.pixel([camera.facts.x, camera.facts.y]);
            let number = (i + 1).to_string();
            let spot = free_spot(at, &number, &mut taken);
            c.series(*which, |c| {
                c.mark(*which, at, 6);
                c.text(&number, spot, 13, Anchor::Middle, INK);
                let name = &camera.facts.name;
                c.tip(
                    at,
                    10,
                    &format!(
                        "{number} {name} ({}, hypothetical), {}",
                        camera.facts.kind, camera.strategy
                    ),
                );
            });
        }
        scale_bar(c, map, &view);
        for (i, line) in notes.iter().enumerate() {
            let y = HEIGHT - 30 + 15 * i32::try_from(i).unwrap_or(0);
            c.text(line, (12, y), 11, Anchor::Left, faint(0.85));
        }
    })?;
    let rows = numbered.iter().enumerate().map(|(i, (_, camera))| Row {
        section: None,
        label: format!("{} {}", i + 1, camera.facts.name),
        unit: String::new(),
        definition: String::new(),
        cells: [
            camera.strategy.to_owned(),
            camera.facts.kind.clone(),
            format!("{}°", words::number(camera.facts.heading_deg, 0)),
            format!("{} m", words::number(camera.facts.range_m, 0)),
        ]
        .map(|figure| Cell {
            figure,
            ..Cell::default()
        })
        .to_vec(),
    });
    let data = Sheet {
        title: "Hypothetical cameras".to_owned(),
        columns: ["strategy", "mount", "heading", "range"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    Ok(Chart {
        name: "map",
        title,
        alternative,
        drawing,
        data,
        series: Vec::new(),
    })
}

/// A camera with whose it is.
struct Placed<'m> {
    strategy: &'m str,
    facts: &'m CameraFacts,
}

/// Every camera in the order of its number, with the place of its strategy in the file.
fn numbered<'m>(facts: &Facts, map: &'m MapFacts) -> Vec<(usize, Placed<'m>)> {
    let mut all = Vec::new();
    for (i, (strategy, cameras)) in map.cameras.iter().enumerate() {
        let which = facts
            .summary
            .strategies
            .iter()
            .position(|s| s.name == *strategy)
            .unwrap_or(i);
        all.extend(cameras.iter().map(|facts| (which, Placed { strategy, facts })));
    }
    all
}

fn alternative(facts: &Facts, map: &MapFacts) -> String {
    let mut text = format!(
        "Map of {} with {} streets, drawn wider where more people walk.",
        facts.place_title,
        map.streets.len()
    );
    for (strategy, cameras) in &map.cameras {
        let names: Vec<String> = cameras.iter().map(|c| format!("{} ({})", c.name, c.kind)).collect();
        let list = if names.is_empty() {
            "no cameras".to_owned()
        } else {
            names.join(", ")
        };
        text.push_str(&format!(" {strategy}: {list}."));
    }
    text.push_str(" Camera positions are hypothetical.");
    text
}

/// What part of the world is shown, and where on the sheet.
struct View {
    centre: [f64; 2],
    px_per_m: f64,
}

impl View {
    /// All streets where the place is small; in a city, the surroundings of the cameras.
    fn of(map: &MapFacts) -> View {
        let mut streets = Extent::default();
        for p in map.streets.iter().flat_map(|s| &s.points) {
            streets.add(*p);
        }
        let mut cameras = Extent::default();
        for camera in map.cameras.iter().flat_map(|(_, c)| c) {
            cameras.add([camera.x, camera.y]);
        }
        let shown = match (streets.size(), cameras.size()) {
            (Some(all), Some(some)) if all[0].max(all[1]) > 3.0 * LEAST_SPAN_M => {
                let margin = 0.3 * some[0].max(some[1]) + 0.5 * LEAST_SPAN_M;
                cameras.grown(margin).within(&streets)
            }
            (Some(_), _) => streets,
            (None, _) => cameras,
        };
        let size = shown.size().unwrap_or([1.0, 1.0]);
        let (w, h) = (f64::from(FIELD[2] - FIELD[0] - 30), f64::from(FIELD[3] - FIELD[1] - 30));
        View {
            centre: shown.centre(),
            px_per_m: (w / size[0].max(10.0)).min(h / size[1].max(10.0)),
        }
    }

    fn exact(&self, p: [f64; 2]) -> [f64; 2] {
        let middle = [
            f64::from(FIELD[0] + FIELD[2]) / 2.0,
            f64::from(FIELD[1] + FIELD[3]) / 2.0,
        ];
        [
            middle[0] + (p[0] - self.centre[0]) * self.px_per_m,
            middle[1] - (p[1] - self.centre[1]) * self.px_per_m,
        ]
    }

    fn pixel(&self, p: [f64; 2]) -> (i32, i32) {
        let [x, y] = self.exact(p);
        (px(x), px(y))
    }
}

/// A rectangle around points.
#[derive(Clone, Copy, Default)]
struct Extent(Option<[[f64; 2]; 2]>);

impl Extent {
    fn add(&mut self, p: [f64; 2]) {
        if !p.iter().all(|v| v.is_finite()) {
            return;
        }
        let [a, b] = self.0.unwrap_or([p, p]);
        self.0 = Some([[a[0].min(p[0]), a[1].min(p[1])], [b[0].max(p[0]), b[1].max(p[1])]]);
    }
    fn size(&self) -> Option<[f64; 2]> {
        self.0.map(|[a, b]| [b[0] - a[0], b[1] - a[1]])
    }
    fn centre(&self) -> [f64; 2] {
        self.0
            .map_or([0.0, 0.0], |[a, b]| [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])])
    }
    /// The part of it that another covers too.
    fn within(&self, other: &Extent) -> Extent {
        match (self.0, other.0) {
            (Some([a, b]), Some([c, d])) => Extent(Some([
                [a[0].max(c[0]), a[1].max(c[1])],
                [b[0].min(d[0]), b[1].min(d[1])],
            ])),
            _ => *self,
        }
    }
    fn grown(&self, m: f64) -> Extent {
        Extent(self.0.map(|[a, b]| [[a[0] - m, a[1] - m], [b[0] + m, b[1] + m]]))
    }
}

fn greatest_flow(map: &MapFacts) -> f64 {
    map.streets
        .iter()
        .map(|s| s.flow_persons_per_hour)
        .filter(|f| f.is_finite())
        .fold(0.0, f64::max)
}

fn streets(c: &Canvas, map: &MapFacts, view: &View) {
    let most = greatest_flow(map).max(1e-9);
    let mut order: Vec<_> = map.streets.iter().collect();
    // The busiest last, so that they lie on top.
    order.sort_by(|a, b| a.flow_persons_per_hour.total_cmp(&b.flow_persons_per_hour));
    for street in order {
        let share = (street.flow_persons_per_hour / most).clamp(0.0, 1.0);
        let style = stroke(STREET, 1 + px(8.0 * libm::sqrt(share)).unsigned_abs());
        let mut run: Vec<(i32, i32)> = Vec::new();
        for pair in street.points.windows(2) {
            let Some((a, b)) = clip(view.exact(pair[0]), view.exact(pair[1])) else {
                continue;
            };
            if run.last() != Some(&a) {
                flush(c, &mut run, style);
                run.push(a);
            }
            if a != b {
                run.push(b);
            }
        }
        flush(c, &mut run, style);
    }
}

fn flush(c: &Canvas, run: &mut Vec<(i32, i32)>, style: (plotters::style::RGBAColor, u32)) {
    let points = std::mem::take(run);
    if points.len() > 1 {
        c.line(&points, style)
    }
}

/// The part of a segment inside the field (Liang and Barsky).
fn clip(a: [f64; 2], b: [f64; 2]) -> Option<((i32, i32), (i32, i32))> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let (low, high) = (f64::from(FIELD[axis]), f64::from(FIELD[axis + 2]));
        let d = b[axis] - a[axis];
        if d == 0.0 {
            if a[axis] < low || a[axis] > high {
                return None;
            }
            continue;
        }
        let (near, far) = ((low - a[axis]) / d, (high - a[axis]) / d);
        from = from.max(near.min(far));
        to = to.min(near.max(far));
    }
    if from.is_nan() || to.is_nan() || from > to {
        return None;
    }
    let at = |t: f64| (px(a[0] + t * (b[0] - a[0])), px(a[1] + t * (b[1] - a[1])));
    Some((at(from), at(to)))
}

/// What a camera looks at.
fn sector(c: &Canvas, camera: &CameraFacts, which: usize, view: &View) {
    // Far out, a view of 25 m is a dot: draw it large enough to show where it points.
    let reach = camera.range_m.max(26.0 / view.px_per_m);
    let mut points = vec![view.pixel([camera.x, camera.y])];
    for i in -6..=6 {
        let angle = (camera.heading_deg + camera.hfov_deg * f64::from(i) / 12.0).to_radians();
        points.push(view.pixel([camera.x + reach * libm::sin(angle), camera.y + reach * libm::cos(angle)]));
    }
    c.area(&points, color(which).mix(0.35))
}

fn inside((x, y): (i32, i32)) -> bool {
    (FIELD[0]..=FIELD[2]).contains(&x) && (FIELD[1]..=FIELD[3]).contains(&y)
}

/// Gates by name, as many as can be read.
fn gates(c: &Canvas, map: &MapFacts, view: &View) {
    let mut taken: Vec<[i32; 4]> = Vec::new();
    for (name, at) in &map.gates {
        let at = view.pixel(*at);
        if !inside(at) {
            continue;
        }
        c.block([(at.0 - 4, at.1 - 4), (at.0 + 4, at.1 + 4)], faint(0.6));
        c.block([(at.0 - 2, at.1 - 2), (at.0 + 2, at.1 + 2)], PAPER);
        let name = fit(name, 12, 180);
        let wide = text_width(&name, 12);
        let left = if at.0 + 10 + wide > FIELD[2] {
            at.0 - 10 - wide
        } else {
            at.0 + 10
        };
        let place = [left, at.1 - 8, left + wide, at.1 + 8];
        if taken.len() < 14 && !taken.iter().any(|t| overlap(*t, place)) {
            taken.push(place);
            c.text(&name, (left, at.1), 12, Anchor::Left, faint(0.85));
        }
    }
}

/// Where a number can stand near its mark without covering another.
fn free_spot(at: (i32, i32), text: &str, taken: &mut Vec<[i32; 4]>) -> (i32, i32) {
    let wide = text_width(text, 13) / 2 + 2;
    let spots = [
        (14, -12),
        (-14, -12),
        (14, 13),
        (-14, 13),
        (0, -19),
        (0, 20),
        (26, 0),
        (-26, 0),
        (28, -22),
        (-28, -22),
    ];
    let place = |(dx, dy): (i32, i32)| {
        let (x, y) = (at.0 + dx, at.1 + dy);
        ((x, y), [x - wide, y - 8, x + wide, y + 8])
    };
    let free = spots
        .into_iter()
        .map(place)
        .find(|(_, p)| !taken.iter().any(|t| overlap(*t, *p)));
    let (spot, area) = free.unwrap_or_else(|| place(spots[0]));
    taken.push(area);
    taken.push([at.0 - 6, at.1 - 6, at.0 + 6, at.1 + 6]);
    spot
}

/// How long 100 m (or a rounder length) is, which way is north, and what the widest street carries.
fn scale_bar(c: &Canvas, map: &MapFacts, view: &View) {
    let y = FIELD[3] + 26;
    let lengths = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0];
    let length = lengths
        .into_iter()
        .rev()
        .find(|m| m * view.px_per_m <= 160.0)
        .unwrap_or(10.0);
    let wide = px(length * view.px_per_m);
    c.line(
        &[(14, y - 4), (14, y), (14 + wide, y), (14 + wide, y - 4)],
        stroke(INK, 1),
    );
    c.text(
        &format!("{} m · north is up", words::number(length, 0)),
        (24 + wide, y),
        12,
        Anchor::Left,
        INK,
    );
    let most = greatest_flow(map);
    if most > 0.0 {
        let x = WIDTH - 300;
        c.line(&[(x, y), (x + 36, y)], stroke(STREET, 9));
        c.text(
            &format!("{} persons an hour (greatest flow)", words::number(most, 0)),
            (x + 46, y),
            12,
            Anchor::Left,
            INK,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::facts;

    #[test]
    fn attribution_and_the_word_hypothetical_are_in_the_picture_itself() {
        let facts = facts();
        let chart = chart(&facts, facts.map.as_ref().unwrap()).unwrap();
        assert!(chart.drawing.svg.contains("© OpenStreetMap contributors"));
        assert!(chart.drawing.svg.contains("camera positions are hypothetical"));
        assert!(chart.drawing.svg.contains("sketch, not surveyed"));
        assert_eq!(chart.data.rows.len(), 5);
    }

    #[test]
    fn a_city_is_shown_around_its_cameras() {
        let mut map = facts().map.unwrap();
        map.streets[0].points = vec![[-9000.0, -9000.0], [9000.0, 9000.0]];
        let view = View::of(&map);
        assert!(view.px_per_m > 0.5, "{}", view.px_per_m);
        assert!(inside(view.pixel([372.0, 240.0])));
        assert_eq!(clip([-50.0, 0.0], [-10.0, 10.0]), None);
        assert_eq!(
            clip([0.0, 300.0], [2000.0, 300.0]),
            Some(((FIELD[0], 300), (FIELD[2], 300)))
        );
    }

    #[test]
    fn a_map_of_nothing_is_an_empty_map() {
        let facts = facts();
        let nothing = MapFacts {
            streets: vec![],
            gates: vec![],
            cameras: vec![],
        };
        assert!(!chart(&facts, &nothing).unwrap().drawing.svg.contains("NaN"));
        let odd = MapFacts {
            gates: vec![("x".to_owned(), [f64::NAN, f64::INFINITY])],
            ..nothing
        };
        assert!(chart(&facts, &odd).is_ok());
    }
}
