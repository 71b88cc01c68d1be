package connector

// offerActions are coupons, memberships, modules and LIFF apps.
// https://developers.line.biz/en/reference/messaging-api/#coupon
func offerActions() []Action {
	coupon := must("couponId", String, "Coupon id")
	chat := must("chatId", String, "Id of a person, group or room")
	app := []Input{may("description", String, "The app's name"), may("features", Object, "{\"ble\", \"qrCode\"}"), may("permanentLinkPattern", String, "concat"),
		may("scope", Strings, "openid, email, profile, chat_message.write"), may("botPrompt", String, "normal, aggressive or none")}
	return []Action{
		{Name: "create_coupon", Title: "Create coupon", Operation: "createCoupon", Method: "POST", Path: "/v2/bot/coupon", Outputs: gives("couponId"),
			Inputs: []Input{must("title", String, "Title, at most 60 characters"), must("acquisitionCondition", Object, "{\"type\": normal, lottery or referral, ...}"), must("startTimestamp", Integer, "Begin, in seconds"),
				must("endTimestamp", Integer, "End, in seconds"), must("maxUseCountPerTicket", Integer, "1, or -1 for as often as one likes"), must("timezone", String, "Such as ASIA_TOKYO"), must("visibility", String, "PUBLIC or UNLISTED"),
				may("reward", Object, "What it gives: {\"type\", \"priceInfo\"}"), may("barcodeImageUrl", String, "URL of a barcode's image"), may("couponCode", String, "A code that is shown"), may("description", String, "What people should know"),
				may("imageUrl", String, "URL of the image"), may("usageCondition", String, "Conditions of use")}},
		{Name: "discontinue_coupon", Title: "Discontinue coupon", Operation: "closeCoupon", Method: "PUT", Path: "/v2/bot/coupon/{couponId}/close", Inputs: []Input{coupon}},
		{Name: "get_list_of_coupons", Title: "Get list of coupons", Operation: "listCoupon", Method: "GET", Path: "/v2/bot/coupon", Outputs: gives("items array of objects", "next"),
			Inputs: []Input{may("status", Strings, "DRAFT, RUNNING, CLOSED"), start, may("limit", Integer, "The most coupons in the answer, 1 to 100")}},
		{Name: "get_coupon_details", Title: "Get coupon details", Operation: "getCouponDetail", Method: "GET", Path: "/v2/bot/coupon/{couponId}", Inputs: []Input{coupon},
			Outputs: gives("couponId", "title", "status", "acquisitionCondition object", "startTimestamp integer", "endTimestamp integer", "createdTimestamp integer", "visibility", "timezone")},
		{Name: "get_a_users_membership_subscription_status", Title: "Get a user's membership subscription status", Operation: "getMembershipSubscription", Method: "GET", Path: "/v2/bot/membership/subscription/{userId}",
			Inputs: []Input{userID}, Outputs: gives("subscriptions array of objects")},
		{Name: "get_membership_plans", Title: "Get membership plans", Operation: "getMembershipList", Method: "GET", Path: "/v2/bot/membership/list", Outputs: gives("memberships array of objects")},
		{Name: "get_a_list_of_users_who_joined_the_membership", Title: "Get a list of users who joined the membership", Operation: "getJoinedMembershipUsers", Method: "GET", Path: "/v2/bot/membership/{membershipId}/users/ids",
			Inputs: []Input{must("membershipId", Integer, "Membership id"), start, may("limit", Integer, "The most ids in the answer, 1 to 1000")}, Outputs: gives("userIds array of strings", "next")},
		{Name: "detach_module_channel", Title: "Detach module channel", Operation: "detachModule", Method: "POST", Path: "/v2/bot/channel/detach", Inputs: []Input{must("botId", String, "User id of the account's bot")}},
		{Name: "acquire_chat_control", Title: "Acquire chat control", Operation: "acquireChatControl", Method: "POST", Path: "/v2/bot/chat/{chatId}/control/acquire",
			Inputs: []Input{chat, may("expired", Boolean, "Whether control goes back by itself; true if left out"), may("ttl", Integer, "After how many seconds, at most 31,536,000")}},
		{Name: "release_chat_control", Title: "Release chat control", Operation: "releaseChatControl", Method: "POST", Path: "/v2/bot/chat/{chatId}/control/release", Inputs: []Input{chat}},
		{Name: "get_accounts_of_a_module_channel", Title: "Get accounts of a module channel", Operation: "getModules", Method: "GET", Path: "/v2/bot/list",
			Inputs: []Input{start, may("limit", Integer, "The most accounts in the answer, 1 to 100")}, Outputs: gives("bots array of objects", "next")},
		{Name: "add_liff_app", Title: "Add LIFF app", Operation: "addLIFFApp", Method: "POST", Path: "/liff/v1/apps", Inputs: append([]Input{must("view", Object, "{\"type\": full, tall or compact, \"url\"}")}, app...), Outputs: gives("liffId")},
		{Name: "update_liff_app", Title: "Update LIFF app", Operation: "updateLIFFApp", Method: "PUT", Path: "/liff/v1/apps/{liffId}",
			Inputs: append([]Input{must("liffId", String, "LIFF id"), may("view", Object, "{\"type\": full, tall or compact, \"url\"}")}, app...)},
		{Name: "get_all_liff_apps", Title: "Get all LIFF apps", Operation: "getAllLIFFApps", Method: "GET", Path: "/liff/v1/apps", Outputs: gives("apps array of objects")},
		{Name: "delete_liff_app", Title: "Delete LIFF app", Operation: "deleteLIFFApp", Method: "DELETE", Path: "/liff/v1/apps/{liffId}", Inputs: []Input{must("liffId", String, "LIFF id")}},
	}
}

// historyActions read a workspace's public API.
func historyActions() []Action {
	account := must("accountId", String, "Id of the account: its channel id")
	message := must("messageId", String, "Message id")
	page := []Input{may("limit", Integer, "How many a page, 1 to 1000; 100 if left out"), may("cursor", String, "nextCursor of the answer before")}
	return []Action{
		{Name: "list_workspace_accounts", Title: "List workspace accounts", Operation: "listAccounts", Method: "GET", Path: "/public/v1/accounts", History: true, Outputs: gives("accounts array of objects")},
		{Name: "list_chats", Title: "List chats", Operation: "listChats", Method: "GET", Path: "/public/v1/accounts/{accountId}/chats", History: true,
			Inputs: append([]Input{account}, page...), Outputs: gives("chats array of objects", "nextCursor")},
		{Name: "get_message_history", Title: "Get message history", Operation: "listMessages", Method: "GET", Path: "/public/v1/accounts/{accountId}/messages", History: true, Outputs: gives("messages array of objects", "nextCursor"),
			Inputs: append([]Input{account, may("from", String, "Begin of the period, RFC 3339"), may("to", String, "End of the period, RFC 3339, not in it"), may("chatId", String, "Only this chat"),
				may("direction", String, "incoming or outgoing"), may("type", String, "Only messages of this type"), may("order", String, "asc or desc")}, page...)},
		{Name: "get_message_from_history", Title: "Get message from history", Operation: "getMessage", Method: "GET", Path: "/public/v1/accounts/{accountId}/messages/{messageId}", History: true,
			Inputs: []Input{account, message}, Outputs: gives("id", "accountId", "chat object", "direction", "sender object", "sentAt", "origin", "message object")},
		{Name: "get_file_from_history", Title: "Get file from history", Operation: "getMessageContent", Method: "GET", Path: "/public/v1/accounts/{accountId}/messages/{messageId}/content", History: true,
			Inputs: []Input{account, message}},
	}
}
