// Every way to log in of the official SDK but other services.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { getTokenPayload } from 'pocketbase';

import { refused } from './expect.mjs';
import { startMail } from './mail.mjs';
import { start } from './server.mjs';

const PASSWORD = '12345678';

let server;
let mail;
let superuser;

before(async () => {
  [server, mail] = [await start(), await startMail()];
  superuser = await server.superuser();
  await superuser.settings.update({ smtp: { enabled: true, host: '127.0.0.1', port: mail.port } });
  const template = (text) => ({ subject: 'mail', body: `<p>${text}</p>` });
  await superuser.collections.create({
    name: 'people', type: 'auth', createRule: '', updateRule: 'id = @request.auth.id',
    fields: [{ type: 'text', name: 'name' }], authAlert: { enabled: false, emailTemplate: template('{ALERT_INFO}') },
    otp: { enabled: true, length: 6, emailTemplate: template('{OTP}') },
    verificationTemplate: template('{TOKEN}'), resetPasswordTemplate: template('{TOKEN}'),
    confirmEmailChangeTemplate: template('{TOKEN}'),
  });
});
after(async () => {
  mail?.stop();
  await server?.stop();
});

const people = (pb) => pb.collection('people');

/** A client of somebody new. */
async function signUp(name) {
  const pb = server.client();
  const email = `${name}@example.com`;
  await people(pb).create({ email, name, password: PASSWORD, passwordConfirm: PASSWORD });
  await people(pb).authWithPassword(email, PASSWORD);
  return pb;
}

describe('logins', () => {
  it('are told, work by password and are renewed', async () => {
    const methods = await people(server.client()).listAuthMethods();
    assert.deepEqual(methods.password, { identityFields: ['email'], enabled: true });
    assert.deepEqual(methods.otp, { enabled: true, duration: 180 });
    assert.deepEqual(methods.mfa, { enabled: false, duration: 0 });
    const pb = await signUp('anna');
    assert.equal(pb.authStore.isValid, true);
    const { token, record } = await people(pb).authRefresh();
    assert.equal(pb.authStore.token, token);
    assert.equal(record.email, 'anna@example.com');
    await refused(people(server.client()).authWithPassword('anna@example.com', 'wrong'), 400);
    await refused(people(server.client()).authRefresh(), 401);
  });

  it('work by a one-time password', async () => {
    await signUp('bert');
    const pb = server.client();
    const { otpId } = await people(pb).requestOTP('bert@example.com');
    const { text, to } = await mail.next();
    assert.deepEqual(to, ['bert@example.com']);
    await refused(people(pb).authWithOTP(otpId, '1'), 400);
    const { record } = await people(pb).authWithOTP(otpId, text);
    assert.equal(record.name, 'bert');
    assert.equal(pb.authStore.isValid, true);
    await refused(people(pb).authWithOTP(otpId, text), 400);
  });

  it('work by two methods', async () => {
    await signUp('cem');
    await superuser.collections.update('people', { mfa: { enabled: true } });
    try {
      const pb = server.client();
      const first = await refused(people(pb).authWithPassword('cem@example.com', PASSWORD), 401);
      const { mfaId } = first.response;
      assert.match(mfaId, /^[a-z0-9]{15}$/);
      assert.equal(pb.authStore.isValid, false);
      const { otpId } = await people(pb).requestOTP('cem@example.com');
      const { text } = await mail.next();
      await people(pb).authWithOTP(otpId, text, { mfaId });
      assert.equal(pb.authStore.record.name, 'cem');
    } finally {
      await superuser.collections.update('people', { mfa: { enabled: false } });
    }
  });

  it('of others are for superusers', async () => {
    const pb = await signUp('dana');
    const { id } = pb.authStore.record;
    const dana = await people(superuser).impersonate(id, 100);
    assert.equal(dana.authStore.record.id, id);
    assert.equal(getTokenPayload(dana.authStore.token).refreshable, false);
    await people(dana).update(id, { name: 'Dana' });
    const { token } = await people(dana).authRefresh();
    assert.equal(token, dana.authStore.token);
    await refused(people(pb).impersonate(id, 100), 403);
  });
});

describe('addresses and passwords', () => {
  it('are verified', async () => {
    const pb = await signUp('emil');
    assert.equal(await people(pb).requestVerification('emil@example.com'), true);
    const { text } = await mail.next();
    assert.equal(await people(pb).confirmVerification(text), true);
    // The SDK notes it by itself, and the server says the same.
    assert.equal(pb.authStore.record.verified, true);
    assert.equal((await people(pb).authRefresh()).record.verified, true);
  });

  it('are reset', async () => {
    const pb = await signUp('fay');
    assert.equal(await people(pb).requestPasswordReset('fay@example.com'), true);
    const { text } = await mail.next();
    await refused(people(server.client()).confirmPasswordReset(text, 'new password', 'other'), 400);
    assert.equal(await people(server.client()).confirmPasswordReset(text, 'new password', 'new password'), true);
    await refused(people(pb).authRefresh(), 401);
    await people(server.client()).authWithPassword('fay@example.com', 'new password');
  });

  it('are changed', async () => {
    const pb = await signUp('gus');
    assert.equal(await people(pb).requestEmailChange('august@example.com'), true);
    const { text, to } = await mail.next();
    assert.deepEqual(to, ['august@example.com']);
    assert.equal(await people(pb).confirmEmailChange(text, PASSWORD), true);
    // The SDK forgets the token, which is worth nothing any more.
    assert.equal(pb.authStore.isValid, false);
    const { record } = await people(pb).authWithPassword('august@example.com', PASSWORD);
    assert.equal(record.verified, true);
  });
});

describe('accounts at other services', () => {
  it('are listed and unlinked', async () => {
    const pb = await signUp('hal');
    const { id, collectionId } = pb.authStore.record;
    await superuser.collection('_externalAuths').create({
      collectionRef: collectionId, recordRef: id, provider: 'google', providerId: '1',
    });
    const links = await people(pb).listExternalAuths(id);
    assert.deepEqual(links.map((link) => link.provider), ['google']);
    assert.equal(await people(pb).unlinkExternalAuth(id, 'google'), true);
    assert.deepEqual(await people(pb).listExternalAuths(id), []);
  });
});

describe('mails', () => {
  it('can be tried', async () => {
    for (const template of ['verification', 'password-reset', 'email-change', 'otp', 'login-alert']) {
      assert.equal(await superuser.settings.testEmail('people', 'ida@example.com', template), true);
      assert.deepEqual((await mail.next()).to, ['ida@example.com']);
    }
    await refused(server.client().settings.testEmail('people', 'ida@example.com', 'otp'), 401);
  });
});
