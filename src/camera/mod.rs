//! Where a camera looks and which passes of which route cross its view.
