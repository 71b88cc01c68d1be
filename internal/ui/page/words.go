package page

// The catalogue of the shell.
var (
	wordSkip     = Say("Skip to content", "本文へ移動")
	wordMain     = Say("Main", "メイン")
	wordSettings = Say("Display", "表示設定")
	wordLanguage = Say("Language", "言語")
	wordTheme    = Say("Theme", "テーマ")
	wordSystem   = Say("System", "システム")
	wordLight    = Say("Light", "ライト")
	wordDark     = Say("Dark", "ダーク")
	wordApply    = Say("Apply", "適用")
	wordClock    = Say("Virtual clock", "仮想時計")
	wordFaults   = Say("Faults are on: this server misbehaves on purpose.", "障害シミュレーション中：このサーバーはわざとエラーや遅延を起こします。")
	wordOffline  = Say("Connection lost. Trying again…", "接続が切れました。再接続しています…")
	wordCopied   = Say("Copied", "コピーしました")
	wordBroken   = Say("Image did not load", "画像を読み込めません")
	wordHome     = Say("Home", "ホーム")
	wordLost     = Say("Nothing is here", "ページが見つかりません")
	wordLostWhy  = Say("The address may be mistyped, or what stood here is gone after a reset.", "アドレスが間違っているか、リセットで消えた可能性があります。")
	wordFailed   = Say("That did not work", "処理できませんでした")
	wordFailWhy  = Say("The server could not do this. Its log names the reason under this time.", "サーバーで処理できませんでした。理由はこの時刻のログに記録されています。")
)

// Words that several screens use.
var (
	Copy   = Say("Copy", "コピー")
	Cancel = Say("Cancel", "キャンセル")
	Close  = Say("Close", "閉じる")
)
