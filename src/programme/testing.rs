//! What tests of several parts of this room share.

use crate::scenario::plan::{Value, Values};
use crate::scenario::registry::ParamId;
use crate::scenario::world::Numbers;

/// The defaults with some parameters set, as one certain world.
pub(super) fn numbers(pairs: &[(ParamId, f64)]) -> Numbers {
    let mut values = Values::default();
    for (id, central) in pairs {
        let value = Value {
            central: *central,
            prior: None,
        };
        values.set(*id, value);
    }
    Numbers::draw(&values, None)
}
