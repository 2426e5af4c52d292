//! A plain text from the beginning of an HTML text.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements whose contents are left out.
const EXCLUDED: &[&[u8]] = &[
    b"head",
    b"style",
    b"script",
    b"iframe",
    b"embed",
    b"applet",
    b"object",
    b"svg",
    b"img",
    b"picture",
    b"dialog",
    b"template",
    b"button",
    b"form",
    b"textarea",
    b"input",
    b"select",
    b"option",
];

/// Elements that do not part words.
const INLINE: &[&[u8]] = &[
    b"a", b"abbr", b"acronym", b"b", b"bdo", b"big", b"br", b"button", b"cite", b"code", b"em", b"i",
    b"label", b"q", b"small", b"span", b"strong", b"strike", b"sub", b"sup", b"time",
];

/// Elements that have no contents and no end tag.
const VOID: &[&[u8]] = &[
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"track", b"wbr",
];

/// The text of an HTML text with whitespace collapsed, cut to `max` characters; `...` follows a cut when
/// `ellipsis` is set.
pub(super) fn excerpt(html: &str, max: usize, ellipsis: bool) -> String {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut writer = Writer { text: " ".to_owned(), max, skipping: None };
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => writer.open(&tag.name),
            Token::EndTag(tag) => writer.close(&tag.name),
            Token::String(text) => writer.write(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    cut(writer.text.trim(), max, ellipsis)
}

fn cut(text: &str, max: usize, ellipsis: bool) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default().trim();
            format!("{kept}{}", if ellipsis { "..." } else { "" })
        }
    }
}

struct Writer {
    text: String,
    max: usize,
    /// The element whose contents are left out, and how many of its kind are open.
    skipping: Option<(Vec<u8>, usize)>,
}

impl Writer {
    fn open(&mut self, name: &[u8]) {
        if let Some((skipped, depth)) = &mut self.skipping {
            *depth += usize::from(skipped == name);
            return;
        }
        let excluded = EXCLUDED.contains(&name);
        if !excluded {
            self.part(name);
        }
        // Enough was read: elements from here on add nothing. The two bytes are whitespace trimmed in the end.
        let full = self.text.len() > self.max.saturating_add(2);
        if (excluded || full) && !VOID.contains(&name) {
            self.skipping = Some((name.to_vec(), 1));
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some((skipped, depth)) = &mut self.skipping {
            *depth -= usize::from(skipped == name);
            if *depth > 0 {
                return;
            }
            self.skipping = None;
        }
        if !EXCLUDED.contains(&name) {
            self.part(name);
        }
    }

    /// Parts the words before and after an element, unless it stands in a line.
    fn part(&mut self, name: &[u8]) {
        if !INLINE.contains(&name) && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn write(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        for char in text.chars() {
            if !matches!(char, ' ' | '\t' | '\n' | '\r' | '\x0c') {
                self.text.push(char);
            } else if !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_tags_and_collapses_whitespace() {
        let html = " <script>var a = '<b>';</script>   <p>Hello</p><div id=\"x\">t   est<b>12\n\t3</b><span>456</span></div>\
                    <span>word <b>7</b> 89<span>!<b>?</b><b> a </b><b>b </b>c</span>#<h1>title</h1>";
        let plain = "Hello t est12 3456 word 7 89!? a b c# title";
        assert_eq!(excerpt(html, 1000, true), plain);
        assert_eq!(excerpt(html, plain.len(), true), plain);
        assert_eq!(excerpt(html, 2, true), "He...");
        assert_eq!(excerpt(html, 2, false), "He");
    }

    #[test]
    fn counts_characters_and_decodes_entities() {
        assert_eq!(excerpt("аб\nв ", 4, true), "аб в");
        assert_eq!(excerpt("аб\nв ", 3, true), "аб...");
        assert_eq!(excerpt("a &amp; b<br>c<hr>d", 100, true), "a & bc d");
    }

    #[test]
    fn leaves_out_forms_and_pictures() {
        assert_eq!(
            excerpt("a<img src=x>b<form>c<input>d</form>e<svg><svg></svg>f</svg>g", 100, true),
            "abeg"
        );
    }
}
