//! The quick form of a case: flags in place of a file.
