// The SDK's stores for tokens, each with a token of the server: in memory, in the browser's storage or what stands in
// for it, and in a storage that answers later.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import PocketBase, {
  AsyncAuthStore, BaseAuthStore, LocalAuthStore, cookieParse, cookieSerialize, getTokenPayload, isTokenExpired,
} from 'pocketbase';

import { eventually, refused } from './expect.mjs';
import { SUPERUSER, start } from './server.mjs';

const PASSWORD = '12345678';

let server;

before(async () => {
  server = await start();
  const root = await server.superuser();
  await root.collections.create({ name: 'people', type: 'auth', fields: [{ type: 'text', name: 'about' }] });
  await root.collection('people').create({
    email: 'anna@example.com', password: PASSWORD, passwordConfirm: PASSWORD, about: '"ä; ='.repeat(1000), verified: true,
  });
});
after(() => server?.stop());

const connect = (store) => new PocketBase(server.url, store).autoCancellation(false);
const login = (pb) => pb.collection('people').authWithPassword('anna@example.com', PASSWORD);

const kinds = {
  BaseAuthStore: () => new BaseAuthStore(),
  LocalAuthStore: () => new LocalAuthStore('a_key'),
  AsyncAuthStore: () => new AsyncAuthStore({ save: async () => {} }),
};

for (const [name, make] of Object.entries(kinds)) {
  describe(name, () => {
    it('keeps a login, tells of changes and forgets', async () => {
      const [store, told] = [make(), []];
      const pb = connect(store);
      const remove = store.onChange((token, record) => told.push([token, record?.email]), true);
      assert.deepEqual([store.isValid, store.token, store.record], [false, '', null]);
      const { token, record } = await login(pb);
      assert.deepEqual([store.token, store.record, store.model], [token, record, record]);
      assert.deepEqual([store.isValid, store.isSuperuser, store.isAdmin, store.isAuthRecord], [true, false, false, true]);
      assert.deepEqual(told, [['', undefined], [token, 'anna@example.com']]);
      assert.equal((await pb.collection('people').getOne(record.id).catch(({ status }) => status)), 403);
      await pb.collection('people').authRefresh();
      store.clear();
      assert.deepEqual([store.isValid, store.token, store.record], [false, '', null]);
      await refused(pb.collection('people').authRefresh(), 401);
      assert.equal(told.length, 4);
      remove();
      store.save(token, record);
      assert.equal(told.length, 4);
      assert.equal((await pb.collection('people').authRefresh()).record.id, record.id);
    });

    it('knows superusers', async () => {
      const store = make();
      await connect(store).collection('_superusers').authWithPassword(SUPERUSER.email, SUPERUSER.password);
      assert.deepEqual([store.isValid, store.isSuperuser, store.isAdmin, store.isAuthRecord], [true, true, true, false]);
      assert.equal(getTokenPayload(store.token).type, 'auth');
    });

    it('goes through a cookie', async () => {
      const store = make();
      const { token, record } = await login(connect(store));
      const cookie = store.exportToCookie({ httpOnly: false }, 'session');
      const { exp } = getTokenPayload(token);
      assert.ok(cookie.includes(`Expires=${new Date(exp * 1000).toUTCString()}`), cookie);
      assert.ok(cookie.includes('Secure') && cookie.includes('SameSite=Strict') && !cookie.includes('HttpOnly'));
      // What is too long for a cookie is left out of it.
      assert.ok(cookie.length < 4096);
      const other = make();
      other.loadFromCookie(`a=b; ${cookie}`, 'session');
      const { id, email, verified, collectionId, collectionName } = record;
      assert.deepEqual(other.record, { id, email, verified, collectionId, collectionName });
      assert.equal(other.isValid, true);
      assert.equal((await connect(other).collection('people').authRefresh()).record.about, record.about);
      other.loadFromCookie('session=junk', 'session');
      assert.equal(other.isValid, false);
    });
  });
}

describe('AsyncAuthStore and what it saves to', () => {
  it('begins with what was saved', async () => {
    let saved = '';
    const save = async (text) => { saved = text; };
    const { token } = await login(connect(new AsyncAuthStore({ save })));
    await eventually(() => saved);
    assert.equal(JSON.parse(saved).token, token);
    const store = new AsyncAuthStore({ save, clear: async () => { saved = 'cleared'; }, initial: Promise.resolve(saved) });
    await eventually(() => store.isValid);
    const renewed = await connect(store).collection('people').authRefresh();
    await eventually(() => JSON.parse(saved).token === renewed.token);
    store.clear();
    await eventually(() => saved === 'cleared');
  });
});

describe('tokens and cookies', () => {
  it('are read', async () => {
    const { token, record } = await login(connect(new BaseAuthStore()));
    const { id, collectionId, exp, refreshable } = getTokenPayload(token);
    assert.deepEqual([id, collectionId, refreshable], [record.id, record.collectionId, true]);
    const left = Math.ceil(exp - Date.now() / 1000);
    assert.equal(isTokenExpired(token), false);
    assert.equal(isTokenExpired(token, left - 5), false);
    assert.equal(isTokenExpired(token, left + 5), true);
    assert.deepEqual(cookieParse(cookieSerialize('a', 'b; c', { path: '/' })), { a: 'b; c', Path: '/' });
  });
});
