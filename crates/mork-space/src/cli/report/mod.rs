//! Reports as one HTML page that needs nothing else: text, tables and drawings, in the colours that the reader's screen prefers.
//!
//! Leaves to others: what is reported (`demo`).

mod chart;
mod histogram;
mod svg;

pub use chart::{Bar, diverging, legend, stacked};
pub use histogram::{Latencies, histogram};

/// A page in the making. What is put into it is HTML already; [`escaped`] makes text such.
pub struct Page {
    body: String,
}

impl Page {
    pub fn new(title: &str, lead: &str) -> Page {
        Page { body: format!("<h1>{title}</h1>\n<p class=\"lead\">{lead}</p>\n") }
    }

    pub fn heading(&mut self, text: &str) {
        self.body += &format!("<h2>{text}</h2>\n");
    }

    pub fn paragraph(&mut self, html: &str) {
        self.body += &format!("<p>{html}</p>\n");
    }

    /// A drawing, which may be wider than the page.
    pub fn figure(&mut self, html: &str, class: &str) {
        self.body += &format!("<div class=\"figure {class}\">{html}</div>\n");
    }

    /// A table; the first column is text, the others are numbers.
    pub fn table(&mut self, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let line = |cells: Vec<String>, tag: &str| {
            let cells: String = cells.iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let head = line(head.iter().map(|cell| cell.to_string()).collect(), "th");
        let rows: String = rows.into_iter().map(|cells| line(cells, "td")).collect();
        self.body += &format!("<div class=\"figure\"><table>\n<thead>{head}</thead>\n<tbody>{rows}</tbody></table></div>\n");
    }

    pub fn into_html(self, title: &str) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
            self.body
        )
    }
}

/// Text as it stands in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = include_str!("style.css");
