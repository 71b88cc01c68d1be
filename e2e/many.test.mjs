import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, call, cafe, chat, faults, push, reset, visit } from './browser.mjs';

beforeEach(reset);

const carousel = { type: 'flex', altText: 'Three', contents: { type: 'carousel', contents: ['One', 'Two', 'Three'].map((text) =>
  ({ type: 'bubble', size: 'kilo', body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text }] } })) } };

test('buttons turn a carousel and rest at its ends', async () => {
  const { open, problems } = await visit();
  const page = await open(chat);
  await push(aoi, carousel);
  const list = page.locator('.fx-carousel');
  const back = page.getByRole('button', { name: 'Previous' });
  const on = page.getByRole('button', { name: 'Next' });
  await on.waitFor();
  assert.equal(await back.isDisabled(), true, 'nothing stands before the first');
  assert.deepEqual(await faults(page), []);
  await on.click();
  await page.locator('[data-turn="-1"]:enabled').waitFor();
  await on.click();
  await page.locator('[data-turn="1"]:disabled').waitFor();
  assert.ok(await list.evaluate((ul) => ul.scrollLeft + ul.clientWidth >= ul.scrollWidth - 1), 'the last is in sight');
  await back.click();
  await page.locator('[data-turn="1"]:enabled').waitFor();
  assert.deepEqual(problems, []);
});

test('fingers need no buttons', async () => {
  const { open } = await visit({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  const page = await open(chat);
  await push(aoi, carousel);
  await page.locator('.fx-carousel').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Next' }).count(), 0);
});

test('live updates speak the language of the page', async () => {
  const { open } = await visit();
  const page = await open(chat + '?lang=ja');
  await page.getByLabel('メッセージを入力').fill('こんにちは');
  await page.keyboard.press('Enter');
  await page.locator('#messages > .own .read').filter({ hasText: '既読' }).waitFor();
  await push(aoi, { type: 'video', originalContentUrl: 'https://127.0.0.1:1/v.mp4', previewImageUrl: 'https://127.0.0.1:1/v.jpg' });
  await page.locator('video[aria-label="動画"]').waitFor();
});

test('a reply leads to a message that is far back', async () => {
  const said = async (message) => (await call('POST', `/sim/v1/people/${aoi}/messages`, { chat: { channelId: cafe }, message })).body.messageId;
  const quotedMessageId = await said({ type: 'text', text: 'Long ago' });
  for (let i = 0; i < 60; i++) await push(aoi, { type: 'text', text: `Line ${i}` });
  await said({ type: 'text', text: 'About that', quotedMessageId });
  const { open } = await visit();
  const page = await open(chat);
  await page.locator('a.quoted').filter({ hasText: 'Long ago' }).click();
  await page.locator('.chosen').filter({ hasText: 'Long ago' }).waitFor();
  await page.getByText('Newest messages').click();
  await page.getByText('About that', { exact: true }).waitFor();
});

test('among many people the one whose phone it is stands in sight', async () => {
  let last;
  for (let i = 0; i < 40; i++) last = (await call('POST', '/sim/v1/people', { displayName: `Person ${i}`, friendOf: [cafe] })).body.userId;
  const { open } = await visit();
  const page = await open(`${base}/_/phone/${last}`);
  const rail = await page.locator('.people').boundingBox();
  const current = await page.locator('.people [aria-current]').boundingBox();
  assert.ok(current.y >= rail.y && current.y + current.height <= rail.y + rail.height + 1, `${current.y} is not within ${rail.y} + ${rail.height}`);
  assert.equal(await page.evaluate(() => scrollY), 0);
});
