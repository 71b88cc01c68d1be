package phone

import (
	"kaiwa/internal/ui/flexhtml"
	"kaiwa/internal/ui/page"
)

// renderer is what every message of the scene is drawn with; chatID is where it stands.
func (s scene) renderer(chatID string) flexhtml.Context {
	link := func(url string) string {
		to, err := s.sim.LIFFLink(s.ctx, s.person.UserID, url)
		if err != nil || to == nil {
			return ""
		}
		return s.liffPath(chatID, *to)
	}
	return flexhtml.Context{Lang: s.person.Profile.Language, Interactive: true, MentionNames: s.nameOf, StickerURL: stickerURL, Words: wordsOf(s.lang), Coupon: s.coupon, Link: link}
}

// wordsOf are the words of ours that stand in messages.
func wordsOf(l page.Lang) *flexhtml.Words {
	if l == page.Japanese {
		return &japanese
	}
	return &flexhtml.English
}

var japanese = flexhtml.Words{
	Message: "メッセージ", Photo: "写真", Video: "動画", Voice: "ボイスメッセージ", Sticker: "スタンプ", Location: "位置情報", File: "ファイル",
	Coupon: "クーポン", Flex: "Flex Message", Template: "テンプレート", Imagemap: "イメージマップ",
	Used: "使用済み", More: "詳細を見る", All: "All", User: "ユーザー",
	QuickReplies: "クイックリプライ", Carousel: "カルーセル：", Previous: "前へ", Next: "次へ", Emoji: "LINE絵文字", Action: "アクション",
	NoURL: "表示できるURLがありません", NotWeb: "httpまたはhttpsのURLではありません", NotJSON: "JSONとして読み取れません", TooDeep: "入れ子が深すぎます",
	EmptyBubble: "ブロックのないバブル", NoAltContent: "altContentのない動画",
	UnknownMessage: "不明なメッセージ", UnknownContainer: "不明なFlexコンテナ", UnknownComponent: "不明なコンポーネント",
	UnknownTemplate: "不明なテンプレート", UnknownLayout: "不明なボックスレイアウト", Image: "画像", Icon: "アイコン",
}
