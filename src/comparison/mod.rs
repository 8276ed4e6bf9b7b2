//! One household, every option, one ledger: calls the steps in their order and adds up lines.
//!
//! Nothing here reads a file or words a sentence.

pub mod options;
pub mod outcome;
