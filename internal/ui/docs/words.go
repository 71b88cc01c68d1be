package docs

import "kaiwa/internal/ui/page"

// The catalogue of the documentation. What the API's own document says stays in
// its language.
var (
	wordTitle      = page.Say("API documentation", "APIドキュメント")
	wordOperations = page.Say("Operations", "操作一覧")
	wordKeys       = page.Say("Authentication", "認証")
	wordKeysWhy    = page.Say("Send an API key of your workspace with every request, in either header. Keys are issued under Workspace, API keys.", "すべてのリクエストに、ワークスペースのAPIキーをいずれかのヘッダーで付けてください。キーは「ワークスペース」の「APIキー」で発行します。")
	wordGetKey     = page.Say("Issue an API key", "APIキーを発行する")
	wordLimits     = page.Say("Limits", "制限")
	wordLimitsWhy  = page.Say("A workspace may make so many requests in a window of time; all its keys count together. Every answer says how many are left. Over the limit the answer is 429, and Retry-After says when to come back.", "ワークスペースごとに、一定時間内のリクエスト数に上限があります（すべてのキーの合計）。残り回数は応答ごとに分かります。上限を超えると429になり、Retry-Afterで再試行できるまでの時間を示します。")
	wordErrors     = page.Say("Errors", "エラー")
	wordErrorsWhy  = page.Say("Errors are problem details (RFC 9457): title and status say what kind, detail says what is wrong in a sentence.", "エラーは Problem Details（RFC 9457）形式です。titleとstatusが種類を、detailが内容を文で示します。")
	wordParameters = page.Say("Parameters", "パラメータ")
	wordName       = page.Say("Name", "名前")
	wordType       = page.Say("Type", "型")
	wordMeaning    = page.Say("Meaning", "説明")
	wordRequired   = page.Say("required", "必須")
	wordAnswers    = page.Say("Answers", "応答")
	wordBody       = page.Say("Body of 200", "200の本文")
	wordTry        = page.Say("Try it", "試す")
	wordKey        = page.Say("API key", "APIキー")
	wordSend       = page.Say("Send", "送信")
	wordFile       = page.Say("bytes that are not shown", "バイト（表示しません）")
)
