import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBot } from "./bot.mjs";
import * as world from "./world.mjs";

const { cafe, aoi, ben, chen, team } = world;
const client = world.clientOf(cafe);
let bot;

before(async () => {
  bot = await startBot(client, cafe.secret);
  await client.setWebhookEndpoint({ endpoint: bot.url });
});

after(() => bot.close());

// heard is the first event that an act caused.
async function heard(act) {
  await world.settle();
  bot.took();
  const done = await act();
  await world.settle();
  return { event: bot.took()[0], done };
}

test("the token of a message marks it as read in its group", async () => {
  const { event } = await heard(() => world.says(aoi, team, { type: "sticker", packageId: "446", stickerId: "1988" }));
  const read = async () => (await world.sees(aoi, team)).find((m) => m.id === event.message.id).read;
  assert.equal(await read(), false);
  assert.deepEqual(await client.markMessagesAsReadByToken({ markAsReadToken: event.message.markAsReadToken }), {});
  assert.equal(await read(), true);
  await assert.rejects(client.markMessagesAsReadByToken({ markAsReadToken: "nonsense" }), {
    status: 400, body: '{"message":"Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."}' });
});

test("the loading animation is accepted", async () => {
  const { httpResponse } = await client.showLoadingAnimationWithHttpInfo({ chatId: aoi, loadingSeconds: 30 });
  assert.equal(httpResponse.status, 202);
  const [chat] = (await world.sim("GET", `/people/${aoi}/chats`)).chats.filter((c) => c.id === cafe.id);
  assert.ok(Date.parse(chat.loadingUntil) - (await world.now()) > 20_000);
  await assert.rejects(client.showLoadingAnimation({ chatId: team }), { status: 400 });
});

test("an edited text keeps its id; both of its quote tokens are good", async () => {
  const { event: said } = await heard(() => world.says(ben, team, { type: "text", text: "at sevn" }));
  const { event } = await heard(() => world.happens(ben, { type: "edit", messageId: said.message.id, text: "at seven" }));
  assert.equal(event.type, "messageEdited");
  assert.deepEqual({ ...event.message, quoteToken: "" }, { type: "text", id: said.message.id, quoteToken: "", text: "at seven" });
  assert.notEqual(event.message.quoteToken, said.message.quoteToken);
  assert.deepEqual(event.source, { type: "group", groupId: team, userId: ben });
  for (const quoteToken of [said.message.quoteToken, event.message.quoteToken]) {
    await client.pushMessage({ to: team, messages: [{ ...world.text("yes"), quoteToken }] });
  }
  await client.replyMessage({ replyToken: event.replyToken, messages: [world.text("seven it is")] });
  assert.equal((await world.texts(aoi, team)).at(-1), "account: seven it is");
});

test("a group is looked into and left", async () => {
  assert.deepEqual(await client.getGroupSummary(team), { groupId: team, groupName: "Lunch team" });
  assert.deepEqual(await client.getGroupMemberCount(team), { count: 2 });
  assert.deepEqual(await client.getGroupMembersIds(team), { memberIds: [aoi, ben] });
  assert.deepEqual(await client.getGroupMemberProfile(team, ben), { displayName: "Ben", userId: ben });
  await assert.rejects(client.getGroupMemberProfile(team, chen), { status: 404, body: '{"message":"Not found"}' });
  const { event, done } = await heard(() => client.leaveGroup(team));
  assert.deepEqual([done, event.type, event.source], [{}, "leave", { type: "group", groupId: team }]);
});

test("a link token opens the page of account links", async () => {
  const { linkToken } = await client.issueLinkToken(aoi);
  const { event } = await heard(() => world.happens(aoi, { type: "accountLink", linkToken, nonce: "0123456789" }));
  assert.deepEqual([event.type, event.link, event.source], ["accountLink", { result: "ok", nonce: "0123456789" }, { type: "user", userId: aoi }]);
});
