// The official SDK with the native token that a business login returns.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { eventually, refused } from './expect.mjs';
import { SUPERUSER, start, wechatLogin } from './server.mjs';

let server;
let superuser;

before(async () => {
  server = await start();
  superuser = await server.superuser();
});
after(() => server?.stop());

/** A client that carries the token and the record of a business login. */
async function wechatClient(name, mount) {
  const { token, record } = await wechatLogin(server.url, name);
  const pb = server.client(mount);
  pb.authStore.save(token, record);
  return pb;
}

async function managerClient(phone) {
  const reply = await fetch(`${server.url}/api/platform/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      users_name: '管理员', users_phone: phone, password: '12345678', passwordConfirm: '12345678',
      users_picture: 'https://example.com/a.png',
    }),
  });
  const { token, record } = await reply.json();
  const pb = server.client('/pb');
  pb.authStore.save(token, record);
  return pb;
}

describe('a token of a business login', () => {
  it('is valid for the SDK and shows the own record', async () => {
    const pb = await wechatClient('anna');
    assert.equal(pb.authStore.isValid, true);
    assert.equal(pb.authStore.isSuperuser, false);
    const own = await pb.collection('tbl_auth_users').getOne(pb.authStore.record.id);
    assert.deepEqual(own, pb.authStore.record);
    assert.match(own.email, /@wechat\.local$/);
  });

  it('is renewed by authRefresh on both mounts', async () => {
    for (const mount of ['', '/pb']) {
      const pb = await wechatClient('anna', mount);
      const { token, record } = await pb.collection('tbl_auth_users').authRefresh();
      assert.equal(pb.authStore.token, token);
      assert.equal(record.id, pb.authStore.record.id);
      assert.equal(record.collectionName, 'tbl_auth_users');
    }
  });

  it('works with the business routes through send', async () => {
    const pb = await wechatClient('bert', '/pb');
    const reply = await pb.send('/api/wechat/profile', { method: 'POST', body: { users_name: '伯特' } });
    assert.equal(reply.code, 200);
    assert.equal(reply.data.user.users_name, '伯特');
  });
});

describe('records', () => {
  it('are created, read, changed and deleted', async () => {
    const guest = server.client();
    const manager = await managerClient('13800138000');
    const created = await guest.collection('tbl_company').create({ company_name: '一', company_level: 'A' });
    const companies = manager.collection('tbl_company');
    assert.equal(companies.decode(created), created);
    assert.deepEqual(await companies.getOne(created.id), created);
    const changed = await companies.update(created.id, { company_level: 'S' });
    assert.equal(changed.company_level, 'S');
    assert.equal(await companies.delete(created.id), true);
    await refused(companies.getOne(created.id), 404);
  });

  it('are listed with pb.filter, sort, fields and paging', async () => {
    const pb = server.client();
    const companies = pb.collection('tbl_company');
    const tag = `"quoted" it's 50%`;
    for (let number = 1; number <= 5; number++) {
      await companies.create({ company_name: `n${number}`, company_remark: tag });
    }
    const filter = pb.filter('company_remark = {:tag} && company_name != {:name}', { tag, name: 'n5' });
    const page = await companies.getList(2, 3, { filter, sort: '-company_name', fields: 'company_name' });
    assert.deepEqual({ ...page, items: page.items.map((item) => item.company_name) },
      { page: 2, perPage: 3, totalItems: 4, totalPages: 2, items: ['n1'] });
    const all = await companies.getFullList({ filter, batch: 2, sort: 'company_name' });
    assert.deepEqual(all.map((item) => item.company_name), ['n1', 'n2', 'n3', 'n4']);
    const first = await companies.getFirstListItem(pb.filter('company_name = {:name}', { name: 'n3' }));
    assert.equal(first.company_name, 'n3');
    await refused(companies.getFirstListItem('company_name = "nobody"'), 404);
  });

  it('are refused with the shapes that the SDK reads', async () => {
    const pb = server.client();
    const syntax = await refused(pb.collection('tbl_company').getList(1, 1, { filter: '(((' }), 400);
    assert.equal(syntax.response.status, 400);
    assert.equal(syntax.response.code, 400);
    assert.deepEqual(syntax.response.data, {});
    const missing = await refused(pb.collection('nosuch').getList(), 404);
    assert.equal(missing.message, 'Missing collection context.');
    await refused(pb.collection('_superusers').getList(), 403);
    const { company_id: taken } = await pb.collection('tbl_company').create({});
    const unique = await refused(pb.collection('tbl_company').create({ company_id: taken }), 400);
    assert.equal(unique.response.data.company_id.code, 'validation_not_unique');
    assert.equal(unique.url.endsWith('/api/collections/tbl_company/records'), true);
  });
});

describe('files', () => {
  it('are uploaded, addressed and downloaded', async () => {
    const pb = await managerClient('13800138001');
    const attachments = pb.collection('tbl_attachments');
    const file = new File(['hello'], '问候.txt', { type: 'text/plain' });
    const record = await attachments.create({ attachments_link: file, attachments_remark: 'r' });
    assert.equal(record.attachments_filename, '问候.txt');
    assert.equal(record.attachments_size, 5);
    const url = pb.files.getURL(record, record.attachments_link);
    assert.equal(url.includes('/pb/api/files/'), true);
    const reply = await fetch(url);
    assert.equal(await reply.text(), 'hello');
    const replaced = await attachments.update(record.id, { attachments_link: new File(['bye'], 'b.txt') });
    assert.notEqual(replaced.attachments_link, record.attachments_link);
    assert.equal(await (await fetch(pb.files.getURL(replaced, replaced.attachments_link))).text(), 'bye');
  });

  it('that are protected need a file token', async () => {
    await superuser.collections.create({
      name: 'papers', type: 'base', createRule: '', viewRule: '@request.auth.id != ""',
      fields: [{ type: 'file', name: 'scan', protected: true }],
    });
    const pb = await wechatClient('anna');
    const record = await pb.collection('papers').create({ scan: new File(['secret'], 'a.txt') });
    assert.equal((await fetch(pb.files.getURL(record, record.scan))).status, 404);
    const token = await pb.files.getToken();
    assert.equal(await (await fetch(pb.files.getURL(record, record.scan, { token }))).text(), 'secret');
    await refused(server.client().files.getToken(), 401);
  });
});

describe('batches', () => {
  before(() => superuser.settings.update({ batch: { enabled: true } }));

  it('change records in one transaction, with files', async () => {
    await superuser.collections.create({
      name: 'pages', type: 'base', viewRule: '', createRule: '', updateRule: '', deleteRule: '',
      fields: [{ type: 'text', name: 'title', required: true }, { type: 'number', name: 'n' },
        { type: 'file', name: 'scans', maxSelect: 3 }],
    });
    for (const mount of ['', '/pb']) {
      const pb = server.client(mount);
      const [one, two] = ['one', 'two'].map((name) => `${name}${mount.length}`.padEnd(15, '0'));
      const batch = pb.createBatch();
      const pages = batch.collection('pages');
      pages.create({ id: one, title: 'One', scans: [new File(['a'], 'a.txt')] });
      pages.upsert({ id: one, title: 'Changed', 'scans+': new File(['b'], 'b.txt') }, { fields: 'title' });
      pages.upsert({ id: two, title: 'Two' }, { headers: { 'X-Any': '1' }, query: { n: 7 } });
      pages.update(two, { 'n+': 3 });
      pages.delete(two);
      const replies = await batch.send();
      assert.deepEqual(replies.map((reply) => reply.status), [200, 200, 200, 200, 204]);
      assert.deepEqual(replies[1].body, { title: 'Changed' });
      assert.deepEqual([replies[2].body.n, replies[3].body.n], [7, 10]);
      const record = await pb.collection('pages').getOne(one);
      assert.equal(record.scans.length, 2);
      assert.equal(await (await fetch(pb.files.getURL(record, record.scans[1]))).text(), 'b');
      await refused(pb.collection('pages').getOne(two), 404);
    }
  });

  it('are refused as a whole, with the reason of the one that failed', async () => {
    const pb = server.client();
    const batch = pb.createBatch();
    batch.collection('tbl_company').create({ company_name: 'of a batch' });
    batch.collection('pages').create({ n: 1 });
    const error = await refused(batch.send(), 400);
    const { response } = error.response.data.requests[1];
    assert.equal(response.data.title.code, 'validation_required');
    const filter = 'company_name = "of a batch"';
    assert.equal((await pb.collection('tbl_company').getList(1, 1, { filter })).totalItems, 0);
  });
});

describe('auth', () => {
  it('by password, with the errors that the SDK reads', async () => {
    await superuser.collections.create({ name: 'members', type: 'auth', createRule: '' });
    const pb = server.client();
    const members = pb.collection('members');
    await members.create({ email: 'anna@example.com', password: '12345678', passwordConfirm: '12345678' });
    const { record } = await members.authWithPassword('anna@example.com', '12345678');
    assert.equal(record.email, 'anna@example.com');
    assert.equal(pb.authStore.isValid, true);
    await members.authRefresh();
    const methods = await members.listAuthMethods();
    assert.equal(methods.password.enabled, true);
    const wrong = await refused(members.authWithPassword('anna@example.com', 'wrong'), 400);
    assert.equal(wrong.message, 'Failed to authenticate.');
    pb.authStore.clear();
    await refused(members.authRefresh(), 401);
  });

  it('of superusers', () => {
    assert.equal(superuser.authStore.isSuperuser, true);
    assert.equal(superuser.authStore.record.email, SUPERUSER.email);
  });
});

describe('collections', () => {
  it('are created, listed, changed and deleted by superusers', async () => {
    const created = await superuser.collections.create({
      name: 'notes', type: 'base', listRule: '', createRule: '', fields: [{ type: 'text', name: 'title' }],
    });
    await server.client().collection('notes').create({ title: 'one' });
    const fields = [...created.fields, { type: 'number', name: 'size' }];
    await superuser.collections.update('notes', { name: 'papers2', fields });
    const { items: [row] } = await server.client().collection('papers2').getList();
    assert.deepEqual([row.title, row.size], ['one', 0]);
    const found = await superuser.collections.getFullList({ filter: 'name = "papers2"' });
    assert.deepEqual(found.map((collection) => collection.id), [created.id]);
    assert.equal((await superuser.collections.getOne(created.id)).name, 'papers2');
    assert.equal(await superuser.collections.delete('papers2'), true);
    await refused(server.client().collections.getFullList(), 401);
    const bad = await refused(superuser.collections.create({ name: 'no spaces', type: 'base' }), 400);
    assert.ok(bad.response.data.name.code);
  });
});

describe('health', () => {
  it('is told', async () => {
    assert.equal((await server.client().health.check()).code, 200);
  });
});

describe('backups', () => {
  it('are created, listed, fetched, uploaded and deleted', async () => {
    await superuser.backups.create('sdk.zip');
    const listed = await superuser.backups.getFullList();
    const found = listed.find((backup) => backup.key === 'sdk.zip');
    assert.ok(found.size > 1000 && !Number.isNaN(Date.parse(found.modified)));

    const token = await superuser.files.getToken();
    const reply = await fetch(superuser.backups.getDownloadURL(token, 'sdk.zip'));
    assert.equal(reply.status, 200);
    const bytes = await reply.arrayBuffer();
    assert.equal(bytes.byteLength, found.size);

    await superuser.backups.upload({ file: new File([bytes], 'copy.zip', { type: 'application/zip' }) });
    await refused(superuser.backups.create('copy.zip'), 400);
    await superuser.backups.delete('copy.zip');
    await refused(superuser.backups.delete('copy.zip'), 400);
    await refused(server.client().backups.getFullList(), 401);
  });

  it('are restored', async () => {
    const name = 'from_backup';
    await superuser.collections.create({
      name, type: 'base', listRule: '', fields: [{ type: 'text', name: 'title' }],
    });
    await superuser.collection(name).create({ title: 'kept' });
    await superuser.backups.create('restored.zip');
    await superuser.collection(name).create({ title: 'later' });
    await superuser.backups.restore('restored.zip');
    await eventually(async () => (await superuser.collection(name).getList(1, 30)).totalItems === 1);
    const health = await superuser.health.check();
    assert.equal(health.data.canBackup, true);
  });
});

describe('settings', () => {
  it('tell whether a bucket works', async () => {
    const error = await refused(superuser.settings.testS3('storage'), 400);
    assert.match(error.response.message, /not enabled/);
    await refused(superuser.settings.testS3('elsewhere'), 400);
  });
});
