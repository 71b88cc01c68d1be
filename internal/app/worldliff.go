package app

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"

	"kaiwa/internal/kernel/id"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/liff"
)

// liffEntry is a LIFF app of a channel, as the server API takes it.
type liffEntry struct {
	LiffID string `yaml:"liffId" json:"-"`
	View   struct {
		Type       string `yaml:"type" json:"type"`
		URL        string `yaml:"url" json:"url"`
		ModuleMode *bool  `yaml:"moduleMode" json:"moduleMode,omitzero"`
	} `yaml:"view" json:"view"`
	Description *string `yaml:"description" json:"description,omitzero"`
	Features    *struct {
		BLE    *bool `yaml:"ble" json:"ble,omitzero"`
		QRCode *bool `yaml:"qrCode" json:"qrCode,omitzero"`
	} `yaml:"features" json:"features,omitzero"`
	PermanentLinkPattern *string   `yaml:"permanentLinkPattern" json:"permanentLinkPattern,omitzero"`
	Scope                *[]string `yaml:"scope" json:"scope,omitzero"`
	BotPrompt            *string   `yaml:"botPrompt" json:"botPrompt,omitzero"`
}

// change is the entry as a request to add the app.
func (e liffEntry) change() (in liff.Change, err error) {
	text, err := json.Marshal(e)
	if err != nil {
		return in, err
	}
	return in, json.Unmarshal(text, &in)
}

// loadLIFF adds the apps of a channel.
func (a *App) loadLIFF(tx *store.Tx, ch *channel.Channel, entries []liffEntry) error {
	for i, e := range entries {
		in, err := e.change()
		if err != nil {
			return err
		}
		switch {
		case ch.Type == channel.Messaging:
			return fmt.Errorf("liff: LIFF apps are of login and miniapp channels")
		case e.LiffID != "" && (!liff.IDForm.MatchString(e.LiffID) || e.LiffID[:10] != ch.ID):
			return fmt.Errorf("liff[%d].liffId: %q is not the channel's id, a hyphen and 8 letters or digits", i, e.LiffID)
		}
		if e.LiffID == "" {
			e.LiffID = ch.ID + "-" + id.Derived("liff", ch.ID, strconv.Itoa(i))[:8]
		}
		app, err := liff.FromWorld(ch, e.LiffID, in)
		if err == nil {
			err = liff.Add(tx, app)
		}
		if err != nil {
			return fmt.Errorf("liff[%d]: %w", i, err)
		}
	}
	return nil
}
