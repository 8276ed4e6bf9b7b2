//! The data folder is embedded in the library: a change of it is a change of the program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=data");
}
