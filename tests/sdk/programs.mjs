// The programs that the suite runs: they are in one folder, where cargo puts them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../../target');

/** The binary under test. */
export const BINARY = process.env.BAIBASE_BIN ?? join(TARGET, 'debug/baibase');

/**
 * Starts a program that offers something for as long as its input is open, which it is not any more when this process
 * ends in whatever way. Gives the line in which it says what it offers, and `end()`.
 */
export async function offer(name, ...args) {
  const child = spawn(join(dirname(BINARY), name), args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  if (typeof line !== 'string') throw new Error(`${name} has nothing to offer`);
  const end = () => {
    child.stdin.end();
    return ended;
  };
  return { line, end };
}
