//! Recordings as text: [asciicast v3], one line of JSON for each event.
//!
//! [asciicast v3]: https://docs.asciinema.org/manual/asciicast/v3/

use core::time::Duration;

use serde_json::json;

/// Longest label of a marker, in characters.
const MAX_LABEL_CHARS: usize = 200;

/// What a recording begins with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Beginning {
    pub(crate) columns: u32,
    pub(crate) rows: u32,
    /// Wall clock, in seconds since 1970.
    pub(crate) timestamp_s: u64,
    pub(crate) title: String,
    /// What draws the screen as it was.
    pub(crate) screen: String,
}

/// Writes the events of one recording.
///
/// Events may come before the beginning is known: they follow it in the text.
#[derive(Debug)]
pub(crate) struct Writer {
    /// Lines that nobody took yet.
    text: String,
    started: Duration,
    /// When the last event was, as it was written: rounding never adds up.
    written_ms: u128,
    /// The beginning of a character whose rest is still to come.
    rest: Vec<u8>,
    begun: bool,
}

impl Writer {
    /// No event yet.
    ///
    /// - `now`: on a clock that never steps back, as every other `now`.
    pub(crate) fn new(now: Duration) -> Self {
        Self {
            text: String::new(),
            started: now,
            written_ms: 0,
            rest: Vec::new(),
            begun: false,
        }
    }

    /// Writes the header and the screen, before everything else.
    pub(crate) fn begin(&mut self, beginning: &Beginning) {
        let header = json!({
            "version": 3,
            "term": {
                "cols": beginning.columns, "rows": beginning.rows, "type": "xterm-256color",
            },
            "timestamp": beginning.timestamp_s,
            "title": beginning.title,
        });
        let screen = json!([0.0, "o", beginning.screen]);
        self.text.insert_str(0, &format!("{header}\n{screen}\n"));
        self.begun = true;
    }

    /// Notes output, which may end in the middle of a character.
    pub(crate) fn output(&mut self, now: Duration, bytes: &[u8]) {
        let mut all = core::mem::take(&mut self.rest);
        all.extend_from_slice(bytes);
        let whole = all.len() - unfinished(&all);
        self.rest = all.split_off(whole);
        if !all.is_empty() {
            self.event(now, "o", &String::from_utf8_lossy(&all));
        }
    }

    /// Notes what was typed.
    pub(crate) fn input(&mut self, now: Duration, bytes: &[u8]) {
        self.event(now, "i", &String::from_utf8_lossy(bytes));
    }

    /// Notes another size of the terminal, in cells.
    pub(crate) fn resized(&mut self, now: Duration, columns: u32, rows: u32) {
        self.event(now, "r", &format!("{columns}x{rows}"));
    }

    /// Notes a place to come back to.
    pub(crate) fn marker(&mut self, now: Duration, label: &str) {
        let label: String = label.chars().take(MAX_LABEL_CHARS).collect();
        self.event(now, "m", &label);
    }

    /// Notes that the shell ended with this status.
    pub(crate) fn exit(&mut self, now: Duration, status: u32) {
        self.event(now, "x", &status.to_string());
    }

    /// How long the recording is.
    pub(crate) fn duration(&self, now: Duration) -> Duration {
        now.saturating_sub(self.started)
    }

    /// How many bytes wait to be taken.
    pub(crate) fn waiting(&self) -> usize {
        self.text.len()
    }

    /// Takes the lines that came since the last time; nothing before the beginning is known.
    pub(crate) fn take(&mut self) -> String {
        if self.begun {
            core::mem::take(&mut self.text)
        } else {
            String::new()
        }
    }

    fn event(&mut self, now: Duration, code: &str, data: &str) {
        let at_ms = self.duration(now).as_millis();
        let interval_ms = at_ms.saturating_sub(self.written_ms);
        self.written_ms = at_ms;
        let (seconds, rest) = (interval_ms / 1000, interval_ms % 1000);
        let data = json!(data);
        let line = format!("[{seconds}.{rest:03}, \"{code}\", {data}]\n");
        self.text.push_str(&line);
    }
}

/// How many bytes at the end are the beginning of a character, at most three.
fn unfinished(bytes: &[u8]) -> usize {
    for back in 1..=3 {
        let Some(byte) = bytes.len().checked_sub(back).and_then(|at| bytes.get(at)) else {
            return 0;
        };
        let length = match byte {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80..=0xbf => continue,
            _ => return 0,
        };
        return if back < length { back } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn begun() -> Writer {
        let mut writer = Writer::new(ms(5000));
        writer.begin(&Beginning {
            columns: 80,
            rows: 24,
            timestamp_s: 1_800_000_000,
            title: "web-1".to_owned(),
            screen: "\u{1b}[31m$ ".to_owned(),
        });
        writer
    }

    fn events(text: &str) -> Vec<serde_json::Value> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn the_beginning_comes_first_even_if_it_is_known_late() {
        let mut writer = Writer::new(ms(0));
        writer.output(ms(20), b"early");
        assert_eq!(writer.take(), "");
        writer.begin(&Beginning {
            columns: 100,
            rows: 30,
            timestamp_s: 1,
            title: String::new(),
            screen: "screen".to_owned(),
        });
        let events = events(&writer.take());
        assert_eq!(events[0]["version"], 3);
        assert_eq!(events[0]["term"]["cols"], 100);
        assert_eq!(events[1], json!([0.0, "o", "screen"]));
        assert_eq!(events[2], json!([0.02, "o", "early"]));
    }

    #[test]
    fn times_are_intervals_whose_sum_is_the_time() {
        let mut writer = begun();
        for step in 0..1000_u64 {
            writer.output(Duration::from_micros(5_000_000 + step * 700), b"x");
        }
        writer.resized(ms(6000), 132, 43);
        writer.marker(ms(6000), "here");
        let events = events(&writer.take());
        let sum: f64 = events[1..]
            .iter()
            .map(|event| event[0].as_f64().unwrap())
            .sum();
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
        assert_eq!(events[events.len() - 2][2], "132x43");
        assert_eq!(events[events.len() - 1], json!([0.0, "m", "here"]));
    }

    #[test]
    fn a_character_may_be_split_anywhere() {
        let text = "aä€😀z\u{1b}[0m";
        for split in 0..=text.len() {
            let mut writer = begun();
            writer.output(ms(5000), &text.as_bytes()[..split]);
            writer.output(ms(5000), &text.as_bytes()[split..]);
            let events = events(&writer.take());
            let read: String = events[2..]
                .iter()
                .map(|it| it[2].as_str().unwrap())
                .collect();
            assert_eq!(read, text, "{split}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_not_wait_for_ever() {
        let mut writer = begun();
        writer.output(ms(5000), b"\xff\x80\x80\x80\x80");
        writer.output(ms(5000), b"\xe2");
        writer.output(ms(5000), b"end");
        let text = writer.take();
        assert!(text.contains("end"), "{text}");
        assert!(writer.rest.is_empty());
    }
}
