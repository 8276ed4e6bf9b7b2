//! One household with every option of its place, hourly: what a county's roster repeats.

#![allow(clippy::expect_used)]

use std::path::Path;

use qingnuan::cli::compute::wishes;
use qingnuan::comparison::{Household, Setting, compare};
use qingnuan::input::case::read_case;
use qingnuan::input::household::household;
use qingnuan::input::library::Library;
use qingnuan::input::setting::place_in_winter;

fn main() {
    divan::main();
}

/// The first example's place and household.
fn made() -> (Setting, Household) {
    let case = read_case(Path::new("examples/hongsibao"))
        .case
        .expect("the example reads");
    let library = Library::bundled();
    let chain = library
        .resolve_place(&case.place.value)
        .expect("the place is known");
    let place = place_in_winter(&library, &chain, &wishes(&case)).expect("the place has figures");
    let household = household(&case, &place).expect("the household is complete");
    (place.setting, household)
}

/// All options, from the checked household to the result.
#[divan::bench]
fn compare_all_options(bencher: divan::Bencher) {
    let (setting, household) = made();
    bencher.bench_local(|| compare(divan::black_box(&setting), divan::black_box(&household)));
}

/// The place: files, weather, tariffs, rules; made once for all its households.
#[divan::bench]
fn place(bencher: divan::Bencher) {
    let case = read_case(Path::new("examples/hongsibao"))
        .case
        .expect("the example reads");
    let library = Library::bundled();
    let chain = library
        .resolve_place(&case.place.value)
        .expect("the place is known");
    let wishes = wishes(&case);
    bencher.bench_local(|| place_in_winter(&library, &chain, &wishes));
}
