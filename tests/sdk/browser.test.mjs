// The official SDK in a browser, on a page of another origin: what only browsers check, keep or show.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { addSdk, launch, skip } from './browser.mjs';
import { start } from './server.mjs';

const PASSWORD = '12345678';

describe('a page of another origin', { skip }, () => {
  let server;
  let site;
  let browser;
  let context;

  before(async () => {
    server = await start();
    const root = await server.superuser();
    await root.collections.create({ name: 'people', type: 'auth', fields: [{ type: 'text', name: 'name' }] });
    await root.collection('people').create({ email: 'anna@example.com', password: PASSWORD, passwordConfirm: PASSWORD });
    await root.collections.create({
      name: 'pictures', type: 'base', listRule: '@request.auth.id != ""', viewRule: '@request.auth.id != ""',
      createRule: '@request.auth.id != ""', updateRule: '@request.auth.id != ""', deleteRule: '@request.auth.id != ""',
      fields: [{ type: 'text', name: 'title' }, { type: 'file', name: 'image', thumbs: ['10x10'], protected: true }],
    });
    site = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end('<!doctype html><input type=file><img>'));
    await once(site.listen(0, '127.0.0.1'), 'listening');
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  /** A page with a client of the server as `pb`. */
  async function open() {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    await addSdk(page);
    await page.evaluate((url) => { window.pb = new window.PocketBase(url); }, server.url);
    return page;
  }

  it('is logged in after it is loaded again, and in other tabs at once', async () => {
    context = await browser.newContext();
    const [page, other] = [await open(), await open()];
    await other.evaluate(() => { window.told = new Promise((resolve) => { window.pb.authStore.onChange(resolve); }); });
    const token = await page.evaluate(async (password) => {
      await window.pb.collection('people').authWithPassword('anna@example.com', password);
      return window.pb.authStore.token;
    }, PASSWORD);
    assert.equal(await other.evaluate(() => window.told), token);
    const again = await open();
    const renewed = await again.evaluate(async () => (await window.pb.collection('people').authRefresh()).record.email);
    assert.equal(renewed, 'anna@example.com');
    const cookie = await again.evaluate(() => {
      document.cookie = window.pb.authStore.exportToCookie({ httpOnly: false, secure: false });
      window.pb.authStore.clear();
      const out = window.pb.authStore.isValid;
      window.pb.authStore.loadFromCookie(document.cookie);
      return [out, window.pb.authStore.isValid, window.pb.authStore.record.email];
    });
    assert.deepEqual(cookie, [false, true, 'anna@example.com']);
  });

  it('writes records, is told of them and is refused with reasons', async () => {
    const page = await open();
    const seen = await page.evaluate(async () => {
      const pictures = window.pb.collection('pictures');
      const events = [];
      let enough;
      const all = new Promise((resolve) => { enough = resolve; });
      await pictures.subscribe('*', ({ action, record }) => {
        events.push(`${action} ${record.title}`);
        if (action === 'delete') enough();
      });
      const { id } = await pictures.create({ title: 'one' });
      await pictures.update(id, { title: 'two' });
      await pictures.delete(id);
      await all;
      await pictures.unsubscribe();
      const refusal = await pictures.getOne(id).catch((error) => error);
      return { events, connected: window.pb.realtime.isConnected, status: refusal.status, message: refusal.response.message };
    });
    assert.deepEqual(seen, {
      events: ['create one', 'update two', 'delete two'], connected: false, status: 404,
      message: "The requested resource wasn't found.",
    });
  });

  it('uploads a chosen file and shows its thumb', async () => {
    const page = await open();
    const pixels = await page.screenshot({ clip: { x: 0, y: 0, width: 60, height: 40 } });
    await page.setInputFiles('input', { name: '图.png', mimeType: 'image/png', buffer: pixels });
    const size = await page.evaluate(async () => {
      const { pb } = window;
      const image = document.querySelector('input').files[0];
      const record = await pb.collection('pictures').create({ title: 'shown', image });
      const picture = document.querySelector('img');
      const shown = (url) => new Promise((resolve) => {
        picture.onload = () => resolve([picture.naturalWidth, picture.naturalHeight]);
        picture.onerror = () => resolve('refused');
        picture.src = url;
      });
      const token = await pb.files.getToken();
      return [
        await shown(pb.files.getURL(record, record.image)),
        await shown(pb.files.getURL(record, record.image, { token })),
        await shown(pb.files.getURL(record, record.image, { token, thumb: '10x10' })),
      ];
    });
    assert.deepEqual(size, ['refused', [60, 40], [10, 10]]);
  });
});
