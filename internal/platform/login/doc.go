// Package login is the room of LINE Login v2.1, an OAuth 2.0 and OpenID Connect
// provider: the pages that people log in and agree on, authorization codes,
// user access tokens, ID tokens, profiles and friendship status.
// https://developers.line.biz/en/docs/line-login/integrate-line-login/
//
// It owns sessions, consents, codes and user tokens. It does not own channel
// access tokens (token), whose paths it shares, nor LIFF apps (liff).
package login
