// What bots send on small screens, in narrow places, and with pictures that are
// not there; and files of every kind that people send.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, cafe, call, chat, push, reset, token, visit } from './browser.mjs';

beforeEach(reset);

const own = '#messages > .own';
const gone = 'https://127.0.0.1:1';

test('a text that asks to shrink fits its place, whatever its spans', async () => {
  const { open } = await visit();
  const page = await open(chat);
  const long = 'as long as no phone is wide, '.repeat(3);
  await push(aoi, { type: 'flex', altText: 'Narrow', contents: { type: 'bubble', size: 'kilo', body: { type: 'box', layout: 'vertical', contents: [
    { type: 'text', text: long, adjustMode: 'shrink-to-fit' },
    { type: 'text', text: 'spans', adjustMode: 'shrink-to-fit', contents: [{ type: 'span', text: long, size: 'xl' }] },
    { type: 'button', adjustMode: 'shrink-to-fit', action: { type: 'postback', label: long.slice(0, 40), data: 'x' } },
    { type: 'text', text: long }] } } });
  const cut = () => page.locator('#messages > .row').last().locator('.fx-line, .fx-label').evaluateAll((all) => all.map((e) => e.scrollWidth > e.clientWidth + 1));
  await page.locator('.fx-line').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('[data-shrink]')].every((e) => e.firstElementChild.scrollWidth <= e.firstElementChild.clientWidth + 1));
  assert.deepEqual(await cut(), [false, false, false, true]);
});

test('pictures that do not load say so, and what lies on them is still tapped', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await push(aoi, { type: 'image', originalContentUrl: gone + '/o.png', previewImageUrl: gone + '/p.png' },
    { type: 'imagemap', baseUrl: gone + '/map', altText: 'Map', baseSize: { width: 1040, height: 520 }, actions: [{ type: 'message', text: 'Tapped the map', area: { x: 0, y: 0, width: 1040, height: 520 } }] },
    { type: 'template', altText: 'Tiles', template: { type: 'image_carousel', columns: [{ imageUrl: gone + '/tile.png', action: { type: 'message', label: 'Tile', text: 'Tapped the tile' } }] } });
  for (const [place, file] of [['.msg-image', '/p.png'], ['.msg-map', '/map/1040'], ['.msg-tile-tap', '/tile.png']]) {
    const broken = page.locator(`#messages ${place}[data-broken]`);
    await broken.scrollIntoViewIfNeeded();
    assert.ok((await broken.evaluate((e) => getComputedStyle(e, '::after').content)).includes(gone + file), place);
  }
  await page.locator('#messages .msg-tile-tap').click();
  await page.locator(own).filter({ hasText: 'Tapped the tile' }).waitFor();
  await page.locator('#messages .msg-area').click();
  await page.locator(own).filter({ hasText: 'Tapped the map' }).waitFor();
});

test('what is yet to be sent is still there when the page was brought up to date', async () => {
  const { open, context } = await visit();
  const page = await open(chat);
  await context.route('**/sim/v1/people/*/messages', (route) => route.abort());
  await page.locator('#text').fill('Said to a server that was away');
  await page.keyboard.press('Enter');
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await context.unroute('**/sim/v1/people/*/messages');
  const messages = await page.locator('#messages').elementHandle();
  await reset();
  await page.waitForFunction((e) => !e.isConnected, messages);
  await again.click();
  await page.locator(own).locator('.read').filter({ hasText: 'Read' }).waitFor();
  assert.equal(await page.locator(own).count(), 1);
});

for (const javaScriptEnabled of [true, false]) {
  test(`a file is sent as what it is, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const { open } = await visit({ javaScriptEnabled });
    const page = await open(chat);
    for (const [name, mimeType] of [['notes 日本.pdf', 'application/pdf'], ['clip.mp4', 'video/mp4'], ['voice.m4a', 'audio/mp4']]) {
      const before = await page.locator(own).count();
      await page.locator('#file').setInputFiles({ name, mimeType, buffer: Buffer.from('%PDF-1.7') });
      if (!javaScriptEnabled) {
        await page.locator('summary[aria-label="Photo, file or location"]').click();
        await page.getByRole('button', { name: 'Send file' }).click();
      }
      await page.locator(`${own} .read`).nth(before).filter({ hasText: 'Read' }).waitFor();
    }
    const { body } = await call('GET', `/sim/v1/people/${aoi}/chats/${cafe}/messages`);
    assert.deepEqual(body.messages.filter((m) => m.from.type === 'person').map(({ message: m }) => [m.type, m.fileName]), [['file', 'notes 日本.pdf'], ['video', undefined], ['audio', undefined]]);
  });
}

test('who closes a dialog is where they opened it', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await page.locator('summary[aria-label="Photo, file or location"]').press('Enter');
  await page.getByRole('link', { name: 'Location' }).press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Photo, file or location');
});

test('an open rich menu leaves room for the chat on a low screen', async () => {
  const auth = { Authorization: 'Bearer ' + token };
  const { body: { richMenuId } } = await call('POST', '/v2/bot/richmenu', { size: { width: 800, height: 540 }, selected: true, name: 'Tall', chatBarText: 'Tall',
    areas: [{ bounds: { x: 0, y: 500, width: 800, height: 40 }, action: { type: 'message', label: 'Lowest', text: 'The lowest area' } }] }, auth);
  const { open, context } = await visit({ viewport: { width: 640, height: 400 } });
  const drawing = await context.newPage();
  await drawing.setViewportSize({ width: 800, height: 540 });
  const picture = await drawing.screenshot();
  await fetch(`${base}/v2/bot/richmenu/${richMenuId}/content`, { method: 'POST', body: picture, headers: { ...auth, 'Content-Type': 'image/png' } });
  await call('POST', '/v2/bot/user/all/richmenu/' + richMenuId, undefined, auth);
  const page = await open(chat);
  await page.locator('#menu[open]').waitFor();
  assert.ok(await page.locator('#scroll').evaluate((e) => e.clientHeight) > 60);
  await page.getByRole('button', { name: 'Lowest' }).click();
  await page.locator(own).filter({ hasText: 'The lowest area' }).waitFor();
});

test('what one writes in stays in sight below the bar of faults', async () => {
  await call('PUT', '/sim/v1/faults', { rules: [{ match: { path: '/nowhere' }, effect: { status: 500 } }] });
  for (const [width, height] of [[390, 844], [900, 700], [1200, 800]]) {
    const { open } = await visit({ viewport: { width, height } });
    const page = await open(chat);
    await page.getByText('Faults are on').waitFor();
    const box = await page.locator('#composer').boundingBox();
    assert.ok(box.y + box.height <= height, `${width} x ${height}: the composer ends at ${box.y + box.height}`);
  }
  await call('DELETE', '/sim/v1/faults');
});
