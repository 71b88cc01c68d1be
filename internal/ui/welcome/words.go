package welcome

import "kaiwa/internal/ui/page"

// The catalogue of the first steps.
var (
	wordTitle     = page.Say("First steps", "はじめに")
	wordLead      = page.Say("Three steps from an empty terminal to your own bot. Each ticks when it has really happened.", "3つのステップで、あなたのボットが動きます。実際にできたステップにチェックが付きます。")
	wordSkip      = page.Say("Skip", "スキップ")
	wordStep1     = page.Say("Say hello", "話しかける")
	wordStep1Why  = page.Say("Write something on the phone. The built-in bot answers until you connect yours.", "スマホの画面でメッセージを送ってください。ボットを接続するまでは内蔵ボットが応答します。")
	wordStep2     = page.Say("Send a push message", "プッシュメッセージを送る")
	wordStep2Why  = page.Say("Run this in a terminal, or point an SDK at this address. It arrives on the phone.", "ターミナルで実行するか、SDKの接続先をこのアドレスにしてください。スマホに届きます。")
	wordStep3     = page.Say("Connect your bot", "ボットを接続する")
	wordStep3Why  = page.Say("Where does your bot listen? Verify sends it a signed webhook without events, as LINE does.", "ボットのWebhook URLを入力してください。検証すると、LINEと同じように署名付きの空のWebhookを送ります。")
	wordURL       = page.Say("Webhook URL", "Webhook URL")
	wordVerify    = page.Say("Save and verify", "保存して検証")
	wordDone      = page.Say("Done", "完了")
	wordOpen      = page.Say("To do", "未完了")
	wordAllDone   = page.Say("All three are done. You have a person, a bot and a conversation.", "すべて完了しました。ユーザー、ボット、会話がそろいました。")
	wordHome      = page.Say("Go to the home page", "ホームへ")
	wordReceived  = page.Say("We received", "受信したリクエスト：")
	wordHint401   = page.Say("The token is unknown. This one works:", "トークンが無効です。次のトークンが使えます：")
	wordHint404   = page.Say("There is no such path. Push is POST /v2/bot/message/push.", "このパスはありません。プッシュは POST /v2/bot/message/push です。")
	wordHint      = page.Say("The answer to your program says what was wrong with it.", "どこに問題があったかは、プログラムが受け取った応答に書かれています。")
	wordVerified  = page.Say("The bot answered", "ボットが応答しました：")
	wordNot       = page.Say("The bot did not accept it", "ボットが受け付けませんでした：")
	wordSent      = page.Say("What was sent", "送信したリクエスト")
	wordNoAccount = page.Say("This world has no official account with a friend. Start with a world file that has one, or reset to the demo.", "友だちのいる公式アカウントがありません。公式アカウントを含むワールドファイルで起動するか、デモにリセットしてください。")
)
