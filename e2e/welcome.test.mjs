import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { beforeEach, test } from 'node:test';
import { aoi, base, call, faults, push, reset, visit } from './browser.mjs';

beforeEach(reset);

test('the three steps tick when they happen', async () => {
  const { open, problems } = await visit();
  const page = await open(base + '/_/welcome');
  const done = (n) => page.locator(`#tick-${n}[data-done]`);
  assert.equal(await page.locator('[data-done]').count(), 0);

  await page.getByLabel('Message', { exact: true }).fill('Hello');
  await page.keyboard.press('Enter');
  await done(1).waitFor();

  await call('POST', '/v2/bot/message/push', {}, { Authorization: 'Bearer wrong' });
  await page.locator('#received').filter({ hasText: '401' }).waitFor();
  await push(aoi, { type: 'text', text: 'Pushed' });
  await done(2).waitFor();
  await page.locator('#messages').getByText('Pushed').waitFor();
  await page.locator('#received').waitFor({ state: 'hidden' });

  const bot = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1');
  await once(bot, 'listening');
  await page.getByLabel('Webhook URL').fill(`http://127.0.0.1:${bot.address().port}/callback`);
  await page.getByRole('button', { name: 'Save and verify' }).click();
  await done(3).waitFor();
  await page.getByText('The bot answered').waitFor();
  await page.getByText('All three are done').waitFor();
  bot.close();
  assert.deepEqual(await faults(page), []);
  assert.deepEqual(problems, []);
});
