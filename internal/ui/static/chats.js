// The list of chats: the number of unread messages stands in the tab's title.
const title = document.title;

function count() {
  let unread = 0;
  for (const li of document.querySelectorAll('#chats > [data-unread]')) unread += Number(/** @type {HTMLElement} */ (li).dataset.unread);
  document.title = unread ? `(${unread}) ${title}` : title;
}
document.addEventListener('kaiwa:patched', count);
count();
