package app

import (
	"errors"
	"fmt"
	"net/url"

	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/miniapp"
)

// miniAppEntry is what a LINE MINI App channel has beside its LIFF apps.
type miniAppEntry struct {
	// Region is where the app is provided: which chat its service messages stand in.
	Region    string             `yaml:"region"`
	IconURL   string             `yaml:"iconUrl"`
	Templates []miniapp.Template `yaml:"serviceMessageTemplates"`
}

// miniApp checks the entry and completes its templates.
func (e *channelEntry) miniApp() error {
	m := &e.MiniApp
	if e.Type != channel.MiniApp {
		if m.Region != "" || m.IconURL != "" || len(m.Templates) > 0 {
			return errors.New("region, iconUrl, serviceMessageTemplates: only miniapp channels have them")
		}
		return nil
	}
	if m.Region != "" && !oneOf(m.Region, miniapp.Regions) {
		return fmt.Errorf("region: %q is none of %v", m.Region, miniapp.Regions)
	}
	if u, err := url.Parse(m.IconURL); m.IconURL != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return fmt.Errorf("iconUrl: %q is no https URL", m.IconURL)
	}
	return miniapp.Complete(m.Templates)
}
