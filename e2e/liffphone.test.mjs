import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, cafe, call, chat, faults, push, reset, visit } from './browser.mjs';

const liffId = '1656000002-AbCdEfGh';
const chen = 'U00000000000000000000000000000a03';
const sheet = `${base}/_/phone/${aoi}/liff/${liffId}?chat=${cafe}`;

beforeEach(reset);

/** The app's frame, which is at an address of the app's own, once the app is
 * ready there: a page of the app initialises the SDK, which logs in by itself.
 * @param {import('playwright-core').Page} page */
async function app(page) {
  const frame = await (await page.locator('.liff iframe').elementHandle()).contentFrame();
  await frame.waitForFunction(() => globalThis.ready);
  return frame;
}

/** A browser in which the app's pages do what those of apps do.
 * @param {import('playwright-core').BrowserContextOptions} [options] */
async function surf(options) {
  const visitor = await visit({ ignoreHTTPSErrors: true, ...options });
  await visitor.context.addInitScript((id) => {
    addEventListener('DOMContentLoaded', () => {
      globalThis.liff?.init({ liffId: id, withLoginOnExternalBrowser: true }).then(() => { globalThis.ready = true; });
    });
  }, liffId);
  return visitor;
}

test('a link opens the app, which the person agrees to once and which knows them', async () => {
  const { open, problems } = await surf();
  const page = await open(chat);
  await push(aoi, { type: 'template', altText: 'Shop', template: { type: 'buttons', text: 'Shop', actions: [{ type: 'uri', label: 'Open the app', uri: `https://liff.line.me/${liffId}/shop?item=1` }] } });
  await page.getByRole('button', { name: 'Open the app' }).click();
  await page.getByRole('heading', { name: 'Kaiwa Cafe Login' }).waitFor();
  assert.deepEqual(await faults(page), []);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForURL(chat);
  await page.getByRole('button', { name: 'Open the app' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  const src = await page.locator('.liff iframe').getAttribute('src');
  assert.match(src, /\/liff\/\?liff\.state=%2Fshop%3Fitem%3D1#access_token=/);
  const whole = await page.locator('.phone').boundingBox();
  const part = await page.locator('.liff').boundingBox();
  assert.ok(Math.abs(part.height / whole.height - 0.8) < 0.01, 'a tall app takes 80 %');
  const frame = await app(page);
  const got = await frame.evaluate(async () => {
    const { liff } = globalThis;
    await liff.sendMessages([{ type: 'text', text: 'From the app' }]);
    return { type: liff.getContext().type, viewType: liff.getContext().viewType, userId: liff.getContext().userId, name: (await liff.getProfile()).displayName,
      sub: liff.getDecodedIDToken().sub, friend: (await liff.getFriendship()).friendFlag };
  });
  assert.deepEqual(got, { type: 'utou', viewType: 'tall', userId: aoi, name: 'Aoi', sub: aoi, friend: true });
  await page.locator('#messages > .own').filter({ hasText: 'From the app' }).waitFor();
  assert.deepEqual(await faults(page), []);
  await page.getByRole('link', { name: 'Close' }).click();
  await page.waitForURL(chat);
  assert.deepEqual(problems, []);
});

test('a stranger is asked to add the account, also without scripts', async () => {
  const { open } = await surf({ javaScriptEnabled: false });
  const page = await open(`${base}/_/phone/${chen}/liff/${liffId}`);
  await page.getByLabel('Add Kaiwa Cafe as a friend').check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.locator('.liff iframe').waitFor();
  const { body } = await call('GET', `/sim/v1/people/${chen}/chats`);
  assert.deepEqual(body.chats.map((c) => c.id), [cafe]);
  assert.equal(await page.getByRole('link', { name: 'Open in the browser' }).getAttribute('href'), '/' + liffId);
});

test('outside of a chat the app cannot send, and a frame of another site logs nobody in', async () => {
  const { context, open } = await surf();
  await call('POST', `/sim/v1/people/${aoi}/liff`, { liffId }); // agrees
  const page = await open(`${base}/_/phone/${aoi}/liff/${liffId}`);
  const frame = await app(page);
  assert.deepEqual(await frame.evaluate(async () => {
    const { liff } = globalThis;
    return [liff.getContext().type, await liff.sendMessages([{ type: 'text', text: 'hi' }]).catch((e) => e.code)];
  }), ['none', '403']);
  const other = await context.newPage();
  await other.goto(process.env.KAIWA_APP + '/liff/');
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  await other.evaluate((src) => { const f = document.createElement('iframe'); f.src = src; document.body.append(f); },
    `https://access.line.me/liff/v1/authorize?app_id=${liffId}&state=abc&response_type=code&code_challenge_method=S256&code_challenge=${challenge}`);
  await other.frameLocator('iframe').getByText('it was not opened on a phone').waitFor();
});

test('the app is at home at every size and in every light', async () => {
  for (const [width, colorScheme] of /** @type {const} */ ([[390, 'light'], [1200, 'dark']])) {
    const { open } = await surf({ viewport: { width, height: 844 }, colorScheme });
    const page = await open(sheet);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/consent-${width}-${colorScheme}.png` });
    if (await page.getByRole('button', { name: 'Allow' }).isVisible()) await page.getByRole('button', { name: 'Allow' }).click();
    await app(page);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/sheet-${width}-${colorScheme}.png` });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(await faults(page), []);
  }
});
