// Applies live updates to the page.
import { Stream } from './stream.js';

/** @typedef {import('./stream.js').Patch} Patch */

let at = document.body.dataset.position ?? '';
const wanted = () => ({ topics: (document.body.dataset.topics ?? '').split(' ').filter(Boolean), lang: document.documentElement.lang, at });

/** The elements that a text is, on no page yet.
 * @param {string} html */
export function elements(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return [...template.content.children];
}

/** @param {Patch} patch */
function apply(patch) {
  const target = document.getElementById(patch.target);
  if (!target) return;
  if (patch.op === 'replace') return target.replaceWith(...elements(patch.html));
  // Appended; what is on the page already is replaced where it stands.
  for (const el of elements(patch.html)) {
    const old = document.getElementById(el.id);
    if (old) old.replaceWith(el);
    else target.append(el);
  }
}

/** Draws the eye to an element for a moment.
 * @param {Element} el */
export function flash(el) {
  el.classList.remove('flash');
  requestAnimationFrame(() => el.classList.add('flash'));
  el.addEventListener('animationend', () => el.classList.remove('flash'), { once: true });
}

/** Loads the page again and exchanges its live parts, so that what somebody
 * is typing stays. */
export async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  at = fresh.body.dataset.position ?? at;
  for (const old of document.querySelectorAll('[data-live]')) {
    const now = fresh.getElementById(old.id);
    now?.append(...old.querySelectorAll('.own:not([id])')); // what is yet to be sent
    if (now) old.replaceWith(now);
  }
  document.dispatchEvent(new Event('kaiwa:patched'));
}

/** @param {import('./stream.js').News} news */
function receive(news) {
  if (news.at) at = news.at;
  if (news.online !== undefined) document.getElementById('offline')?.toggleAttribute('hidden', news.online);
  if (news.reload) refresh().catch(() => setTimeout(() => receive(news), 1000));
  if (!news.patches?.length) return;
  document.dispatchEvent(new Event('kaiwa:patching'));
  for (const patch of news.patches) apply(patch);
  document.dispatchEvent(new Event('kaiwa:patched'));
}

/** The way to the worker that all tabs share. */
function shared() {
  const worker = new SharedWorker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'kaiwa-live' });
  worker.port.onmessage = ({ data }) => receive(data);
  const join = () => worker.port.postMessage({ join: wanted() });
  addEventListener('pagehide', () => worker.port.postMessage({}));
  addEventListener('pageshow', (e) => { if (e.persisted) join(); });
  join();
}

/** Without shared workers each tab has a stream while it is visible. */
function alone() {
  const stream = new Stream();
  const join = () => stream.join('page', { ...wanted(), send: receive });
  document.addEventListener('visibilitychange', () => (document.hidden ? stream.leave('page') : join()));
  if (!document.hidden) join();
}

export function listen() {
  if ('SharedWorker' in window) shared();
  else alone();
}
