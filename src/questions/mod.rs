//! Questions that need many accounts: what a programme does to all households of a place.

pub mod roster;
pub mod scenario;
