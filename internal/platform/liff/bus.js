// One end of the bus between an app's window and one that it opened. What one window says goes
// to the other end by a channel that both share. Data is kept at both ends: a browser that blocks
// what other sites keep has no storage here.
const { id } = document.getElementById("bus").dataset;
const channel = new BroadcastChannel(id);
const data = new Map();
const say = (event) => parent.postMessage({ messageBusEvent: event }, "*");
const ready = () => parent.postMessage({ ["iframe-" + id + "-ready"]: true }, "*");
const commands = {
  setData(context) {
    data.set(context.key, context.data);
    channel.postMessage({ data });
    return { eventName: "setData" };
  },
  getData({ key }) { return data.has(key) ? { eventName: "getData", key, data: data.get(key) } : { eventName: "notFound" }; },
  teardown() {
    data.clear();
    return { eventName: "teardown" };
  },
};
channel.onmessage = (e) => {
  if (e.data.asked) channel.postMessage({ data });
  else if (e.data.data) {
    for (const [key, value] of e.data.data) data.set(key, value);
    ready();
  } else say(e.data);
};
addEventListener("message", (e) => {
  const event = e.data?.messageBusEvent;
  if (e.source !== parent || event?.identifier !== id) return;
  if (event.action === "broadcast") {
    channel.postMessage(event);
    return;
  }
  const context = JSON.parse(event.context);
  const run = commands[context.eventName];
  // Half a millisecond tells the reply from what the window itself said just now.
  if (run) say({ action: event.action, identifier: id, timestamp: Date.now() + 0.5, context: JSON.stringify(run(context)),
    replyTarget: { action: event.action, identifier: id, timestamp: event.timestamp } });
});
// The first end has nobody to ask for data, and the second hears at once.
channel.postMessage({ asked: true });
setTimeout(ready, 300);
