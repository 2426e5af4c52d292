// Runs the suite, each file in a process of its own, and then looks whether it used all of the SDK. With names of files
// it runs these alone.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const files = process.argv.slice(2);
const methods = mkdtempSync(join(tmpdir(), 'baibase-sdk-methods-'));
const env = { ...process.env, BAIBASE_SDK_METHODS: methods };
const run = (...names) => spawnSync(process.execPath, ['--test', ...names], {
  cwd: import.meta.dirname, env, stdio: 'inherit',
}).status === 0;

const passed = run(...files) && (files.length > 0 || run('all-methods.mjs'));
rmSync(methods, { recursive: true });
process.exitCode = passed ? 0 : 1;
