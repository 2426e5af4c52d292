// A mail server that accepts everything and shows the plain text of what came.

import { createServer } from 'node:net';

/** Starts it. `next()` waits for a mail: `{ to, subject, text }`. */
export async function startMail() {
  const arrived = [];
  const waiting = [];
  const accept = (mail) => { (waiting.shift() ?? ((late) => arrived.push(late)))(mail); };
  const server = createServer((socket) => converse(socket, accept));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const next = () => new Promise((resolve, reject) => {
    if (arrived.length > 0) {
      resolve(arrived.shift());
      return;
    }
    const late = setTimeout(() => reject(new Error('no mail arrived')), 20_000);
    waiting.push((mail) => { clearTimeout(late); resolve(mail); });
  });
  return { port: server.address().port, next, stop: () => server.close() };
}

function converse(socket, accept) {
  let rest = '';
  let to = [];
  let data = null;
  const say = (line) => socket.write(`${line}\r\n`);
  const handle = (line) => {
    if (data) {
      if (line === '.') {
        accept({ to, ...read(data.join('\r\n')) });
        [to, data] = [[], null];
        say('250 accepted');
      } else {
        data.push(line.replace(/^\./, ''));
      }
    } else if (/^DATA$/i.test(line)) {
      data = [];
      say('354 go ahead');
    } else {
      to.push(...[...line.matchAll(/^RCPT TO:<(.*?)>/gi)].map(([, address]) => address));
      say(/^QUIT$/i.test(line) ? '221 bye' : '250 ok');
    }
  };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop();
    lines.forEach(handle);
  });
  say('220 ready');
}

/** The subject, and the part with the plain text, decoded. */
function read(text) {
  const [head, ...parts] = text.split(/\r\n--[^\r\n]+\r\n/);
  const plain = parts.find((part) => /^content-type: text\/plain/im.test(part)) ?? '';
  const at = plain.indexOf('\r\n\r\n');
  const body = plain.slice(at + 4);
  const encoding = /^content-transfer-encoding: (\S+)/im.exec(plain.slice(0, at))?.[1].toLowerCase();
  const decoded = {
    base64: () => Buffer.from(body, 'base64').toString(),
    'quoted-printable': () => Buffer.from(
      body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
      'latin1',
    ).toString(),
  }[encoding]?.() ?? body;
  return { subject: /^subject: (.*)$/im.exec(head)?.[1], text: decoded.trim() };
}
