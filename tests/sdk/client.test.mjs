// The SDK's client itself: addresses, filters, what is sent, what is cancelled, and what its errors tell.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import PocketBase from 'pocketbase';

import { refused } from './expect.mjs';
import { start } from './server.mjs';

let server;
let root;

before(async () => {
  server = await start();
  root = await server.superuser();
  await root.collections.create({
    name: 'things', type: 'base', listRule: '', viewRule: '', createRule: '',
    fields: [
      { type: 'text', name: 'title' }, { type: 'number', name: 'size', max: 100 }, { type: 'bool', name: 'old' },
      { type: 'date', name: 'made' }, { type: 'json', name: 'tags' }, { type: 'file', name: 'scan' },
    ],
  });
  await root.collections.create({
    name: 'whispers', type: 'base', fields: [{ type: 'text', name: 'title' }],
    listRule: '@request.headers.x_word = "please" || @request.headers.accept_language = "de"',
  });
  await root.collection('whispers').create({ title: 'psst' });
});
after(() => server?.stop());

/** Runs something that must be cancelled. */
async function cancelled(promise) {
  const error = await refused(promise, 0);
  assert.equal(error.isAbort, true);
  assert.match(error.message, /^The request was aborted/);
}

describe('addresses', () => {
  it('are put together with what stands before them', async () => {
    const pb = server.client('/pb/');
    assert.equal(pb.buildURL('/api/health'), `${server.url}/pb/api/health`);
    assert.equal((await fetch(pb.buildURL('api/health'))).status, 200);
    assert.equal(pb.collection('a/b').baseCollectionPath, '/api/collections/a%2Fb');
    assert.equal(pb.collection('a/b').baseCrudPath, '/api/collections/a%2Fb/records');
    assert.equal(pb.collections.baseCrudPath, '/api/collections');
  });

  it('are the same under their old names', async () => {
    const pb = server.client();
    assert.equal(pb.baseUrl, server.url);
    pb.baseUrl = `${server.url}/pb`;
    assert.equal(pb.baseURL, `${server.url}/pb`);
    assert.equal(pb.buildUrl('/api/health'), `${server.url}/pb/api/health`);
    assert.equal(pb.admins, pb.collection('_superusers'));
    assert.deepEqual([pb.admins, pb.collection('users')].map(({ isSuperusers }) => isSuperusers), [true, false]);

    const record = await pb.collection('things').create({ scan: new File(['hello'], 'a.txt') });
    const url = pb.files.getURL(record, record.scan, { download: true });
    assert.equal(pb.files.getUrl(record, record.scan, { download: true }), url);
    assert.equal(pb.getFileUrl(record, record.scan, { download: true }), url);
    const reply = await fetch(url);
    assert.match(reply.headers.get('content-disposition'), /^attachment/);
    assert.equal(await reply.text(), 'hello');
  });
});

describe('filters', () => {
  it('take values of every kind', async () => {
    const pb = server.client();
    const things = pb.collection('things');
    const made = new Date('2024-02-29T12:30:00.123Z');
    const values = { title: `"it's" 50% \\ {:x} || 1=1`, size: -1.5, old: true, made, tags: ['a', 'b'] };
    const { id } = await things.create(values);
    for (const [name, value] of Object.entries(values)) {
      const filter = pb.filter(`id = {:id} && ${name} = {:value}`, { id, value });
      assert.equal((await things.getList(1, 1, { filter })).totalItems, 1, filter);
      const other = pb.filter(`id = {:id} && ${name} != {:value}`, { id, value });
      assert.equal((await things.getList(1, 1, { filter: other })).totalItems, 0, other);
    }
    assert.equal(pb.filter('made = {:none}', { none: null }), 'made = null');
    assert.equal(pb.filter('title = 1'), 'title = 1');
  });
});

describe('requests', () => {
  it('are sent with a method, a query, headers and a body', async () => {
    const pb = server.client();
    const made = await pb.send('/api/collections/things/records', {
      method: 'POST', query: { fields: 'title,size' }, headers: { 'X-Any': '1' }, body: { title: 'sent', size: 3 },
    });
    assert.deepEqual(made, { title: 'sent', size: 3 });
    const form = new FormData();
    form.set('title', 'form');
    form.set('@jsonPayload', JSON.stringify({ size: 4 }));
    const { title, size } = await pb.collection('things').create(form);
    assert.deepEqual([title, size], ['form', 4]);
    await refused(pb.send('/api/nowhere', {}), 404);
    let asked;
    const own = (url, options) => { asked = url; return fetch(url, options); };
    await pb.health.check({ fetch: own });
    assert.equal(asked, `${server.url}/api/health`);
  });

  it('can be changed before, and replies after', async () => {
    const pb = server.client();
    const whispers = pb.collection('whispers');
    assert.equal((await whispers.getList()).totalItems, 0);
    assert.equal((await whispers.getList(1, 1, { headers: { 'X-Word': 'please' } })).totalItems, 1);
    pb.beforeSend = (url, options) => ({ url, options: { ...options, headers: { ...options.headers, 'X-Word': 'please' } } });
    const statuses = [];
    pb.afterSend = (response, data) => { statuses.push(response.status); return { ...data, seen: true }; };
    const page = await whispers.getList();
    assert.deepEqual([page.totalItems, page.seen, statuses], [1, true, [200]]);
    pb.beforeSend = (url, options) => ({ url: url.replace('whispers', 'things'), options });
    assert.deepEqual((await whispers.getFullList()).filter(({ title }) => title === 'psst'), []);
  });

  it('say which language they want', async () => {
    const german = new PocketBase(server.url, null, 'de');
    assert.equal((await german.collection('whispers').getList()).totalItems, 1);
    assert.equal((await server.client().collection('whispers').getList()).totalItems, 0);
  });
});

describe('cancelling', () => {
  it('is automatic for what is asked again', async () => {
    const pb = new PocketBase(server.url);
    const first = pb.collection('things').getList();
    const other = pb.collection('things').getList(1, 1, { requestKey: 'other' });
    const loose = pb.collection('things').getList(1, 1, { requestKey: null });
    const last = pb.collection('things').getList();
    await cancelled(first);
    for (const page of [other, loose, last]) assert.ok((await page).totalItems > 0);
    assert.equal(pb.autoCancellation(false), pb);
    const both = await Promise.all([pb.collection('things').getList(), pb.collection('things').getList()]);
    assert.deepEqual(both[0], both[1]);
  });

  it('is for one request or for all', async () => {
    const pb = new PocketBase(server.url);
    const [one, two, three] = ['one', 'two', 'three'].map((requestKey) => pb.health.check({ requestKey }));
    assert.equal(pb.cancelRequest('one'), pb);
    await cancelled(one);
    assert.equal((await two).code, 200);
    const four = pb.health.check({ requestKey: 'four' });
    assert.equal(pb.cancelAllRequests(), pb);
    await cancelled(four);
    // The end of what is over already is nothing.
    assert.equal((await three.catch(() => ({ code: 200 }))).code, 200);
    assert.equal((await pb.health.check()).code, 200);
  });
});

describe('errors', () => {
  it('tell what the server said', async () => {
    const error = await refused(server.client().collection('things').create({ size: 101 }), 400);
    assert.equal(error.data, error.response);
    assert.equal(error.message, 'Failed to create record.');
    assert.equal(error.data.data.size.code, 'validation_max_number_constraint');
    const { url, status, response, isAbort } = error.toJSON();
    assert.deepEqual([url, status, isAbort], [`${server.url}/api/collections/things/records`, 400, false]);
    assert.deepEqual(JSON.parse(JSON.stringify(error)).response, response);
  });

  it('tell of a server that is not there', async () => {
    const error = await refused(new PocketBase('http://127.0.0.1:9').health.check(), 0);
    assert.equal(error.isAbort, false);
    assert.ok(error.originalError);
  });
});
