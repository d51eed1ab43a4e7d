//! Lines from a terminal, with editing and history, or from anything else.

use std::env;
use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

/// What comes next.
pub enum Line {
    Text(Vec<u8>),
    /// What was being typed is not wanted.
    Dropped,
    End,
}

pub enum Input {
    Terminal { editor: Box<DefaultEditor>, history: Option<PathBuf> },
    Piped,
}

impl Input {
    /// The standard input.
    pub fn new() -> io::Result<Input> {
        if !io::stdin().is_terminal() {
            return Ok(Input::Piped);
        }
        let mut editor = DefaultEditor::new().map_err(io::Error::other)?;
        let history = env::home_dir().map(|home| home.join(".mork-space-history"));
        if let Some(path) = &history {
            // The first time there is none.
            let _ = editor.load_history(path);
        }
        Ok(Input::Terminal { editor: Box::new(editor), history })
    }

    pub fn is_terminal(&self) -> bool {
        matches!(self, Input::Terminal { .. })
    }

    /// The next line, without its end.
    pub fn next(&mut self, prompt: &str) -> io::Result<Line> {
        match self {
            Input::Terminal { editor, .. } => match editor.readline(prompt) {
                Ok(line) => {
                    editor.add_history_entry(line.as_str()).map_err(io::Error::other)?;
                    Ok(Line::Text(line.into()))
                }
                Err(ReadlineError::Interrupted) => Ok(Line::Dropped),
                Err(ReadlineError::Eof) => Ok(Line::End),
                Err(error) => Err(io::Error::other(error)),
            },
            Input::Piped => {
                let mut line = vec![];
                if io::stdin().lock().read_until(b'\n', &mut line)? == 0 {
                    return Ok(Line::End);
                }
                line.pop_if(|last| *last == b'\n');
                Ok(Line::Text(line))
            }
        }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if let Input::Terminal { editor, history: Some(path) } = self {
            // Without a place for it there is no history the next time, and nothing else is lost.
            let _ = editor.save_history(path);
        }
    }
}
