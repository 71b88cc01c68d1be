package clients

import (
	"testing"

	"github.com/line/line-bot-sdk-go/v8/linebot/shop"
)

// Mission stickers by the official client, and where the person has them.
func TestMissionSticker(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	client := func(token string) *shop.ShopAPI {
		c, err := shop.NewShopAPI(token, shop.WithEndpoint(s.server.URL), shop.WithHTTPClient(s.http))
		return must(t, c, err)
	}
	give := func(token, to, productID string) error {
		_, err := client(token).MissionStickerV3(&shop.MissionStickerRequest{To: to, ProductId: productID, ProductType: "STICKER", SendPresentMessage: false})
		return err
	}
	if err := give(cafeToken, aoi, "12345"); err != nil {
		t.Fatal(err)
	}
	refused(t, "nobody", give(cafeToken, lost, "12345"), 400, `{"message":"invalid request"}`)
	refused(t, "an ordinary set", give(cafeToken, aoi, "446"), 400, `{"message":"illegal argument"}`)
	refused(t, "out of its period", give(cafeToken, aoi, "12346"), 400, `{"message":"not in sales period"}`)
	refused(t, "not in the country", give(cafeToken, aoi, "12347"), 400, `{"message":"not available"}`)
	refused(t, "no set", give(cafeToken, aoi, "99999999"), 404, `{"message":"not found"}`)
	refused(t, "may not", give(teaToken, aoi, "12345"), 403, `{"message":"not allowed to use the API"}`)
	person := sim[struct {
		MissionStickers []struct {
			ProductID string `json:"productId"`
			ChannelID string `json:"channelId"`
		} `json:"missionStickers"`
	}](s, "GET", "/people/"+aoi, nil)
	if list := person.MissionStickers; len(list) != 1 || list[0].ProductID != "12345" || list[0].ChannelID != cafe {
		t.Errorf("aoi has %+v", list)
	}
}
