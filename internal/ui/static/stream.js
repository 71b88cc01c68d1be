// One stream of live updates for many listeners. It runs in the shared worker,
// where the listeners are tabs, or in the page itself where there is none.

/**
 * @typedef {{topic: string, op: string, target: string, html: string}} Patch
 * @typedef {{at: string, patches?: Patch[], reload?: boolean, online?: boolean}} News
 * @typedef {{topics: string[], lang: string, at: string, send: (news: News) => void, behind?: boolean}} Listener
 */

const patience = 10; // ms in which tabs that open together share one reopening
const retry = 2000; // ms until a stream that the browser gave up is opened again

/** @param {string} at */
const run = (at) => at.split('.')[0];
/** @param {string} at */
const number = (at) => Number(at.split('.')[1] ?? 0);
/** @param {string} at @param {string} id */
const seen = (at, id) => run(at) === run(id) && number(at) >= number(id);

/** The position from which nobody misses anything. One of another run of the
 * server comes first: the server answers it with a reload for all.
 * @param {string[]} all */
const oldest = (all) => all.find((at) => run(at) !== run(all[all.length - 1])) ?? all.reduce((a, b) => (number(a) <= number(b) ? a : b));

export class Stream {
  constructor() {
    /** @type {Map<unknown, Listener>} */
    this.listeners = new Map();
    /** @type {EventSource | null} */
    this.source = null;
    this.topics = new Set();
    this.lang = '';
    this.last = '';
    this.timer = 0;
  }

  /** @param {unknown} key @param {Listener} listener */
  join(key, listener) {
    this.listeners.set(key, listener);
    const covered = listener.lang === this.lang && listener.topics.every((t) => this.topics.has(t));
    listener.behind = !this.source || !covered || !seen(listener.at, this.last);
    if (listener.behind) this.reopen(patience);
  }

  /** @param {unknown} key */
  leave(key) {
    this.listeners.delete(key);
    if (this.listeners.size === 0) this.reopen(patience);
  }

  /** @param {number} delay */
  reopen(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), delay);
  }

  open() {
    this.source?.close();
    this.source = null;
    const all = [...this.listeners.values()];
    this.topics = new Set(all.flatMap((l) => l.topics));
    if (this.topics.size === 0) return;
    this.last = oldest(all.map((l) => l.at));
    for (const l of all) l.behind = false;
    // A reader has one language; the page opened last knows it.
    this.lang = all[all.length - 1].lang;
    const query = new URLSearchParams({ topics: [...this.topics].join(','), lang: this.lang, after: this.last });
    const source = new EventSource('/_/events?' + query);
    this.source = source;
    source.onopen = () => this.tell({ at: '', online: true });
    source.onerror = () => {
      this.tell({ at: '', online: false });
      if (source.readyState === EventSource.CLOSED) this.reopen(retry);
    };
    source.addEventListener('beat', (e) => this.pass(e.lastEventId, {}));
    source.addEventListener('patch', (e) => this.pass(e.lastEventId, { patches: JSON.parse(e.data) }));
    source.addEventListener('reload', (e) => this.tell({ at: e.lastEventId, reload: true }));
  }

  /** Hands a change to the listeners that want it and have not seen it. Who
   * waits for the reopening gets it then, after what they missed.
   * @param {string} id @param {{patches?: Patch[]}} news */
  pass(id, news) {
    this.last = id;
    for (const l of this.listeners.values()) {
      if (l.behind || seen(l.at, id)) continue;
      l.at = id;
      const patches = news.patches?.filter((p) => l.topics.includes(p.topic)) ?? [];
      l.send({ at: id, patches });
    }
  }

  /** @param {News} news */
  tell(news) {
    if (news.at) this.last = news.at;
    for (const l of this.listeners.values()) {
      if (news.at) l.at = news.at;
      l.send(news);
    }
  }
}
