package pnp

import (
	"slices"
	"strings"

	"kaiwa/internal/platform/channel"
)

// The platform publishes its catalogue to those who may send only. These are the
// keys that its public pages use as examples; a world file adds others.
// https://developers.line.biz/en/docs/partner-docs/line-notification-messages/template/
var catalogue = channel.PhoneKeys{
	Templates: []channel.PhoneTemplate{
		{Key: "shipment_completed_ja", Title: "商品を発送しました", Description: "ご注文の商品を発送しました。お届けの予定をお確かめください。"},
	},
	Items: []channel.PhoneLabel{
		{Key: "date_002_ja", Label: "お届け予定日"},
		{Key: "time_range_001_ja", Label: "時間帯"},
		{Key: "number_001_ja", Label: "お問い合わせ番号"},
		{Key: "price_001_ja", Label: "金額"},
		{Key: "name_010_ja", Label: "商品名"},
	},
	Buttons: []channel.PhoneLabel{
		{Key: "check_delivery_status_ja", Label: "配送状況を確認"},
		{Key: "contact_ja", Label: "お問い合わせ"},
	},
}

// languages are how the catalogue's keys of a country end. The keys that an
// account may use follow from where it was created.
var languages = map[string]string{"JP": "_ja", "TH": "_th", "TW": "_zh"}

// may says whether a key of the catalogue is for the account.
func may(ch *channel.Channel, key string) bool {
	language, ok := languages[ch.Account.Country]
	return ok && strings.HasSuffix(key, language)
}

func template(ch *channel.Channel, key string) (t channel.PhoneTemplate, ok bool) {
	named := func(t channel.PhoneTemplate) bool { return t.Key == key }
	if i := slices.IndexFunc(ch.Config.PhoneKeys.Templates, named); i >= 0 {
		return ch.Config.PhoneKeys.Templates[i], true
	}
	if i := slices.IndexFunc(catalogue.Templates, named); i >= 0 && may(ch, key) {
		return catalogue.Templates[i], true
	}
	return t, false
}

func item(ch *channel.Channel, key string) (string, bool) {
	return label(ch, ch.Config.PhoneKeys.Items, catalogue.Items, key)
}

func button(ch *channel.Channel, key string) (string, bool) {
	return label(ch, ch.Config.PhoneKeys.Buttons, catalogue.Buttons, key)
}

func label(ch *channel.Channel, own, common []channel.PhoneLabel, key string) (string, bool) {
	named := func(l channel.PhoneLabel) bool { return l.Key == key }
	if i := slices.IndexFunc(own, named); i >= 0 {
		return own[i].Label, true
	}
	if i := slices.IndexFunc(common, named); i >= 0 && may(ch, key) {
		return common[i].Label, true
	}
	return "", false
}
