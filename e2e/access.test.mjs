// Every page is free of serious accessibility faults, in light and dark, and
// fits a screen of 320 pixels.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aoi, base, chat, faults, push, reset, visit } from './browser.mjs';

let message = '';
before(async () => {
  await reset();
  [message] = await push(aoi, { type: 'text', text: 'See https://example.com/ please' });
  await push(aoi, { type: 'template', altText: 'Two cards', template: { type: 'carousel', columns: [1, 2].map((n) => ({ text: 'Card ' + n, actions: [{ type: 'postback', label: 'Tap', data: 'x' }] })) } },
    { type: 'sticker', packageId: '446', stickerId: '1988' },
    { type: 'location', title: 'Tokyo', address: 'Japan', latitude: 35.68, longitude: 139.77 },
    { type: 'flex', altText: 'A bubble', contents: { type: 'bubble', body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'Words' }] } } },
    { type: 'text', text: 'Which?', quickReply: { items: [{ type: 'action', action: { type: 'message', label: 'This', text: 'this' } }] } });
});

const pages = () => ({
  home: base + '/_/', welcome: base + '/_/welcome', chats: `${base}/_/phone/${aoi}`, shop: `${base}/_/phone/${aoi}/shops/1`, chat, details: `${chat}?m=${message}&panel=inspect`,
  keys: base + '/_/workspace/', docs: base + '/_/docs', lost: base + '/_/nowhere',
});

for (const colorScheme of ['light', 'dark']) {
  test(`no serious faults in ${colorScheme}`, async () => {
    const { open } = await visit({ colorScheme, reducedMotion: 'reduce' });
    const found = {};
    for (const [name, url] of Object.entries(pages())) {
      const page = await open(url);
      const list = await faults(page);
      if (list.length) found[name] = list;
      await page.close();
    }
    assert.deepEqual(found, {});
  });
}

test('nothing is wider than a screen of 320 pixels', async () => {
  const { open } = await visit({ viewport: { width: 320, height: 640 } });
  for (const [name, url] of Object.entries(pages())) {
    const page = await open(url);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${name} is ${width} pixels wide`);
    await page.close();
  }
});

test('the chat is reached and used by keyboard alone', async () => {
  const { open } = await visit();
  const page = await open(`${base}/_/phone/${aoi}`);
  await page.locator('#chats a').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/c/**');
  await page.locator('#text').waitFor();
  await page.getByRole('button', { name: 'This' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#messages > .own').filter({ hasText: 'this' }).waitFor();
});
