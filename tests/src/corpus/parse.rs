use reqwest::Method;

use super::scenario::{Body, Case, Content, Difference, Part, Place, Reply, Scenario};

/// The type of a body that does not tell another one.
const JSON: &str = "application/json";

/// The type of a form with files.
const FORM: &str = "multipart/form-data";

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// When a line cannot be understood; with its number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines: Vec<&str> = text.lines().collect();
        let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].starts_with("== ")).collect();
        let first = starts.first().copied().unwrap_or(lines.len());
        let remark = trimmed(&lines[..first]).iter().map(|line| (*line).to_owned()).collect();
        let ends = starts.iter().skip(1).copied().chain([lines.len()]);
        let cases = starts.iter().zip(ends).map(|(start, end)| case(&lines[*start..end], start + 1));
        Ok(Self { remark, cases: cases.collect::<Result<_, _>>()? })
    }
}

/// Reads the case that begins at a line of this number.
fn case(lines: &[&str], number: usize) -> Result<Case, String> {
    let is_reply = |line: &&str| line.starts_with("-- ");
    let end = lines.iter().position(is_reply).unwrap_or(lines.len());
    let (request, replies) = lines.split_at(end);
    let request = trimmed(request);
    let mut case = Case {
        name: request[0].trim_start_matches("== ").to_owned(),
        line: number,
        source: request.iter().map(|line| (*line).to_owned()).collect(),
        caller: None,
        method: Method::GET,
        path: String::new(),
        query: Vec::new(),
        headers: Vec::new(),
        saves: Vec::new(),
        shown: Vec::new(),
        body: Body::Empty,
        reply: None,
        differences: Vec::new(),
    };
    let head = request.iter().position(|line| line.is_empty()).unwrap_or(request.len());
    let mut content_type = JSON.to_owned();
    for (at, line) in request[..head].iter().enumerate().skip(1) {
        directive(&mut case, &mut content_type, line).ok_or_else(|| format!("{}: {line}", number + at))?;
    }
    if case.path.is_empty() {
        return Err(format!("{number}: there is no request"));
    }
    let body = trimmed(&request[head..]);
    if content_type == FORM {
        let parts = body.iter().map(|line| part(line).ok_or_else(|| format!("{number}: {line}")));
        case.body = Body::Form(parts.collect::<Result<_, _>>()?);
    } else if !body.is_empty() {
        case.body = Body::Text(content_type, body.join("\n"));
    }
    for reply in replies.chunk_by(|_, next| !is_reply(next)) {
        expected(&mut case, reply).ok_or_else(|| format!("{number}: {}", reply[0]))?;
    }
    Ok(case)
}

/// Takes a line of the head; `None` when it is none.
fn directive(case: &mut Case, content_type: &mut String, line: &str) -> Option<()> {
    let (word, rest) = line.split_once(' ')?;
    match word {
        "#" => {}
        "as" => case.caller = Some(rest.to_owned()),
        "?" => case.query.push(pair(rest, "=")?),
        "+" => case.headers.push(pair(rest, ":")?),
        "save" => case.saves.push(pair(rest, "=")?),
        "show" => case.shown = rest.split(", ").map(str::to_owned).collect(),
        "content" => rest.clone_into(content_type),
        _ => {
            let upper = word.bytes().all(|byte| byte.is_ascii_uppercase()) && rest.starts_with('/');
            case.method = Method::from_bytes(word.as_bytes()).ok().filter(|_| upper)?;
            rest.clone_into(&mut case.path);
        }
    }
    Some(())
}

/// `name = value` or `name < file`.
fn part(line: &str) -> Option<Part> {
    if let Some((field, file)) = line.split_once(" < ") {
        let content = match file.split_once(" @") {
            Some((name, stored)) => (name, Content::Stored(stored.to_owned())),
            None => file.split_once(": ").map(|(name, text)| (name, Content::Text(text.to_owned())))?,
        };
        return Some(Part::File { field: field.to_owned(), name: content.0.to_owned(), content: content.1 });
    }
    pair(line, "=").map(|(name, value)| Part::Value(name, value))
}

fn pair(text: &str, between: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(between)?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

/// `-- STATUS`, `-- STATUS ours: REASON` or `-- STATUS postgres: REASON`, and the lines of the reply.
fn expected(case: &mut Case, lines: &[&str]) -> Option<()> {
    let head = lines[0].trim_start_matches("-- ");
    let (status, rest) = head.split_once(' ').unwrap_or((head, ""));
    let lines = trimmed(&lines[1..]).iter().map(|line| (*line).to_owned()).collect();
    let reply = Reply { status: status.parse().ok()?, lines };
    if rest.is_empty() {
        case.reply = Some(reply);
        return Some(());
    }
    let (place, reason) = rest.split_once(": ")?;
    let place = Place::ALL.into_iter().find(|known| known.name() == place)?;
    case.differences.push(Difference { place, reason: reason.to_owned(), reply });
    Some(())
}

/// The lines without empty ones at the begin and the end.
fn trimmed<'a, 'b>(lines: &'a [&'b str]) -> &'a [&'b str] {
    let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(start, |last| last + 1);
    &lines[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_a_head_a_body_and_replies() {
        let text = "\
# Why.

== first
as ann
POST /api/x
? filter = a = 'b'
+ X-A: b:c
save id = /id
content text/plain

a

b

-- 200
{}

-- 404 ours: it is so

-- 500 postgres: it cannot be otherwise
{}
";
        let scenario = Scenario::parse(text).unwrap();
        let case = &scenario.cases[0];
        assert_eq!((case.name.as_str(), case.line, case.caller.as_deref()), ("first", 3, Some("ann")));
        assert_eq!(case.query, [("filter".to_owned(), "a = 'b'".to_owned())]);
        assert_eq!(case.headers, [("X-A".to_owned(), "b:c".to_owned())]);
        assert_eq!(case.body, Body::Text("text/plain".to_owned(), "a\n\nb".to_owned()));
        assert_eq!(case.reply.as_ref().unwrap().lines, ["{}"]);
        assert_eq!(case.difference(Place::Ours).unwrap().reason, "it is so");
        assert_eq!(case.difference(Place::Postgres).unwrap().reply.status, 500);
        assert_eq!(scenario.to_string(), text);
    }

    #[test]
    fn a_form_has_values_and_files() {
        let text =
            "== a\nPOST /x\ncontent multipart/form-data\n\nt = a = b\nf < n.txt: hi\nf+ < i.png @red.png\n";
        let Body::Form(parts) = &Scenario::parse(text).unwrap().cases[0].body else { panic!("no form") };
        let file = |field: &str, name: &str, content| Part::File {
            field: field.to_owned(),
            name: name.to_owned(),
            content,
        };
        assert_eq!(parts[0], Part::Value("t".to_owned(), "a = b".to_owned()));
        assert_eq!(parts[1], file("f", "n.txt", Content::Text("hi".to_owned())));
        assert_eq!(parts[2], file("f+", "i.png", Content::Stored("red.png".to_owned())));
    }

    #[test]
    fn a_line_that_is_none_is_told() {
        assert_eq!(Scenario::parse("== a\nGET /x\nwhat is this").unwrap_err(), "3: what is this");
        assert_eq!(Scenario::parse("\n== a\nas b").unwrap_err(), "2: there is no request");
    }
}
