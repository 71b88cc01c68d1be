package channel

// Currency is what an account of that country tells money in: TWD in Taiwan,
// THB in Thailand, JPY in all others.
func Currency(country string) string {
	switch country {
	case "TW":
		return "TWD"
	case "TH":
		return "THB"
	}
	return "JPY"
}
