// What tests wait for, and what they want to be refused.

import assert from 'node:assert/strict';

import { ClientResponseError } from 'pocketbase';

/** Runs something that must be refused, and gives the refusal. */
export async function refused(promise, status) {
  const error = await promise.then(() => null, (reason) => reason);
  assert.ok(error instanceof ClientResponseError, String(error));
  assert.equal(error.status, status, JSON.stringify(error.response));
  return error;
}

/** What `look` gives once it is something, which is a moment after the reply; to fail is nothing. */
export async function eventually(look) {
  let why;
  for (let attempt = 0; attempt < 400; attempt++) {
    const found = await Promise.resolve(look()).catch((error) => { why = error; });
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return assert.fail(`it never came: ${why ?? 'nothing was found'}`);
}
