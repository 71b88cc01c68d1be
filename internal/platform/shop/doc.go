// Package shop is the room of LINE SHOPPING (MyShop, the OA Plus public API):
// shops with their products, variants, stock and orders, the operations under
// /myshop/v1, and what people do there: they buy and they pay.
//
// It owns its API keys, their rate limits and the form of its errors, none of
// which are the Messaging API's. It does not own who a person is (friend), nor
// the pages of the shop on the phone (the user interface).
//
// https://developers-oaplus.line.biz, documented at
// https://www.line-website.com/oaplus-public-api-doc-client/
package shop
