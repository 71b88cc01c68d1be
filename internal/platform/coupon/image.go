package coupon

import (
	"errors"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
)

// hosted is where this server has a coupon's image, under the name it was asked
// by. The platform copies an image and tells its own address of the copy; here
// nothing is fetched, and the address sends on to the source.
func hosted(c *api.Call, couponID, image, source string) string {
	if source == "" {
		return ""
	}
	scheme := "http"
	if host, _, _ := strings.Cut(c.Host(), ":"); strings.HasSuffix(strings.ToLower(host), ".line.me") {
		scheme = "https" // the platform's names are spoken to by nothing else
	}
	return scheme + "://" + c.Host() + "/coupon/" + couponID + "/" + image
}

// image sends on to where the coupon's image or barcode is.
func (r *Room) image(c *api.Call) (any, error) {
	var source string
	err := r.db.View(c, func(tx *store.Tx) error {
		x, err := find(tx, c.Path("couponId"))
		if err != nil {
			return err
		}
		source = map[string]string{"image": x.Terms.ImageURL, "barcode": x.Terms.BarcodeImageURL}[c.Path("image")]
		return nil
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && source == "" {
		return nil, api.Errorf(api.NotFound, "Not found")
	}
	c.SetHeader("Location", source)
	return api.Status{Code: 302, Body: api.Empty{}}, err
}
