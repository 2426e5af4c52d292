// The SDK's service for collections.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { refused } from './expect.mjs';
import { start } from './server.mjs';

let server;
let root;

before(async () => {
  server = await start();
  root = await server.superuser();
});
after(() => server?.stop());

const text = (name) => ({ type: 'text', name });

describe('collections', () => {
  it('are found by pages and filters', async () => {
    for (const name of ['shelf_a', 'shelf_b', 'shelf_c']) {
      await root.collections.create({ name, type: 'base', fields: [text('title')] });
    }
    const filter = 'name ~ "shelf_%"';
    const page = await root.collections.getList(2, 2, { filter, sort: '-name' });
    assert.deepEqual({ ...page, items: page.items.map(({ name }) => name) },
      { page: 2, perPage: 2, totalItems: 3, totalPages: 2, items: ['shelf_a'] });
    const names = async (...options) => (await root.collections.getFullList(...options)).map(({ name }) => name);
    assert.deepEqual(await names({ filter, sort: 'name' }), ['shelf_a', 'shelf_b', 'shelf_c']);
    assert.deepEqual(await names(1, { filter, sort: 'name' }), ['shelf_a', 'shelf_b', 'shelf_c']);
    const found = await root.collections.getFirstListItem('name = "shelf_b"');
    assert.deepEqual(await root.collections.getOne('shelf_b'), found);
    assert.equal(root.collections.decode(found), found);
    await refused(root.collections.getFirstListItem('name = "nothing"'), 404);
    await refused(root.collections.getOne(''), 404);
  });

  it('lose all of their records and files at once', async () => {
    const { id } = await root.collections.create({
      name: 'papers', type: 'base', listRule: '', viewRule: '', createRule: '', fields: [{ type: 'file', name: 'scan' }],
    });
    const pb = server.client();
    const record = await pb.collection('papers').create({ scan: new File(['x'], 'x.txt') });
    const url = pb.files.getURL(record, record.scan);
    assert.equal((await fetch(url)).status, 200);
    await refused(pb.collections.truncate('papers'), 401);
    assert.equal(await root.collections.truncate('papers'), true);
    assert.equal((await pb.collection('papers').getList()).totalItems, 0);
    assert.equal((await fetch(url)).status, 404);
    assert.equal((await root.collections.getOne('papers')).id, id);
  });

  it('are imported as a whole or not at all', async () => {
    await root.collections.create({ name: 'kept', type: 'base', fields: [text('title'), text('gone')] });
    await root.collection('kept').create({ title: 'stays', gone: 'goes' });
    const kept = await root.collections.getOne('kept');
    const fields = [...kept.fields.filter(({ name }) => name !== 'gone'), { type: 'number', name: 'size' }];
    const list = [{ ...kept, fields }, { name: 'added', type: 'base', listRule: '', fields: [text('title')] }];

    await refused(root.collections.import([...list, { name: 'no spaces', type: 'base' }]), 400);
    assert.deepEqual(await root.collections.getOne('kept'), kept);
    await refused(root.collections.getOne('added'), 404);

    assert.equal(await root.collections.import(list), true);
    const [record] = await root.collection('kept').getFullList();
    assert.deepEqual([record.title, record.gone, record.size], ['stays', 'goes', 0]);
    assert.equal((await server.client().collection('added').getList()).totalItems, 0);
    await root.collections.getOne('shelf_a');

    // Only when it is asked for, what the list does not name is deleted: collections and fields.
    const all = await root.collections.getFullList();
    const rest = all.filter(({ name }) => name !== 'shelf_a').map((one) => (one.name === 'kept' ? { ...one, fields } : one));
    assert.equal(await root.collections.import(rest, true), true);
    await refused(root.collections.getOne('shelf_a'), 404);
    assert.equal('gone' in await root.collection('kept').getOne(record.id), false);
    await refused(server.client().collections.import([]), 401);
  });

  it('have scaffolds that can be saved as they are', async () => {
    const scaffolds = await root.collections.getScaffolds();
    assert.deepEqual(Object.keys(scaffolds).sort(), ['auth', 'base', 'view']);
    for (const type of ['base', 'auth']) {
      const { fields } = await root.collections.create({ ...scaffolds[type], name: `from_${type}` });
      assert.deepEqual(fields.map(({ name }) => name), scaffolds[type].fields.map(({ name }) => name));
    }
    await root.collections.create({ ...scaffolds.view, name: 'from_view', viewQuery: 'SELECT id FROM from_base' });
    await refused(server.client().collections.getScaffolds(), 401);
  });

  it('can log in by all services that there are', async () => {
    const providers = await root.collections.getAllOAuth2Providers();
    const { displayName, logo } = providers.find(({ name }) => name === 'github');
    assert.equal(displayName, 'GitHub');
    assert.match(logo, /^<svg/);
    for (const name of ['apple', 'google', 'microsoft', 'oidc', 'wechat']) {
      assert.ok(providers.some((provider) => provider.name === name), name);
    }
    await refused(server.client().collections.getAllOAuth2Providers(), 401);
  });

  it('that are views are tried first', async () => {
    await root.collections.create({ name: 'sums', type: 'base', fields: [text('kind'), { type: 'number', name: 'n' }] });
    for (const [kind, n] of [['a', 1], ['a', 2], ['b', 4]]) await root.collection('sums').create({ kind, n });
    const query = 'SELECT (ROW_NUMBER() OVER()) as id, kind, SUM(n) AS total FROM sums GROUP BY kind ORDER BY kind';
    const { fields, sample } = await root.collections.dryRunViewQuery(query);
    assert.deepEqual(fields.map(({ name }) => name), ['id', 'kind', 'total']);
    assert.deepEqual(sample.map(({ kind, total }) => [kind, total]), [['a', 3], ['b', 4]]);
    const error = await refused(root.collections.dryRunViewQuery('SELECT id FROM nowhere'), 400);
    assert.match(error.message, /^Invalid view query\./);
    await refused(server.client().collections.dryRunViewQuery(query), 401);
    assert.ok(!(await root.collections.getFullList()).some(({ type, name }) => type === 'view' && name !== 'from_view'));
  });
});
