// Starts the real binary in a directory of its own.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import PocketBase from 'pocketbase';

export const SUPERUSER = { email: 'root@example.com', password: 'correct horse battery' };

const TARGET = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../../target');
const BINARY = process.env.BAIBASE_BIN ?? join(TARGET, 'debug/baibase');

/**
 * A server with WeChat's simulator and a superuser. `client()` gives a client of nobody yet, `superuser()` one of the
 * superuser; `stop()` ends the server and removes its data.
 */
export async function start() {
  const root = mkdtempSync(join(tmpdir(), 'baibase-sdk-'));
  const data = join(root, 'pb_data');
  const env = { ...process.env, BAIBASE_WECHAT_SIMULATOR: '1', BAIBASE_DUPLICATE_WINDOW_MS: '0' };
  const superuser = ['superuser', 'upsert', SUPERUSER.email, SUPERUSER.password, '--dir', data];
  const created = spawnSync(BINARY, superuser, { env, encoding: 'utf8' });
  if (created.status !== 0) throw new Error(`${BINARY}: ${created.error ?? created.stderr}`);

  const port = await freePort();
  const log = openSync(join(root, 'log'), 'a');
  const child = spawn(BINARY, ['serve', '--dir', data, '--http', `127.0.0.1:${port}`], {
    env, stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(root, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url);
  } catch (error) {
    const text = readFileSync(join(root, 'log'), 'utf8');
    await stop();
    throw new Error(`${error.message}\n${text}`);
  }
  return { url, stop, client: (mount) => client(url, mount), superuser: () => login(url) };
}

/** A client that cancels nothing by itself; `mount` is what stands before `/api`. */
function client(url, mount = '') {
  return new PocketBase(url + mount).autoCancellation(false);
}

async function login(url) {
  const pb = client(url);
  await pb.collection('_superusers').authWithPassword(SUPERUSER.email, SUPERUSER.password);
  return pb;
}

/** Logs a name of the simulator in and gives the reply's body. */
export async function wechatLogin(url, name) {
  const reply = await fetch(`${url}/api/wechat/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ users_wx_code: `dev-${name}#${Math.random()}` }),
  });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  return reply.json();
}

async function ready(url) {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const reply = await fetch(`${url}/api/health`).catch(() => null);
    if (reply?.ok) return;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  throw new Error('the server does not answer');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
