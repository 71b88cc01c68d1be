// The documentation: an attempt is answered in place, and a key once typed
// stands in all forms of the page.
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form.try'))) {
  form.addEventListener('submit', async (e) => {
    e.preventDefault();
    const answer = await fetch(form.action, {
      method: 'POST', headers: { 'Kaiwa-Part': 'result' },
      body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
    });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const result = page.querySelector('[id^=result-]');
    if (result) form.querySelector('[id^=result-]')?.replaceChildren(...result.childNodes);
  });
  form.querySelector('[name=key]')?.addEventListener('input', (e) => {
    const typed = /** @type {HTMLInputElement} */ (e.target);
    for (const key of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('form.try [name=key]'))) key.value = typed.value;
  });
}
