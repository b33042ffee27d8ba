//! Facts to terminal, SVG and HTML. Nothing here computes.
