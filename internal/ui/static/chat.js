// An open chat: sending, tapping, scrolling, reading. What a person does goes to
// the simulation API; what comes of it arrives as live updates.
import { copy, elements, flash } from './shell.js';
import { pick } from './datetime.js';

const root = /** @type {HTMLElement} */ (document.querySelector('.phone[data-chat]'));
const chat = JSON.parse(root.dataset.chat ?? '{}');
const api = '/sim/v1/people/' + root.dataset.user;
const scroller = byId('scroll');
const form = /** @type {HTMLFormElement} */ (byId('composer'));
const text = /** @type {HTMLTextAreaElement} */ (byId('text'));
const newest = byId('newest');

/** @param {string} id @returns {HTMLElement} */
function byId(id) { return /** @type {HTMLElement} */ (document.getElementById(id)); }

/** @param {any} el @param {string} selector @returns {HTMLElement | null} */
const up = (el, selector) => el.closest(selector);

/** Calls the simulation API; a refusal is an error with its words.
 * @param {string} path @param {object | FormData} body */
async function call(path, body) {
  const form = body instanceof FormData;
  const answer = await fetch(api + path, {
    method: 'POST', body: form ? body : JSON.stringify(body), headers: form ? {} : { 'Content-Type': 'application/json' },
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message ?? answer.statusText);
  return said;
}

/** @param {unknown} err */
function problem(err) {
  const p = byId('problem');
  p.hidden = !err;
  p.textContent = err instanceof Error ? err.message : '';
}

// The end stays in sight unless the reader went up.
let wasAtEnd = false;
const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; newest.hidden = wasAtEnd = true; };
const past = () => byId('messages').hasAttribute('data-past');

let lastRow = '';
let ownRows = 0;
const countOwn = () => document.querySelectorAll('#messages > .own[id]').length;
const rowAtEnd = () => byId('messages').lastElementChild?.id ?? '';
document.addEventListener('kaiwa:patching', () => { lastRow = rowAtEnd(); ownRows = countOwn(); });
document.addEventListener('kaiwa:patched', () => {
  byId('quiet')?.remove();
  // What arrived is what was waiting.
  const waiting = [...document.querySelectorAll('#messages > .sending:not([id])')];
  for (const row of waiting.slice(0, Math.max(0, countOwn() - ownRows))) row.remove();
  keep.observe(byId('messages'));
  if (wasAtEnd) toEnd();
  else if (rowAtEnd() !== lastRow) newest.hidden = false;
  read();
});
newest.addEventListener('click', (e) => { if (!past()) { e.preventDefault(); toEnd(); } });
scroller.addEventListener('scroll', () => {
  wasAtEnd = atEnd() && !past();
  if (wasAtEnd) newest.hidden = true;
  if (scroller.scrollTop < 200) older();
});

let loading = false;
/** Puts the page before above it; what is read stays put. */
async function older() {
  const link = byId('older');
  if (loading || !link?.dataset.older) return;
  loading = true;
  try {
    const [next, ...rows] = elements(await (await fetch(link.dataset.older)).text());
    const list = byId('messages');
    const height = scroller.scrollHeight - scroller.scrollTop;
    const day = list.firstElementChild;
    if (day?.classList.contains('day') && rows.some((r) => r.id === day.id)) day.remove();
    list.prepend(...rows);
    link.replaceWith(next);
    scroller.scrollTop = scroller.scrollHeight - height;
  } finally {
    loading = false;
  }
}

// What is on a visible screen has been read.
let told = '';
function read() {
  const last = [...document.querySelectorAll('#messages > .row:not(.own)')].pop()?.id ?? '';
  if (document.hidden || !last || last === told) return;
  told = last;
  call('/events', { type: 'read', chat }).catch(() => { told = ''; });
}
document.addEventListener('visibilitychange', read);

// What is played to its end counts.
addEventListener('ended', ({ target }) => {
  const messageId = up(target, '.row:not(.own) [data-message]')?.dataset.message;
  if (messageId) call('/events', { type: 'mediaPlay', messageId, percent: 100 }).catch(problem);
}, true);

/** Sends a message, whose bubble waits at the end.
 * @param {object} message @param {Blob} [content] */
async function say(message, content) {
  problem(null);
  const waiting = bubble(message);
  const send = async () => {
    waiting.classList.add('sending');
    const parts = new FormData();
    parts.set('message', JSON.stringify({ chat, message }));
    if (content) parts.set('content', content);
    try {
      const { messageId } = await call('/messages', content ? parts : { chat, message });
      if (byId('m-' + messageId)) waiting.remove();
      else waiting.id = 'm-' + messageId;
    } catch (err) {
      problem(err);
      waiting.classList.remove('sending');
      const [retry] = elements(`<button class="retry">! ${form.dataset.failed}</button>`);
      retry.addEventListener('click', () => { retry.remove(); problem(null); send(); });
      waiting.querySelector('.meta')?.replaceChildren(retry);
    }
  };
  await send();
}

/** The bubble of what is being sent.
 * @param {any} message */
function bubble(message) {
  const [li] = elements('<li class="row own"><div class="said"><div class="msg msg-text msg-own"><p></p></div><span class="meta">◷ ' + form.dataset.sending + '</span></div></li>');
  li.querySelector('p')?.append(message.text ?? '…');
  if (!past()) { byId('messages').append(li); toEnd(); }
  return li;
}

let lastText = '';
form.addEventListener('submit', (e) => {
  e.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (e.submitter);
  form.querySelectorAll('details[open]').forEach((d) => d.removeAttribute('open'));
  if (button?.name === 'sticker') {
    const [packageId, stickerId] = button.value.split('/');
    say({ type: 'sticker', packageId, stickerId });
  } else if (button?.name === 'photo') photo(button.value);
  else if (text.value.trim()) {
    lastText = text.value;
    const quotedMessageId = quoteField().value;
    text.value = '';
    quote('', null);
    say({ type: 'text', text: lastText, ...(quotedMessageId && { quotedMessageId }) });
  }
  if (past()) location.href = newest.getAttribute('href') ?? '';
  text.focus();
});

text.addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    form.requestSubmit(form.querySelector('.send'));
  } else if (e.key === 'ArrowUp' && text.value === '' && lastText) {
    e.preventDefault();
    text.value = lastText;
  }
});

const file = /** @type {HTMLInputElement} */ (byId('file'));
file.addEventListener('change', () => { if (file.files?.length) form.requestSubmit(form.querySelector('[value=chosen]')); });
/** @param {string} which */
async function photo(which) {
  const picture = which === 'sample' ? await (await fetch(root.dataset.sample ?? '')).blob() : file.files?.[0];
  if (!picture) return file.click();
  await say({ type: /^(image|video|audio)\//.exec(picture.type)?.[1] ?? 'file' }, picture);
  file.value = '';
}

// Replying to a message.
const quoteField = () => /** @type {HTMLInputElement} */ (form.querySelector('[name=quote]'));
/** @param {string} id @param {Element | null} row */
function quote(id, row) {
  quoteField().value = id;
  byId('quoting').hidden = !id;
  if (row) byId('quoting').querySelector('.quoted')?.replaceChildren(row.querySelector('.who')?.textContent ?? '', ' ', row.querySelector('.msg')?.textContent?.slice(0, 80) ?? '');
  if (id) text.focus();
}

// Places.
for (const place of document.querySelectorAll('form.place')) {
  place.addEventListener('submit', (e) => {
    e.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (place));
    place.closest('dialog')?.close();
    say({ ...Object.fromEntries(data), type: 'location', latitude: Number(data.get('latitude')), longitude: Number(data.get('longitude')) });
  });
}
const openPlaces = () => /** @type {HTMLDialogElement} */ (byId('location')).showModal();

/** Does the phone's part of a tap; the server does its own.
 * @param {any} action @param {string | undefined} messageId @param {HTMLElement} on */
async function tap(action, messageId, on) {
  problem(null);
  if (/^camera/.test(action.type)) return file.click();
  if (action.type === 'location') return openPlaces();
  let datetime;
  if (action.type === 'datetimepicker' && !(datetime = await pick(byId('datetime'), action))) return;
  const { uri, liff } = await call('/taps', { chat, messageId, action, datetime, richMenuArea: on.dataset.area && +on.dataset.area });
  if (/^http/i.test(uri) && !liff) window.open(uri, '_blank', 'noreferrer');
  else if (uri) location.href = liff ? `${root.dataset.liff}${new URLSearchParams(liff)}` : uri;
  if (action.type === 'clipboard') await copy(action.clipboardText, on);
  if (action.inputOption) byId('menu').toggleAttribute('open', action.inputOption === 'openRichMenu');
  if (action.inputOption === 'openKeyboard') { text.value = action.fillInText ?? ''; text.focus(); }
}

/** @param {HTMLElement} el */
function tapped(el) {
  const messageId = up(el, '#quick')?.dataset.quick ?? up(el, '[data-message]')?.dataset.message;
  tap(JSON.parse(el.dataset.action ?? '{}'), messageId, el).catch(problem);
}

// Carousels' buttons turn them, and rest at their ends.
addEventListener('scroll', ({ target: list }) => {
  if (!(list instanceof HTMLUListElement)) return;
  const back = list.nextElementSibling;
  back?.toggleAttribute('disabled', list.scrollLeft < 1);
  back?.nextElementSibling?.toggleAttribute('disabled', list.scrollLeft + list.clientWidth > list.scrollWidth - 1);
}, true);
/** @param {HTMLElement} button */
function turn(button) {
  const list = button.parentElement?.firstElementChild;
  list?.scrollBy(Number(button.dataset.turn) * (list.children[0].clientWidth + 9), 0);
}

addEventListener('click', (e) => {
  const at = e.target;
  const action = up(at, '[data-action]');
  const jump = up(at, '[data-jump]');
  const reply = up(at, '[data-quote]');
  const arrow = up(at, '[data-turn]');
  if (arrow) turn(arrow);
  else if (action && !up(at, 'a[href]')) { e.preventDefault(); tapped(action); }
  else if (jump) {
    const row = byId(jump.dataset.jump ?? '');
    if (row) { e.preventDefault(); row.scrollIntoView({ block: 'center' }); flash(row); }
  } else if (reply) {
    e.preventDefault();
    quote(reply.dataset.quote ?? '', byId('m-' + reply.dataset.quote));
  } else if (up(at, '[data-unquote]')) { e.preventDefault(); quote('', null); }
});
addEventListener('keydown', (e) => {
  const el = /** @type {HTMLElement} */ (e.target);
  if ((e.key === 'Enter' || e.key === ' ') && el.dataset?.action && el.tagName !== 'BUTTON') { e.preventDefault(); tapped(el); }
  if (e.altKey && /^[1-9]$/.test(e.key)) {
    const button = document.querySelectorAll('#quick [data-action]')[+e.key - 1];
    if (button) { e.preventDefault(); /** @type {HTMLElement} */ (button).click(); }
  }
  if (e.altKey && e.key === 'm') byId('menu').toggleAttribute('open');
});

// An address that names a message shows it; otherwise the chat opens at its end.
const chosen = document.querySelector('.chosen');
if (chosen) chosen.scrollIntoView({ block: 'center' });
else if (!past()) toEnd();
const keep = new ResizeObserver(() => {
  // Texts of Flex that ask for it are made to fit.
  for (const el of document.querySelectorAll('[data-shrink] :is(.fx-line, .fx-label)')) {
    if (el.scrollWidth > el.clientWidth) /** @type {any} */ (el).style.zoom = el.clientWidth / el.scrollWidth;
  }
  if (wasAtEnd) toEnd();
});
keep.observe(scroller);
keep.observe(byId('messages'));
read();
