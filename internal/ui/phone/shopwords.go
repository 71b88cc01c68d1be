package phone

import "kaiwa/internal/ui/page"

// The catalogue of the shops.
var (
	wordShops       = page.Say("Shops", "ショップ")
	wordProducts    = page.Say("Products", "商品")
	wordNoProducts  = page.Say("Nothing is on display.", "表示中の商品はありません。")
	wordSoldOut     = page.Say("Sold out", "在庫切れ")
	wordLeft        = page.Say("%d left", "在庫%d")
	wordQuantity    = page.Say("Quantity", "数量")
	wordVariant     = page.Say("Variant", "種類")
	wordPayment     = page.Say("Payment", "お支払い方法")
	wordDelivery    = page.Say("Delivery", "お届け先")
	wordRecipient   = page.Say("Recipient", "お名前")
	wordNote        = page.Say("Note to the shop", "ショップへの連絡")
	wordOrder       = page.Say("Order", "注文する")
	wordOrders      = page.Say("Your orders", "注文履歴")
	wordPay         = page.Say("Pay ฿%s", "฿%sを支払う")
	wordTracking    = page.Say("Tracking", "追跡番号")
	wordToPay       = page.Say("Waiting for payment", "お支払い待ち")
	wordToShip      = page.Say("Being prepared", "発送準備中")
	wordShipped     = page.Say("Shipped", "発送済み")
	wordCompleted   = page.Say("Completed", "完了")
	wordExpired     = page.Say("Expired", "期限切れ")
	wordCanceled    = page.Say("Canceled", "キャンセル済み")
	wordOrderByCode = page.Say("Order as this person", "このユーザーとして注文")
	wordAsShop      = page.Say("Read the orders as the shop", "ショップとして注文を取得")
)

// methodWords are the ways to pay.
var methodWords = map[string]page.Phrase{
	"COD":                             page.Say("Cash on delivery", "代金引換"),
	"BANK":                            page.Say("Bank transfer", "銀行振込"),
	"PAYMENT_LS_RLP":                  page.Say("Rabbit LINE Pay", "Rabbit LINE Pay"),
	"PAYMENT_LS_MOBILE_BANKING_KPLUS": page.Say("K PLUS", "K PLUS"),
	"PAYMENT_LS_MOBILE_BANKING_SCB":   page.Say("SCB EASY", "SCB EASY"),
	"PAYMENT_LS_QR_PROMPTPAY":         page.Say("PromptPay QR", "PromptPay QR"),
}
