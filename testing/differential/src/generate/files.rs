use serde_json::{Value, json};

use crate::model::Field;
use crate::upload::{stored, upload};

use super::Generator;

/// What follows the number in the name of a file.
const NAMES: [&str; 9] =
    [".txt", " a b.TXT", "-Ä ö.txt", ".tar.gz", "", ".json", ".html", "__x.png", ".e.x.t"];

const CONTENTS: [&str; 6] = ["x", "hello world", "{\"a\": 1}", "<html><body>x</body></html>", "", "GIF89a"];

impl Generator {
    /// A value for a file field: files to send, stored ones, or something else.
    pub(super) fn files(&mut self, field: &Field) -> Value {
        if !field.is_multiple() {
            return self.file();
        }
        let count = self.chance.weighted(&[10, 40, 30, 15, 5]);
        (0..count).map(|_| self.file()).collect()
    }

    fn file(&mut self) -> Value {
        match self.chance.below(100) {
            0..72 => self.new_file(),
            72..94 => stored(&format!("f{:0>3}", self.chance.below(self.files + 1))),
            _ => self.chance.pick(&[json!(""), json!("unknown.txt"), json!(null), json!(1)]).clone(),
        }
    }

    fn new_file(&mut self) -> Value {
        self.files += 1;
        let name = format!("f{:0>3}{}", self.files, self.chance.word(&NAMES));
        upload(&name, self.chance.word(&CONTENTS))
    }
}
