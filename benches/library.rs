//! Loading the library: one place, which is what every run does, and all of it.

use qingnuan::input::inventory::inventory;
use qingnuan::input::library::Library;
use qingnuan::input::library_check::check_library;
use qingnuan::input::region::region;
use qingnuan::words::calendar::Winter;

fn main() {
    divan::main();
}

/// A place by its name with its figures: at most 3 ms.
#[divan::bench]
fn one_place() -> usize {
    let library = Library::bundled();
    let chain = library.resolve_place("红寺堡");
    let region = chain
        .ok()
        .and_then(|chain| region(&library, &chain, Winter(2026)).ok());
    region.map_or(0, |region| region.figures().len())
}

/// Every file of the library, read and checked: at most 30 ms.
#[divan::bench]
fn everything() -> usize {
    inventory(&Library::bundled()).0.items.len()
}

/// The same with the checks between files, as `check` does.
#[divan::bench]
fn everything_checked() -> usize {
    check_library(&Library::bundled()).0.len()
}
