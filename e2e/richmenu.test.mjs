import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, cafe, call, chat, faults, reset, token, visit } from './browser.mjs';

beforeEach(reset);

const auth = { Authorization: 'Bearer ' + token };
const theirs = '#messages > .row:not(.own)';
const half = (side, action) => ({ bounds: { x: side * 400, y: 0, width: 400, height: 270 }, action });

/** Makes a rich menu of two areas with a picture of its name.
 * @param {import('playwright-core').BrowserContext} context @param {string} name */
async function menu(context, name, selected, ...actions) {
  const { body } = await call('POST', '/v2/bot/richmenu', { size: { width: 800, height: 270 }, selected, name, chatBarText: name, areas: actions.map((a, i) => half(i, a)) }, auth);
  const page = await context.newPage();
  await page.setViewportSize({ width: 800, height: 270 });
  await page.setContent(`<body style="margin:0;font:700 60px sans-serif;background:#2a6f77;color:#fff">${name}`);
  const picture = await page.screenshot({ type: 'png' });
  await page.close();
  const answer = await fetch(`${base}/v2/bot/richmenu/${body.richMenuId}/content`, { method: 'POST', body: picture, headers: { ...auth, 'Content-Type': 'image/png' } });
  assert.equal(answer.status, 200);
  return body.richMenuId;
}

test('a rich menu comes, opens and closes, and its areas are tapped', async () => {
  const { context, open, problems } = await visit();
  const page = await open(chat);
  const id = await menu(context, 'Cafe menu', true,
    { type: 'postback', label: 'Order', data: 'order', displayText: 'A latte', inputOption: 'openKeyboard', fillInText: 'One more' },
    { type: 'datetimepicker', label: 'Book', data: 'book', mode: 'date' });
  await call('POST', '/v2/bot/user/all/richmenu/' + id, undefined, auth);
  const bar = page.locator('#menu summary');
  await bar.filter({ hasText: 'Cafe menu' }).waitFor();
  const picture = page.locator('#menu img');
  await page.waitForFunction(() => document.querySelector('#menu img')?.naturalWidth === 800);
  await bar.click();
  await picture.waitFor({ state: 'hidden' });
  await page.keyboard.press('Alt+m');
  await picture.waitFor();
  const [whole, area] = [await picture.boundingBox(), await page.getByRole('button', { name: 'Book' }).boundingBox()];
  assert.deepEqual([area.x, area.width, area.height], [whole.x + whole.width / 2, whole.width / 2, whole.height], 'an area lies at its bounds');
  assert.deepEqual(await faults(page), []);

  await page.getByRole('button', { name: 'Order' }).click();
  await page.locator(theirs).filter({ hasText: 'You tapped: order' }).waitFor();
  await picture.waitFor({ state: 'hidden' });
  assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'One more');

  await bar.click();
  await page.getByRole('button', { name: 'Book' }).click();
  await page.locator('#datetime input').fill('2030-05-06');
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await page.locator(theirs).filter({ hasText: '2030-05-06' }).waitFor();
  await page.waitForFunction(() => { const s = document.getElementById('scroll'); return s.scrollHeight - s.scrollTop - s.clientHeight < 2; });
  assert.deepEqual(problems, []);
});

test('tabs switch between menus, which stay open', async () => {
  const { context, open } = await visit();
  const a = await menu(context, 'Menu A', true, { type: 'richmenuswitch', label: 'To B', richMenuAliasId: 'b', data: 'a-to-b' });
  const b = await menu(context, 'Menu B', false, { type: 'richmenuswitch', label: 'To A', richMenuAliasId: 'a', data: 'b-to-a' },
    { type: 'richmenuswitch', label: 'Nowhere', richMenuAliasId: 'c', data: 'lost' });
  for (const [richMenuAliasId, richMenuId] of [['a', a], ['b', b]]) await call('POST', '/v2/bot/richmenu/alias', { richMenuAliasId, richMenuId }, auth);
  await call('POST', '/v2/bot/user/all/richmenu/' + a, undefined, auth);
  const page = await open(chat);
  await page.getByRole('button', { name: 'To B' }).click();
  await page.getByRole('button', { name: 'Nowhere' }).click();
  await page.locator(theirs).filter({ hasText: 'lost' }).waitFor();
  await page.getByRole('button', { name: 'To A' }).click();
  await page.getByRole('button', { name: 'To B' }).waitFor();
  const { body } = await call('GET', `/sim/v1/people/${aoi}/chats`);
  assert.deepEqual(body.chats.find((c) => c.id === cafe).richMenu, { richMenuId: a, name: 'Menu A', selected: true });
});

test('without a script the bar opens and areas are tapped', async () => {
  const { context, open } = await visit({ javaScriptEnabled: false });
  const id = await menu(context, 'Plain', false, { type: 'message', label: 'Say hi', text: 'Hello' });
  await call('POST', `/v2/bot/user/${aoi}/richmenu/${id}`, undefined, auth);
  const page = await open(chat);
  await page.locator('#menu summary').click();
  await page.getByRole('button', { name: 'Say hi' }).click();
  await page.locator('#messages > .own').filter({ hasText: 'Hello' }).waitFor();
});
