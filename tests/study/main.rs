//! Studies: reading them, running them, resuming them, and what is made of them.

mod common;
mod failure;
mod files;
mod growing;
mod indices;
mod measured;
mod optimise;
mod packs;
mod precise;
mod programmes;
mod sweeps;
