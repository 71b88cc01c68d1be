import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, ben, cafe, call, reset, visit } from './browser.mjs';

const login = '1656000002';
const liffId = '1656000002-AbCdEfGh';
// The app's own site: pages that have nothing but the SDK as npm has it.
const home = process.env.KAIWA_APP + '/liff/';

beforeEach(reset);

const surf = (options) => visit({ ignoreHTTPSErrors: true, ...options });

const init = (page) => page.evaluate((id) => globalThis.liff.init({ liffId: id }), liffId);

/** Logs in and agrees, as somebody at an ordinary browser does. */
async function logIn(page, userId, agree = 'allow') {
  await init(page);
  assert.equal(await page.evaluate(() => globalThis.liff.isLoggedIn()), false);
  await page.evaluate(() => { globalThis.liff.login(); });
  await page.waitForURL(/^https:\/\/access\.line\.me\/oauth2\/v2\.1\/login/);
  await page.locator('select[name=userId]').selectOption(userId);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.waitForURL(/consent/);
  await page.locator(`button[name=consent][value=${agree}]`).click();
  await page.waitForURL((url) => url.href.startsWith(home));
}

test('an app logs its user in with the unmodified SDK, in an ordinary browser', async () => {
  const { open, problems } = await surf();
  const page = await open(home);
  await logIn(page, aoi);
  await init(page);
  const got = await page.evaluate(async () => {
    const { liff } = globalThis;
    const refused = await liff.sendMessages([{ type: 'text', text: 'hi' }]).catch((e) => `${e.code} ${e.message}`);
    return { loggedIn: liff.isLoggedIn(), profile: await liff.getProfile(), id: liff.getDecodedIDToken(), friendship: await liff.getFriendship(),
      context: liff.getContext(), link: await liff.permanentLink.createUrlBy(location.origin + '/liff/x?a=1'), inClient: liff.isInClient(), refused };
  });
  assert.equal(got.loggedIn, true);
  assert.deepEqual(got.profile, { userId: aoi, displayName: 'Aoi', statusMessage: 'Coffee first' });
  assert.equal(got.id.sub, aoi);
  assert.equal(got.id.aud, login);
  assert.equal(got.id.iss, 'https://access.line.me');
  assert.deepEqual(got.friendship, { friendFlag: true });
  assert.equal(got.context.type, 'external');
  assert.equal(got.link, `https://liff.line.me/${liffId}/x?a=1`);
  assert.equal(got.inClient, false);
  assert.equal(got.refused, "403 user doesn't grant required permissions yet");
  await page.evaluate(() => globalThis.liff.logout());
  assert.equal(await page.evaluate(() => globalThis.liff.isLoggedIn()), false);
  assert.deepEqual(problems, []);
});

test('a user who refuses is told of to the app', async () => {
  const { open } = await surf();
  const page = await open(home);
  await logIn(page, ben, 'cancel');
  const error = await page.evaluate((id) => globalThis.liff.init({ liffId: id }).catch((e) => `${e.code} ${e.message}`), liffId);
  assert.match(error, /ACCESS_DENIED: The resource owner denied the request\./);
});

test('an app shares with a group that its user picks', async () => {
  const { context, open } = await surf();
  const page = await open(home);
  await logIn(page, aoi);
  await init(page);
  const popup = context.waitForEvent('page');
  const shared = page.evaluate(() => globalThis.liff.shareTargetPicker([{ type: 'text', text: 'Shared by the app' }]));
  const picker = await popup;
  await picker.getByLabel('Lunch team').check();
  await picker.waitForFunction(() => document.forms[0].messages.value !== '');
  await picker.getByRole('button', { name: 'Share', exact: true }).click();
  assert.deepEqual(await shared, { status: 'success' });
  const { body } = await call('GET', `/sim/v1/people/${ben}/chats/C0000000000000000000000000000c001/messages`);
  const said = body.messages.find((m) => m.message?.text === 'Shared by the app');
  assert.equal(said.from.id, aoi);
});

test('in the LIFF browser the app knows its chat and speaks in it', async () => {
  const { context } = await surf({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari Line/15.8.0 LIFF' });
  await context.addInitScript(() => { globalThis._liff = { features: [], postMessage() {} }; });
  const { body } = await call('POST', `/sim/v1/people/${aoi}/liff`, { liffId, chat: { channelId: cafe } });
  const page = await context.newPage();
  await page.goto(body.url);
  await init(page);
  const got = await page.evaluate(async () => {
    const { liff } = globalThis;
    await liff.sendMessages([{ type: 'text', text: 'From the app' }]);
    return { inClient: liff.isInClient(), type: liff.getContext().type, userId: liff.getContext().userId, name: (await liff.getProfile()).displayName, url: location.href };
  });
  assert.deepEqual(got, { inClient: true, type: 'utou', userId: aoi, name: 'Aoi', url: home });
  const chat = await call('GET', `/sim/v1/people/${aoi}/chats/${cafe}/messages`);
  const texts = chat.body.messages.map((m) => m.message?.text);
  assert.ok(texts.includes('From the app'), JSON.stringify(texts));
});

test('a LIFF URL leads to the app, and its path on to the page within', async () => {
  const { open } = await surf();
  const page = await open(`https://liff.line.me/${liffId}/shop?item=1`);
  assert.equal(page.url(), home + '?liff.state=%2Fshop%3Fitem%3D1');
  await Promise.all([page.waitForURL(home + 'shop?item=1'), page.evaluate((id) => { globalThis.liff.init({ liffId: id }); }, liffId)]);
});
