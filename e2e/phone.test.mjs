import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { aoi, ben, call, cafe, chat, push, reset, visit } from './browser.mjs';

beforeEach(reset);

const own = '#messages > .own';
const theirs = '#messages > .row:not(.own)';

test('hello is answered, without a reload', async () => {
  const { open, problems } = await visit();
  const page = await open(chat);
  await page.getByLabel('Message', { exact: true }).fill('Hello');
  await page.keyboard.press('Enter');
  await page.locator(own).filter({ hasText: 'Hello' }).waitFor();
  await page.locator(theirs).filter({ hasText: 'Hello from Kaiwa Cafe!' }).waitFor();
  assert.equal(await page.locator(own).count(), 1, 'the message stands there once');
  assert.equal(await page.locator(own).locator('.read').textContent(), 'Read');
  assert.deepEqual(problems, []);
});

test('a quick reply says its text and goes away', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await push(aoi, { type: 'text', text: 'Which?', quickReply: { items: [
    { type: 'action', action: { type: 'message', label: 'This one', text: 'this' } },
    { type: 'action', action: { type: 'message', label: 'That one', text: 'that' } }] } });
  await page.getByRole('button', { name: 'That one' }).waitFor();
  await page.keyboard.press('Alt+2');
  await page.locator(own).filter({ hasText: 'that' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'This one' }).count(), 0);
});

test('a tapped postback is answered', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await push(aoi, { type: 'template', altText: 'Order?', template: { type: 'buttons', text: 'Order?', actions: [
    { type: 'postback', label: 'Latte', data: 'order=latte', displayText: 'A latte' },
    { type: 'clipboard', label: 'Copy code', clipboardText: 'CODE-1' },
    { type: 'uri', label: 'Menu', uri: 'http://127.0.0.1:1/menu' }] } });
  await page.getByRole('button', { name: 'Latte' }).click();
  await page.locator(own).filter({ hasText: 'A latte' }).waitFor();
  await page.locator(theirs).filter({ hasText: 'You tapped: order=latte' }).waitFor();
  const popup = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Menu' }).click();
  await popup;
});

test('a date that is picked arrives in the platform\'s form', async () => {
  const { open } = await visit();
  const page = await open(chat);
  await push(aoi, { type: 'template', altText: 'When?', template: { type: 'buttons', text: 'When?', actions: [
    { type: 'datetimepicker', label: 'Pick', data: 'when', mode: 'datetime', initial: '2030-01-02t03:04', min: '2030-01-01t00:00', max: '2030-12-31t23:59' }] } });
  await page.getByRole('button', { name: 'Pick' }).click();
  assert.equal(await page.locator('#datetime input').inputValue(), '2030-01-02T03:04');
  await page.locator('#datetime input').fill('2030-05-06T07:08');
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await page.locator(theirs).filter({ hasText: '2030-05-06T07:08' }).waitFor();
});

test('stickers, pictures and places are sent', async () => {
  const { open, problems } = await visit();
  const page = await open(chat);
  await page.locator('summary[aria-label=Stickers]').click();
  await page.getByRole('button', { name: 'Love' }).click();
  await page.locator(own).locator('.msg-sticker img').waitFor();
  await page.locator('summary[aria-label="Photo, file or location"]').click();
  await page.getByRole('button', { name: 'Sample photo' }).click();
  await page.locator(own).locator('.msg-image img').waitFor();
  await page.waitForFunction(() => document.querySelector('.own .msg-image img')?.naturalWidth > 0);
  await page.locator('summary[aria-label="Photo, file or location"]').click();
  await page.getByText('Location', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Taipei 101' }).click();
  await page.locator(own).locator('.msg-location').filter({ hasText: 'Taipei 101' }).waitFor();
  const { body } = await call('GET', `/sim/v1/people/${aoi}/chats/${cafe}/messages`);
  const sent = body.messages.filter((m) => m.from.type === 'person').map((m) => m.message.type);
  assert.deepEqual(sent, ['sticker', 'image', 'location']);
  assert.equal(await page.locator(own).count(), 3);
  assert.deepEqual(problems, []);
});

test('what could not be sent can be sent again', async () => {
  const { open, context } = await visit();
  const page = await open(chat);
  await context.route('**/sim/v1/people/*/messages', (route) => route.abort());
  await page.getByLabel('Message', { exact: true }).fill('Into the void');
  await page.keyboard.press('Enter');
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await context.unroute('**/sim/v1/people/*/messages');
  await again.click();
  await page.locator(own).locator('.read').filter({ hasText: 'Read' }).waitFor();
  assert.equal(await page.locator(own).count(), 1);
});

test('a reply shows what it replies to; unsending takes the text away', async () => {
  const { open } = await visit();
  const page = await open(chat);
  const [id] = await push(aoi, { type: 'text', text: 'Open at nine' });
  await page.locator('#m-' + id).waitFor();
  await page.goto(`${chat}?m=${id}&panel=inspect`);
  await page.getByRole('link', { name: 'Reply', exact: true }).click();
  await page.getByLabel('Message', { exact: true }).fill('And on Sunday?');
  await page.keyboard.press('Enter');
  const mine = page.locator(own).filter({ hasText: 'And on Sunday?' });
  await mine.locator('.quoted').filter({ hasText: 'Open at nine' }).waitFor();
  await mine.getByLabel('Details of this message').click();
  await page.getByRole('button', { name: 'Unsend' }).click();
  await page.getByText('You unsent a message').waitFor();
});

test('a reader who went up is told of news and stays', async () => {
  for (let i = 0; i < 60; i += 5) await push(aoi, ...[0, 1, 2, 3, 4].map((n) => ({ type: 'text', text: `Line ${i + n}` })));
  const { open } = await visit();
  const page = await open(chat);
  await page.locator('#messages > .row').last().waitFor();
  assert.equal(await page.locator('#messages > .row').count(), 50);
  await page.evaluate(() => { document.getElementById('scroll').scrollTop = 0; });
  await page.waitForFunction(() => document.querySelectorAll('#messages > .row').length === 60);
  await push(aoi, { type: 'text', text: 'News' });
  await page.getByRole('link', { name: 'New messages' }).click();
  await page.waitForFunction(() => { const s = document.getElementById('scroll'); return s.scrollHeight - s.scrollTop - s.clientHeight < 2; });
});

test('the list counts what is unread, also in the title', async () => {
  const { open } = await visit();
  const page = await open(chat.replace(/\/c\/.*/, ''));
  await push(aoi, { type: 'text', text: 'One' }, { type: 'text', text: 'Two' });
  await page.locator(`#c-${cafe} .unread`).filter({ hasText: '2' }).waitFor();
  await page.waitForFunction(() => document.title.startsWith('(2) '));
  await page.locator(`#c-${cafe} a`).click();
  await page.locator('#messages > .row').last().waitFor();
  await page.getByLabel('Back to chats').click();
  await page.locator(`#c-${cafe}`).waitFor();
  await page.waitForFunction(() => !document.title.startsWith('('));
});

test('without JavaScript the forms do it', async () => {
  const { open } = await visit({ javaScriptEnabled: false });
  const page = await open(chat);
  await page.locator('#text').fill('No script here');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator(own).filter({ hasText: 'No script here' }).waitFor();
  await page.locator('summary[aria-label=Stickers]').click();
  await page.getByRole('button', { name: 'Happy' }).click();
  await page.locator(own).locator('.msg-sticker').waitFor();
});

test('two people in a group hear each other', async () => {
  const { open } = await visit();
  const group = 'C0000000000000000000000000000c001';
  const first = await open(chat.replace(cafe, group));
  const second = await open(chat.replace(cafe, group).replace(aoi, ben));
  await first.getByLabel('Message', { exact: true }).fill('Lunch?');
  await first.keyboard.press('Enter');
  await second.locator(theirs).filter({ hasText: /^A.*Lunch\?/ }).locator('.who').filter({ hasText: 'Aoi' }).waitFor();
});
