// Realtime with the official SDK.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { EventSource } from 'eventsource';

import { start } from './server.mjs';

globalThis.EventSource = EventSource;

let server;
let superuser;

before(async () => {
  server = await start();
  superuser = await server.superuser();
  const people = await superuser.collections.create({
    name: 'people', type: 'auth', viewRule: '', fields: [{ type: 'text', name: 'name' }],
  });
  await superuser.collections.create({
    name: 'notes', type: 'base', listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '',
    fields: [
      { type: 'text', name: 'title' },
      { type: 'relation', name: 'author', collectionId: people.id, maxSelect: 1 },
    ],
  });
  await superuser.collections.create({
    name: 'members', type: 'base', listRule: "@request.auth.id != ''", fields: [{ type: 'text', name: 'title' }],
  });
  await superuser.collection('people').create({
    email: 'anna@example.com', password: '12345678', passwordConfirm: '12345678', name: 'Anna',
  });
});
after(() => server?.stop());

/** Collects events; `next()` waits for one. */
function listener() {
  const events = [];
  const waiting = [];
  const listen = (event) => { (waiting.shift() ?? ((one) => events.push(one)))(event); };
  const next = () => new Promise((resolve, reject) => {
    if (events.length > 0) return resolve(events.shift());
    const timer = setTimeout(() => reject(new Error('no event')), 5000);
    return waiting.push((event) => { clearTimeout(timer); resolve(event); });
  });
  return { listen, next, events };
}

describe('realtime', () => {
  it('tells of a collection until it is unsubscribed from', async () => {
    const pb = server.client();
    const { listen, next, events } = listener();
    const unsubscribe = await pb.collection('notes').subscribe('*', listen);
    assert.equal(pb.realtime.isConnected, true);
    const note = await pb.collection('notes').create({ title: 'one' });
    assert.deepEqual(await next(), { action: 'create', record: note });
    const changed = await pb.collection('notes').update(note.id, { title: 'two' });
    assert.deepEqual(await next(), { action: 'update', record: changed });
    await pb.collection('notes').delete(note.id);
    assert.deepEqual(await next(), { action: 'delete', record: changed });
    await unsubscribe();
    assert.equal(pb.realtime.isConnected, false);
    await pb.collection('notes').create({ title: 'three' });
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    assert.deepEqual(events, []);
  });

  it('tells of one record', async () => {
    const pb = server.client();
    const [one, other] = [await pb.collection('notes').create({}), await pb.collection('notes').create({})];
    const { listen, next, events } = listener();
    await pb.collection('notes').subscribe(one.id, listen);
    await pb.collection('notes').update(other.id, { title: 'x' });
    await pb.collection('notes').update(one.id, { title: 'y' });
    const { action, record } = await next();
    assert.deepEqual([action, record.id, record.title, events.length], ['update', one.id, 'y', 0]);
    await pb.collection('notes').unsubscribe(one.id);
  });

  it('takes a filter, an expand and fields', async () => {
    const pb = server.client();
    const anna = await superuser.collection('people').getFirstListItem('');
    const { listen, next } = listener();
    await pb.collection('notes').subscribe('*', listen, {
      filter: pb.filter('title = {:title}', { title: 'shown' }),
      expand: 'author',
      fields: 'title,expand.author.name',
      headers: { 'X-Token': 'test' },
    });
    await pb.collection('notes').create({ title: 'hidden', author: anna.id });
    await pb.collection('notes').create({ title: 'shown', author: anna.id });
    const { record } = await next();
    assert.deepEqual(record, { title: 'shown', expand: { author: { name: 'Anna' } } });
    await pb.realtime.unsubscribe();
  });

  it('follows a login', async () => {
    const pb = server.client();
    const { listen, next, events } = listener();
    await pb.collection('members').subscribe('*', listen);
    await superuser.collection('members').create({ title: 'guest' });
    await pb.collection('people').authWithPassword('anna@example.com', '12345678');
    await pb.collection('notes').subscribe('*', () => {});
    await superuser.collection('members').create({ title: 'member' });
    assert.equal((await next()).record.title, 'member');
    assert.deepEqual(events, []);
    // Nobody becomes somebody else on the same connection; the SDK then connects anew by itself.
    pb.authStore.clear();
    await assert.rejects(pb.collection('people').subscribe('*', () => {}), { status: 403 });
    await pb.realtime.unsubscribe();
  });

  it('tells everybody of a topic until each has left it', async () => {
    const pb = server.client();
    const [first, second, options] = [listener(), listener(), { query: { fields: 'title' } }];
    await assert.rejects(pb.realtime.subscribe('', () => {}), /topic must be set/);
    const leave = await pb.realtime.subscribe('notes/*', first.listen, options);
    await pb.realtime.subscribe('notes/*', second.listen, options);
    await pb.collection('notes').create({ title: 'to both' });
    for (const { next } of [first, second]) assert.deepEqual((await next()).record, { title: 'to both' });
    await leave();
    assert.equal(pb.realtime.isConnected, true);
    await pb.collection('notes').create({ title: 'to one' });
    assert.equal((await second.next()).record.title, 'to one');
    // What the SDK listens with, it keeps to itself.
    const [topic, [kept]] = Object.entries(pb.realtime.subscriptions)[0];
    await pb.realtime.unsubscribeByTopicAndListener(topic, first.listen);
    assert.equal(pb.realtime.isConnected, true);
    await pb.realtime.unsubscribeByTopicAndListener(topic, kept);
    assert.equal(pb.realtime.isConnected, false);
    await pb.collection('notes').create({ title: 'to nobody' });
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    assert.deepEqual([...first.events, ...second.events], []);
  });

  it('leaves what begins alike', async () => {
    const pb = server.client();
    const [notes, one, members] = [listener(), listener(), listener()];
    const { id } = await pb.collection('notes').create({ title: 'one' });
    await pb.realtime.subscribe('notes/*', notes.listen);
    await pb.realtime.subscribe(`notes/${id}`, one.listen, { fields: 'id' });
    await pb.collection('people').authWithPassword('anna@example.com', '12345678');
    await pb.realtime.subscribe('members', members.listen);
    await pb.realtime.unsubscribeByPrefix('notes/');
    assert.equal(pb.realtime.isConnected, true);
    await pb.collection('notes').update(id, { title: 'changed' });
    await superuser.collection('members').create({ title: 'still told' });
    assert.equal((await members.next()).record.title, 'still told');
    assert.deepEqual([...notes.events, ...one.events], []);
    await pb.realtime.unsubscribeByPrefix('nothing');
    assert.equal(pb.realtime.isConnected, true);
    await pb.realtime.unsubscribe('members');
    assert.equal(pb.realtime.isConnected, false);
  });

  it('connects again when the server ends the connection', async () => {
    const pb = server.client();
    const { listen, next } = listener();
    await pb.collection('notes').subscribe('*', listen);
    const before = pb.realtime.clientId;
    const again = new Promise((resolve) => { pb.realtime.onDisconnect = resolve; });
    await fetch(`${server.url}/api/realtime`, { headers: { 'Last-Event-ID': before } });
    await again;
    while (pb.realtime.clientId === before || !pb.realtime.isConnected) {
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    await pb.collection('notes').create({ title: 'again' });
    assert.equal((await next()).record.title, 'again');
    await pb.realtime.unsubscribe();
  });
});
