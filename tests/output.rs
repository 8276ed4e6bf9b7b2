//! Files of results: whole or not at all, none replaced unasked, and a plain sentence in both
//! languages for everything that can stand in the way.
#![cfg(unix)]
// Helpers of a test may fail it as the test itself may.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const CASE: &str =
    "place = \"红寺堡\"\n[house]\nheated_area_m2 = 100\n[today]\nloose_coal_t = 7.5\n";
const ROSTER: &str = "户主,采暖面积,用煤量\n甲,100,5\n";

/// A folder of its own for a test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("qingnuan-output-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("case.toml"), CASE).unwrap();
        fs::write(folder.join("roster.csv"), ROSTER).unwrap();
        Self(folder)
    }
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qingnuan"));
        command.args(args).current_dir(&self.0);
        command
    }
    /// Fails with this sentence, in Chinese and in English, and leaves the folder as it was.
    fn refuses(&self, args: &[&str], zh: &str, en: &str) {
        let before = self.tree();
        for (more, expected) in [(&[][..], zh), (&["--lang", "en"][..], en)] {
            let output = self.run(&[args, more].concat());
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(told.ends_with(&format!("{expected}\n")), "{args:?}: {told}");
            assert_eq!(output.status.code(), Some(1), "{args:?}: {told}");
            assert!(output.stdout.is_empty(), "{args:?}");
            assert_eq!(self.tree(), before, "{args:?}");
        }
    }
    /// Every file under the folder with its bytes.
    fn tree(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, into: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    into.push((path.clone(), Vec::new()));
                    walk(&path, into);
                } else {
                    into.push((path.clone(), fs::read(&path).unwrap()));
                }
            }
        }
        let mut all = Vec::new();
        walk(&self.0, &mut all);
        all.sort();
        all
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const COMPARE: [&str; 3] = ["compare", "case.toml", "-o"];
const BATCH: [&str; 5] = ["batch", "roster.csv", "--region", "红寺堡", "-o"];

#[test]
fn the_folder_must_exist() {
    let folder = Folder::new("missing");
    let (zh, en) = (
        "写不了 no/a.csv：没有文件夹 no",
        "cannot write no/a.csv: there is no folder no",
    );
    folder.refuses(&[&COMPARE[..], &["no/a.csv"]].concat(), zh, en);
    folder.refuses(&[&BATCH[..], &["no/a.csv"]].concat(), zh, en);
    for other in ["--rejects", "--summary"] {
        let args = [&BATCH[..], &["a.csv", other, "no/b.html"]].concat();
        folder.refuses(
            &args,
            "写不了 no/b.html：没有文件夹 no",
            "cannot write no/b.html: there is no folder no",
        );
    }
}

#[test]
fn a_file_is_no_folder() {
    let folder = Folder::new("file");
    folder.refuses(
        &[&COMPARE[..], &["case.toml/deep/a.csv"]].concat(),
        "写不了 case.toml/deep/a.csv：case.toml 是文件，不是文件夹",
        "cannot write case.toml/deep/a.csv: case.toml is a file, not a folder",
    );
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new("folder");
    fs::create_dir(folder.file("results")).unwrap();
    for name in ["results", "results/", "later/", "."] {
        folder.refuses(
            &[&COMPARE[..], &[name]].concat(),
            &format!("写不了 {name}：这是文件夹，不是文件"),
            &format!("cannot write {name}: this is a folder, not a file"),
        );
    }
}

#[test]
fn a_file_is_replaced_only_by_force() {
    let folder = Folder::new("exists");
    let new = |name: &str| folder.run(&[&COMPARE[..], &[name, "--format", "json"]].concat());
    assert!(new("a.json").status.success());
    let whole = fs::read(folder.file("a.json")).unwrap();
    fs::write(folder.file("a.json"), "my own notes").unwrap();
    let zh = |name: &str| format!("写不了 {name}：已经有这个文件；要换掉它，加 --force");
    let en =
        |name: &str| format!("cannot write {name}: the file exists; add --force to replace it");
    for args in [
        &COMPARE[..],
        &["explain", "case.toml", "--option", "gas_boiler", "-o"],
        &["data", "coverage", "-o"],
    ] {
        let args = [args, &["a.json"]].concat();
        folder.refuses(&args, &zh("a.json"), &en("a.json"));
    }
    let args = [&COMPARE[..], &["a.json", "--format", "json"]].concat();
    for force in ["--force", "--覆盖"] {
        let output = folder.run(&[&args[..], &[force]].concat());
        assert!(output.status.success());
        assert_eq!(fs::read(folder.file("a.json")).unwrap(), whole);
        fs::write(folder.file("a.json"), "my own notes").unwrap();
    }
}

#[test]
fn no_file_of_a_roster_is_replaced_before_the_first_row() {
    let folder = Folder::new("roster");
    let all = [
        &BATCH[..],
        &["a.csv", "--summary", "s.html", "--summary", "s.xlsx"],
    ]
    .concat();
    assert!(folder.run(&all).status.success());
    let names = ["a.csv", "a.rejects.csv", "a.notes.csv", "s.html", "s.xlsx"];
    let zh: Vec<String> = names
        .iter()
        .map(|name| format!("写不了 {name}：已经有这个文件；要换掉它，加 --force"))
        .collect();
    let en: Vec<String> = names
        .iter()
        .map(|name| format!("cannot write {name}: the file exists; add --force to replace it"))
        .collect();
    folder.refuses(&all, &zh.join("\n"), &en.join("\n"));
    let before = folder.tree();
    assert!(
        folder
            .run(&[&all[..], &["--force"]].concat())
            .status
            .success()
    );
    assert_eq!(folder.tree(), before, "same input, same bytes");
}

#[test]
fn two_results_do_not_go_to_one_file() {
    let folder = Folder::new("twice");
    folder.refuses(
        &[&BATCH[..], &["a.csv", "--rejects", "a.csv"]].concat(),
        "写不了 a.csv：两处要写同一个文件",
        "cannot write a.csv: two results would go to this file",
    );
}

#[test]
fn a_name_that_is_too_long_is_said_so() {
    let folder = Folder::new("long");
    let name = "长".repeat(100);
    folder.refuses(
        &[&COMPARE[..], &[&name]].concat(),
        &format!("写不了 {name}：文件名太长，或有系统不许用的字符"),
        &format!(
            "cannot write {name}: the name is too long or has characters that the system does not allow"
        ),
    );
    let longest = "长".repeat(85);
    assert_eq!(longest.len(), 255, "what the system just allows");
    assert!(
        folder
            .run(&[&COMPARE[..], &[&longest]].concat())
            .status
            .success()
    );
}

#[test]
fn a_full_disk_is_said_so() {
    let folder = Folder::new("full");
    folder.refuses(
        &[&COMPARE[..], &["/dev/full"]].concat(),
        "写不了 /dev/full：磁盘满了",
        "cannot write /dev/full: the disk is full",
    );
    for (lang, expected) in [
        ("zh", "打印不出来：磁盘满了\n"),
        ("en", "cannot print: the disk is full\n"),
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = folder
            .command(&["compare", "case.toml", "--lang", lang])
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    }
}

/// The system stops the file in its middle, as a disk does that fills up.
#[test]
fn no_half_file_is_left_and_the_old_one_stays() {
    let folder = Folder::new("half");
    fs::write(folder.file("a.json"), "old").unwrap();
    let limited = |args: &str| {
        let line = format!(
            "trap '' XFSZ; ulimit -f 8; exec {} {args}",
            env!("CARGO_BIN_EXE_qingnuan")
        );
        Command::new("sh")
            .args(["-c", &line])
            .current_dir(&folder.0)
            .output()
            .unwrap()
    };
    let before = folder.tree();
    for args in [
        "compare case.toml --format json -o a.json --force",
        "compare case.toml --format json -o new.json",
    ] {
        let output = limited(args);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.ends_with("文件超过了系统许可的大小\n"), "{told}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(folder.tree(), before, "{args}");
    }
    let output = limited("example extract hongsibao");
    assert_eq!(output.status.code(), Some(0), "its files are small");
}

/// As another user, since nothing is forbidden to root.
#[test]
fn a_folder_without_permission_is_said_so() {
    let folder = Folder::new("permission");
    let program = folder.file("qingnuan");
    fs::copy(env!("CARGO_BIN_EXE_qingnuan"), &program).unwrap();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).unwrap();
    let root = fs::metadata(&program).unwrap().uid() == 0;
    for (lang, expected) in [
        ("zh", "写不了 a.csv：没有写的权限\n"),
        ("en", "cannot write a.csv: no permission to write\n"),
    ] {
        let mut command = Command::new(&program);
        command
            .args(["compare", "case.toml", "-o", "a.csv", "--lang", lang])
            .current_dir(&folder.0);
        if root {
            command.uid(65_534).gid(65_534);
        }
        // A process that another test starts holds the copy open for a moment.
        let output = loop {
            match command.output() {
                Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {}
                other => break other.unwrap(),
            }
        };
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, expected);
        assert_eq!(output.status.code(), Some(1));
    }
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(!folder.file("a.csv").exists());
}

#[test]
fn pipes_and_devices_are_written_as_they_are() {
    let folder = Folder::new("device");
    let said = folder.run(&["compare", "case.toml"]).stdout;
    let through = folder.run(&[&COMPARE[..], &["/dev/stdout"]].concat());
    assert_eq!(through.stdout, said);
    assert!(
        folder
            .run(&[&COMPARE[..], &["/dev/null"]].concat())
            .status
            .success()
    );
}

#[test]
fn a_link_keeps_pointing_at_the_file() {
    let folder = Folder::new("link");
    fs::write(folder.file("real.txt"), "old").unwrap();
    std::os::unix::fs::symlink("real.txt", folder.file("link.txt")).unwrap();
    let output = folder.run(&[&COMPARE[..], &["link.txt", "--force"]].concat());
    assert!(output.status.success());
    assert!(folder.file("link.txt").is_symlink());
    let said = folder.run(&["compare", "case.toml"]).stdout;
    assert_eq!(fs::read(folder.file("real.txt")).unwrap(), said);
}

/// `| head` closes its end: nothing is told, whatever was being written.
#[test]
fn a_reader_that_goes_away_is_quiet() {
    let folder = Folder::new("pipe");
    for more in [&["--format", "json"][..], &["-o", "/dev/stdout"]] {
        let mut child = folder
            .command(&[&["compare", "case.toml"], more].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(0));
    }
}

/// A folder of files is written whole or not at all, too.
#[test]
fn a_folder_that_cannot_be_filled_is_not_left_behind() {
    let folder = Folder::new("region");
    fs::create_dir_all(folder.file("own/places")).unwrap();
    fs::write(folder.file("own/sources"), "a file where a folder must be").unwrap();
    let before = folder.tree();
    let output = folder.run(&["data", "new-region", "红寺堡", "own"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("own/sources 是文件，不是文件夹"), "{told}");
    assert_eq!(folder.tree(), before);
}

/// Without `--format` the ending of the file says what is written.
#[test]
fn the_ending_of_the_file_chooses_the_form() {
    let folder = Folder::new("ending");
    for (name, begins) in [
        ("a.json", &b"{"[..]),
        ("a.csv", b"option,"),
        ("a.md", b"# "),
        ("a.xlsx", b"PK"),
        ("a.HTML", b"<!doctype html>"),
        ("a.txt", "宁夏".as_bytes()),
    ] {
        assert!(
            folder
                .run(&[&COMPARE[..], &[name]].concat())
                .status
                .success()
        );
        let bytes = fs::read(folder.file(name)).unwrap();
        assert!(bytes.starts_with(begins), "{name}");
    }
    let piped = folder.run(&["compare", "case.toml", "--format", "xlsx"]);
    assert_eq!(piped.stdout, fs::read(folder.file("a.xlsx")).unwrap());
}
