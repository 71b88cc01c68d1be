package richmenu

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // decoders of the two formats that the platform takes
	_ "image/png"
	"mime"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/object"
)

// imageMost is the largest picture in bytes.
const imageMost = 1 << 20

var (
	errImage     = api.Errorf(api.Invalid, "The image size is not allowed for richmenu")
	errSecond    = api.Errorf(api.Invalid, "An image has already been uploaded to the richmenu")
	errNeedImage = &api.Error{Code: api.Invalid, Message: "must upload richmenu image before applying it to user", EmptyDetails: true}
)

// setImage uploads a menu's picture: JPEG or PNG of at most 1 MB, 800 to 2500
// pixels wide, at least 250 high and 1.45 times as wide as high. Once: 400 for
// the second one. 415 for other media types, 404.
// https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image
func (r *Room) setImage(c *api.Call, body []byte) (any, error) {
	if err := imageType(c.Header("Content-Type")); err != nil {
		return nil, err
	}
	kind := pictured(body)
	err := r.db.Update(c, func(tx *store.Tx) error {
		m, err := find(tx, channel.Caller(c), c.Path("richMenuId"))
		switch {
		case err != nil:
			return orElse(err, errNotFound)
		case m.Mime != "":
			return errSecond
		case kind == "":
			return errImage
		}
		if _, err := tx.Exec(`UPDATE rich_menus SET mime = $2 WHERE no = $1`, m.No, kind); err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO rich_menu_images (menu_no, data) VALUES ($1, $2)`, m.No, body)
		return err
	})
	return api.Object{}, err
}

func imageType(given string) error {
	if media, _, err := mime.ParseMediaType(given); err == nil && (media == "image/jpeg" || media == "image/png") {
		return nil
	}
	if given == "" {
		given = "application/octet-stream"
	}
	return api.Errorf(api.MediaType, "The content type, %s, is not supported", given)
}

// pictured is the media type of a picture that a menu may have, "" for others.
// Only the picture's head is read: its pixels are not our business.
func pictured(content []byte) string {
	if len(content) > imageMost {
		return ""
	}
	head, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || format != "jpeg" && format != "png" || !object.MenuFits(int64(head.Width), int64(head.Height)) {
		return ""
	}
	return "image/" + format
}

// getImage gives the picture as it was uploaded; 404 for a menu that is not
// there or has none.
// https://developers.line.biz/en/reference/messaging-api/#download-rich-menu-image
func (r *Room) getImage(c *api.Call) (any, error) {
	var m *Menu
	var data []byte
	err := r.db.View(c, func(tx *store.Tx) (err error) {
		if m, err = find(tx, channel.Caller(c), c.Path("richMenuId")); err == nil {
			data, err = picture(tx, m)
		}
		return orElse(err, errNotFound)
	})
	if err != nil {
		return nil, err
	}
	return api.Binary{Type: m.Mime, Length: int64(len(data)), Body: bytes.NewReader(data)}, nil
}

func picture(tx *store.Tx, m *Menu) (data []byte, err error) {
	err = tx.Row(`SELECT data FROM rich_menu_images WHERE menu_no = $1`, []any{m.No}, &data)
	return data, err
}

// Picture is the picture of a menu of any account, for those whom it is shown
// to; store.ErrNotFound.
func (r *Room) Picture(ctx context.Context, richMenuID string) (data []byte, kind string, err error) {
	if !menuID.MatchString(richMenuID) {
		return nil, "", store.ErrNotFound
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		m, err := read(tx, ` WHERE m.id = $1`, richMenuID)
		if err != nil {
			return err
		}
		kind = m.Mime
		data, err = picture(tx, m)
		return err
	})
	return data, kind, err
}

// usable is the account's menu of that id, with a picture.
func usable(tx *store.Tx, ch *channel.Channel, richMenuID string) (*Menu, error) {
	m, err := find(tx, ch, richMenuID)
	if err == nil && m.Mime == "" {
		err = errNeedImage
	}
	return m, err
}
