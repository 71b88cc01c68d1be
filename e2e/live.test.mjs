import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, call, chat, push, reset, visit } from './browser.mjs';

beforeEach(reset);

test('twelve tabs get one event over one stream', async () => {
  // A browser opens six connections to a host: with a stream each, the seventh
  // tab would not even load.
  const { open } = await visit();
  const pages = [];
  for (let i = 0; i < 12; i++) pages.push(await open(chat));
  await push(aoi, { type: 'text', text: 'To all tabs' });
  await Promise.all(pages.map((p) => p.locator('#messages > .row').filter({ hasText: 'To all tabs' }).waitFor()));
  for (const p of pages) assert.equal(await p.locator('#messages > .row').filter({ hasText: 'To all tabs' }).count(), 1);
});

test('a tab without shared workers has its own stream', async () => {
  const { open, context } = await visit();
  await context.addInitScript(() => { delete globalThis.SharedWorker; });
  const page = await open(chat);
  await push(aoi, { type: 'text', text: 'By myself' });
  await page.locator('#messages > .row').filter({ hasText: 'By myself' }).waitFor();
});

test('what happens between the page and its stream is not lost', async () => {
  const { open, context } = await visit();
  await open(chat); // the worker runs, and is further than the page below
  let held;
  await context.route('**/worker.js', (route) => route.continue());
  const page = await context.newPage();
  await page.route('**/shell.js', async (route) => { held = route; });
  await page.goto(chat, { waitUntil: 'commit' });
  await page.locator('#composer').waitFor();
  while (!held) await new Promise((r) => setImmediate(r));
  await push(aoi, { type: 'text', text: 'In between' });
  await held.continue();
  await page.locator('#messages > .row').filter({ hasText: 'In between' }).waitFor();
});

test('a tab that joins late gets what it missed before what comes next', async () => {
  const { open } = await visit();
  const page = await open(chat);
  const got = await page.evaluate(async () => {
    const shell = /** @type {HTMLScriptElement} */ (document.querySelector('script[src*="shell"]'));
    const { Stream } = await import(shell.src.replace('shell', 'stream'));
    const sources = [];
    globalThis.EventSource = class extends EventTarget {
      constructor(url) { super(); this.url = url; sources.push(this); }
      close() { this.closed = true; }
      /** @param {number} n */
      say(n) { this.dispatchEvent(new MessageEvent('patch', { lastEventId: 'run.' + n, data: JSON.stringify([{ topic: 't', html: n }]) })); }
    };
    const until = async (count) => { while (sources.length < count) await new Promise((r) => setTimeout(r)); return sources[count - 1]; };
    const stream = new Stream();
    const got = { first: [], late: [] };
    const join = (name, at) => stream.join(name, { topics: ['t'], lang: 'en', at, send: (news) => got[name].push(...(news.patches ?? []).map((p) => p.html)) });
    join('first', 'run.1');
    (await until(1)).say(2);
    join('late', 'run.1'); // its page is older than change 2 and waits for another stream
    sources[0].say(3);
    const again = await until(2);
    for (const n of [2, 3, 4]) again.say(n);
    return { ...got, closed: sources[0].closed, from: new URL(again.url, location.href).searchParams.get('after') };
  });
  assert.deepEqual(got, { first: [2, 3, 4], late: [2, 3, 4], closed: true, from: 'run.1' });
});

test('clock and faults show at once on every page', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await call('POST', '/sim/v1/clock', { advance: '36h' });
  await page.locator('#clock').filter({ hasText: 'Virtual clock' }).waitFor();
  await call('PUT', '/sim/v1/faults', { preset: 'reply-400' });
  await page.getByText('Faults are on').waitFor();
  await call('DELETE', '/sim/v1/faults');
  await page.locator('#faults').waitFor({ state: 'hidden' });
});

test('after a reset the page shows the new world, and keeps what is being typed', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await push(aoi, { type: 'text', text: 'Before the reset' });
  await page.getByText('Before the reset', { exact: true }).waitFor();
  await page.getByLabel('Message', { exact: true }).fill('Half a sen');
  await reset();
  await page.getByText('Before the reset', { exact: true }).waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'Half a sen');
  await push(aoi, { type: 'text', text: 'After it' });
  await page.getByText('After it', { exact: true }).waitFor();
});
