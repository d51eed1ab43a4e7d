//! Numbers for people: thousands, bytes, times; and the progress bar.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// With a comma between groups of three digits.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        text.push(',');
        text.extend(group.iter().map(|&digit| char::from(digit)));
    }
    text
}

/// In bytes, KiB or MiB, these with one digit after the point.
pub fn bytes(n: usize) -> String {
    const KIB: f64 = 1024.0;
    let kib = n as f64 / KIB;
    if kib < 1.0 {
        return format!("{n} B");
    }
    if kib < KIB { format!("{kib:.1} KiB") } else { format!("{:.1} MiB", kib / KIB) }
}

/// In milliseconds, microseconds or nanoseconds.
pub fn time(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1.0 {
        return format!("{} ns", time.as_nanos());
    }
    if micros < 1000.0 { format!("{micros:.1} µs") } else { format!("{:.1} ms", micros / 1000.0) }
}

/// A bar over so many bytes, on standard error; invisible where that is not a terminal.
pub fn progress(n_bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} % {msg}");
    let bar = ProgressBar::new(n_bytes);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn units_change_where_they_should() {
        use std::time::Duration;
        let shown = [0, 1023, 1024, 1_048_524, 1_048_576, 3_670_016].map(super::bytes);
        assert_eq!(shown, ["0 B", "1023 B", "1.0 KiB", "1023.9 KiB", "1.0 MiB", "3.5 MiB"]);
        let shown = [0, 999, 1000, 999_900, 1_000_000, 2_500_000_000].map(|nanos| super::time(Duration::from_nanos(nanos)));
        assert_eq!(shown, ["0 ns", "999 ns", "1.0 µs", "999.9 µs", "1.0 ms", "2500.0 ms"]);
    }

    #[test]
    fn thousands_are_grouped() {
        let shown = [0, 7, 12, 123, 1234, 12_345, 123_456, 1_234_567].map(super::count);
        assert_eq!(shown, ["0", "7", "12", "123", "1,234", "12,345", "123,456", "1,234,567"]);
    }
}
