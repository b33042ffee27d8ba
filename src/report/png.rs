//! Pictures as PNG, drawn by tiny-skia with a font of our own: the same pixels on every machine.

use super::Error;
use super::canvas::{Anchor, PAPER, Shape};
use plotters::style::RGBAColor;
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PremultipliedColorU8, Rect, Stroke, Transform,
};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Pixels of the file for each pixel of the drawing.
const SCALE: f32 = 2.0;
/// DejaVu Sans Condensed, a subset; its licence lies beside it.
const FONT: &[u8] = include_bytes!("font/DejaVuSansCondensed-subset.ttf");

/// The shapes as a PNG file.
pub fn encode<'s>(size: (i32, i32), shapes: impl Iterator<Item = &'s Shape>) -> Result<Vec<u8>, Error> {
    let fault = |why: &str| Error::Chart(why.to_owned());
    let side = |x: i32| x.unsigned_abs() * SCALE as u32;
    let mut sheet = Pixmap::new(side(size.0), side(size.1)).ok_or_else(|| fault("a picture without a size"))?;
    sheet.fill(Color::from_rgba8(PAPER.0, PAPER.1, PAPER.2, 255));
    let face = Face::parse(FONT, 0).map_err(|e| fault(&format!("the font cannot be read: {e}")))?;
    for shape in shapes {
        put(&mut sheet, &face, shape);
    }
    // Nothing shows through the paper: without alpha the file is a third smaller.
    sheet.pixels_mut().iter_mut().for_each(|p| {
        *p = PremultipliedColorU8::from_rgba(p.red(), p.green(), p.blue(), 255).unwrap_or(*p);
    });
    sheet.encode_png().map_err(|e| fault(&e.to_string()))
}

fn put(sheet: &mut Pixmap, face: &Face, shape: &Shape) {
    let scaled = Transform::from_scale(SCALE, SCALE);
    match shape {
        Shape::Text {
            text,
            at,
            size,
            anchor,
            color,
        } => write_text(sheet, face, text, *at, *size as f32, *anchor, color),
        Shape::Line { points, color, width } => {
            if let Some(path) = through(points, false) {
                sheet.stroke_path(&path, &paint(color), &pen(*width), scaled, None);
            }
        }
        Shape::Area { points, color } => {
            if let Some(path) = through(points, true) {
                sheet.fill_path(&path, &paint(color), FillRule::Winding, scaled, None);
            }
        }
        Shape::Block { corners: [a, b], color } => {
            let (left, right) = (a.0.min(b.0) as f32, a.0.max(b.0) as f32);
            let (top, bottom) = (a.1.min(b.1) as f32, a.1.max(b.1) as f32);
            if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
                sheet.fill_rect(rect, &paint(color), scaled, None);
            }
        }
        Shape::Disc { at, r, color, ring } => {
            let Some(path) = PathBuilder::from_circle(at.0 as f32, at.1 as f32, *r as f32) else {
                return;
            };
            match ring {
                Some(width) => sheet.stroke_path(&path, &paint(color), &pen(*width), scaled, None),
                None => sheet.fill_path(&path, &paint(color), FillRule::Winding, scaled, None),
            }
        }
        Shape::Tip { .. } => {}
    }
}

fn pen(width: u32) -> Stroke {
    Stroke {
        width: width as f32,
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }
}

fn paint(color: &RGBAColor) -> Paint<'static> {
    let mut paint = Paint::default();
    let alpha = libm::round(color.3.clamp(0.0, 1.0) * 255.0) as u8;
    paint.set_color_rgba8(color.0, color.1, color.2, alpha);
    paint.anti_alias = true;
    paint
}

fn through(points: &[(i32, i32)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.0 as f32, first.1 as f32);
    rest.iter().for_each(|p| path.line_to(p.0 as f32, p.1 as f32));
    if closed {
        path.close();
    }
    path.finish()
}

/// Letters as filled outlines, the middle of the capitals at the given height.
fn write_text(
    sheet: &mut Pixmap,
    face: &Face,
    text: &str,
    at: (i32, i32),
    size: f32,
    anchor: Anchor,
    color: &RGBAColor,
) {
    let em = size / f32::from(face.units_per_em());
    let glyph = |c: char| face.glyph_index(c).unwrap_or(GlyphId(0));
    let advance = |g: GlyphId| em * f32::from(face.glyph_hor_advance(g).unwrap_or(0));
    let width: f32 = text.chars().map(|c| advance(glyph(c))).sum();
    let mut x = at.0 as f32
        - match anchor {
            Anchor::Left => 0.0,
            Anchor::Middle => 0.5 * width,
            Anchor::Right => width,
        };
    let capital = f32::from(face.capital_height().unwrap_or(1493));
    let baseline = at.1 as f32 + 0.5 * em * capital;
    let ink = paint(color);
    for g in text.chars().map(glyph) {
        let mut outline = Outline(PathBuilder::new());
        face.outline_glyph(g, &mut outline);
        if let Some(path) = outline.0.finish() {
            // Fonts count upwards, pictures downwards.
            let place = Transform::from_row(SCALE * em, 0.0, 0.0, -SCALE * em, SCALE * x, SCALE * baseline);
            sheet.fill_path(&path, &ink, FillRule::Winding, place, None);
        }
        x += advance(g);
    }
}

struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }
    fn close(&mut self) {
        self.0.close();
    }
}
