// An echo bot as people write it with the Node SDK: the SDK's middleware on a
// plain HTTP server. It keeps what it got, for tests to look at.
import { createServer } from "node:http";
import { HTTPFetchError, SignatureValidationFailed, middleware } from "@line/bot-sdk";

// startBot resolves to the bot once it listens: its url, the events it got, the
// refusals of its middleware, and close.
export async function startBot(client, channelSecret) {
  const bot = { events: [], refusals: [], failures: [] };
  const verify = middleware({ channelSecret });
  const server = createServer((request, response) => {
    verify(request, response, async (error) => {
      if (error) {
        bot.refusals.push(error);
        response.writeHead(error instanceof SignatureValidationFailed ? 401 : 400).end();
        return;
      }
      try {
        for (const event of request.body.events) {
          bot.events.push(event);
          await answer(client, event);
        }
      } catch (failure) {
        bot.failures.push(failure instanceof HTTPFetchError ? `${failure.status} ${failure.body}` : failure);
      }
      response.writeHead(200).end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  bot.url = `http://127.0.0.1:${server.address().port}/callback`;
  bot.close = () => {
    server.closeAllConnections();
    server.close();
  };
  // took gives the events since it was last asked.
  bot.took = () => bot.events.splice(0);
  return bot;
}

async function answer(client, event) {
  if (event.type === "follow") {
    const profile = await client.getProfile(event.source.userId);
    await reply(client, event, `Welcome, ${profile.displayName}`);
  }
  if (event.type === "message" && event.message.type === "text") {
    await reply(client, event, event.message.text, event.message.quoteToken);
  }
  if (event.type === "postback") {
    await reply(client, event, `${event.postback.data} ${JSON.stringify(event.postback.params ?? {})}`);
  }
}

const reply = (client, event, text, quoteToken) =>
  client.replyMessage({ replyToken: event.replyToken, messages: [{ type: "text", text, quoteToken }] });
