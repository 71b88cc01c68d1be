package connector

// Inputs that several sends have.
var (
	messages = must("messages", Objects, "The message objects to send, 1 to 5")
	silent   = may("notificationDisabled", Boolean, "If true, the people get no notification of the message")
	units    = may("customAggregationUnits", Strings, "Name of the aggregation unit that statistics are counted under")
	date     = must("date", String, "The day on which the messages were sent, as yyyyMMdd in UTC+9")
	retryKey = Input{Name: "headers", Type: Object, About: "Request headers", Members: []Input{
		may("X-Line-Retry-Key", String, "A UUID: a request that is sent again under the same key takes effect once. Made up if left out")}}
	// A reply has no retry key at the platform; what a caller gives is left away.
	noRetryKey = Input{Name: "headers", Type: Object, Unused: true, About: "Taken and not sent: the platform knows no retry key for replies", Members: []Input{
		may("X-Line-Retry-Key", String, "Not sent")}}
)

// messageActions are the sends and what belongs to them.
// https://developers.line.biz/en/reference/messaging-api/#messages
func messageActions() []Action {
	list := []Action{
		{Name: "display_a_loading_animation", Title: "Display a loading animation", Operation: "showLoadingAnimation", Method: "POST", Path: "/v2/bot/chat/loading/start",
			Inputs: []Input{must("chatId", String, "User id of the person who is to see the animation"),
				may("loadingSeconds", Number, "How long it is shown: 5, 10, 15 and so on up to 60 seconds; 20 if left out")}},
		{Name: "get_narrowcast_message_status", Title: "Get narrowcast message status", Operation: "getNarrowcastProgress", Method: "GET", Path: "/v2/bot/message/progress/narrowcast",
			Inputs:  []Input{must("requestId", String, "The narrowcast's request id: x-line-request-id of the answer to it")},
			Outputs: gives("phase", "successCount integer", "failureCount integer", "targetCount integer", "failedDescription", "errorCode integer", "acceptedTime", "completedTime", "message")},
		{Name: "get_number_of_messages_sent_this_month", Title: "Get number of messages sent this month", Operation: "getMessageQuotaConsumption", Method: "GET",
			Path: "/v2/bot/message/quota/consumption", Outputs: gives("totalUsage integer")},
		sent("broadcast", "getNumberOfSentBroadcastMessages"),
		sent("multicast", "getNumberOfSentMulticastMessages"),
		sent("push", "getNumberOfSentPushMessages"),
		sent("reply", "getNumberOfSentReplyMessages"),
		{Name: "get_the_target_limit_for_messages_this_month", Aliases: []string{"get_the_target_limit_for_sending_messages_this_month"},
			Title: "Get the target limit for messages this month", Operation: "getMessageQuota", Method: "GET", Path: "/v2/bot/message/quota", Outputs: gives("type", "value integer")},
		{Name: "send_broadcast_message", Title: "Send broadcast message", Operation: "broadcast", Method: "POST", Path: "/v2/bot/message/broadcast", Sends: Broadcast,
			Inputs: []Input{retryKey, {Name: "to", Type: OneOrMore, Unused: true, About: "Taken and not sent: a broadcast goes to all friends"}, messages, silent, units}},
		{Name: "send_multicast_message", Title: "Send multicast message", Operation: "multicast", Method: "POST", Path: "/v2/bot/message/multicast", Sends: Multicast,
			Inputs: []Input{retryKey, must("to", OneOrMore, "User ids, at most 500; one may stand alone"), messages, silent, units}, Outputs: gives("message")},
		{Name: "send_narrowcast_message", Title: "Send narrowcast message", Operation: "narrowcast", Method: "POST", Path: "/v2/bot/message/narrowcast", Sends: Narrowcast,
			Inputs: []Input{retryKey, messages, may("recipient", Object, "Recipient object: an audience, redelivery, or an operator over them"),
				may("filter", Object, "Filter: {\"demographic\": a demographic filter object}"),
				{Name: "limit", Type: Object, About: "How many people it may reach", Members: []Input{
					may("max", Number, "The most people who get it, chosen by chance"), may("upToRemainingQuota", Boolean, "If true, no more than what is left of the quota")}}, silent},
			Outputs: gives("message")},
		{Name: "send_push_message", Title: "Send push message", Operation: "pushMessage", Method: "POST", Path: "/v2/bot/message/push", Sends: Push,
			Inputs: []Input{retryKey, must("to", String, "Id of a person, group or room"), messages, silent, units}, Outputs: gives("sentMessages array of objects")},
		{Name: "send_reply_message", Title: "Send reply message", Operation: "replyMessage", Method: "POST", Path: "/v2/bot/message/reply", Sends: Reply,
			Inputs: []Input{noRetryKey, must("replyToken", String, "Reply token of a webhook event"), silent, messages}, Outputs: gives("sentMessages array of objects")},
		validates("broadcast", "validateBroadcast"),
		validates("multicast", "validateMulticast"),
		validates("narrowcast", "validateNarrowcast"),
		validates("push", "validatePush"),
		validates("reply", "validateReply"),
		{Name: "send_message_by_phone_number", Title: "Send message by phone number", Operation: "pushMessagesByPhone", Method: "POST", Path: "/bot/pnp/push", Sends: Phone,
			Inputs: []Input{must("to", String, "The phone number in E.164, hashed with SHA-256"), messages, silent, {Name: "headers", Type: Object, About: "Request headers", Members: []Input{
				may("X-Line-Delivery-Tag", String, "A text of 16 to 100 characters that the delivery webhook gives back")}}}},
		{Name: "get_number_of_sent_messages_by_phone_number", Title: "Get number of sent messages by phone number", Operation: "getPNPMessageStatistics", Method: "GET",
			Path: "/v2/bot/message/delivery/pnp", Inputs: []Input{date}, Outputs: gives("status", "success integer")},
		{Name: "mark_messages_as_read", Title: "Mark messages as read", Operation: "markMessagesAsReadByToken", Method: "POST", Path: "/v2/bot/chat/markAsRead",
			Inputs: []Input{must("markAsReadToken", String, "Mark-as-read token of a message event")}},
		{Name: "mark_all_messages_of_a_user_as_read", Title: "Mark all messages of a user as read", Operation: "markMessagesAsRead", Method: "POST", Path: "/v2/bot/message/markAsRead",
			Inputs: []Input{must("chat", Object, "{\"userId\": user id}")}},
		{Name: "get_number_of_units_used_this_month", Title: "Get number of units used this month", Operation: "getAggregationUnitUsage", Method: "GET",
			Path: "/v2/bot/message/aggregation/info", Outputs: gives("numOfCustomAggregationUnits integer")},
		{Name: "get_name_list_of_units_used_this_month", Title: "Get name list of units used this month", Operation: "getAggregationUnitNameList", Method: "GET",
			Path: "/v2/bot/message/aggregation/list", Inputs: []Input{may("limit", Integer, "The most names in the answer, 1 to 100"), start}, Outputs: gives("customAggregationUnits array of strings", "next")},
		{Name: "send_mission_sticker", Title: "Send mission sticker", Operation: "missionStickerV3", Method: "POST", Path: "/shop/v3/mission",
			Inputs: []Input{must("to", String, "User id"), must("productId", String, "Package id of the sticker set"), must("productType", String, "STICKER"),
				must("sendPresentMessage", Boolean, "false")}},
	}
	for i, a := range list {
		if a.Sends != "" && a.Sends != Phone {
			list[i].Check = "/v2/bot/message/validate/" + string(a.Sends)
		}
	}
	return list
}

// sent is the count of messages that were sent that way on a day.
func sent(kind, operation string) Action {
	return Action{Name: "get_number_of_sent_" + kind + "_messages", Title: "Get number of sent " + kind + " messages", Operation: operation, Method: "GET",
		Path: "/v2/bot/message/delivery/" + kind, Inputs: []Input{date}, Outputs: gives("status", "success integer")}
}

// validates looks at the messages of a send without sending; what else a send
// takes may stand there too and is not sent.
func validates(kind, operation string) Action {
	return Action{Name: "validate_message_objects_of_a_" + kind + "_message", Title: "Validate message objects of a " + kind + " message", Operation: operation, Method: "POST",
		Path: "/v2/bot/message/validate/" + kind, Inputs: append([]Input{must("messages", Objects, "The message objects to look at")}, unused...)}
}

// unused are the other inputs of sends, so that what is meant for a send can be
// given to its validation as it is.
var unused = []Input{
	{Name: "to", Type: OneOrMore, Unused: true, About: "Taken and not sent"},
	{Name: "replyToken", Type: String, Unused: true, About: "Taken and not sent"},
	{Name: "recipient", Type: Object, Unused: true, About: "Taken and not sent"},
	{Name: "filter", Type: Object, Unused: true, About: "Taken and not sent"},
	{Name: "limit", Type: Object, Unused: true, About: "Taken and not sent"},
	{Name: "notificationDisabled", Type: Boolean, Unused: true, About: "Taken and not sent"},
	{Name: "customAggregationUnits", Type: Strings, Unused: true, About: "Taken and not sent"},
	noRetryKey,
}
