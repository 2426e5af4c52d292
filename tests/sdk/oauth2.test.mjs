// Logging in through another service with the official SDK: WeChat's scan login, played by the simulator.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { EventSource } from 'eventsource';
import { ClientResponseError } from 'pocketbase';

import { addSdk, launch, skip } from './browser.mjs';
import { start } from './server.mjs';

globalThis.EventSource = EventSource;

const BACK = 'http://app.example/back';

let server;

before(async () => {
  server = await start();
  const superuser = await server.superuser();
  const users = await superuser.collections.getOne('users');
  const fields = users.fields.map((field) => (field.name === 'email' ? { ...field, required: false } : field));
  const wechat = { name: 'wechat', clientId: 'wx-simulator', clientSecret: 'simulator' };
  await superuser.collections.update('users', { fields, oauth2: { enabled: true, providers: [wechat] } });
});
after(() => server?.stop());

/** Where a user is sent back to who "scans" as this name at an address of the service. */
async function confirm(address, name) {
  const page = new URL(address);
  page.pathname = '/connect/confirm';
  page.searchParams.set('name', name);
  const reply = await fetch(page, { redirect: 'manual' });
  return new URL(reply.headers.get('location'));
}

/** What a user comes back with who "scans" as this name. */
async function scan(provider, name) {
  return (await confirm(provider.authURL + encodeURIComponent(BACK), name)).searchParams;
}

describe('authWithOAuth2Code', () => {
  it('creates a user, knows them again, and unlinks them', async () => {
    const pb = server.client();
    const methods = await pb.collection('users').listAuthMethods();
    assert.equal(methods.oauth2.enabled, true);
    const [provider] = methods.oauth2.providers;
    assert.equal(provider.name, 'wechat');
    const ids = [];
    for (const isNew of [true, false]) {
      const back = await scan(provider, 'anna');
      assert.equal(back.get('state'), provider.state);
      const login = await pb.collection('users')
        .authWithOAuth2Code('wechat', back.get('code'), provider.codeVerifier, BACK, { emailVisibility: true });
      assert.equal(login.meta.isNew, isNew);
      assert.equal(login.meta.name, 'anna');
      assert.equal(pb.authStore.record.id, login.record.id);
      ids.push(login.record.id);
    }
    assert.equal(ids[0], ids[1]);
    const links = await pb.collection('users').listExternalAuths(ids[0]);
    assert.deepEqual(links.map((link) => link.provider), ['wechat']);
    assert.equal(await pb.collection('users').unlinkExternalAuth(ids[0], 'wechat'), true);
    assert.deepEqual(await pb.collection('users').listExternalAuths(ids[0]), []);
  });

  it('is refused with the shapes that the SDK reads', async () => {
    const pb = server.client();
    const refused = (promise) => promise.then(() => null, (reason) => reason);
    const used = await refused(pb.collection('users').authWithOAuth2Code('wechat', 'junk', '', BACK));
    assert.ok(used instanceof ClientResponseError);
    assert.equal(used.message, 'Failed to fetch OAuth2 token.');
    const unknown = await refused(pb.collection('users').authWithOAuth2Code('google', 'code', '', BACK));
    assert.equal(unknown.response.data.provider.code, 'validation_invalid_provider');
  });
});

describe('authWithOAuth2', () => {
  it('waits for the user to come back, wherever they log in', async () => {
    const pb = server.client();
    let page;
    const { record, meta } = await pb.collection('users').authWithOAuth2({
      provider: 'wechat', createData: { emailVisibility: true }, query: { fields: '*' },
      urlCallback: async (url) => {
        page = await fetch(await confirm(url, 'cem'));
      },
    });
    assert.equal(page.status, 200);
    assert.deepEqual([meta.name, meta.isNew, record.emailVisibility], ['cem', true, true]);
    assert.equal((await pb.collection('users').authRefresh()).record.id, record.id);
    await assert.rejects(pb.collection('users').authWithOAuth2({ provider: 'nobody', urlCallback: () => {} }),
      /Something went wrong/);
  });

  it('takes a code as it did before', async () => {
    const pb = server.client();
    const { oauth2: { providers: [provider] } } = await pb.collection('users').listAuthMethods();
    const code = (await scan(provider, 'dana')).get('code');
    const { meta } = await pb.collection('users').authWithOAuth2('wechat', code, provider.codeVerifier, BACK);
    assert.equal(meta.name, 'dana');
    assert.equal(pb.authStore.isValid, true);
  });
});

describe('authWithOAuth2 in a browser', { skip }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** A page with the SDK and a button that logs in. */
  async function open() {
    const page = await browser.newPage();
    await page.goto(`${server.url}/api/health`);
    await addSdk(page);
    await page.evaluate(() => {
      document.body.innerHTML = '<button>Log in</button>';
      document.querySelector('button').onclick = () => {
        const pb = new window.PocketBase(window.location.origin);
        window.login = pb.collection('users').authWithOAuth2({ provider: 'wechat' })
          .then((login) => ({ name: login.record.name, isNew: login.meta.isNew, token: pb.authStore.token }))
          .catch((error) => ({ error: error.originalError?.message ?? error.message }));
      };
    });
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('button')]);
    await popup.waitForSelector('input[name=name]');
    return { page, popup };
  }

  it('logs in all in one by a popup and the realtime connection', async () => {
    const { page, popup } = await open();
    await popup.fill('input[name=name]', 'bert');
    const closed = popup.waitForEvent('close');
    await popup.click('button');
    const login = await page.evaluate(() => window.login);
    assert.equal(login.name, 'bert');
    assert.equal(login.isNew, true);
    assert.ok(login.token);
    await closed;
  });

  it('learns of a user who refuses', async () => {
    const { page, popup } = await open();
    await popup.click('a');
    const login = await page.evaluate(() => window.login);
    assert.match(login.error, /OAuth2 redirect error|code/);
  });
});
