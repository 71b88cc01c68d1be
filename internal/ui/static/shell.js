// What every page does: live updates, the running clock, copy buttons, menus
// that close.
import { listen } from './live.js';

export { elements, flash } from './live.js';

listen();

/** Copies text and says so on the element for a moment.
 * @param {string} text @param {HTMLElement} on */
export async function copy(text, on) {
  await navigator.clipboard.writeText(text);
  const label = on.textContent;
  on.textContent = document.body.dataset.copied ?? '✓';
  setTimeout(() => { on.textContent = label; }, 1500);
}

document.addEventListener('click', (e) => {
  const from = /** @type {Element} */ (e.target);
  const button = /** @type {HTMLElement | null} */ (from.closest('[data-copy]'));
  const text = button && document.getElementById(button.dataset.copy ?? '');
  if (button && text) copy(/** @type {HTMLInputElement} */ (text).value ?? text.textContent, button);
  const opener = /** @type {HTMLElement | null} */ (from.closest('[data-dialog]'));
  const dialog = opener && document.getElementById(opener.dataset.dialog ?? '');
  if (dialog instanceof HTMLDialogElement) { e.preventDefault(); fold(from.closest('details.display')); dialog.showModal(); }
  const modal = from.closest('[data-close]')?.closest('dialog:modal');
  if (modal instanceof HTMLDialogElement) { e.preventDefault(); modal.close(); }
  for (const menu of openMenus()) if (!menu.contains(from)) menu.removeAttribute('open');
});

/** @param {Element | null} menu */
function fold(menu) {
  menu?.removeAttribute('open');
  menu?.querySelector('summary')?.focus();
}
const openMenus = () => document.querySelectorAll('details.display[open]');
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  openMenus().forEach(fold);
});

// Among many people the one whose phone this is stands in sight.
document.querySelector('.people [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

// The virtual clock runs at the speed of real time; the page knows how far off it is.
function tick() {
  for (const el of document.querySelectorAll('time[data-runs]')) {
    const clock = /** @type {HTMLTimeElement} */ (el);
    clock.dataset.runs ||= String(Date.parse(clock.dateTime) - Date.now());
    clock.textContent = new Date(Date.now() + Number(clock.dataset.runs)).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';
  }
}
setInterval(tick, 1000);

// A picture that does not load says so, where the app would show nothing.
/** @param {EventTarget | null} img */
function broken(img) {
  if (!(img instanceof HTMLImageElement)) return;
  const frame = img.closest('.fx-frame, .msg-map, .msg-tile-tap, .msg-image');
  if (frame) frame.setAttribute('data-broken', document.body.dataset.broken + img.src);
  else img.classList.add('broken');
}
document.addEventListener('error', (e) => broken(e.target), true);
for (const img of document.images) if (img.complete && img.src && !img.naturalWidth) broken(img);
