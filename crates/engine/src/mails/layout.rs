//! What stands around the text of a mail.

const HEAD: &str = r#"<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { margin: 0; padding: 24px; background: #ffffff; color: #1c1f23; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; }
p { margin: 0 0 14px; }
hr { border: 0; border-top: 1px solid #dfe3e8; margin: 14px 0; }
small { font-size: 12px; }
.hidden { display: none; }
.btn { display: inline-block; padding: 10px 22px; border-radius: 6px; background: #1c1f23; color: #ffffff !important; font-weight: 600; text-decoration: none; }
</style>
</head>
<body>
"#;

/// An HTML document around the text of a mail.
pub(super) fn document(content: &str) -> String {
    [HEAD, content, "\n</body>\n</html>\n"].concat()
}
