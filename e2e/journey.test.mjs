import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, cafe, call, chat, reset, token, visit } from './browser.mjs';

const miniApp = '1656000003';
const liffId = miniApp + '-AbCdEfGh';
const auth = { Authorization: 'Bearer ' + token };

beforeEach(reset);

test('from a rich menu into an app, which speaks for its user, is answered, and tells when the order is done', async () => {
  const { context, open, problems } = await visit({ ignoreHTTPSErrors: true });
  await context.addInitScript((id) => {
    addEventListener('DOMContentLoaded', async () => {
      if (!globalThis.liff) return;
      const { liff } = globalThis;
      await liff.init({ liffId: id, withLoginOnExternalBrowser: true });
      const { displayName } = await liff.getProfile();
      const button = document.createElement('button');
      button.textContent = `Order as ${displayName}`;
      button.onclick = () => liff.sendMessages([{ type: 'text', text: 'Two lattes, please' }]);
      document.body.append(button);
    });
  }, liffId);
  const { body } = await call('POST', '/v2/bot/richmenu', { size: { width: 800, height: 270 }, selected: true, name: 'Cafe', chatBarText: 'Menu',
    areas: [{ bounds: { x: 0, y: 0, width: 800, height: 270 }, action: { type: 'uri', label: 'Order', uri: `https://miniapp.line.me/${liffId}` } }] }, auth);
  const drawing = await context.newPage();
  await drawing.setViewportSize({ width: 800, height: 270 });
  await drawing.setContent('<body style="background:#2a6f77;color:#fff;font:60px sans-serif">Order');
  const picture = await drawing.screenshot({ type: 'png' });
  await drawing.close();
  await fetch(`${base}/v2/bot/richmenu/${body.richMenuId}/content`, { method: 'POST', body: picture, headers: { ...auth, 'Content-Type': 'image/png' } });
  await call('POST', '/v2/bot/user/all/richmenu/' + body.richMenuId, undefined, auth);

  const page = await open(chat);
  await page.getByRole('button', { name: 'Order' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.frameLocator('.liff iframe').getByRole('button', { name: 'Order as Aoi' }).click();
  await page.locator('#messages > .own').filter({ hasText: 'Two lattes, please' }).waitFor();
  await page.locator('#messages > .row:not(.own)').filter({ hasText: 'Two lattes, please' }).waitFor();

  // What the app's server does with the token that its page hands over.
  const liffAccessToken = await (await (await page.locator('.liff iframe').elementHandle()).contentFrame()).evaluate(() => globalThis.liff.getAccessToken());
  const issued = await fetch(base + '/oauth2/v3/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: miniApp, client_secret: 'c'.repeat(32) }) });
  const asApp = { Authorization: 'Bearer ' + (await issued.json()).access_token };
  const { body: notifier } = await call('POST', '/message/v3/notifier/token', { liffAccessToken }, asApp);
  const sent = await call('POST', '/message/v3/notifier/send?target=service', { templateName: 'order_done_en', params: { name: 'Two lattes' }, notificationToken: notifier.notificationToken }, asApp);
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  await page.getByRole('link', { name: 'Close' }).click();
  await page.waitForURL(chat);
  const { body: hooks } = await call('GET', `/sim/v1/webhooks?channelId=${cafe}`);
  assert.match(JSON.stringify(hooks), /Two lattes, please/);
  const { body: said } = await call('GET', `/sim/v1/people/${aoi}/chats/${cafe}/messages`);
  assert.equal(said.messages.filter((m) => m.from.id === aoi && m.message.text === 'Two lattes, please').length, 1);
  await page.getByRole('link', { name: /Back|Chats/ }).first().click();
  await page.getByRole('link', { name: /LINE MINI App Notice/ }).click();
  await page.locator('#messages').getByText('Two lattes').first().waitFor();
  assert.deepEqual(problems, []);
});
