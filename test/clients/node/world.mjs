// The world that the Go test beside this folder starts, and the people in it,
// who act by the simulation API. Answers to the official client pass the Go
// test, which records them: its base URL is another one than the server's.
import { randomUUID, sign } from "node:crypto";
import { LineBotClient, channelAccessToken } from "@line/bot-sdk";

const server = process.env.KAIWA_URL;
const recorded = process.env.KAIWA_RECORDED_URL;

export const cafe = { id: "1656000001", secret: "0123456789abcdef0123456789abcdef", token: "dev-token-1", userId: "Ub0000000000000000000000000000001" };
export const tea = { id: "1656000003", secret: "abcdef0123456789abcdef0123456789", token: "dev-token-3" };
export const aoi = "U00000000000000000000000000000a01";
export const ben = "U00000000000000000000000000000a02";
export const chen = "U00000000000000000000000000000a03"; // no friend
export const dai = "U00000000000000000000000000000a04"; // blocked the cafe
export const lost = "U00000000000000000000000000000fff"; // nobody
export const team = "C0000000000000000000000000000c001"; // aoi, ben, the cafe

export const clientOf = (account, token = account.token) =>
  LineBotClient.fromChannelAccessToken({ channelAccessToken: token, apiBaseURL: recorded, dataApiBaseURL: recorded });

export const tokens = new channelAccessToken.ChannelAccessTokenClient({ baseURL: recorded });

// sim makes a call of the simulation API.
export async function sim(method, path, body) {
  const response = await fetch(`${server}/sim/v1${path}`, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const chatOf = (id) => ({ [{ C: "groupId", R: "roomId" }[id[0]] ?? "channelId"]: id });

export const says = (person, chat, message) => sim("POST", `/people/${person}/messages`, { chat: chatOf(chat), message });
export const writes = (person, chat, text) => says(person, chat, { type: "text", text });
export const taps = (person, chat, messageId, action, more) => sim("POST", `/people/${person}/taps`, { chat: chatOf(chat), messageId, action, ...more });
export const happens = (person, event) => sim("POST", `/people/${person}/events`, event);
export const sees = async (person, chat) => (await sim("GET", `/people/${person}/chats/${chat}/messages`)).messages;
export const texts = async (person, chat) => (await sees(person, chat)).map((m) => `${m.from.type}: ${m.message.text}`);

// settle returns when every webhook that is due has been tried.
export const settle = () => advance("0s");
export const advance = (duration) => sim("POST", "/clock", { advance: duration });
export const now = async () => Date.parse((await sim("GET", "/clock")).now);

// assertion is a JWT signed with the cafe's assertion key.
export async function assertion(claims = {}) {
  const part = (v) => Buffer.from(JSON.stringify(v)).toString("base64url");
  const exp = Math.floor((await now()) / 1000) + 25 * 60;
  const head = part({ alg: "RS256", typ: "JWT", kid: "key-1" });
  const signed = `${head}.${part({ iss: cafe.id, sub: cafe.id, aud: "https://api.line.me/", exp, token_exp: 86400, ...claims })}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), process.env.KAIWA_ASSERTION_KEY).toString("base64url")}`;
}

export const retryKey = () => randomUUID();
export const text = (words) => ({ type: "text", text: words });
