import assert from "node:assert/strict";
import { test } from "node:test";
import { HTTPFetchError } from "@line/bot-sdk";
import * as world from "./world.mjs";

const { cafe, tea, aoi, lost, text, tokens } = world;
const client = world.clientOf(cafe);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// failure is the SDK's error of a call: its status, its body to the byte, and
// the request id that people report.
async function failure(call, status, body) {
  const error = await call.then(() => assert.fail("the call succeeded"), (error) => error);
  assert.ok(error instanceof HTTPFetchError, error);
  assert.deepEqual([error.status, error.body], [status, body]);
  assert.match(error.headers.get("x-line-request-id"), uuid);
  assert.match(error.headers.get("content-type"), /^application\/json/);
  return error;
}

const problem = (message, details) => JSON.stringify({ message, details });

test("errors carry status, body and request id", async () => {
  const push = (to, ...messages) => client.pushMessage({ to, messages });
  await failure(push(aoi), 400, problem("The request body has 1 error(s)", [{ message: "Size must be between 1 and 5", property: "messages" }]));
  await failure(push(aoi, text(""), text("x"), text("")), 400,
    problem("The request body has 2 error(s)", [0, 2].map((i) => ({ message: "May not be empty", property: `messages[${i}].text` }))));
  await failure(push(lost, text("x")), 400, problem("Failed to send messages"));
  await failure(push("me", text("x")), 400, problem("The property, 'to', in the request body is invalid (line: -, column: -)"));
  await failure(client.replyMessage({ replyToken: "0".repeat(32), messages: [text("x")] }), 400, problem("Invalid reply token"));
  await failure(client.getProfile(lost), 404, problem("Not found"));
  await failure(client.getProfile("me"), 400, problem("The value for the 'userId' parameter is invalid"));
  await failure(client.getMessageContent("1"), 404, problem("not found"));
  await failure(world.clientOf(tea).getFollowers(), 403, problem("Access to this API is not available for your account"));
  await failure(client.getFollowers("nonsense"), 400, problem("Invalid start param"));
  await failure(client.setWebhookEndpoint({ endpoint: "nowhere" }), 400, problem("Invalid webhook endpoint URL"));
  await failure(client.getNumberOfSentPushMessages("today"), 400, problem("The value for the 'date' parameter is invalid"));
  await failure(world.clientOf(cafe, "wrong").getBotInfo(), 401, problem("Authentication failed. Confirm that the access token in the authorization header is valid."));
  await failure(tokens.issueChannelToken("client_credentials", cafe.id, tea.secret), 400, JSON.stringify({ error: "invalid_client", error_description: "invalid client_secret" }));
  await failure(client.pushMessage({ to: aoi, messages: [{ type: "flex", altText: "a", contents: { type: "bubble" } }] }), 400,
    problem("A message (messages[0])\u00a0in the request body is invalid", [{ message: "At least one block must be specified", property: "/" }]));
});

test("a request with an accepted retry key is refused and names the first", async () => {
  for (const [send, request] of [["pushMessage", { to: aoi }], ["multicast", { to: [aoi] }], ["broadcast", {}]]) {
    const body = { ...request, messages: [text(send)] };
    const key = world.retryKey();
    const first = await client[`${send}WithHttpInfo`](body, key);
    const sentMessages = send === "pushMessage" ? { sentMessages: first.body.sentMessages } : {};
    const error = await failure(client[send](body, key), 409, JSON.stringify({ message: "The retry key is already accepted", ...sentMessages }));
    assert.equal(error.headers.get("x-line-accepted-request-id"), first.httpResponse.headers.get("x-line-request-id"));
    assert.notEqual(error.headers.get("x-line-request-id"), first.httpResponse.headers.get("x-line-request-id"));
  }
  assert.equal((await world.texts(aoi, cafe.id)).length, 3);
});

test("the monthly limit is told apart from the rate limit", async () => {
  const other = world.clientOf(tea);
  for (let i = 0; i < 5; i++) await other.pushMessage({ to: aoi, messages: [text("x")] });
  await failure(other.pushMessage({ to: aoi, messages: [text("x")] }), 429, problem("You have reached your monthly limit."));
  const limited = problem("The API rate limit has been exceeded. Try again later.");
  for (let i = 0; i < 60; i++) await client.testWebhookEndpoint({});
  await failure(client.testWebhookEndpoint({}), 429, limited);
  await world.advance("1m"); // one of sixty an hour is free again
  await client.testWebhookEndpoint({});
  await failure(client.testWebhookEndpoint({}), 429, limited);
});
