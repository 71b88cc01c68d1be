import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, ben, call, faults, reset, token, visit } from './browser.mjs';

beforeEach(reset);

/** The page to which a bot sends a person whom it wants to link. */
async function page() {
  const { body } = await call('POST', `/v2/bot/user/${aoi}/linkToken`, undefined, { Authorization: 'Bearer ' + token });
  return `${base}/dialog/bot/accountLink?` + new URLSearchParams({ linkToken: body.linkToken, nonce: 'AAECAwQFBgcICQoL' });
}

/** The accountLink events there have been. */
const linked = async () => (await call('GET', '/sim/v1/webhooks?channelId=1656000001')).body.webhooks.filter((e) => e.type === 'accountLink').length;

test('an account is linked on a page without scripts', async () => {
  const { open, problems } = await visit({ javaScriptEnabled: false, viewport: { width: 390, height: 700 } });
  const at = await page();
  const p = await open(at);
  await p.getByRole('heading', { name: 'Link your account with Kaiwa Cafe' }).waitFor();
  if (process.env.KAIWA_SHOTS) await p.screenshot({ path: process.env.KAIWA_SHOTS + '/link.png' });
  await p.getByLabel('Person').selectOption(aoi);
  await p.getByRole('button', { name: 'Link' }).click();
  await p.getByRole('heading', { name: 'Your account is linked' }).waitFor();
  assert.equal(await linked(), 1);
  await p.goto(at);
  await p.getByRole('alert').filter({ hasText: 'it was used already' }).waitFor();
  assert.equal(await linked(), 1);
  assert.deepEqual(problems, []);
});

test('somebody else cannot be linked', async () => {
  const { open } = await visit({ colorScheme: 'dark' });
  const p = await open(await page());
  assert.deepEqual(await faults(p), []);
  await p.getByLabel('Person').selectOption(ben);
  await p.getByRole('button', { name: 'Link' }).click();
  await p.getByRole('alert').filter({ hasText: 'made for somebody else' }).waitFor();
  assert.deepEqual(await faults(p), []);
  if (process.env.KAIWA_SHOTS) await p.screenshot({ path: process.env.KAIWA_SHOTS + '/link-failed.png' });
});
