//! technology
