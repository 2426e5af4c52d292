// The official SDK's services for superusers: settings, logs, crons, health and SQL.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { eventually, refused } from './expect.mjs';
import { offer } from './programs.mjs';
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

describe('buckets', () => {
  let bucket;
  before(async () => { bucket = await offer('test-s3', 'files', 'archives'); });
  after(() => bucket?.end());

  it('are tried, and take files and backups', async () => {
    const [endpoint, accessKey, secret] = bucket.line.split(' ');
    const s3 = { enabled: true, region: 'us-east-1', endpoint, accessKey, secret, forcePathStyle: true };
    await refused(root.settings.testS3(), 400);
    await root.settings.update({ s3: { ...s3, bucket: 'files' }, backups: { s3: { ...s3, bucket: 'archives' } } });
    assert.equal(await root.settings.testS3(), true);
    assert.equal(await root.settings.testS3('backups'), true);

    await root.collections.create({
      name: 'scans', type: 'base', viewRule: '', fields: [{ type: 'file', name: 'scan' }],
    });
    const record = await root.collection('scans').create({ scan: new File(['in a bucket'], 'a.txt') });
    assert.equal(await (await fetch(root.files.getURL(record, record.scan))).text(), 'in a bucket');
    await root.backups.create('bucket.zip');
    const [{ key, size }] = await root.backups.getFullList();
    assert.deepEqual([key, size > 1000], ['bucket.zip', true]);
    await root.settings.update({ s3: { secret: 'wrong' }, backups: { s3: { enabled: false } } });
    await refused(root.settings.testS3('storage'), 400);
    await refused(root.settings.testS3('backups'), 400);
    assert.deepEqual(await root.backups.getFullList(), []);
    await root.settings.update({ s3: { enabled: false } });
    assert.equal((await fetch(root.files.getURL(record, record.scan))).status, 404);
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

  it('are removed', async () => {
    const filter = 'data.url ~ "unwanted"';
    await root.health.check({ query: { q: 'unwanted' } });
    const found = async () => (await root.logs.getList(1, 1, { filter })).totalItems;
    await eventually(found);
    await refused(server.client().logs.truncate(), 401);
    assert.equal(await found() > 0, true);
    assert.equal(await root.logs.truncate(), true);
    assert.equal(await found(), 0);
  });
});

describe('crons', () => {
  it('are listed and run', async () => {
    const jobs = await root.crons.getFullList();
    assert.ok(jobs.some(({ id, expression }) => id === '__pbLogsCleanup__' && expression === '0 */6 * * *'));
    await refused(root.crons.run('nope'), 404);
    await refused(server.client().crons.getFullList(), 401);
    for (const { id } of jobs) assert.equal(await root.crons.run(id), true);
  });

  it('come with the settings and do their work', async () => {
    const id = '__pbAutoBackup__';
    await refused(root.crons.run(id), 404);
    await root.settings.update({ backups: { cron: '0 0 1 1 *' } });
    assert.ok((await root.crons.getFullList()).some((job) => job.id === id && job.expression === '0 0 1 1 *'));
    await refused(server.client().crons.run(id), 401);
    await root.crons.run(id);
    const made = await eventually(async () => (await root.backups.getFullList()).find(({ key }) => key.startsWith('@auto')));
    const token = await root.files.getToken();
    const url = root.backups.getDownloadURL(token, made.key);
    assert.equal(root.backups.getDownloadUrl(token, made.key), url);
    assert.equal((await (await fetch(url)).arrayBuffer()).byteLength, made.size);
    await root.settings.update({ backups: { cron: '' } });
    await refused(root.crons.run(id), 404);
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

describe('SQL', () => {
  it('reads and writes', async () => {
    await root.collections.create({ name: 'rows', type: 'base', fields: [{ type: 'text', name: 'title' }] });
    const { id } = await root.collection('rows').create({ title: 'one' });
    await root.collection('rows').create({ title: 'two' });
    const written = await root.sql.run("UPDATE rows SET title = 'uno' WHERE title = 'one'");
    assert.deepEqual([written.affectedRows, written.rows], [1, []]);
    assert.equal((await root.collection('rows').getOne(id)).title, 'uno');
    const read = await root.sql.run('SELECT title, NULL AS empty, 1 AS one FROM rows ORDER BY title');
    assert.deepEqual(read.columns.map(({ name }) => name), ['title', 'empty', 'one']);
    assert.deepEqual(read.rows, [['two', null, '1'], ['uno', null, '1']]);
    assert.equal(read.affectedRows, 0);
    assert.equal(typeof read.execTime, 'number');
    await refused(root.sql.run('SELECT nothing FROM nowhere'), 400);
    await refused(server.client().sql.run('SELECT 1'), 401);
  });
});

describe('other services', () => {
  it('are reached with send', async () => {
    const changed = await root.send('/api/settings', {
      method: 'POST', headers: { 'X-HTTP-Method-Override': 'PATCH' }, body: { meta: { appName: 'Acme' } },
    });
    assert.equal(changed.meta.appName, 'Acme');
  });
});
