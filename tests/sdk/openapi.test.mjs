// The OpenAPI document against a validator, and its page in a browser.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Validator } from '@seriousme/openapi-schema-validator';

import { launch, skip } from './browser.mjs';
import { SUPERUSER, start } from './server.mjs';

let server;
let superuserToken;

before(async () => {
  server = await start();
  const reply = await fetch(`${server.url}/api/collections/_superusers/auth-with-password`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ identity: SUPERUSER.email, password: SUPERUSER.password }),
  });
  superuserToken = (await reply.json()).token;
});
after(() => server?.stop());

describe('the document', () => {
  for (const [who, token] of [['a guest', () => ''], ['a superuser', () => superuserToken]]) {
    it(`is valid OpenAPI 3.1 for ${who}`, async () => {
      const reply = await fetch(`${server.url}/api/openapi.json`, { headers: { Authorization: token() } });
      const document = await reply.json();
      const validator = new Validator();
      const result = await validator.validate(document);
      assert.equal(result.valid, true, JSON.stringify(result.errors, null, 2));
      assert.equal(validator.version, '3.1');
      assert.ok(Object.keys(document.paths).length > 15);
    });
  }
});

describe('the page', { skip }, () => {
  let browser;

  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** A loaded page, with what it asked for and what went wrong. */
  async function open(path, options) {
    const page = await browser.newPage(options);
    const [asked, wrong] = [[], []];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => { if (message.type() !== 'log') wrong.push(message.text()); });
    page.on('pageerror', (error) => wrong.push(String(error)));
    await page.goto(server.url + path);
    await page.waitForSelector('details.operation');
    return { page, asked, wrong };
  }

  for (const mount of ['', '/pb']) {
    it(`shows every operation without asking anybody else, at ${mount}/api/docs`, async () => {
      const { page, asked, wrong } = await open(`${mount}/api/docs`);
      const document = await (await fetch(`${server.url}${mount}/api/openapi.json`)).json();
      const operations = Object.values(document.paths)
        .flatMap((item) => Object.entries(item).filter(([key]) => key !== 'parameters').map(([, value]) => value));
      const cards = page.locator('details.operation');
      assert.equal(await cards.count(), operations.length);
      await page.evaluate(() => {
        for (const card of document.querySelectorAll('details.operation')) card.open = true;
      });
      await page.waitForFunction(() =>
        [...document.querySelectorAll('details.operation')].every((card) => card.childElementCount === 2));
      assert.match(await cards.first().innerText(), /响应/);
      const elsewhere = asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'));
      assert.deepEqual([elsewhere, wrong], [[], []]);
      await page.close();
    });
  }

  it('finds operations by words', async () => {
    const { page } = await open('/api/docs');
    await page.fill('#search', 'wechat login');
    const shown = page.locator('details.operation:visible');
    assert.equal(await shown.count(), 1);
    assert.match(await shown.first().innerText(), /\/api\/wechat\/login/);
    await page.fill('#search', '');
    assert.ok(await shown.count() > 15);
    await page.close();
  });

  it('opens the operation that the address names, with its parameters and rules', async () => {
    const { page } = await open('/api/docs#list_tbl_document');
    const card = page.locator('#list_tbl_document');
    await card.locator('.body').waitFor();
    const text = await card.innerText();
    for (const word of ['listRule', 'filter', 'perPage', 'document_title', 'curl -X GET']) {
      assert.ok(text.includes(word), `${word}: ${text}`);
    }
    await page.close();
  });

  it('shows collections of the system to superusers', async () => {
    const { page } = await open('/api/docs');
    assert.equal(await page.locator('#list__superusers').count(), 0);
    await page.fill('#token', superuserToken);
    await page.press('#token', 'Enter');
    await page.locator('#list__superusers').waitFor();
    await page.close();
  });

  it('fits a phone', async () => {
    const { page, wrong } = await open('/api/docs', { viewport: { width: 360, height: 740 } });
    await page.evaluate(() => { document.querySelector('#list_tbl_company').open = true; });
    await page.locator('#list_tbl_company .body').waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `it is ${width} pixels wide`);
    assert.deepEqual(wrong, []);
    await page.close();
  });
});
