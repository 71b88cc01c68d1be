package module

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/dialog"
)

// askAdmin shows the account's admin who wants to be attached, and what for.
// Requests without a known module and redirect URI are answered 400 by a page;
// what else is wrong is told to the module, at its redirect URI.
// https://developers.line.biz/en/docs/partner-docs/module-technical-attach-channel/#about-linkage-screen
func (r *Room) askAdmin(c *api.Call) (any, error) {
	module, a, answer := r.request(c)
	if answer != nil {
		return answer, nil
	}
	accounts, err := r.choices(c, module, a)
	if err != nil {
		return nil, err
	}
	return show(c, http.StatusOK, page{Module: module.Name, Scopes: words(a.Scope), Accounts: accounts})
}

// request reads the query; answer is what to say where something is wrong with it.
func (r *Room) request(c *api.Call) (*channel.Channel, asked, any) {
	module, err := r.client(c.Query())
	if err != nil {
		answer, _ := show(c, http.StatusBadRequest, page{Problem: err.Error()})
		return nil, asked{}, answer
	}
	a, err := read(module, c.Query())
	var f *fault
	if errors.As(err, &f) {
		answer, _ := dialog.Redirect(c, a.refused(f))
		return nil, a, answer
	}
	return module, a, nil
}

// choices are the accounts that the module can be attached to.
func (r *Room) choices(c *api.Call, module *channel.Channel, a asked) (list []*channel.Channel, err error) {
	err = r.db.View(c, func(tx *store.Tx) error {
		for _, account := range r.channels.List() {
			if !a.fits(account) {
				continue
			}
			taken, err := r.taken(tx, account, module)
			if err != nil {
				return err
			}
			if !taken {
				list = append(list, account)
			}
		}
		return nil
	})
	return list, err
}

// adminDecides takes the page's form: botId is the chosen account's, consent is
// allow or cancel. The browser goes back to the module with a code or an error.
func (r *Room) adminDecides(c *api.Call, form url.Values) (any, error) {
	module, a, answer := r.request(c)
	if answer != nil {
		return answer, nil
	}
	accounts, err := r.choices(c, module, a)
	if err != nil {
		return nil, err
	}
	switch form.Get("consent") {
	case "cancel":
		return dialog.Redirect(c, a.refused(&fault{"access_denied", "The account's admin did not agree"}))
	case "allow":
		for _, account := range accounts {
			if account.Account.UserID == form.Get("botId") {
				code, err := r.newCode(c, module, account, a)
				if err != nil {
					return nil, err
				}
				return dialog.Redirect(c, a.back(parameter{"code", code}, parameter{"state", a.State}))
			}
		}
	}
	return show(c, http.StatusBadRequest, page{Module: module.Name, Scopes: words(a.Scope), Accounts: accounts,
		Problem: "Choose an official account, then allow or cancel."})
}

// newCode makes an authorization code.
func (r *Room) newCode(c *api.Call, module, account *channel.Channel, a asked) (string, error) {
	code := id.Secret(24)
	text, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	return code, r.db.Update(c, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO module_codes (hash, module_no, account_no, asked, expires_at) VALUES ($1, $2, $3, $4, $5)`,
			digest(code), module.No, account.No, string(text), tx.Now.Add(codeLife).UnixMilli())
		return err
	})
}
