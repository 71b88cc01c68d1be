// The shop on the phone: ordering and paying, with and without a script.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, base, call, reset, visit } from './browser.mjs';

beforeEach(reset);

const key = { 'X-API-KEY': 'shop-key-1' };
const cup = 'article:has-text("Cup")';

for (const javaScriptEnabled of [true, false]) {
  test(`a person orders and pays ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
    const { open, problems } = await visit({ javaScriptEnabled });
    const page = await open(`${base}/_/phone/${aoi}`);
    await page.getByRole('link', { name: 'Demo shop' }).click();
    await page.locator(cup).getByLabel('Quantity').fill('3');
    await page.locator(cup).getByLabel('Payment').selectOption({ label: 'PromptPay QR' });
    await page.locator(cup).getByText('Delivery', { exact: true }).click();
    await page.locator(cup).getByLabel('Recipient').fill('Somchai');
    await page.locator(cup).getByRole('button', { name: 'Order' }).click();
    const order = page.locator('#orders li');
    await order.filter({ hasText: 'Cup × 3 · ฿720' }).filter({ hasText: 'Waiting for payment' }).waitFor();
    if (javaScriptEnabled) assert.equal(await page.locator('.phone').evaluate((e) => e.scrollTop), 0, 'the way back stays in sight');
    await order.getByRole('button', { name: 'Pay ฿720' }).click();
    await order.filter({ hasText: 'Being prepared' }).waitFor();
    const { body } = await call('GET', '/myshop/v1/orders?search=somchai', undefined, key);
    assert.deepEqual(body.data.map((o) => [o.paymentMethod, o.paymentStatus, o.totalPrice]), [['PAYMENT_LS_QR_PROMPTPAY', 'PAID', 720]]);
    assert.deepEqual(problems, []);
  });
}

test('what the shop does shows without a reload, and what one is typing stays', async () => {
  const { open } = await visit();
  const { body } = await call('POST', `/sim/v1/people/${aoi}/orders`, { orderItems: [{ sku: 'cup', quantity: 1 }] });
  const page = await open(`${base}/_/phone/${aoi}/shops/1`);
  await page.locator(cup).getByLabel('Quantity').fill('7');
  await call('POST', `/myshop/v1/orders/${body.orderNumber}/mark-as-ship`, { trackingNumber: 'LM-1', trackingUrl: 'https://example.com/t' }, key);
  await page.locator('#orders li').filter({ hasText: 'Shipped' }).getByRole('link', { name: 'LM-1' }).waitFor();
  assert.equal(await page.locator(cup).getByLabel('Quantity').inputValue(), '7');
});
