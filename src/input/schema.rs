//! JSON Schema and reference page.
