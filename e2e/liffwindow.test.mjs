import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cafe, call, reset, visit } from './browser.mjs';

const liffId = '1656000002-AbCdEfGh';
const chen = 'U00000000000000000000000000000a03';
const home = process.env.KAIWA_APP + '/liff/';

beforeEach(reset);

/** A page of an app whose user is Chen, who is no friend of the cafe. */
async function app() {
  const visitor = await visit({ ignoreHTTPSErrors: true });
  const page = await visitor.open(home);
  const init = () => page.evaluate((id) => globalThis.liff.init({ liffId: id }), liffId);
  await init();
  await page.evaluate(() => { globalThis.liff.login(); });
  await page.locator('select[name=userId]').selectOption(chen);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  const friend = page.getByLabel('Add Kaiwa Cafe as a friend');
  await friend.uncheck();
  await page.locator('button[name=consent][value=allow]').click();
  await page.waitForURL((url) => url.href.startsWith(home));
  await init();
  return { ...visitor, page };
}

/** Calls the SDK, and gives what it says and the window that it opens.
 * @param {import('playwright-core').BrowserContext} context @param {import('playwright-core').Page} page @param {string} what */
async function opening(context, page, what) {
  const popup = context.waitForEvent('page');
  const said = page.evaluate((code) => new Function('liff', 'return ' + code)(globalThis.liff)
    .then((value) => value ?? 'done', (e) => `${e.code} ${e.message}`), what);
  return { said, window: await popup };
}

const friends = async () => (await call('GET', `/sim/v1/people/${chen}/chats`)).body.chats.map((c) => c.id);

test('an app asks its user to be a friend of its account', async () => {
  const { context, page, problems } = await app();
  const refused = await opening(context, page, 'liff.requestFriendship()');
  await refused.window.getByText('Kaiwa Cafe would like to be your friend.').waitFor();
  await refused.window.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await refused.said, "UNAUTHORIZED user didn't complete the friend request");
  assert.deepEqual(await friends(), []);
  const { said, window } = await opening(context, page, 'liff.requestFriendship()');
  await window.getByRole('button', { name: 'Add' }).click();
  assert.equal(await said, 'done');
  assert.deepEqual(await friends(), [cafe]);
  assert.deepEqual(await page.evaluate(() => globalThis.liff.getFriendship()), { friendFlag: true });
  assert.deepEqual(problems, []);
});

test('an app asks for what it came to want after its user logged in', async () => {
  const { context, page } = await app();
  assert.equal(await page.evaluate(() => globalThis.liff.permission.requestAll().catch((e) => e.message)), 'All permissions have already been approved.');
  const secret = 'abcdef0123456789abcdef0123456789';
  const issued = await fetch(process.env.KAIWA_URL + '/oauth2/v3/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: '1656000002', client_secret: secret }) });
  const { access_token } = await issued.json();
  const changed = await call('PUT', '/liff/v1/apps/' + liffId, { scope: ['profile', 'openid', 'chat_message.write', 'email'] }, { Authorization: 'Bearer ' + access_token });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  const before = await page.evaluate(() => globalThis.liff.getAccessToken());
  const { said, window } = await opening(context, page, 'liff.permission.requestAll()');
  await window.getByText('Kaiwa Cafe Login asks for: email').waitFor();
  await window.getByRole('button', { name: 'Allow' }).click();
  assert.equal(await said, 'done');
  assert.notEqual(await page.evaluate(() => globalThis.liff.getAccessToken()), before);
  assert.equal((await page.evaluate(() => globalThis.liff.getProfile())).userId, chen);
});

test('an app reads a code that its user writes', async () => {
  const { context, page } = await app();
  const { said, window } = await opening(context, page, 'liff.scanCodeV2()');
  await window.getByLabel('Code').fill('A-42');
  await window.getByRole('button', { name: 'Done' }).click();
  assert.deepEqual(await said, { value: 'A-42' });
});

test('an app opens another in a window, and hears what comes of it', async () => {
  const { context, page } = await app();
  await page.evaluate(() => { globalThis.heard = new Promise((done) => { globalThis.liff.subWindow.on('submit', done); }); });
  const { window } = await opening(context, page, `liff.subWindow.open({ url: 'https://liff.line.me/${liffId}', appData: { item: 7 } })`);
  await window.waitForURL(/liff\.subwindow/);
  await window.waitForFunction(() => globalThis.liff);
  await window.evaluate((id) => { globalThis.liff.init({ liffId: id }); }, liffId);
  await window.waitForURL((url) => !url.search.includes('liff.state')); // the SDK goes on to the page within
  await window.waitForFunction(() => globalThis.liff);
  await window.evaluate((id) => globalThis.liff.init({ liffId: id }), liffId);
  assert.deepEqual(await window.evaluate(() => globalThis.liff.subWindow.getAppData()), { item: 7 });
  await window.evaluate(() => { globalThis.liff.subWindow.submit({ size: 'large' }); });
  assert.deepEqual(await page.evaluate(() => globalThis.heard), { size: 'large' });
});
