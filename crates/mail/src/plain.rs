//! The plain text of an HTML document, for those who read mails without HTML.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements whose contents are no text to read.
const LEFT_OUT: &[&[u8]] = &[
    b"style",
    b"script",
    b"iframe",
    b"applet",
    b"object",
    b"svg",
    b"img",
    b"button",
    b"form",
    b"textarea",
    b"input",
    b"select",
    b"option",
    b"template",
];

/// Of them those that have no contents at all, and no end tag.
const EMPTY: &[&[u8]] = &[b"img", b"input"];

/// Elements that stand in a line; any other one begins a new line.
const INLINE: &[&[u8]] =
    &[b"a", b"span", b"small", b"strike", b"strong", b"sub", b"sup", b"em", b"b", b"u", b"i"];

/// What is to be read of an HTML document: lines of text without markup, items of lists after a dash, links as
/// `[text](address)`.
pub fn plain_text(html: &str) -> String {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut writer = Writer::default();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let address = tag.attributes.get(b"href".as_slice());
                let address = address.map(|href| String::from_utf8_lossy(href).into_owned());
                writer.open(&tag.name, address.unwrap_or_default());
            }
            Token::EndTag(tag) => writer.close(&tag.name),
            Token::String(text) => writer.write(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    writer.end_link();
    writer.text.trim().to_owned()
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Whether something stands in the last line.
    in_line: bool,
    link: Option<Link>,
    /// The element whose contents are left out, and how many of its kind are open.
    skipping: Option<(Vec<u8>, usize)>,
}

struct Link {
    label: String,
    address: String,
}

impl Writer {
    /// An element begins; `address` is where it links to, empty for nowhere.
    fn open(&mut self, name: &[u8], address: String) {
        if let Some((skipped, depth)) = &mut self.skipping {
            *depth += usize::from(skipped == name);
            return;
        }
        if LEFT_OUT.contains(&name) {
            if !EMPTY.contains(&name) {
                self.skipping = Some((name.to_vec(), 1));
            }
            return;
        }
        match name {
            b"br" => self.break_line(),
            b"a" => {
                self.end_link();
                self.link = Some(Link { label: String::new(), address });
            }
            _ if self.in_line && !INLINE.contains(&name) => self.break_line(),
            _ => {}
        }
        if name == b"li" {
            self.target().push_str("- ");
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some((skipped, depth)) = &mut self.skipping {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skipping = None;
            }
        } else if name == b"a" {
            self.end_link();
        }
    }

    fn write(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        for c in text.chars() {
            let c = if c.is_whitespace() && c != '\u{a0}' { ' ' } else { c };
            let starts_line = !self.in_line;
            let target = self.target();
            if c != ' ' || !starts_line && !target.ends_with(' ') {
                target.push(c);
                self.in_line = true;
            }
        }
    }

    fn break_line(&mut self) {
        self.target().push_str("\r\n");
        self.in_line = false;
    }

    fn end_link(&mut self) {
        let Some(Link { label, address }) = self.link.take() else { return };
        let label = if label.trim().is_empty() { "LINK" } else { label.trim() };
        self.text.push_str(&format!("[{label}]"));
        if !address.is_empty() {
            self.text.push_str(&format!("({address})"));
        }
        self.in_line = true;
    }

    fn target(&mut self) -> &mut String {
        match &mut self.link {
            Some(link) => &mut link.label,
            None => &mut self.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn text_remains_in_lines() {
        let html = "<html><head><style>p {}</style></head>\n<body>\n  <p>Hi\n <b>Anna</b>,</p>\n<p>your\u{a0}code:<br>1</p>\
                    <ul><li>a</li><li>b</li></ul></body></html>";
        assert_eq!(plain_text(html), "Hi Anna, \r\nyour\u{a0}code:\r\n1\r\n- a\r\n- b");
    }

    #[test]
    fn links_keep_their_addresses() {
        let html = r#"<p>Go <a class="btn" href="https://e.com/?a=1&amp;b=2"> <b>there</b> </a> or <a href="/x"></a></p>"#;
        assert_eq!(plain_text(html), "Go [there](https://e.com/?a=1&b=2) or [LINK](/x)");
        assert_eq!(plain_text("<a>never closed"), "[never closed]");
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let html = "a<script>1 < 2</script><svg><svg></svg>x</svg><img src=x><button>b</button><select><option>o</select>c";
        assert_eq!(plain_text(html), "ac");
        assert_eq!(plain_text("</svg></a>1 &lt; 2<svg>"), "1 < 2");
    }
}
