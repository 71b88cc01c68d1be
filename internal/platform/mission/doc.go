// Package mission is the room of mission stickers, given for what a person did.
// https://developers.line.biz/en/reference/partner-docs/#mission-stickers
package mission
