package module

import (
	"slices"
	"strings"
)

// The scopes that an account's admin can grant.
// https://developers.line.biz/en/docs/partner-docs/module-technical-attach-channel/#scopes
const (
	messageSend    = "message:send"
	messageReceive = "message:receive"
	accountManage  = "account:manage"
	markAsRead     = "message:mark_as_read"
	templatedPNP   = "message:templated_pnp"
	profileRead    = "profile:read"
	couponManage   = "coupon:manage"
	crmManage      = "crm:manage"
)

// Scopes are those that a module may ask for unless its settings say otherwise.
// crm:manage is for the chat plugin function, which few have.
var Scopes = []string{messageSend, messageReceive, accountManage, markAsRead, templatedPNP, profileRead, couponManage}

// Known says whether there is such a scope.
func Known(scope string) bool { return scope == crmManage || slices.Contains(Scopes, scope) }

// none stands for operations that every attached module may call.
const none = ""

// needs is the scope that each operation asks of a module. Operations that are
// not here are not for modules.
var needs = map[string]string{
	"issueLinkToken": none,
	"getBotInfo":     none,

	"replyMessage": messageSend, "pushMessage": messageSend, "multicast": messageSend, "broadcast": messageSend,
	"narrowcast": messageSend, "getNarrowcastProgress": messageSend,
	"createAudienceGroup": messageSend, "addAudienceToAudienceGroup": messageSend, "createAudienceForUploadingUserIds": messageSend,
	"addUserIdsToAudience": messageSend, "createClickBasedAudienceGroup": messageSend, "createImpBasedAudienceGroup": messageSend,
	"updateAudienceGroupDescription": messageSend, "deleteAudienceGroup": messageSend, "getAudienceData": messageSend,
	"getAudienceGroups": messageSend, "getSharedAudienceData": messageSend, "getSharedAudienceGroups": messageSend,
	"getMessageQuota": messageSend, "getMessageQuotaConsumption": messageSend, "showLoadingAnimation": messageSend,

	acquireChatControl: messageReceive, releaseChatControl: messageReceive,

	"setDefaultRichMenu": accountManage, "getNumberOfMessageDeliveries": accountManage, "getNumberOfFollowers": accountManage,
	"getFriendsDemographics": accountManage, "getMessageEvent": accountManage, "getStatisticsPerUnit": accountManage,

	"markMessagesAsRead": markAsRead,

	"pushTemplatedMessagesByPhone": templatedPNP, "getTemplatedPNPMessageStatistics": templatedPNP,

	"getProfile": profileRead, "getGroupSummary": profileRead, "getGroupMemberProfile": profileRead, "getRoomMemberProfile": profileRead,
	"getGroupMemberCount": profileRead, "getRoomMemberCount": profileRead,

	"createCoupon": couponManage, "closeCoupon": couponManage, "listCoupon": couponManage, "getCouponDetail": couponManage,

	// The table of scopes is silent on what follows, but a module that sends,
	// hears and sets rich menus cannot do without.
	"validateReply": messageSend, "validatePush": messageSend, "validateMulticast": messageSend, "validateNarrowcast": messageSend,
	"validateBroadcast":                messageSend,
	"getNumberOfSentReplyMessages":     messageSend,
	"getNumberOfSentPushMessages":      messageSend,
	"getNumberOfSentMulticastMessages": messageSend,
	"getNumberOfSentBroadcastMessages": messageSend,
	"getAggregationUnitUsage":          messageSend,
	"getAggregationUnitNameList":       messageSend,
	"getMessageContent":                messageReceive, "getMessageContentPreview": messageReceive, "getMessageContentTranscodingByMessageId": messageReceive,
	"markMessagesAsReadByToken": markAsRead,
	"createRichMenu":            accountManage, "validateRichMenuObject": accountManage, "setRichMenuImage": accountManage, "getRichMenuImage": accountManage,
	"getRichMenu": accountManage, "getRichMenuList": accountManage, "deleteRichMenu": accountManage, "getDefaultRichMenuId": accountManage,
	"cancelDefaultRichMenu": accountManage, "createRichMenuAlias": accountManage, "updateRichMenuAlias": accountManage,
	"deleteRichMenuAlias": accountManage, "getRichMenuAlias": accountManage, "getRichMenuAliasList": accountManage,
	"linkRichMenuIdToUser": accountManage, "linkRichMenuIdToUsers": accountManage, "unlinkRichMenuIdFromUser": accountManage,
	"unlinkRichMenuIdFromUsers": accountManage, "getRichMenuIdOfUser": accountManage, "richMenuBatch": accountManage,
	"getRichMenuBatchProgress": accountManage, "validateRichMenuBatchRequest": accountManage,
}

// words are the scopes of a text that separates them by spaces, each once.
func words(text string) []string {
	list := []string{}
	for _, w := range strings.Fields(text) {
		if !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}
