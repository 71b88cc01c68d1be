package connector

// Inputs that several lists have.
var (
	start   = may("start", String, "Continuation token: next of the answer before")
	userID  = must("userId", String, "User id")
	groupID = must("groupId", String, "Group id")
	roomID  = must("roomId", String, "Room id")
)

// accountActions are the account and its settings, the people it knows, groups
// and rooms, and files that people sent.
// https://developers.line.biz/en/reference/messaging-api/#webhook-settings
func accountActions() []Action {
	message := must("messageId", String, "Message id")
	return append([]Action{
		{Name: "get_bot_info", Title: "Get bot info", Operation: "getBotInfo", Method: "GET", Path: "/v2/bot/info",
			Outputs: gives("userId", "basicId", "premiumId", "displayName", "pictureUrl", "chatMode", "markAsReadMode")},
		{Name: "get_webhook_endpoint_information", Title: "Get webhook endpoint information", Operation: "getWebhookEndpoint", Method: "GET", Path: "/v2/bot/channel/webhook/endpoint",
			Outputs: gives("endpoint", "active boolean")},
		{Name: "set_webhook_endpoint_url", Title: "Set webhook endpoint URL", Operation: "setWebhookEndpoint", Method: "PUT", Path: "/v2/bot/channel/webhook/endpoint",
			Inputs: []Input{must("endpoint", String, "The webhook URL, at most 500 characters")}},
		{Name: "test_webhook_endpoint", Title: "Test webhook endpoint", Operation: "testWebhookEndpoint", Method: "POST", Path: "/v2/bot/channel/webhook/test",
			Inputs: []Input{may("endpoint", String, "URL to test; the account's own if left out")}, Outputs: gives("success boolean", "timestamp", "statusCode integer", "reason", "detail")},
		{Name: "get_content", Title: "Get content", Operation: "getMessageContent", Method: "GET", Path: "/v2/bot/message/{messageId}/content", Data: true, Inputs: []Input{message}},
		{Name: "get_a_preview_image_of_the_image_or_video", Title: "Get a preview image of the image or video", Operation: "getMessageContentPreview", Method: "GET",
			Path: "/v2/bot/message/{messageId}/content/preview", Data: true, Inputs: []Input{message}},
		{Name: "verify_the_preparation_status_of_a_video_or_audio", Title: "Verify the preparation status of a video or audio", Operation: "getMessageContentTranscodingByMessageId", Method: "GET",
			Path: "/v2/bot/message/{messageId}/content/transcoding", Data: true, Inputs: []Input{message}, Outputs: gives("status")},
		{Name: "get_profile", Title: "Get profile", Operation: "getProfile", Method: "GET", Path: "/v2/bot/profile/{userId}", Inputs: []Input{userID},
			Outputs: gives("displayName", "userId", "pictureUrl", "statusMessage", "language")},
		{Name: "get_a_list_of_followers", Title: "Get a list of followers", Operation: "getFollowers", Method: "GET", Path: "/v2/bot/followers/ids",
			Inputs: []Input{may("limit", Integer, "The most ids in the answer, 1 to 1000"), start}, Outputs: gives("userIds array of strings", "next")},
		{Name: "issue_link_token", Title: "Issue link token", Operation: "issueLinkToken", Method: "POST", Path: "/v2/bot/user/{userId}/linkToken", Inputs: []Input{userID}, Outputs: gives("linkToken")},
	}, groupActions()...)
}

// https://developers.line.biz/en/reference/messaging-api/#group
func groupActions() []Action {
	return []Action{
		{Name: "get_group_chat_summary", Title: "Get group chat summary", Operation: "getGroupSummary", Method: "GET", Path: "/v2/bot/group/{groupId}/summary", Inputs: []Input{groupID},
			Outputs: gives("groupId", "groupName", "pictureUrl")},
		{Name: "get_number_of_users_in_a_group_chat", Title: "Get number of users in a group chat", Operation: "getGroupMemberCount", Method: "GET", Path: "/v2/bot/group/{groupId}/members/count",
			Inputs: []Input{groupID}, Outputs: gives("count integer")},
		{Name: "get_group_chat_member_user_ids", Title: "Get group chat member user IDs", Operation: "getGroupMembersIds", Method: "GET", Path: "/v2/bot/group/{groupId}/members/ids",
			Inputs: []Input{groupID, start}, Outputs: gives("memberIds array of strings", "next")},
		{Name: "get_group_chat_member_profile", Title: "Get group chat member profile", Operation: "getGroupMemberProfile", Method: "GET", Path: "/v2/bot/group/{groupId}/member/{userId}",
			Inputs: []Input{groupID, userID}, Outputs: gives("displayName", "userId", "pictureUrl")},
		{Name: "leave_group_chat", Title: "Leave group chat", Operation: "leaveGroup", Method: "POST", Path: "/v2/bot/group/{groupId}/leave", Inputs: []Input{groupID}},
		{Name: "get_number_of_users_in_a_multi_person_chat", Title: "Get number of users in a multi-person chat", Operation: "getRoomMemberCount", Method: "GET",
			Path: "/v2/bot/room/{roomId}/members/count", Inputs: []Input{roomID}, Outputs: gives("count integer")},
		{Name: "get_multi_person_chat_member_user_ids", Title: "Get multi-person chat member user IDs", Operation: "getRoomMembersIds", Method: "GET", Path: "/v2/bot/room/{roomId}/members/ids",
			Inputs: []Input{roomID, start}, Outputs: gives("memberIds array of strings", "next")},
		{Name: "get_multi_person_chat_member_profile", Title: "Get multi-person chat member profile", Operation: "getRoomMemberProfile", Method: "GET",
			Path: "/v2/bot/room/{roomId}/member/{userId}", Inputs: []Input{roomID, userID}, Outputs: gives("displayName", "userId", "pictureUrl")},
		{Name: "leave_multi_person_chat", Title: "Leave multi-person chat", Operation: "leaveRoom", Method: "POST", Path: "/v2/bot/room/{roomId}/leave", Inputs: []Input{roomID}},
	}
}
