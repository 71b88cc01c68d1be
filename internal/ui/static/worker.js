// The shared worker: all tabs of a browser hang on its one stream, because a
// browser opens no more than six connections to one host.
import { Stream } from './stream.js';

const stream = new Stream();

/** @type {any} */ (self).onconnect = (/** @type {MessageEvent} */ e) => {
  const port = e.ports[0];
  port.onmessage = ({ data }) => {
    if (!data.join) return stream.leave(port);
    stream.join(port, { ...data.join, send: (news) => port.postMessage(news) });
  };
};
