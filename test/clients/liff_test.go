package clients

import (
	"slices"
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/liff"
)

// The server API of LIFF, with a token of the LINE Login channel.
func TestLIFFApps(t *testing.T) {
	s := newStage(t)
	issued, err := s.tokens.IssueStatelessChannelToken("client_credentials", "", "", loginID, loginSecret)
	must(t, issued, err)
	api, err := liff.NewLiffAPI(issued.AccessToken, liff.WithEndpoint(s.server.URL), liff.WithHTTPClient(s.http))
	must(t, api, err)
	_, err = api.GetAllLIFFApps()
	refused(t, "no apps", err, 404, `{"message":"not found"}`)
	added, err := api.AddLIFFApp(&liff.AddLiffAppRequest{View: &liff.LiffView{Type: liff.LiffViewTYPE_TALL, Url: "https://app.example.com/liff"}, Description: "Orders",
		Features: &liff.LiffFeatures{QrCode: true}, PermanentLinkPattern: "concat", Scope: []liff.LiffScope{liff.LiffScope_PROFILE}, BotPrompt: liff.LiffBotPrompt_NORMAL})
	must(t, added, err)
	if _, err := api.UpdateLIFFApp(added.LiffId, &liff.UpdateLiffAppRequest{View: &liff.UpdateLiffView{Url: "https://app.example.com/new"}}); err != nil {
		t.Fatal(err)
	}
	all, err := api.GetAllLIFFApps()
	must(t, all, err)
	a := all.Apps[0]
	if len(all.Apps) != 1 || a.LiffId != added.LiffId || a.View.Url != "https://app.example.com/new" || a.View.Type != liff.LiffViewTYPE_TALL || a.Description != "Orders" ||
		!a.Features.QrCode || a.PermanentLinkPattern != "concat" || !slices.Equal(a.Scope, []liff.LiffScope{liff.LiffScope_PROFILE}) || a.BotPrompt != liff.LiffBotPrompt_NORMAL {
		t.Errorf("%+v %+v", all.Apps, a)
	}
	if _, err := api.DeleteLIFFApp(added.LiffId); err != nil {
		t.Fatal(err)
	}
	_, err = api.DeleteLIFFApp(added.LiffId)
	refused(t, "deleted twice", err, 404, `{"message":"not found"}`)
}
