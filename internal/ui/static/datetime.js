// The picker of datetimepicker actions.
// https://developers.line.biz/en/reference/messaging-api/#datetime-picker-action

/** Lets the person choose; the result is in the platform's format, "" if they
 * changed their mind.
 * @param {HTMLElement} el @param {{mode: string, initial?: string, min?: string, max?: string}} action
 * @returns {Promise<string>} */
export function pick(el, action) {
  const dialog = /** @type {HTMLDialogElement} */ (el);
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector('input'));
  const own = (/** @type {string | undefined} */ v) => (v ?? '').replace('t', 'T');
  input.type = action.mode === 'datetime' ? 'datetime-local' : action.mode;
  input.min = own(action.min);
  input.max = own(action.max);
  input.value = own(action.initial) || now(action.mode);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue ? input.value.slice(0, 16) : ''), { once: true });
  });
}

/** @param {string} mode */
function now(mode) {
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
  return mode === 'date' ? local.slice(0, 10) : mode === 'time' ? local.slice(11, 16) : local.slice(0, 16);
}
