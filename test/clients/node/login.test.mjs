import assert from "node:assert/strict";
import { test } from "node:test";
import * as client from "openid-client";
import { aoi } from "./world.mjs";

const base = process.env.KAIWA_URL;
const issuer = "https://access.line.me";
const id = "1656000011";
const secret = "cccccccccccccccccccccccccccccccc";
const callback = "https://app.example.com/callback";

// Discovery at the platform's name is answered by this server; all it names lies here.
const here = (url, options) => fetch(String(url).replace(issuer, base), options);

// Tokens follow the server's clock, which is not this machine's.
const { now } = await (await fetch(base + "/sim/v1/clock")).json();
const skew = Math.round((Date.parse(now) - Date.now()) / 1000);

/** The provider as openid-client finds it; LINE signs for web apps with the channel secret, and does not announce it. */
async function discover(authentication = client.ClientSecretPost(secret)) {
  const config = await client.discovery(new URL(issuer), id, { client_secret: secret, id_token_signed_response_alg: "HS256", [client.clockSkew]: skew }, authentication,
    { [client.customFetch]: here, execute: [client.allowInsecureRequests] });
  config[client.customFetch] = here;
  return config;
}

/** What a person's browser does between the request and the callback. */
async function visit(to, consent = "allow") {
  const cookies = new Map();
  const go = async (url, form) => {
    const answer = await fetch(url, { redirect: "manual", method: form ? "POST" : "GET", body: form && new URLSearchParams(form),
      headers: { cookie: [...cookies].map((c) => c.join("=")).join("; ") } });
    for (const c of answer.headers.getSetCookie()) cookies.set(c.split("=")[0], c.split(/[=;]/)[1]);
    const next = answer.headers.get("location");
    if (!next) return { url, page: await answer.text() };
    const there = new URL(next, url);
    return there.href.startsWith(callback) ? { url: there } : go(there);
  };
  const submit = async ({ url, page }, values) => {
    const action = page.match(/action="([^"]*)"/)[1].replaceAll("&amp;", "&");
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map((m) => [m[1], m[2].replaceAll("&amp;", "&")]);
    return go(new URL(action, url), [...hidden, ...Object.entries(values)]);
  };
  let at = await go(new URL(to));
  if (at.page) at = await submit(at, { userId: aoi });
  if (at.page) at = await submit(at, { consent });
  return at.url;
}

const ask = async (config, more = {}) => {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, { redirect_uri: callback, scope: "openid profile", state: expectedState, nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256", ...more });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
};

for (const [name, authentication] of [["the secret in the body", client.ClientSecretPost(secret)], ["Basic authentication", client.ClientSecretBasic(secret)]]) {
  test(`log in with ${name}`, async () => {
    const config = await discover(authentication);
    const { url, checks } = await ask(config);
    const tokens = await client.authorizationCodeGrant(config, await visit(url), checks);
    const claims = tokens.claims();
    assert.deepEqual([claims.sub, claims.iss, claims.aud, claims.name], [aoi, issuer, id, "Aoi"]);
    assert.equal(tokens.expires_in, 2592000);
    const info = await client.fetchUserInfo(config, tokens.access_token, aoi);
    assert.equal(info.name, "Aoi");
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(renewed.refresh_token, tokens.refresh_token);
    // LINE names the parameter its own way, so that the library's revocation cannot be used there either.
    await assert.rejects(client.tokenRevocation(config, renewed.access_token), { error: "invalid_request" });
    const revoked = await fetch(`${base}/oauth2/v2.1/revoke`, { method: "POST", body: new URLSearchParams({ access_token: renewed.access_token, client_id: id, client_secret: secret }) });
    assert.deepEqual([revoked.status, await revoked.text()], [200, ""]);
    await assert.rejects(client.fetchUserInfo(config, renewed.access_token, aoi), { message: "unexpected HTTP response status code" });
  });
}

test("what the provider refuses", async () => {
  const config = await discover();
  const silent = await ask(config, { prompt: "none" }); // nobody is logged in in a new browser
  await assert.rejects(client.authorizationCodeGrant(config, await visit(silent.url), silent.checks), { error: "LOGIN_REQUIRED" });
  const cancelled = await ask(config, { prompt: "consent" });
  await assert.rejects(client.authorizationCodeGrant(config, await visit(cancelled.url, "cancel"), cancelled.checks),
    { error: "ACCESS_DENIED", error_description: "The resource owner denied the request." });
  const { url, checks } = await ask(config);
  const back = await visit(url);
  const refused = (change, error) => assert.rejects(client.authorizationCodeGrant(config, back, { ...checks, ...change }), { error });
  await refused({ pkceCodeVerifier: client.randomPKCECodeVerifier() }, "invalid_grant");
  const wrong = await discover(client.ClientSecretPost("d".repeat(32)));
  await assert.rejects(client.authorizationCodeGrant(wrong, back, checks), { error: "invalid_client" });
  await client.authorizationCodeGrant(config, back, checks);
  await refused({}, "invalid_grant");
});
