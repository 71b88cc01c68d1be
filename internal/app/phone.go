package app

import "fmt"

// phones checks the keys of messages by phone number: an empty text would make
// no message.
func (e *channelEntry) phones() error {
	for i, t := range e.PhoneKeys.Templates {
		if t.Key == "" || t.Title == "" {
			return fmt.Errorf("phoneKeys.templates[%d]: wants a key and a title", i)
		}
	}
	for i, item := range e.PhoneKeys.Items {
		if item.Key == "" || item.Label == "" {
			return fmt.Errorf("phoneKeys.items[%d]: wants a key and a label", i)
		}
	}
	for i, button := range e.PhoneKeys.Buttons {
		if button.Key == "" || button.Label == "" {
			return fmt.Errorf("phoneKeys.buttons[%d]: wants a key and a label", i)
		}
	}
	return nil
}
