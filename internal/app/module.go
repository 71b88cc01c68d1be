package app

import (
	"fmt"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/module"
)

// moduleEntry is what only module channels have.
type moduleEntry struct {
	DefaultActive bool            `yaml:"defaultActive"`
	AttachedTo    []attachedEntry `yaml:"attachedTo"`
}

type attachedEntry struct {
	Channel string   `yaml:"channel"`
	Scopes  []string `yaml:"scopes"`
}

// module checks a module channel's own settings; what is left out of scopes is
// all that modules may ask for.
func (e *channelEntry) module() error {
	if e.AccessToken != "" {
		return fmt.Errorf("accessToken: module channels have no long-lived channel access token")
	}
	lists := [][]string{e.Scopes}
	for i := range e.Module.AttachedTo {
		if a := &e.Module.AttachedTo[i]; a.Scopes == nil {
			a.Scopes = module.Scopes
		}
		lists = append(lists, e.Module.AttachedTo[i].Scopes)
	}
	for _, list := range lists {
		for _, scope := range list {
			if !module.Known(scope) {
				return fmt.Errorf("scopes: there is no scope %q for modules", scope)
			}
		}
	}
	return nil
}

// attachments checks that modules are attached to accounts, and nothing else is.
func (e *channelEntry) attachments(messaging map[string]bool) error {
	for _, a := range e.Module.AttachedTo {
		if e.Type != channel.Module {
			return fmt.Errorf("attachedTo: %s is no module channel", e.ID)
		}
		if !messaging[a.Channel] {
			return fmt.Errorf("attachedTo: there is no messaging channel %q", a.Channel)
		}
	}
	return nil
}

// loadModules attaches modules to accounts, as if they always had been.
func (a *App) loadModules(tx *store.Tx) error {
	for _, p := range a.world.Providers {
		for i, e := range p.Channels {
			for _, to := range e.Module.AttachedTo {
				if err := a.modules.Attach(tx, a.channels.Get(to.Channel), a.channels.Get(e.ID), to.Scopes); err != nil {
					return fmt.Errorf("channels[%d].attachedTo: %w", i, err)
				}
			}
		}
	}
	return nil
}
