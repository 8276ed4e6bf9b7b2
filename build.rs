//! The data library is embedded in the binary: a file added to it must lead to a new build.

fn main() {
    println!("cargo::rerun-if-changed=data");
}
