// Starts the real binary in a directory of its own, and with `BAIBASE_TEST_STORE=postgres` on a database of its own.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import PocketBase from 'pocketbase';

import './methods.mjs';
import { BINARY, offer } from './programs.mjs';

export const SUPERUSER = { email: 'root@example.com', password: 'correct horse battery' };

const STORE = process.env.BAIBASE_TEST_STORE ?? 'sqlite';

/**
 * A server with WeChat's simulator and a superuser. `client()` gives a client of nobody yet, `superuser()` one of the
 * superuser; `stop()` ends the server and removes its data.
 */
export async function start() {
  const root = mkdtempSync(join(tmpdir(), 'baibase-sdk-'));
  const database = await openDatabase();
  let child;
  const stop = async () => {
    if (child?.kill()) await once(child, 'exit');
    await database.drop();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const data = join(root, 'pb_data');
    const env = { ...process.env, ...database.env, BAIBASE_WECHAT_SIMULATOR: '1', BAIBASE_DUPLICATE_WINDOW_MS: '0' };
    const superuser = ['superuser', 'upsert', SUPERUSER.email, SUPERUSER.password, '--dir', data];
    const created = spawnSync(BINARY, superuser, { env, encoding: 'utf8' });
    if (created.status !== 0) throw new Error(`${BINARY}: ${created.error ?? created.stderr}`);
    if (existsSync(join(data, 'data.db')) !== (STORE === 'sqlite')) throw new Error(`the data is not in ${STORE}`);

    const port = await freePort();
    const log = openSync(join(root, 'log'), 'a');
    child = spawn(BINARY, ['serve', '--dir', data, '--http', `127.0.0.1:${port}`], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    const url = `http://127.0.0.1:${port}`;
    await ready(url).catch((error) => {
      throw new Error(`${error.message}\n${readFileSync(join(root, 'log'), 'utf8')}`);
    });
    return { url, stop, client: (mount) => client(url, mount), superuser: () => login(url) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a server needs in its environment to find its database, if that is not in its directory. */
async function openDatabase() {
  if (STORE === 'sqlite') return { env: {}, drop: () => {} };
  if (STORE !== 'postgres') throw new Error(`BAIBASE_TEST_STORE is neither sqlite nor postgres but ${STORE}`);
  const { line, end } = await offer('test-postgres', 'database');
  return { env: { BAIBASE_DATABASE: line }, drop: end };
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
