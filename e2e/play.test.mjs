import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, chat, push, reset, visit } from './browser.mjs';

beforeEach(reset);

/** A second of silence, as a WAV file. */
function silence() {
  const rate = 8000;
  const wav = Buffer.alloc(44 + rate, 128);
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + rate, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(rate, 24); wav.writeUInt32LE(rate, 28);
  wav.writeUInt16LE(1, 32); wav.writeUInt16LE(8, 34); wav.write('data', 36); wav.writeUInt32LE(rate, 40);
  return wav;
}

const source = 'https://example.com/a.wav';

/** Opens the chat where the sound can be heard, and gives what the page says of playing.
 * @returns {Promise<{page: import('playwright-core').Page, told: object[], problems: string[]}>} */
async function listen() {
  const { context, open, problems } = await visit();
  await context.route(source, (route) => route.fulfill({ contentType: 'audio/wav', body: silence() }));
  const told = [];
  context.on('request', (r) => { const d = r.method() === 'POST' && r.url().endsWith('/events') && r.postDataJSON(); if (d?.type === 'mediaPlay') told.push(d); });
  return { page: await open(chat), told, problems };
}

const play = (page) => page.locator('audio').evaluate((a) => { a.muted = true; return a.play(); });

test('an audio that is played to its end is told', async () => {
  const { page, told, problems } = await listen();
  const [messageId] = await push(aoi, { type: 'audio', originalContentUrl: source, duration: 1000 });
  await page.locator('audio').waitFor();
  const answer = page.waitForResponse((r) => r.url().endsWith('/events') && r.request().postDataJSON()?.type === 'mediaPlay');
  await play(page);
  assert.equal((await answer).status(), 200);
  assert.deepEqual(told, [{ type: 'mediaPlay', messageId, percent: 100 }]);
  assert.deepEqual(problems, []);
});
