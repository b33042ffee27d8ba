//! Streets prepared for walking: routes between gates and attractors, crowding, sun light, distances for pursuit.

pub mod import;
