//! A sheet of SVG to draw on in whole pixels, on top of plotters' SVG backend.

use super::Error;
use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBAColor, RGBColor, ShapeStyle};

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
#[derive(Clone, Copy)]
pub enum Anchor {
    Left,
    Middle,
}

/// A picture being drawn.
pub struct Canvas<'b> {
    area: DrawingArea<SVGBackend<'b>, Shift>,
    width: i32,
    height: i32,
}

/// Draws on a sheet of this size and returns the SVG, with a title and a description for those who do not see it.
pub fn draw(
    size: (i32, i32),
    id: &str,
    title: &str,
    alternative: &str,
    paint: impl FnOnce(&Canvas<'_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let mut svg = String::new();
    {
        let pixels = (size.0.max(1).unsigned_abs(), size.1.max(1).unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, pixels).into_drawing_area();
        area.fill(&PAPER).map_err(fault)?;
        let canvas = Canvas {
            area,
            width: size.0,
            height: size.1,
        };
        paint(&canvas)?;
        canvas.area.present().map_err(fault)?;
    }
    Ok(name(&svg, id, title, alternative))
}

/// Puts the title and description into the opening tag, as screen readers expect them.
fn name(svg: &str, id: &str, title: &str, alternative: &str) -> String {
    let Some(end) = svg.find('>') else {
        return svg.to_owned();
    };
    let (open, rest) = svg.split_at(end);
    format!(
        "{open} role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"sans-serif\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>{}",
        escape(title),
        escape(alternative),
        &rest[1..]
    )
}

/// Text for the inside of an element.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn fault(e: impl std::fmt::Display) -> Error {
    Error::Chart(e.to_string())
}

/// A line of this colour and width.
pub fn stroke(color: impl Color, width: u32) -> ShapeStyle {
    ShapeStyle {
        color: color.to_rgba(),
        filled: false,
        stroke_width: width,
    }
}

/// Ink thinned to a share of its strength, for grids and secondary text.
pub fn faint(share: f64) -> RGBAColor {
    INK.mix(share)
}

impl Canvas<'_> {
    /// Width, px.
    pub fn width(&self) -> i32 {
        self.width
    }

    /// Height, px.
    pub fn height(&self) -> i32 {
        self.height
    }

    /// A line of text, centred on `at` vertically; `size` is the height of its letters in px as a browser counts them.
    pub fn text(&self, text: &str, at: (i32, i32), size: u32, anchor: Anchor, color: impl Color) -> Result<(), Error> {
        let h = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
        };
        // The backend divides sizes by 1.24.
        let style = ("sans-serif", f64::from(size) * 1.24)
            .into_font()
            .color(&color)
            .pos(Pos::new(h, VPos::Center));
        self.area.draw_text(text, &style, at).map_err(fault)
    }

    /// A line through points.
    pub fn line(&self, points: &[(i32, i32)], style: ShapeStyle) -> Result<(), Error> {
        self.area.draw(&PathElement::new(points.to_vec(), style)).map_err(fault)
    }

    /// A filled area.
    pub fn area(&self, points: &[(i32, i32)], color: impl Color) -> Result<(), Error> {
        self.area
            .draw(&Polygon::new(points.to_vec(), color.to_rgba().filled()))
            .map_err(fault)
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, corners: [(i32, i32); 2], color: impl Color) -> Result<(), Error> {
        self.area
            .draw(&Rectangle::new(corners, color.to_rgba().filled()))
            .map_err(fault)
    }

    /// The mark of the `which`th strategy: each has its own shape as well as its own colour.
    pub fn mark(&self, which: usize, (x, y): (i32, i32), r: i32) -> Result<(), Error> {
        let color = color(which);
        match which % 6 {
            0 => self.area.draw(&Circle::new((x, y), r, color.filled())).map_err(fault),
            1 => self.block([(x - r, y - r), (x + r, y + r)], color),
            2 => self.area(&[(x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)], color),
            3 => self.area(&[(x, y - r - 2), (x + r + 2, y), (x, y + r + 2), (x - r - 2, y)], color),
            4 => self.area(&[(x, y + r + 1), (x + r + 1, y - r), (x - r - 1, y - r)], color),
            _ => self.area.draw(&Circle::new((x, y), r, stroke(color, 2))).map_err(fault),
        }
    }

    /// Marks and names of the strategies in a row that starts at `at`; names that would not fit go to the next row.
    pub fn legend(&self, names: &[(usize, &str)], at: (i32, i32)) -> Result<(), Error> {
        let (mut x, mut y) = at;
        for (which, name) in names {
            let wide = 26 + text_width(name, 13);
            if x + wide > self.width && x > at.0 {
                (x, y) = (at.0, y + 20);
            }
            self.mark(*which, (x + 5, y), 5)?;
            self.text(name, (x + 16, y), 13, Anchor::Left, INK)?;
            x += wide;
        }
        Ok(())
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
    let keep = usize::try_from(width * 100 / (size * 56))
        .unwrap_or(0)
        .saturating_sub(1);
    text.chars().take(keep).chain(std::iter::once('…')).collect()
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
            c.text("</text><script>", (5, 5), 12, Anchor::Left, INK)
        })
        .unwrap();
        assert!(!svg.contains("<script>") && svg.contains("a &lt;b&gt; &amp; c"));
    }

    #[test]
    fn a_long_name_is_cut_and_says_so() {
        assert_eq!(fit("short", 12, 200), "short");
        assert!(fit("a very long name of a strategy indeed", 12, 80).ends_with('…'));
    }
}
