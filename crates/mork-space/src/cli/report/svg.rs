//! A drawing of rectangles, lines and text. Colours and fonts are the page's, by class.

use super::escaped;

/// Where a text ends up beside its point.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

pub struct Svg {
    out: String,
}

impl Svg {
    /// An empty drawing with what it shows in words, for who cannot see it.
    pub fn new(width: f64, height: f64, label: &str) -> Svg {
        let label = escaped(label);
        Svg {
            out: format!(
                "<svg viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{label}\">\n"
            ),
        }
    }

    /// A rectangle; `title` is shown where the pointer rests.
    pub fn rect(&mut self, [x, y, width, height]: [f64; 4], class: &str, title: &str) {
        let title = escaped(title);
        self.out += &format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{height:.1}\" class=\"{class}\"><title>{title}</title></rect>\n",
            width.max(0.0)
        );
    }

    pub fn line(&mut self, [x1, y1, x2, y2]: [f64; 4], class: &str) {
        self.out += &format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>\n");
    }

    pub fn text(&mut self, [x, y]: [f64; 2], anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        self.out += &format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>\n");
    }

    pub fn finish(self) -> String {
        self.out + "</svg>\n"
    }
}
