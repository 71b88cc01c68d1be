package workspace

import "kaiwa/internal/ui/page"

// The catalogue of the settings.
var (
	wordWorkspaces = page.Say("Workspaces", "ワークスペース")
	wordNone       = page.Say("There are no workspaces. Name one in the world file.", "ワークスペースがありません。ワールドファイルに記述してください。")
	wordKeys       = page.Say("API keys", "APIキー")
	wordLead       = page.Say("With an API key your own systems read the chat history of this workspace's accounts through the public API.", "APIキーを使うと、このワークスペースのアカウントのトーク履歴を、公開APIを通じて自社システムから取得できます。")
	wordDocs       = page.Say("View API documentation", "APIドキュメントを見る")
	wordIssue      = page.Say("Issue API key", "APIキーを発行")
	wordKey        = page.Say("Key", "キー")
	wordCreated    = page.Say("Created", "作成日時")
	wordUsed       = page.Say("Last used", "最終利用")
	wordNever      = page.Say("Never", "未使用")
	wordActions    = page.Say("Actions", "操作")
	wordEmpty      = page.Say("No API key yet", "APIキーはまだありません")
	wordEmptyWhy   = page.Say("Issue one, then call the API with it:", "発行したら、次のように呼び出せます：")
	wordRegenerate = page.Say("Regenerate", "再生成")
	wordDelete     = page.Say("Delete", "削除")
	wordIssued     = page.Say("Your new API key", "新しいAPIキー")
	wordOnce       = page.Say("It is shown only this once. Copy it and keep it in a safe place: it cannot be displayed again.", "このキーは今だけ表示されます。コピーして安全な場所に保管してください。再表示はできません。")
	wordStored     = page.Say("I have stored it", "保管しました")
	wordCopyKey    = page.Say("Copy key", "キーをコピー")
	wordLimit      = page.Say("All keys together may make %d requests in %d seconds.", "リクエストの上限は、すべてのキーの合計で%[2]d秒あたり%[1]d回です。")
	wordAdvice     = page.Say("A key opens all of this history. Share it with nobody, keep it out of source code, and regenerate it when it may have leaked.", "キーがあれば履歴をすべて取得できます。第三者と共有せず、ソースコードに書かず、漏えいの可能性があればすぐに再生成してください。")
	wordGone       = page.Say("That key does not exist any more.", "そのキーはすでに存在しません。")
)

// askRegenerate and askDelete name the key and say what breaks.
var (
	askRegenerate    = page.Say("Regenerate this key?", "このキーを再生成しますか？")
	askRegenerateWhy = page.Say("The current key stops working at once, and this cannot be undone. Every system that uses it is refused with 401 until you set the new key there.", "現在のキーはただちに無効になり、元に戻せません。このキーを使うすべてのシステムは、新しいキーを設定するまで401で拒否されます。")
	askDelete        = page.Say("Delete this key?", "このキーを削除しますか？")
	askDeleteWhy     = page.Say("It stops working at once, and this cannot be undone. Every system that uses it is refused with 401.", "ただちに無効になり、元に戻せません。このキーを使うすべてのシステムは401で拒否されます。")
)
