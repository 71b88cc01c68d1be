// Package module is the room of module channels: attaching to official accounts,
// acting for them, and the control of chats.
// https://developers.line.biz/en/docs/partner-docs/module/
package module
