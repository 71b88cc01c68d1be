import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, ben, call, chat, faults, push, reset, token, visit, base } from './browser.mjs';

beforeEach(reset);

const dots = '#loading .waiting';
const team = 'C0000000000000000000000000000c001';

/** Shows the cafe's loading animation to a person. */
async function load(to, loadingSeconds) {
  const { status } = await call('POST', '/v2/bot/chat/loading/start', { chatId: to, loadingSeconds }, { Authorization: 'Bearer ' + token });
  assert.equal(status, 202);
}

test('the loading animation shows until the account says something', async () => {
  const { open, problems } = await visit();
  const page = await open(chat);
  assert.equal(await page.locator(dots).count(), 0);
  await load(aoi, 60);
  await page.locator(dots).waitFor();
  assert.equal(await page.locator('#announce').textContent(), 'Kaiwa Cafe is preparing an answer');
  assert.deepEqual(await faults(page), []);
  if (process.env.KAIWA_SHOTS) await page.screenshot({ path: process.env.KAIWA_SHOTS + '/loading.png' });

  // It is for those who have the chat open: not for a page that comes later, nor for another's.
  const later = await open(chat);
  const bens = await open(chat.replace(aoi, ben));
  await load(ben, 60);
  await bens.locator(dots).waitFor();
  assert.equal(await later.locator(dots).count(), 0);

  await call('PUT', '/sim/v1/faults', { preset: 'webhooks-stopped' }); // or the built-in bot would answer
  await call('POST', `/sim/v1/people/${aoi}/messages`, { chat: { channelId: '1656000001' }, message: { type: 'location', title: 'Here', latitude: 1, longitude: 1 } });
  await page.locator('#messages > .own').waitFor();
  assert.equal(await page.locator(dots).count(), 1, 'what the person says does not end it');
  await push(aoi, { type: 'text', text: 'Here it is' });
  await page.locator('#messages > .row').filter({ hasText: 'Here it is' }).waitFor();
  assert.equal(await page.locator(dots).count(), 0);
  assert.equal(await bens.locator(dots).count(), 1);
  assert.deepEqual(problems, []);
});

test('the loading animation ends when its time is over', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await load(aoi, 5);
  await page.locator(dots).waitFor();
  await load(aoi, 30); // prolonged
  await call('POST', '/sim/v1/clock', { advance: '10s' });
  await page.locator('#clock').filter({ hasText: 'Virtual clock' }).waitFor();
  assert.equal(await page.locator(dots).count(), 1);
  await call('POST', '/sim/v1/clock', { advance: '20s' });
  await page.locator(dots).waitFor({ state: 'detached' });
});

test('the dots rest for those who want no motion', async () => {
  const { open } = await visit({ reducedMotion: 'reduce' });
  const page = await open(chat);
  await load(aoi, 60);
  assert.equal(await page.locator(dots + ' i').first().evaluate((i) => getComputedStyle(i).animationName), 'none');
});

test('a text that is edited in a group changes where it stands', async () => {
  await call('PUT', '/sim/v1/faults', { preset: 'webhooks-stopped' }); // so that hers stays the last message
  const { open } = await visit();
  const { body } = await call('POST', `/sim/v1/people/${aoi}/messages`, { chat: { groupId: team }, message: { type: 'text', text: 'At sevn' } });
  const hers = await open(`${base}/_/phone/${aoi}/c/${team}?m=${body.messageId}&panel=inspect`);
  const his = await open(`${base}/_/phone/${ben}/c/${team}`);
  const list = await open(`${base}/_/phone/${ben}`);
  await hers.getByLabel('New text').fill('At seven');
  if (process.env.KAIWA_SHOTS) await hers.screenshot({ path: process.env.KAIWA_SHOTS + '/edit.png' });
  await hers.getByRole('button', { name: 'Edit' }).click();
  const row = his.locator('#m-' + body.messageId);
  await row.filter({ hasText: 'At seven' }).waitFor();
  await row.getByText('Edited').waitFor();
  await list.getByText('At seven').waitFor();
  await hers.locator('#m-' + body.messageId).getByText('At seven').waitFor();
  // Others cannot edit it, nor can a message be edited in a chat with an account.
  const inspected = await open(`${base}/_/phone/${ben}/c/${team}?m=${body.messageId}&panel=inspect`);
  assert.equal(await inspected.getByLabel('New text').count(), 0);
  if (process.env.KAIWA_SHOTS) await his.screenshot({ path: process.env.KAIWA_SHOTS + '/edited.png' });
});
