//! A sheet to draw on in whole pixels. What is drawn is kept as shapes, then written as SVG (by plotters) or as PNG.

use super::Error;
use super::png;
use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBAColor, RGBColor, ShapeStyle};
use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

/// Okabe and Ito's colours, told apart by nearly everybody, without the green that next to vermilion would read as a verdict.
pub const PALETTE: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(120, 120, 120),
];

/// Text and axes. The page replaces it by its own text colour, so that pictures follow light and dark.
pub const INK: RGBColor = RGBColor(1, 1, 1);
/// Streets: seen on light and on dark.
pub const STREET: RGBColor = RGBColor(158, 163, 173);
/// Behind a picture that stands alone. The page takes it away.
pub const PAPER: RGBColor = RGBColor(254, 254, 254);

/// Which edge of a text sits at its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor {
    Left,
    Middle,
    Right,
}

/// Something drawn, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A line of text, centred vertically on its position.
    Text {
        text: String,
        at: (i32, i32),
        size: u32,
        anchor: Anchor,
        color: RGBAColor,
    },
    /// A line through points.
    Line {
        points: Vec<(i32, i32)>,
        color: RGBAColor,
        width: u32,
    },
    /// A filled polygon.
    Area { points: Vec<(i32, i32)>, color: RGBAColor },
    /// A filled rectangle.
    Block { corners: [(i32, i32); 2], color: RGBAColor },
    /// A disc, or a ring where `ring` is its width.
    Disc {
        at: (i32, i32),
        r: i32,
        color: RGBAColor,
        ring: Option<u32>,
    },
    /// What a reader is told who points at this spot.
    Tip { at: (i32, i32), r: i32, text: String },
}

/// A picture being drawn.
pub struct Canvas {
    width: i32,
    height: i32,
    /// Shapes with the series (strategy) that each belongs to.
    shapes: RefCell<Vec<(Option<usize>, Shape)>>,
    series: Cell<Option<usize>>,
}

/// A finished picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// As SVG.
    pub svg: String,
    size: (i32, i32),
    shapes: Vec<(Option<usize>, Shape)>,
}

impl Drawing {
    /// Series that something belongs to, in rising order.
    pub fn series(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.shapes.iter().filter_map(|(s, _)| *s).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// As PNG, twice as large.
    ///
    /// # Errors
    /// When the picture has no size, which is a fault of this room.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        png::encode(self.size, self.shapes.iter().map(|(_, s)| s))
    }
}

/// Draws on a sheet of this size, with a title and a description for those who do not see it.
pub fn draw(
    size: (i32, i32),
    id: &str,
    title: &str,
    alternative: &str,
    paint: impl FnOnce(&Canvas),
) -> Result<Drawing, Error> {
    let canvas = Canvas {
        width: size.0.max(1),
        height: size.1.max(1),
        shapes: RefCell::default(),
        series: Cell::new(None),
    };
    paint(&canvas);
    let (size, shapes) = ((canvas.width, canvas.height), canvas.shapes.into_inner());
    let mut svg = open(size, id, title, alternative);
    let mut rest = &shapes[..];
    while let Some((series, _)) = rest.first() {
        let run = rest.iter().take_while(|(s, _)| s == series).count();
        let inner = layer(size, rest[..run].iter().map(|(_, s)| s))?;
        match series {
            Some(which) => {
                let _ = write!(svg, "<g class=\"series series-{which}\">{inner}</g>");
            }
            None => svg.push_str(&inner),
        }
        rest = &rest[run..];
    }
    svg.push_str("</svg>\n");
    Ok(Drawing { svg, size, shapes })
}

/// The opening tag with a title and a description as screen readers expect them, and the paper.
fn open((w, h): (i32, i32), id: &str, title: &str, alternative: &str) -> String {
    format!(
        "<svg width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"sans-serif\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
         <rect width=\"{w}\" height=\"{h}\" fill=\"#FEFEFE\" stroke=\"none\"/>\n",
        escape(title),
        escape(alternative),
    )
}

/// Shapes as SVG elements, by plotters; tips as elements of our own.
fn layer<'s>(size: (i32, i32), shapes: impl Iterator<Item = &'s Shape>) -> Result<String, Error> {
    let mut svg = String::new();
    let mut tips = String::new();
    {
        let pixels = (size.0.unsigned_abs(), size.1.unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, pixels).into_drawing_area();
        for shape in shapes {
            match shape {
                Shape::Tip { at, r, text } => {
                    let _ = writeln!(
                        tips,
                        "<circle class=\"tip\" cx=\"{}\" cy=\"{}\" r=\"{r}\" fill=\"none\" pointer-events=\"all\"><title>{}</title></circle>",
                        at.0,
                        at.1,
                        escape(text)
                    );
                }
                _ => put(&area, shape)?,
            }
        }
        area.present().map_err(fault)?;
    }
    // Only what stands between the backend's own opening and closing tags.
    let inner = svg.split_once('>').map_or("", |(_, rest)| rest);
    Ok(inner.trim_end().trim_end_matches("</svg>").to_owned() + &tips)
}

fn put(area: &DrawingArea<SVGBackend, Shift>, shape: &Shape) -> Result<(), Error> {
    let stroked = |color: &RGBAColor, width: u32| ShapeStyle {
        color: *color,
        filled: false,
        stroke_width: width,
    };
    match shape {
        Shape::Text {
            text,
            at,
            size,
            anchor,
            color,
        } => {
            let h = match anchor {
                Anchor::Left => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::Right => HPos::Right,
            };
            // The backend divides sizes by 1.24.
            let style = ("sans-serif", f64::from(*size) * 1.24)
                .into_font()
                .color(color)
                .pos(Pos::new(h, VPos::Center));
            area.draw_text(text, &style, *at).map_err(fault)
        }
        Shape::Line { points, color, width } => area
            .draw(&PathElement::new(points.clone(), stroked(color, *width)))
            .map_err(fault),
        Shape::Area { points, color } => area.draw(&Polygon::new(points.clone(), color.filled())).map_err(fault),
        Shape::Block { corners, color } => area.draw(&Rectangle::new(*corners, color.filled())).map_err(fault),
        Shape::Disc { at, r, color, ring } => {
            let style = ring.map_or(color.filled(), |w| stroked(color, w));
            area.draw(&Circle::new(*at, *r, style)).map_err(fault)
        }
        Shape::Tip { .. } => Ok(()),
    }
}

/// Text for the inside of an element.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn fault(e: impl std::fmt::Display) -> Error {
    Error::Chart(e.to_string())
}

/// A line of this colour and width.
pub fn stroke(color: impl Color, width: u32) -> (RGBAColor, u32) {
    (color.to_rgba(), width)
}

/// Ink thinned to a share of its strength, for grids and secondary text.
pub fn faint(share: f64) -> RGBAColor {
    INK.mix(share)
}

impl Canvas {
    /// Width, px.
    pub fn width(&self) -> i32 {
        self.width
    }

    /// Height, px.
    pub fn height(&self) -> i32 {
        self.height
    }

    fn push(&self, shape: Shape) {
        self.shapes.borrow_mut().push((self.series.get(), shape));
    }

    /// Whatever `paint` draws belongs to the `which`th strategy, which a reader can hide.
    pub fn series(&self, which: usize, paint: impl FnOnce(&Canvas)) {
        let before = self.series.replace(Some(which));
        paint(self);
        self.series.set(before);
    }

    /// A line of text, centred on `at` vertically; `size` is the height of its letters in px as a browser counts them.
    pub fn text(&self, text: &str, at: (i32, i32), size: u32, anchor: Anchor, color: impl Color) {
        self.push(Shape::Text {
            text: text.to_owned(),
            at,
            size,
            anchor,
            color: color.to_rgba(),
        });
    }

    /// A line through points.
    pub fn line(&self, points: &[(i32, i32)], (color, width): (RGBAColor, u32)) {
        self.push(Shape::Line {
            points: points.to_vec(),
            color,
            width,
        });
    }

    /// A filled area.
    pub fn area(&self, points: &[(i32, i32)], color: impl Color) {
        self.push(Shape::Area {
            points: points.to_vec(),
            color: color.to_rgba(),
        });
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, corners: [(i32, i32); 2], color: impl Color) {
        self.push(Shape::Block {
            corners,
            color: color.to_rgba(),
        });
    }

    /// What a reader is told who points within `r` of a spot.
    pub fn tip(&self, at: (i32, i32), r: i32, text: &str) {
        self.push(Shape::Tip {
            at,
            r,
            text: text.to_owned(),
        });
    }

    /// The mark of the `which`th strategy: each has its own shape as well as its own colour.
    pub fn mark(&self, which: usize, (x, y): (i32, i32), r: i32) {
        let color = color(which);
        let disc = |ring| Shape::Disc {
            at: (x, y),
            r,
            color: color.to_rgba(),
            ring,
        };
        match which % 6 {
            0 => self.push(disc(None)),
            1 => self.block([(x - r, y - r), (x + r, y + r)], color),
            2 => self.area(&[(x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)], color),
            3 => self.area(&[(x, y - r - 2), (x + r + 2, y), (x, y + r + 2), (x - r - 2, y)], color),
            4 => self.area(&[(x, y + r + 1), (x + r + 1, y - r), (x - r - 1, y - r)], color),
            _ => self.push(disc(Some(2))),
        }
    }

    /// Marks and names of the strategies in a row that starts at `at`; names that would not fit go to the next row.
    pub fn legend(&self, names: &[(usize, &str)], at: (i32, i32)) {
        let (mut x, mut y) = at;
        for (which, name) in names {
            let wide = 26 + text_width(name, 13);
            if x + wide > self.width && x > at.0 {
                (x, y) = (at.0, y + 20);
            }
            self.mark(*which, (x + 5, y), 5);
            self.text(name, (x + 16, y), 13, Anchor::Left, INK);
            x += wide;
        }
    }
}

/// Colour of the `which`th strategy.
pub fn color(which: usize) -> RGBColor {
    PALETTE[which % PALETTE.len()]
}

/// About how wide a text is, px: letters of a sans serif average a little over half their size.
pub fn text_width(text: &str, size: i32) -> i32 {
    let letters = i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 200);
    letters * size * 56 / 100
}

/// A text cut to about this width, with an ellipsis where something was left off.
pub fn fit(text: &str, size: i32, width: i32) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let keep = letters_in(size, width).saturating_sub(1);
    text.chars().take(keep).chain(std::iter::once('…')).collect()
}

/// A text in lines of about this width.
pub fn lines(text: &str, size: i32, width: i32) -> Vec<String> {
    super::lines::wrap(text, letters_in(size, width))
}

fn letters_in(size: i32, width: i32) -> usize {
    usize::try_from(width * 100 / (size * 56)).unwrap_or(0)
}
/// Nearest pixel; a position that is not a number, or is far off the sheet, is kept at its edge.
pub fn px(x: f64) -> i32 {
    if x.is_nan() {
        0
    } else {
        libm::round(x.clamp(-20_000.0, 20_000.0)) as i32
    }
}

/// A straight scale from values to pixels.
#[derive(Clone, Copy)]
pub struct Scale {
    from: (f64, f64),
    to: (i32, i32),
}

impl Scale {
    /// Values `from` land on pixels `to`.
    pub fn new(from: (f64, f64), to: (i32, i32)) -> Scale {
        Scale { from, to }
    }

    /// Pixel of a value.
    pub fn at(&self, x: f64) -> i32 {
        let share = (x - self.from.0) / (self.from.1 - self.from.0);
        px(f64::from(self.to.0) + share * f64::from(self.to.1 - self.to.0))
    }

    /// Round values for about `n` ticks.
    pub fn ticks(&self, n: u32) -> (Vec<f64>, usize) {
        let span = self.from.1 - self.from.0;
        if span.is_nan() || span <= 0.0 || !span.is_finite() {
            return (vec![self.from.0], 0);
        }
        let raw = span / f64::from(n.max(1));
        let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|m| m * power)
            .find(|s| *s >= raw * 0.999)
            .unwrap_or(raw);
        let first = libm::ceil(self.from.0 / step - 1e-9) as i64;
        let last = libm::floor(self.from.1 / step + 1e-9) as i64;
        let finer = if (step / power - 2.5).abs() < 1e-9 { 1.0 } else { 0.0 };
        let decimals = (finer - libm::floor(libm::log10(step * 1.000_001))).clamp(0.0, 9.0) as usize;
        ((first..=last).map(|i| i as f64 * step).collect(), decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside_the_axis() {
        let (ticks, decimals) = Scale::new((-1.2, 4.9), (0, 400)).ticks(4);
        assert_eq!((ticks, decimals), (vec![0.0, 2.0, 4.0], 0));
        let (ticks, decimals) = Scale::new((0.0, 0.09), (0, 400)).ticks(4);
        assert_eq!(decimals, 3);
        assert_eq!(ticks.len(), 4);
        assert_eq!(Scale::new((1.0, 1.0), (0, 10)).ticks(3).0, vec![1.0]);
    }

    #[test]
    fn a_users_words_cannot_leave_their_element() {
        let svg = draw((50, 50), "x", "a <b> & c", "d", |c| {
            c.text("</text><script>", (5, 5), 12, Anchor::Left, INK);
        })
        .unwrap();
        let svg = svg.svg;
        assert!(!svg.contains("<script>") && svg.contains("a &lt;b&gt; &amp; c"));
    }

    #[test]
    fn a_long_name_is_cut_and_says_so() {
        assert_eq!(fit("short", 12, 200), "short");
        assert!(fit("a very long name of a strategy indeed", 12, 80).ends_with('…'));
    }
}
