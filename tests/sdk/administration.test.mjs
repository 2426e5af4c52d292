// The official SDK's services for superusers: settings, logs, crons and health.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { eventually, refused } from './expect.mjs';
import { start } from './server.mjs';

let server;
let root;

before(async () => {
  server = await start();
  root = await server.superuser();
});
after(() => server?.stop());

describe('settings', () => {
  it('are read and changed, without their secrets', async () => {
    const before = await root.settings.getAll();
    assert.equal(before.logs.maxDays, 5);
    const after = await root.settings.update({
      meta: { appName: 'SDK' }, logs: { maxDays: 180 }, smtp: { password: 'secret' },
    });
    assert.equal(after.meta.appName, 'SDK');
    assert.equal(after.logs.maxDays, 180);
    assert.equal(after.meta.senderName, before.meta.senderName);
    assert.ok(!JSON.stringify(await root.settings.getAll()).includes('secret'));
    const error = await refused(root.settings.update({ meta: { appName: '' } }), 400);
    assert.equal(error.response.data.meta.appName.code, 'validation_required');
    await refused(server.client().settings.getAll(), 401);
  });

  it('make a secret for Apple', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const { secret } = await root.settings.generateAppleClientSecret('c', 't123456789', 'k123456789', pem, 60);
    const [header, claims] = secret.split('.').slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url')));
    assert.equal(header.kid, 'k123456789');
    assert.equal(claims.sub, 'c');
  });

  it('limit the rate of requests', async () => {
    const rules = [{ label: 'GET /api/health', audience: '@guest', duration: 60, maxRequests: 1 }];
    await root.settings.update({ rateLimits: { enabled: true, rules } });
    const guest = server.client();
    await guest.health.check();
    await refused(guest.health.check(), 429);
    await root.health.check();
    await root.settings.update({ rateLimits: { enabled: false } });
    await guest.health.check();
  });
});

describe('logs', () => {
  it('are listed, looked up and counted', async () => {
    await refused(server.client().collection('nope').getList(), 404);
    const filter = 'data.status = 404 && data.url ~ "nope"';
    const page = await eventually(async () => {
      const found = await root.logs.getList(1, 10, { filter, sort: '-created' });
      return found.totalItems > 0 ? found : null;
    });
    const [entry] = page.items;
    assert.deepEqual(await root.logs.getOne(entry.id), entry);
    const stats = await root.logs.getStats({ filter });
    assert.equal(stats.reduce((sum, hour) => sum + hour.total, 0), page.totalItems);
    await refused(root.logs.getOne('nope'), 404);
  });
});

describe('crons', () => {
  it('are listed and run', async () => {
    const jobs = await root.crons.getFullList();
    assert.ok(jobs.some(({ id, expression }) => id === '__pbLogsCleanup__' && expression === '0 */6 * * *'));
    assert.equal(await root.crons.run('__pbDBOptimize__'), true);
    await refused(root.crons.run('nope'), 404);
    await refused(server.client().crons.getFullList(), 401);
  });
});

describe('health', () => {
  it('says more to superusers', async () => {
    const { code, data } = await root.health.check();
    assert.equal(code, 200);
    assert.equal(data.realIP, '127.0.0.1');
    assert.equal(typeof data.canBackup, 'boolean');
    assert.deepEqual((await server.client().health.check()).data, {});
  });
});

describe('other services', () => {
  it('are reached with send', async () => {
    const reply = await root.send('/api/sql', { method: 'POST', body: { query: 'SELECT 1 AS one' } });
    assert.deepEqual(reply.rows, [['1']]);
    const changed = await root.send('/api/settings', {
      method: 'POST', headers: { 'X-HTTP-Method-Override': 'PATCH' }, body: { meta: { appName: 'Acme' } },
    });
    assert.equal(changed.meta.appName, 'Acme');
  });
});
