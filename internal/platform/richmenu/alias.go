package richmenu

import (
	"cmp"
	"errors"
	"regexp"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

// aliasesMost is how many aliases an account can have.
const aliasesMost = 1000

// aliasID is the form of an alias' id.
var aliasID = regexp.MustCompile(`^[a-z0-9_-]{1,32}$`)

var (
	errNoAlias = &api.Error{Code: api.NotFound, Message: "richmenu alias not found", EmptyDetails: true}
	// errNoMenuForAlias: with aliases it is 400, for a menu without a picture too.
	errNoMenuForAlias = &api.Error{Code: api.Invalid, Message: "richmenu not found", EmptyDetails: true}
	errAliasTaken     = &api.Error{Code: api.Invalid, Message: "conflict richmenu alias id", EmptyDetails: true}
)

// alias is an alias on the wire.
type alias struct {
	RichMenuAliasID string `json:"richMenuAliasId"`
	RichMenuID      string `json:"richMenuId"`
}

// createAlias gives a menu with a picture another name: 400 for malformed ids,
// no such menu, a name that is taken or one too many.
// https://developers.line.biz/en/reference/messaging-api/#create-rich-menu-alias
func (r *Room) createAlias(c *api.Call, in alias) (any, error) {
	ch := channel.Caller(c)
	var wrong problems
	if !aliasID.MatchString(in.RichMenuAliasID) {
		wrong.add("richMenuAliasId", "invalid richMenuAliasId")
	}
	wrong.menuID(in.RichMenuID, "richMenuId")
	if err := wrong.refusal(api.Invalid); err != nil {
		return nil, err
	}
	err := r.db.Update(c, func(tx *store.Tx) error {
		if err := aliasable(tx, ch, in.RichMenuID); err != nil {
			return err
		}
		if _, err := aliased(tx, ch, in.RichMenuAliasID); !errors.Is(err, store.ErrNotFound) {
			return cmp.Or[error](err, errAliasTaken)
		}
		var n int64
		if err := tx.Row(`SELECT COUNT(*) FROM rich_menu_aliases WHERE channel_no = $1`, []any{ch.No}, &n); err != nil {
			return err
		}
		if n >= aliasesMost {
			return api.Errorf(api.Invalid, "The maximum number of rich menu aliases has been reached")
		}
		_, err := tx.Exec(`INSERT INTO rich_menu_aliases (channel_no, alias, menu_id) VALUES ($1, $2, $3)`, ch.No, in.RichMenuAliasID, in.RichMenuID)
		return err
	})
	return api.Object{}, err
}

// aliasable refuses menus that cannot have an alias.
func aliasable(tx *store.Tx, ch *channel.Channel, richMenuID string) error {
	_, err := usable(tx, ch, richMenuID)
	if errors.Is(err, errNeedImage) {
		err = store.ErrNotFound
	}
	return orElse(err, errNoMenuForAlias)
}

// aliased is the id of the menu that an alias names; the menu may be gone.
func aliased(tx *store.Tx, ch *channel.Channel, name string) (richMenuID string, err error) {
	if !aliasID.MatchString(name) {
		return "", store.ErrNotFound
	}
	err = tx.Row(`SELECT menu_id FROM rich_menu_aliases WHERE channel_no = $1 AND alias = $2`, []any{ch.No, name}, &richMenuID)
	return richMenuID, err
}

// named is the alias in a path. The patterns for the one named "content" have no wildcard.
func named(c *api.Call) (string, error) {
	name := cmp.Or(c.Path("richMenuAliasId"), "content")
	if !aliasID.MatchString(name) {
		return "", friend.InvalidParameter("richMenuAliasId")
	}
	return name, nil
}

// updateAlias leads an alias to another menu: refusals as createAlias, 404 for no alias.
// https://developers.line.biz/en/reference/messaging-api/#update-rich-menu-alias
func (r *Room) updateAlias(c *api.Call, in idAnswer) (any, error) {
	ch := channel.Caller(c)
	name, err := named(c)
	if err != nil {
		return nil, err
	}
	var wrong problems
	wrong.menuID(in.RichMenuID, "richMenuId")
	if err := wrong.refusal(api.Invalid); err != nil {
		return nil, err
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		if _, err := aliased(tx, ch, name); err != nil {
			return orElse(err, errNoAlias)
		}
		if err := aliasable(tx, ch, in.RichMenuID); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE rich_menu_aliases SET menu_id = $3 WHERE channel_no = $1 AND alias = $2`, ch.No, name, in.RichMenuID)
		return err
	})
	return api.Object{}, err
}

// getAlias gives an alias: 400 for a malformed id, 404.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-alias-by-id
func (r *Room) getAlias(c *api.Call) (any, error) {
	name, err := named(c)
	if err != nil {
		return nil, err
	}
	a := alias{RichMenuAliasID: name}
	err = r.db.View(c, func(tx *store.Tx) (err error) {
		a.RichMenuID, err = aliased(tx, channel.Caller(c), name)
		return orElse(err, errNoAlias)
	})
	return a, err
}

// listAliases gives all of the account's, by name.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-alias-list
func (r *Room) listAliases(c *api.Call) (any, error) {
	out := struct {
		Aliases []alias `json:"aliases"`
	}{[]alias{}}
	err := r.db.View(c, func(tx *store.Tx) error {
		return tx.Each(`SELECT alias, menu_id FROM rich_menu_aliases WHERE channel_no = $1 ORDER BY alias`, []any{channel.Caller(c).No},
			func(scan func(...any) error) error {
				var a alias
				err := scan(&a.RichMenuAliasID, &a.RichMenuID)
				out.Aliases = append(out.Aliases, a)
				return err
			})
	})
	return out, err
}

// deleteAlias takes an alias away: 400 for a malformed id, 404.
// https://developers.line.biz/en/reference/messaging-api/#delete-rich-menu-alias
func (r *Room) deleteAlias(c *api.Call) (any, error) {
	name, err := named(c)
	if err != nil {
		return nil, err
	}
	err = r.db.Update(c, func(tx *store.Tx) error {
		n, err := tx.Exec(`DELETE FROM rich_menu_aliases WHERE channel_no = $1 AND alias = $2`, channel.Caller(c).No, name)
		if err == nil && n == 0 {
			err = errNoAlias
		}
		return err
	})
	return api.Object{}, err
}
