import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { base, call, reset, visit } from './browser.mjs';

beforeEach(reset);

const opens = async (key) => (await call('GET', '/public/v1/accounts', undefined, { Authorization: 'Bearer ' + key })).status;

test('a key is shown once, regenerating it asks and ends the old one', async () => {
  const { open, context, problems } = await visit();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await open(base + '/_/workspace/');
  await page.getByRole('button', { name: 'Issue API key' }).click();
  const key = await page.locator('#secret').textContent();
  assert.equal(await opens(key), 200);
  await page.waitForLoadState(); // copying takes a script
  await page.getByRole('button', { name: 'Copy key' }).click();
  await page.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);

  await page.reload();
  assert.equal(await page.locator('#secret').count(), 0);
  assert.ok(!(await page.content()).includes(key));

  const row = page.locator('#keys tbody tr').filter({ hasText: key.slice(-4) });
  await row.getByRole('link', { name: 'Regenerate' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.filter({ hasText: 'cannot be undone' }).waitFor();
  await dialog.getByRole('link', { name: 'Cancel' }).click();
  assert.equal(await opens(key), 200);
  await row.getByRole('link', { name: 'Regenerate' }).click();
  await dialog.getByRole('button', { name: 'Regenerate' }).click();
  const fresh = await page.locator('#secret').textContent();
  assert.notEqual(fresh, key);
  assert.equal(await opens(fresh), 200);
  assert.equal(await opens(key), 401);
  assert.deepEqual(problems, []);
});

test('the documentation tries an operation with the key', async () => {
  const { open, problems } = await visit();
  const page = await open(base + '/_/docs');
  const form = page.locator('#try-listAccounts');
  await form.getByLabel('API key').fill('kaiwa_demo_key');
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByText('200 OK').waitFor();
  await form.getByText('Kaiwa Cafe').waitFor();
  assert.equal(await page.locator('#try-listMessages [name=key]').inputValue(), 'kaiwa_demo_key');
  assert.deepEqual(problems, []);
});
