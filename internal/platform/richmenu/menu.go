package richmenu

import (
	"errors"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/object"
)

// menusMost is how many rich menus an account can have.
const menusMost = 1000

// menuID is the form of a rich menu's id.
var menuID = regexp.MustCompile(`^richmenu-[0-9a-f]{32}$`)

// Menu is a rich menu.
type Menu struct {
	// No is the number that tables index by; no two menus ever have the same.
	No          int64
	ID          string
	Name        string
	ChatBarText string
	Selected    bool
	Width       int64
	Height      int64
	// Mime is the media type of its picture, "" while it has none.
	Mime  string
	areas jsontext.Value
}

// Areas are what can be tapped.
func (m *Menu) Areas() ([]object.MenuArea, error) {
	var list []object.MenuArea
	return list, json.Unmarshal(m.areas, &list)
}

// selectMenus reads menus; more joins and narrows.
const selectMenus = `SELECT m.no, m.id, m.name, m.chat_bar_text, m.selected, m.width, m.height, m.mime, m.areas FROM rich_menus m`

// fields are where the columns of selectMenus go.
type fields struct {
	Menu
	selected int64
	areas    string
}

func (f *fields) dest() []any {
	return []any{&f.No, &f.ID, &f.Name, &f.ChatBarText, &f.selected, &f.Width, &f.Height, &f.Mime, &f.areas}
}

func (f *fields) menu() *Menu {
	m := f.Menu
	m.Selected, m.areas = f.selected != 0, jsontext.Value(f.areas)
	return &m
}

// read reads one menu; store.ErrNotFound when there is none.
func read(tx *store.Tx, more string, args ...any) (*Menu, error) {
	var f fields
	if err := tx.Row(selectMenus+more, args, f.dest()...); err != nil {
		return nil, err
	}
	return f.menu(), nil
}

// find is the account's menu of that id; store.ErrNotFound for malformed ids too.
func find(tx *store.Tx, ch *channel.Channel, richMenuID string) (*Menu, error) {
	if !menuID.MatchString(richMenuID) {
		return nil, store.ErrNotFound
	}
	return read(tx, ` WHERE m.id = $1 AND m.channel_no = $2`, richMenuID, ch.No)
}

// byNo is the menu of that number, unless it was deleted.
func byNo(tx *store.Tx, no int64) (*Menu, error) { return read(tx, ` WHERE m.no = $1`, no) }

// errNotFound is what most operations say of a menu that is not there.
var errNotFound = api.Errorf(api.NotFound, "Not found")

// orElse gives refusal in the place of store.ErrNotFound.
func orElse(err error, refusal *api.Error) error {
	if errors.Is(err, store.ErrNotFound) {
		return refusal
	}
	return err
}

// notFoundIsNil passes on all other errors than store.ErrNotFound.
func notFoundIsNil(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// idAnswer is the answer that names a menu.
type idAnswer struct {
	RichMenuID string `json:"richMenuId"`
}

// answer is a menu on the wire.
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-response-object
type answer struct {
	RichMenuID  string         `json:"richMenuId"`
	Name        string         `json:"name"`
	Size        size           `json:"size"`
	ChatBarText string         `json:"chatBarText"`
	Selected    bool           `json:"selected"`
	Areas       jsontext.Value `json:"areas"`
}

type size struct {
	Width  int64 `json:"width"`
	Height int64 `json:"height"`
}

func (m *Menu) answer() answer {
	return answer{m.ID, m.Name, size{m.Width, m.Height}, m.ChatBarText, m.Selected, m.areas}
}

// accept reads a rich menu object or words its refusal.
func accept(in jsontext.Value) (object.RichMenu, error) {
	if in.Kind() != '{' {
		return object.RichMenu{}, &api.BadJSON{Line: 1, Column: 1, Cause: errNoObject}
	}
	m, bad := object.ValidateRichMenu(in)
	if bad == nil {
		return m, nil
	}
	e := &api.Error{Code: api.Invalid, Message: bad.Message}
	for _, p := range bad.Details {
		e.Details = append(e.Details, api.Detail{Message: p.Message, Property: p.Property})
	}
	return m, e
}

var errNoObject = errors.New("no JSON object")

// create adds a menu: 400 for one that is not valid, or one too many.
// https://developers.line.biz/en/reference/messaging-api/#create-rich-menu
func (r *Room) create(c *api.Call, in jsontext.Value) (any, error) {
	ch := channel.Caller(c)
	m, err := accept(in)
	if err != nil {
		return nil, err
	}
	areas, err := json.Marshal(m.Areas)
	if err != nil {
		return nil, err
	}
	richMenuID := "richmenu-" + id.Hex(16)
	err = r.db.Update(c, func(tx *store.Tx) error {
		var n int64
		if err := tx.Row(`SELECT COUNT(*) FROM rich_menus WHERE channel_no = $1`, []any{ch.No}, &n); err != nil {
			return err
		}
		if n >= menusMost {
			return api.Errorf(api.Invalid, "The maximum number of rich menus has been reached")
		}
		var selected int64
		if m.Selected {
			selected = 1
		}
		_, err := tx.Exec(`INSERT INTO rich_menus (no, id, channel_no, name, chat_bar_text, selected, width, height, areas, mime)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')`,
			r.ids.Next(tx.Now), richMenuID, ch.No, m.Name, m.ChatBarText, selected, m.Width, m.Height, string(areas))
		return err
	})
	return idAnswer{richMenuID}, err
}

// validate says of a rich menu object what create would.
// https://developers.line.biz/en/reference/messaging-api/#validate-rich-menu-object
func (r *Room) validate(_ *api.Call, in jsontext.Value) (any, error) {
	_, err := accept(in)
	return api.Object{}, err
}

// get gives a menu; 404.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu
func (r *Room) get(c *api.Call) (any, error) {
	var a answer
	err := r.db.View(c, func(tx *store.Tx) error {
		m, err := find(tx, channel.Caller(c), c.Path("richMenuId"))
		if err == nil {
			a = m.answer()
		}
		return orElse(err, errNotFound)
	})
	return a, err
}

// list gives all menus of the account, the oldest first.
// https://developers.line.biz/en/reference/messaging-api/#get-rich-menu-list
func (r *Room) list(c *api.Call) (any, error) {
	out := struct {
		RichMenus []answer `json:"richmenus"`
	}{[]answer{}}
	err := r.db.View(c, func(tx *store.Tx) error {
		return tx.Each(selectMenus+` WHERE m.channel_no = $1 ORDER BY m.no`, []any{channel.Caller(c).No}, func(scan func(...any) error) error {
			var f fields
			err := scan(f.dest()...)
			out.RichMenus = append(out.RichMenus, f.menu().answer())
			return err
		})
	})
	return out, err
}

// delete takes a menu away, its picture and its numbers; 404. Whoever it is
// linked to has none then. Aliases stay and lead nowhere.
// https://developers.line.biz/en/reference/messaging-api/#delete-rich-menu
func (r *Room) delete(c *api.Call) (any, error) {
	ch := channel.Caller(c)
	err := r.db.Update(c, func(tx *store.Tx) error {
		m, err := find(tx, ch, c.Path("richMenuId"))
		if err != nil {
			return orElse(err, errNotFound)
		}
		for _, q := range []string{`DELETE FROM rich_menus WHERE no = $1`, `DELETE FROM rich_menu_images WHERE menu_no = $1`,
			`DELETE FROM rich_menu_counts WHERE menu_no = $1`} {
			if _, err := tx.Exec(q, m.No); err != nil {
				return err
			}
		}
		r.changed(tx, ch, Change{})
		return nil
	})
	return api.Object{}, err
}
