//! How the wizard talks: it says text and hears one answer a line. A terminal and a pipe are the
//! same to it, so that what is tested is what a township sees.

use std::io::{BufRead, Read, Write};

/// Longest answer that is read, bytes; what goes on longer is no answer of a person.
const LONGEST: u64 = 4096;

/// Somebody who answers.
pub trait Dialog {
    /// Says text.
    fn say(&mut self, text: &str);
    /// Hears an answer; nothing once there are none left.
    fn hear(&mut self) -> Option<String>;
}

/// Answers by line.
#[derive(Debug)]
pub struct Lines<R, W> {
    input: R,
    output: W,
    echo: bool,
}

impl<R: BufRead, W: Write> Lines<R, W> {
    /// From an input to an output. `echo` repeats each answer, where no terminal shows it.
    pub const fn new(input: R, output: W, echo: bool) -> Self {
        Self {
            input,
            output,
            echo,
        }
    }
}

impl<R: BufRead, W: Write> Dialog for Lines<R, W> {
    fn say(&mut self, text: &str) {
        // Where nobody can read the questions, the answers still count.
        let _ = self.output.write_all(text.as_bytes());
        let _ = self.output.flush();
    }

    fn hear(&mut self) -> Option<String> {
        self.say("> ");
        let mut line = Vec::new();
        let read = (&mut self.input)
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .unwrap_or(0);
        if read == 0 {
            self.say("\n");
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches('\u{feff}').trim().to_owned();
        if self.echo {
            self.say(&format!("{line}\n"));
        }
        Some(line)
    }
}
