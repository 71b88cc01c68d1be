package shop

import (
	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// Amount is the body of the inventory operations.
type Amount struct {
	Amount *int64 `json:"amount"`
}

// Stock is what they answer.
type Stock struct {
	AvailableNumber   int64 `json:"availableNumber"`
	OnHandAmount      int64 `json:"onHandAmount"`
	ReadyToShipAmount int64 `json:"readyToShipAmount"`
	ReservedAmount    int64 `json:"reservedAmount"`
}

const (
	amountMost    = 99_999
	availableMost = 99_999
)

// stock changes how many of a variant are on hand by what change tells for the
// amount asked for. All writes come one after the other, so what is read here
// is still so when it is written.
func (r *Room) stock(least int64, change func(v *variant, amount int64) (int64, error)) func(*api.Call, Amount) (any, error) {
	return func(c *api.Call, in Amount) (any, error) {
		id, err := number(c, "id")
		if err != nil {
			return nil, err
		}
		if in.Amount == nil {
			return nil, invalid("amount", "is required")
		}
		if *in.Amount < least || *in.Amount > amountMost {
			return nil, invalid("amount", map[int64]string{0: "must be 0 to 99999", 1: "must be 1 to 99999"}[least])
		}
		return update(r, c, func(tx *store.Tx, s *Shop) (Stock, error) {
			v, err := variantByInventory(tx, s.No, id)
			if err != nil {
				return Stock{}, orNotFound(err, "Inventory")
			}
			by, err := change(v, *in.Amount)
			if err != nil {
				return Stock{}, err
			}
			v.onHand += by
			return Stock{v.available(), v.onHand, v.ready, v.reserved}, move(tx, v.id, moved{onHand: by})
		})
	}
}

// adjusted makes the amount the number that is available.
func adjusted(v *variant, amount int64) (int64, error) { return amount - v.available(), nil }

func increased(v *variant, amount int64) (int64, error) {
	if v.available()+amount > availableMost {
		return 0, invalid("amount", "must leave the available number lower than 100000")
	}
	return amount, nil
}

func decreased(v *variant, amount int64) (int64, error) {
	if amount > v.available() {
		return 0, invalid("amount", "must not be higher than the available number")
	}
	return -amount, nil
}
