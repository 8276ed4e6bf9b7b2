//! The list of options: `data/options.toml`.

use std::cell::RefCell;

use crate::input::problem::{ProblemKind, Problems};
use crate::input::record::{Spot, read_toml};
use crate::record;
use crate::words::kinds::Name;

record! {
    /// The options that a comparison looks at.
    pub struct RawOptions {
        /// In the order in which they are listed.
        option: Vec<RawOption>;
    }
}

record! {
    /// One option: a family of products and what is added to it.
    pub struct RawOption {
        /// Its id, as `--option` takes it.
        id: Spot<String>;
        /// Its name.
        name: Name;
        /// The family: a file of `products/`.
        family: Spot<String>;
        /// Rooftop PV that is added, direct-current power.
        pv_kw: Option<f64>, in 0.1..=200.0;
        /// Envelope measures that are added, by id.
        envelope: Vec<Spot<String>>;
        /// Whether it is compared without being asked for.
        listed: bool, default true;
    }
}

/// Reads the list of options; ids are unique.
pub fn read_options(file: &str, text: &str, problems: &mut Problems) -> Option<Vec<RawOption>> {
    let found = RefCell::new(Problems::default());
    let raw: Option<RawOptions> = read_toml(file, text, &found);
    problems.extend(found.into_inner());
    let options = raw?.option;
    for (i, option) in options.iter().enumerate() {
        let id = &option.id;
        if let Some(first) = options[..i].iter().find(|other| other.id.value == id.value) {
            let first = first.id.place.line.to_string();
            problems.error(
                id.place.clone(),
                ProblemKind::Duplicate {
                    id: id.value.clone(),
                    first,
                },
            );
        }
    }
    Some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_once() {
        let one = "[[option]]\nid = \"a\"\nname = \"A\"\nfamily = \"f\"\n";
        let mut problems = Problems::default();
        read_options("options.toml", &one.repeat(2), &mut problems);
        assert_eq!(problems.0.len(), 1);
        assert_eq!(problems.0[0].place.line, 6);
    }
}
