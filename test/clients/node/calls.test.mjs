import assert from "node:assert/strict";
import { test } from "node:test";
import { startBot } from "./bot.mjs";
import * as world from "./world.mjs";

const { cafe, tea, aoi, ben, chen, dai, team, text, tokens } = world;
const client = world.clientOf(cafe);
const grant = "client_credentials";
const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const usable = async (token) => assert.equal((await world.clientOf(cafe, token).getBotInfo()).userId, cafe.userId);
const unusable = (token) => assert.rejects(world.clientOf(cafe, token).getBotInfo(), { status: 401 });

test("tokens by JWT", async () => {
  const issued = await tokens.issueChannelTokenByJWT(grant, jwtBearer, await world.assertion());
  assert.deepEqual([issued.token_type, issued.expires_in], ["Bearer", 86400]);
  await usable(issued.access_token);
  const verified = await tokens.verifyChannelTokenByJWT(issued.access_token);
  assert.equal(verified.client_id, cafe.id);
  assert.ok(verified.expires_in > 86300 && verified.expires_in <= 86400);
  assert.deepEqual(await tokens.getsAllValidChannelAccessTokenKeyIds(jwtBearer, await world.assertion()), { kids: [issued.key_id] });
  await tokens.revokeChannelTokenByJWT(cafe.id, cafe.secret, issued.access_token);
  await unusable(issued.access_token);
  assert.deepEqual(await tokens.getsAllValidChannelAccessTokenKeyIds(jwtBearer, await world.assertion()), { kids: [] });
});

test("stateless and short-lived tokens", async () => {
  for (const issued of [await tokens.issueStatelessChannelTokenByJWTAssertion(await world.assertion()), await tokens.issueStatelessChannelTokenByClientSecret(cafe.id, cafe.secret)]) {
    assert.deepEqual([issued.token_type, issued.expires_in], ["Bearer", 900]);
    await usable(issued.access_token);
  }
  const short = await tokens.issueChannelToken(grant, cafe.id, cafe.secret);
  assert.deepEqual([short.token_type, short.expires_in], ["Bearer", 2592000]);
  await usable(short.access_token);
  assert.equal((await tokens.verifyChannelToken(short.access_token)).client_id, cafe.id);
  await tokens.revokeChannelToken(short.access_token);
  await unusable(short.access_token);
});

test("push, multicast and broadcast reach whom they should", async () => {
  const pushed = await client.pushMessage({ to: aoi, messages: [text("pushed"), { type: "sticker", packageId: "446", stickerId: "1988" }] });
  assert.deepEqual((await world.sees(aoi, cafe.id)).map((m) => m.id), pushed.sentMessages.map((m) => m.id));
  assert.ok(pushed.sentMessages.every((m) => typeof m.id === "string" && m.quoteToken));
  assert.deepEqual(await client.multicast({ to: [aoi, ben, chen, dai], messages: [text("to some")] }), {});
  assert.deepEqual(await client.broadcast({ messages: [text("to all")], notificationDisabled: true }), {});
  assert.deepEqual(await world.texts(ben, cafe.id), ["account: to some", "account: to all"]);
  assert.equal((await world.sees(ben, cafe.id))[1].notificationDisabled, true);
  for (const person of [chen, dai]) assert.deepEqual(await world.texts(person, cafe.id), []);
});

// The Go SDK cannot write substitutions; this one can.
test("a text with mentions and emoji reaches its group", async () => {
  const message = {
    type: "textV2",
    text: "Hello {who} and {everyone} {face} {{braces}}",
    substitution: {
      who: { type: "mention", mentionee: { type: "user", userId: ben } },
      everyone: { type: "mention", mentionee: { type: "all" } },
      face: { type: "emoji", productId: "5ac1bfd5040ab15980c9b435", emojiId: "001" },
    },
  };
  const { sentMessages } = await client.pushMessage({ to: team, messages: [message] });
  const seen = (await world.sees(ben, team)).at(-1);
  assert.equal(seen.id, sentMessages[0].id);
  assert.deepEqual(seen.message, message);
  await assert.rejects(client.pushMessage({ to: aoi, messages: [message] }), { status: 400 });
  message.substitution.who.mentionee.userId = chen; // not in the group
  await assert.rejects(client.pushMessage({ to: team, messages: [message] }), { status: 400 });
  await client.validatePush({ messages: [message] }); // which validating cannot know
  delete message.substitution.who;
  await assert.rejects(client.validatePush({ messages: [message] }), { status: 400 });
});

test("the five validate operations", async () => {
  for (const validate of ["validateReply", "validatePush", "validateMulticast", "validateNarrowcast", "validateBroadcast"]) {
    assert.deepEqual(await client[validate]({ messages: [text("fine")] }), {});
    await assert.rejects(client[validate]({ messages: [text("")] }), { status: 400 }, validate);
  }
});

test("quota, consumption and counts", async () => {
  assert.deepEqual(await client.getMessageQuota(), { type: "none" });
  const other = world.clientOf(tea);
  assert.deepEqual(await other.getMessageQuota(), { type: "limited", value: 5 });
  assert.deepEqual(await other.getMessageQuotaConsumption(), { totalUsage: 0 });
  await other.multicast({ to: [aoi, ben], messages: [text("one"), text("two")] });
  await other.pushMessage({ to: aoi, messages: [text("three")] });
  await other.broadcast({ messages: [text("four")] });
  assert.deepEqual(await other.getMessageQuotaConsumption(), { totalUsage: 5 });
  const day = new Date((await world.now()) + 9 * 3600_000).toISOString().slice(0, 10).replaceAll("-", "");
  const counts = { Push: 1, Multicast: 2, Broadcast: 2, Reply: 0 };
  for (const kind of Object.keys(counts)) assert.deepEqual(await other[`getNumberOfSent${kind}Messages`](day), { status: "unready" });
  await world.advance("48h");
  for (const [kind, success] of Object.entries(counts)) assert.deepEqual(await other[`getNumberOfSent${kind}Messages`](day), { status: "ready", success }, kind);
});

test("the webhook endpoint is set, read and tested", async () => {
  const bot = await startBot(client, cafe.secret);
  assert.deepEqual(await client.setWebhookEndpoint({ endpoint: bot.url }), {});
  assert.deepEqual(await client.getWebhookEndpoint(), { endpoint: bot.url, active: true });
  for (const request of [{}, { endpoint: bot.url }]) {
    const { timestamp, ...rest } = await client.testWebhookEndpoint(request);
    assert.deepEqual(rest, { success: true, statusCode: 200, reason: "OK", detail: "200" });
    assert.ok(Math.abs(Date.parse(timestamp) - (await world.now())) < 60_000);
  }
  bot.close();
  assert.deepEqual([bot.refusals, bot.events], [[], []]);
  const { success, reason } = await client.testWebhookEndpoint({ endpoint: bot.url });
  assert.deepEqual([success, reason], [false, "COULD_NOT_CONNECT"]);
});

test("profile, followers and the account itself", async () => {
  assert.deepEqual(await client.getProfile(aoi), { userId: aoi, displayName: "Aoi", pictureUrl: "https://example.com/aoi.png", statusMessage: "Coffee first", language: "ja" });
  assert.deepEqual(await client.getProfile(ben), { userId: ben, displayName: "Ben" });
  const first = await client.getFollowers(undefined, 1);
  const last = await client.getFollowers(first.next, 1);
  assert.deepEqual([...first.userIds, ...last.userIds].sort(), [aoi, ben]);
  assert.equal(last.next, undefined);
  assert.deepEqual(await client.getFollowers(), { userIds: [aoi, ben] });
  assert.deepEqual(await client.getBotInfo(), {
    userId: cafe.userId, basicId: "@kaiwacafe", premiumId: "@cafe", displayName: "Kaiwa Cafe", pictureUrl: "https://example.com/p.png", chatMode: "bot", markAsReadMode: "auto",
  });
});

test("content, preview and preparation", async () => {
  const read = async (stream) => Buffer.concat(await stream.toArray());
  const film = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom and a film", "latin1");
  const { messageId } = await world.says(aoi, cafe.id, { type: "video", contentBase64: film.toString("base64"), duration: 1000, preparing: "1m" });
  const early = await client.getMessageContentWithHttpInfo(messageId);
  assert.deepEqual([early.httpResponse.status, (await read(early.body)).length], [202, 0]);
  assert.deepEqual(await client.getMessageContentTranscodingByMessageId(messageId), { status: "processing" });
  await world.advance("1m");
  assert.deepEqual(await client.getMessageContentTranscodingByMessageId(messageId), { status: "succeeded" });
  assert.deepEqual(await read(await client.getMessageContent(messageId)), film);
  const preview = await client.getMessageContentPreviewWithHttpInfo(messageId);
  assert.match(preview.httpResponse.headers.get("content-type"), /^image\//);
  assert.ok((await read(preview.body)).length > 0);
});
