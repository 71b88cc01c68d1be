package connector

// audienceActions are audiences.
// https://developers.line.biz/en/reference/messaging-api/#manage-audience-group
func audienceActions() []Action {
	audience := must("audienceGroupId", Integer, "Audience id")
	name := must("description", String, "The audience's name, at most 120 characters")
	note := may("uploadDescription", String, "A note that is shown with the upload")
	ifas := may("isIfaAudience", Boolean, "Whether the ids are advertising ids; false if left out")
	ids := may("audiences", Objects, "[{\"id\": user id}, ...], at most 10,000")
	file := must("file", String, "The ids, one a line, at most 1,500,000")
	made := gives("audienceGroupId integer", "createRoute", "type", "description", "created integer", "permission", "expireTimestamp integer", "isIfaAudience boolean")
	page := []Input{must("page", Integer, "Page, from 1"), may("description", String, "Part of the name"), may("status", String, "IN_PROGRESS, READY, FAILED, EXPIRED, INACTIVE or ACTIVATING"),
		may("size", Integer, "Audiences a page, 1 to 40; 20 if left out"), may("createRoute", String, "OA_MANAGER, MESSAGING_API, POINT_AD, AD_MANAGER or BUSINESS_MANAGER")}
	own := append(append([]Input{}, page...), may("includesExternalPublicGroups", Boolean, "With public ones made elsewhere; true if left out"))
	shared := append(append([]Input{}, page...), may("includesOwnedAudienceGroups", Boolean, "With the account's own; false if left out"))
	pages := gives("audienceGroups array of objects", "hasNextPage boolean", "totalCount integer", "readWriteAudienceGroupTotalCount integer", "page integer", "size integer")
	return []Action{
		{Name: "create_audience_for_uploading_user_ids_by_json", Title: "Create audience for uploading user IDs by JSON", Operation: "createAudienceGroup", Method: "POST", Path: "/v2/bot/audienceGroup/upload",
			Inputs: []Input{name, ifas, note, ids}, Outputs: made},
		{Name: "create_audience_for_uploading_user_ids_by_file", Title: "Create audience for uploading user IDs by file", Operation: "createAudienceForUploadingUserIds", Method: "POST",
			Path: "/v2/bot/audienceGroup/upload/byFile", Data: true, Form: FormBody, Inputs: []Input{name, ifas, note, file}, Outputs: made},
		{Name: "add_user_ids_to_an_audience_by_json", Title: "Add user IDs to an audience by JSON", Operation: "addAudienceToAudienceGroup", Method: "PUT", Path: "/v2/bot/audienceGroup/upload",
			Inputs: []Input{audience, note, must("audiences", Objects, ids.About)}},
		{Name: "add_user_ids_to_an_audience_by_file", Title: "Add user IDs to an audience by file", Operation: "addUserIdsToAudience", Method: "PUT", Path: "/v2/bot/audienceGroup/upload/byFile", Data: true, Form: FormBody,
			Inputs: []Input{audience, note, file}},
		{Name: "create_audience_for_click_based_retargeting", Title: "Create audience for click-based retargeting", Operation: "createClickBasedAudienceGroup", Method: "POST", Path: "/v2/bot/audienceGroup/click",
			Inputs:  []Input{name, must("requestId", String, "Request id of a broadcast or narrowcast of the last 60 days"), may("clickUrl", String, "The link that was opened; any if left out")},
			Outputs: append(gives("requestId", "clickUrl"), made...)},
		{Name: "create_audience_for_impression_based_retargeting", Title: "Create audience for impression-based retargeting", Operation: "createImpBasedAudienceGroup", Method: "POST", Path: "/v2/bot/audienceGroup/imp",
			Inputs: []Input{name, must("requestId", String, "Request id of a broadcast or narrowcast of the last 60 days")}, Outputs: append(gives("requestId"), made...)},
		{Name: "rename_an_audience", Title: "Rename an audience", Operation: "updateAudienceGroupDescription", Method: "PUT", Path: "/v2/bot/audienceGroup/{audienceGroupId}/updateDescription", Inputs: []Input{audience, name}},
		{Name: "delete_audience", Title: "Delete audience", Operation: "deleteAudienceGroup", Method: "DELETE", Path: "/v2/bot/audienceGroup/{audienceGroupId}", Inputs: []Input{audience}},
		{Name: "get_audience_data", Title: "Get audience data", Operation: "getAudienceData", Method: "GET", Path: "/v2/bot/audienceGroup/{audienceGroupId}", Inputs: []Input{audience},
			Outputs: gives("audienceGroup object", "jobs array of objects", "adaccount object")},
		{Name: "get_data_for_multiple_audiences", Title: "Get data for multiple audiences", Operation: "getAudienceGroups", Method: "GET", Path: "/v2/bot/audienceGroup/list", Inputs: own, Outputs: pages},
		{Name: "get_shared_audience_data", Title: "Get shared audience data", Operation: "getSharedAudienceData", Method: "GET", Path: "/v2/bot/audienceGroup/shared/{audienceGroupId}", Inputs: []Input{audience},
			Outputs: gives("audienceGroup object", "jobs array of objects", "owner object")},
		{Name: "get_a_list_of_shared_audiences", Title: "Get a list of shared audiences", Operation: "getSharedAudienceGroups", Method: "GET", Path: "/v2/bot/audienceGroup/shared/list", Inputs: shared, Outputs: pages},
	}
}

// insightActions are statistics.
// https://developers.line.biz/en/reference/messaging-api/#insight
func insightActions() []Action {
	from, to := must("from", String, "First day, as yyyyMMdd in UTC+9"), must("to", String, "Last day, as yyyyMMdd in UTC+9")
	menu := must("richMenuId", String, "Rich menu id")
	event := gives("overview object", "messages array of objects", "clicks array of objects")
	menus := gives("richMenuId", "metricsFrom", "metricsTo", "impression object", "clicks array of objects")
	return []Action{
		{Name: "get_number_of_message_deliveries", Title: "Get number of message deliveries", Operation: "getNumberOfMessageDeliveries", Method: "GET", Path: "/v2/bot/insight/message/delivery", Inputs: []Input{date},
			Outputs: gives("status", "broadcast integer", "targeting integer", "apiBroadcast integer", "apiPush integer", "apiMulticast integer", "apiNarrowcast integer", "apiReply integer")},
		{Name: "get_number_of_followers", Title: "Get number of followers", Operation: "getNumberOfFollowers", Method: "GET", Path: "/v2/bot/insight/followers",
			Inputs: []Input{may("date", String, "The day, as yyyyMMdd in UTC+9")}, Outputs: gives("status", "followers integer", "targetedReaches integer", "blocks integer")},
		{Name: "get_friend_demographics", Title: "Get friend demographics", Operation: "getFriendsDemographics", Method: "GET", Path: "/v2/bot/insight/demographic",
			Outputs: gives("available boolean", "genders array of objects", "ages array of objects", "areas array of objects", "appTypes array of objects", "subscriptionPeriods array of objects")},
		{Name: "get_user_interaction_statistics", Title: "Get user interaction statistics", Operation: "getMessageEvent", Method: "GET", Path: "/v2/bot/insight/message/event",
			Inputs: []Input{must("requestId", String, "Request id of a broadcast or narrowcast")}, Outputs: event},
		{Name: "get_statistics_per_unit", Title: "Get statistics per unit", Operation: "getStatisticsPerUnit", Method: "GET", Path: "/v2/bot/insight/message/event/aggregation",
			Inputs: []Input{must("customAggregationUnit", String, "Name of the unit"), from, to}, Outputs: event},
		{Name: "get_rich_menu_statistics", Title: "Get rich menu statistics", Operation: "getRichMenuInsightSummary", Method: "GET", Path: "/v2/bot/insight/richmenu/{richMenuId}/summary", Inputs: []Input{menu, from, to}, Outputs: menus},
		{Name: "get_daily_rich_menu_statistics", Title: "Get daily rich menu statistics", Operation: "getRichMenuInsightDaily", Method: "GET", Path: "/v2/bot/insight/richmenu/{richMenuId}/daily", Inputs: []Input{menu, from, to}, Outputs: menus},
	}
}
