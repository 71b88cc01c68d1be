// What the browser tests share: a browser, the server's address, its API.
import { createRequire } from 'node:module';
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';

export const base = process.env.KAIWA_URL ?? 'http://127.0.0.1:5463';
export const aoi = 'U00000000000000000000000000000a01';
export const ben = 'U00000000000000000000000000000a02';
export const cafe = '1656000001';
export const token = 'dev-token-1';
export const chat = `${base}/_/phone/${aoi}/c/${cafe}`;

// The platform's own host names lead to the server's TLS port.
const tls = process.env.KAIWA_TLS;
const hosts = ['*.line.me', '*.line-scdn.net'].map((host) => `MAP ${host} ${tls}`).join(', ');

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.KAIWA_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ...(tls ? [`--host-resolver-rules=${hosts}`, '--ignore-certificate-errors'] : [])],
  });
});
// Pages of an earlier test would go on reading what arrives.
afterEach(() => Promise.all(browser.contexts().map((c) => c.close())));
after(() => browser?.close());

/** A fresh profile with one page; what goes wrong in the page fails the test.
 * @param {import('playwright-core').BrowserContextOptions} [options] */
export async function visit(options) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: 'en-US', ...options });
  context.setDefaultTimeout(10_000);
  const problems = [];
  context.on('weberror', (e) => problems.push(e.error().message));
  context.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) problems.push(m.text()); });
  return { context, problems, open: async (url) => { const page = await context.newPage(); await page.goto(url); return page; } };
}

/** Calls one of the server's APIs.
 * @param {string} method @param {string} path @param {object} [body] */
export async function call(method, path, body, headers = {}) {
  const answer = await fetch(base + path, { method, headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: text && JSON.parse(text) };
}

/** Pushes messages to a person as the cafe. */
export async function push(to, ...messages) {
  const { status, body } = await call('POST', '/v2/bot/message/push', { to, messages }, { Authorization: 'Bearer ' + token });
  if (status !== 200) throw new Error(`push: ${status} ${JSON.stringify(body)}`);
  return body.sentMessages.map((m) => m.id);
}

export const reset = () => call('POST', '/sim/v1/reset');

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The serious faults of accessibility on a page. What bots choose is theirs.
 * The policy of the pages lets no script in, so axe comes by the debugger. */
export async function faults(page) {
  await page.evaluate((await import('node:fs')).readFileSync(axe, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: ['.msg [style]'] }));
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join('; ')}`);
}
