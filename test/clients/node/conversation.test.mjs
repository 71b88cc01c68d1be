import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SignatureValidationFailed, validateSignature } from "@line/bot-sdk";
import { startBot } from "./bot.mjs";
import * as world from "./world.mjs";

const { cafe, aoi, ben, chen, team } = world;
const client = world.clientOf(cafe);
let bot;

before(async () => {
  bot = await startBot(client, cafe.secret);
  await client.setWebhookEndpoint({ endpoint: bot.url });
});

after(() => {
  bot.close();
  assert.deepEqual(bot.failures, []);
});

// heard is the only event that an act caused.
async function heard(act) {
  await world.settle();
  bot.took();
  await act();
  await world.settle();
  const events = bot.took();
  assert.equal(events.length, 1, JSON.stringify(events));
  const [event] = events;
  assert.equal(event.mode, "active");
  assert.equal(event.deliveryContext.isRedelivery, false);
  assert.match(event.webhookEventId, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  assert.ok(Math.abs(event.timestamp - (await world.now())) < 60_000);
  return event;
}

test("an echo bot answers in a chat and in a group, quoting", async () => {
  const event = await heard(() => world.writes(aoi, cafe.id, "こんにちは <&> 👍"));
  assert.deepEqual(event.source, { type: "user", userId: aoi });
  assert.ok(event.message.markAsReadToken);
  assert.deepEqual(await world.texts(aoi, cafe.id), ["person: こんにちは <&> 👍", "account: こんにちは <&> 👍"]);
  await heard(() => world.writes(ben, team, "lunch?"));
  assert.deepEqual(await world.texts(aoi, team), ["person: lunch?", "account: lunch?"]);
});

test("a new friend is greeted by name", async () => {
  const event = await heard(() => world.sim("POST", `/people/${chen}/follow`, { channelId: cafe.id }));
  assert.deepEqual(event.follow, { isUnblocked: false });
  assert.deepEqual(await world.texts(chen, cafe.id), ["account: Welcome, Chen"]);
});

test("a tap comes as a postback with what was picked", async () => {
  const action = { type: "datetimepicker", label: "When", data: "when", mode: "datetime" };
  const { sentMessages } = await client.pushMessage({ to: aoi, messages: [{ type: "template", altText: "a", template: { type: "buttons", text: "When?", actions: [action] } }] });
  await heard(() => world.taps(aoi, cafe.id, sentMessages[0].id, action, { datetime: "2026-02-03T10:30" }));
  assert.equal((await world.texts(aoi, cafe.id)).at(-1), 'account: when {"datetime":"2026-02-03T10:30"}');
});

test("every kind of event is delivered as the SDK types it", async () => {
  const image = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64").toString("base64");
  const file = Buffer.from("a file").toString("base64");
  for (const [message, want] of [
    [{ type: "image", contentBase64: image }, { type: "image", contentProvider: { type: "line" } }],
    [{ type: "video", contentBase64: file, duration: 1000 }, { type: "video", duration: 1000, contentProvider: { type: "line" } }],
    [{ type: "audio", contentBase64: file, duration: 1000 }, { type: "audio", duration: 1000, contentProvider: { type: "line" } }],
    [{ type: "file", contentBase64: file, fileName: "a.txt" }, { type: "file", fileName: "a.txt", fileSize: 6 }],
    [{ type: "location", title: "t", address: "a", latitude: 1.5, longitude: -2.5 }, { type: "location", title: "t", address: "a", latitude: 1.5, longitude: -2.5 }],
    [{ type: "sticker", packageId: "446", stickerId: "1988" }, { type: "sticker", packageId: "446", stickerId: "1988", stickerResourceType: "STATIC" }],
  ]) {
    let said;
    const { message: got, replyToken } = await heard(async () => (said = await world.says(aoi, cafe.id, message)));
    const { id, quoteToken, markAsReadToken, ...rest } = got;
    assert.deepEqual(rest, want);
    assert.equal(id, said.messageId);
    assert.equal(Boolean(quoteToken), ["image", "video", "sticker"].includes(got.type), `quoteToken of ${got.type}`);
    assert.ok(markAsReadToken, `markAsReadToken of ${got.type}`);
    assert.match(replyToken, /^[0-9a-f]{32}$/);
  }
  const said = await world.says(ben, team, { type: "image", contentBase64: image });
  const unsend = await heard(() => world.happens(ben, { type: "unsend", messageId: said.messageId }));
  assert.deepEqual([unsend.type, unsend.unsend, unsend.replyToken], ["unsend", { messageId: said.messageId }, undefined]);
  const enter = await heard(() => world.happens(ben, { type: "beacon", hwid: "0123456789", beaconType: "enter" }));
  assert.deepEqual(enter.beacon, { hwid: "0123456789", type: "enter" });
  const joined = await heard(() => world.sim("POST", `/groups/${team}/join`, { userIds: [chen] }));
  assert.deepEqual(joined.joined, { members: [{ type: "user", userId: chen }] });
  assert.deepEqual(joined.source, { type: "group", groupId: team });
  const left = await heard(() => world.sim("POST", `/groups/${team}/leave`, { userIds: [chen] }));
  assert.deepEqual([left.left, left.replyToken], [{ members: [{ type: "user", userId: chen }] }, undefined]);
  const leave = await heard(() => world.sim("POST", `/groups/${team}/leave`, { channelId: cafe.id }));
  assert.deepEqual([leave.type, leave.replyToken], ["leave", undefined]);
  const join = await heard(() => world.sim("POST", `/groups/${team}/join`, { channelId: cafe.id }));
  assert.deepEqual([join.type, join.source], ["join", { type: "group", groupId: team }]);
  const unfollow = await heard(() => world.sim("POST", `/people/${chen}/unfollow`, { channelId: cafe.id }));
  assert.deepEqual([unfollow.type, unfollow.source, unfollow.replyToken], ["unfollow", { type: "user", userId: chen }, undefined]);
  const { sentMessages } = await client.pushMessage({ to: aoi, messages: [{ type: "video", originalContentUrl: "https://example.com/v.mp4", previewImageUrl: "https://example.com/v.jpg", trackingId: "t1" }] });
  const played = await heard(() => world.happens(aoi, { type: "videoPlayComplete", messageId: sentMessages[0].id }));
  assert.deepEqual(played.videoPlayComplete, { trackingId: "t1" });
});

test("the SDK takes our signatures and no others", async () => {
  const { webhooks } = await world.sim("GET", `/webhooks?channelId=${cafe.id}&limit=1000`);
  assert.ok(webhooks.length > 10);
  for (const { attempts } of webhooks) {
    const { headers, body } = attempts[0].request;
    assert.equal(validateSignature(body, cafe.secret, headers["x-line-signature"]), true);
    assert.equal(validateSignature(body + " ", cafe.secret, headers["x-line-signature"]), false);
    assert.equal(validateSignature(body, world.tea.secret, headers["x-line-signature"]), false);
  }
  assert.deepEqual(bot.refusals, []);
  const { headers, body } = webhooks[0].attempts[0].request;
  for (const [sent, signature] of [[body + " ", headers["x-line-signature"]], [body, Buffer.alloc(32).toString("base64")]]) {
    const response = await fetch(bot.url, { method: "POST", headers: { "x-line-signature": signature }, body: sent });
    assert.equal(response.status, 401);
  }
  assert.equal(bot.refusals.filter((error) => error instanceof SignatureValidationFailed).length, 2);
});

test("a bot that was away gets the same event again", async () => {
  await client.setWebhookEndpoint({ endpoint: "http://127.0.0.1:9/" });
  const said = await world.writes(aoi, cafe.id, "are you there?");
  await world.settle();
  bot.took();
  await client.setWebhookEndpoint({ endpoint: bot.url });
  await world.advance("10m");
  const events = bot.took();
  assert.equal(events.length, 1);
  assert.equal(events[0].webhookEventId, said.webhookEventIds[0]);
  assert.equal(events[0].deliveryContext.isRedelivery, true);
  assert.equal((await world.texts(aoi, cafe.id)).at(-1), "account: are you there?");
});
