package connector

// menuActions are rich menus.
// https://developers.line.biz/en/reference/messaging-api/#rich-menu
func menuActions() []Action {
	menu := must("richMenuId", String, "Rich menu id")
	alias := must("richMenuAliasId", String, "Rich menu alias id")
	people := must("userIds", Strings, "User ids, at most 500")
	object := []Input{must("size", Object, "{\"width\", \"height\"} in pixels"), must("selected", Boolean, "Whether the menu is shown open"), must("name", String, "Name, for the account's people only"),
		must("chatBarText", String, "Text of the chat bar, at most 14 characters"), must("areas", Objects, "Areas: bounds and action of each, at most 20")}
	batch := []Input{must("operations", Objects, "Operations: type (link, unlink, unlinkAll), from, to; at most 1000"), may("resumeRequestKey", String, "A key of your own by which a failed batch is taken up again")}
	return []Action{
		{Name: "create_rich_menu", Title: "Create rich menu", Operation: "createRichMenu", Method: "POST", Path: "/v2/bot/richmenu", Inputs: object, Outputs: gives("richMenuId"), Check: "/v2/bot/richmenu/validate"},
		{Name: "validate_rich_menu_object", Title: "Validate rich menu object", Operation: "validateRichMenuObject", Method: "POST", Path: "/v2/bot/richmenu/validate", Inputs: object},
		{Name: "upload_rich_menu_image", Title: "Upload rich menu image", Operation: "setRichMenuImage", Method: "POST", Path: "/v2/bot/richmenu/{richMenuId}/content", Data: true, Form: FileBody,
			Inputs: []Input{menu, must("contentBase64", String, "The image in Base64, at most 1 MB"), must("contentType", String, "image/jpeg or image/png")}},
		{Name: "download_rich_menu_image", Title: "Download rich menu image", Operation: "getRichMenuImage", Method: "GET", Path: "/v2/bot/richmenu/{richMenuId}/content", Data: true, Inputs: []Input{menu}},
		{Name: "get_rich_menu_list", Title: "Get rich menu list", Operation: "getRichMenuList", Method: "GET", Path: "/v2/bot/richmenu/list", Outputs: gives("richmenus array of objects")},
		{Name: "get_rich_menu", Title: "Get rich menu", Operation: "getRichMenu", Method: "GET", Path: "/v2/bot/richmenu/{richMenuId}", Inputs: []Input{menu},
			Outputs: gives("richMenuId", "size object", "selected boolean", "name", "chatBarText", "areas array of objects")},
		{Name: "delete_rich_menu", Title: "Delete rich menu", Operation: "deleteRichMenu", Method: "DELETE", Path: "/v2/bot/richmenu/{richMenuId}", Inputs: []Input{menu}},
		{Name: "set_default_rich_menu", Title: "Set default rich menu", Operation: "setDefaultRichMenu", Method: "POST", Path: "/v2/bot/user/all/richmenu/{richMenuId}", Inputs: []Input{menu}},
		{Name: "get_default_rich_menu_id", Title: "Get default rich menu ID", Operation: "getDefaultRichMenuId", Method: "GET", Path: "/v2/bot/user/all/richmenu", Outputs: gives("richMenuId")},
		{Name: "clear_default_rich_menu", Title: "Clear default rich menu", Operation: "cancelDefaultRichMenu", Method: "DELETE", Path: "/v2/bot/user/all/richmenu"},
		{Name: "create_rich_menu_alias", Title: "Create rich menu alias", Operation: "createRichMenuAlias", Method: "POST", Path: "/v2/bot/richmenu/alias", Inputs: []Input{alias, menu}},
		{Name: "delete_rich_menu_alias", Title: "Delete rich menu alias", Operation: "deleteRichMenuAlias", Method: "DELETE", Path: "/v2/bot/richmenu/alias/{richMenuAliasId}", Inputs: []Input{alias}},
		{Name: "update_rich_menu_alias", Title: "Update rich menu alias", Operation: "updateRichMenuAlias", Method: "POST", Path: "/v2/bot/richmenu/alias/{richMenuAliasId}", Inputs: []Input{alias, menu}},
		{Name: "get_rich_menu_alias_information", Title: "Get rich menu alias information", Operation: "getRichMenuAlias", Method: "GET", Path: "/v2/bot/richmenu/alias/{richMenuAliasId}",
			Inputs: []Input{alias}, Outputs: gives("richMenuAliasId", "richMenuId")},
		{Name: "get_list_of_rich_menu_alias", Title: "Get list of rich menu alias", Operation: "getRichMenuAliasList", Method: "GET", Path: "/v2/bot/richmenu/alias/list", Outputs: gives("aliases array of objects")},
		{Name: "link_rich_menu_to_user", Title: "Link rich menu to user", Operation: "linkRichMenuIdToUser", Method: "POST", Path: "/v2/bot/user/{userId}/richmenu/{richMenuId}", Inputs: []Input{userID, menu}},
		{Name: "link_rich_menu_to_multiple_users", Title: "Link rich menu to multiple users", Operation: "linkRichMenuIdToUsers", Method: "POST", Path: "/v2/bot/richmenu/bulk/link", Inputs: []Input{menu, people}},
		{Name: "get_rich_menu_id_of_user", Title: "Get rich menu ID of user", Operation: "getRichMenuIdOfUser", Method: "GET", Path: "/v2/bot/user/{userId}/richmenu", Inputs: []Input{userID}, Outputs: gives("richMenuId")},
		{Name: "unlink_rich_menu_from_user", Title: "Unlink rich menu from user", Operation: "unlinkRichMenuIdFromUser", Method: "DELETE", Path: "/v2/bot/user/{userId}/richmenu", Inputs: []Input{userID}},
		{Name: "unlink_rich_menus_from_multiple_users", Title: "Unlink rich menus from multiple users", Operation: "unlinkRichMenuIdFromUsers", Method: "POST", Path: "/v2/bot/richmenu/bulk/unlink", Inputs: []Input{people}},
		{Name: "replace_or_unlink_rich_menus_in_batches", Title: "Replace or unlink rich menus in batches", Operation: "richMenuBatch", Method: "POST", Path: "/v2/bot/richmenu/batch", Inputs: batch, Check: "/v2/bot/richmenu/validate/batch"},
		{Name: "get_the_status_of_rich_menu_batch_control", Title: "Get the status of rich menu batch control", Operation: "getRichMenuBatchProgress", Method: "GET", Path: "/v2/bot/richmenu/progress/batch",
			Inputs: []Input{must("requestId", String, "The batch's request id: x-line-request-id of the answer to it")}, Outputs: gives("phase", "acceptedTime", "completedTime")},
		{Name: "validate_a_request_of_rich_menu_batch_control", Title: "Validate a request of rich menu batch control", Operation: "validateRichMenuBatchRequest", Method: "POST",
			Path: "/v2/bot/richmenu/validate/batch", Inputs: batch},
	}
}
