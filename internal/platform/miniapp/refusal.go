package miniapp

import "kaiwa/internal/kernel/api"

// The refusals. The platform publishes few of the words; docs/divergences.md
// tells which are its own.
var (
	errNoMiniApp  = api.Errorf(api.Forbidden, "This channel is not authorized to send service messages")
	errTemplate   = api.Errorf(api.Forbidden, "The specified template is not found")
	errToken      = api.Errorf(api.Unauthorized, "Invalid notifier token")
	errLIFFToken  = api.Errorf(api.Unauthorized, "invalid token")
	errLIFFUsed   = api.Errorf(api.Invalid, "[liffAccessToken] has already been used to issue a notification token")
	errTarget     = api.Errorf(api.Invalid, "[target] must be service")
	errParams     = api.Errorf(api.Invalid, "[params] must not be null")
	errNoReceiver = api.Errorf(api.Invalid, "The recipient of the service message doesn't exist")
)

func blank(property string) error { return api.Errorf(api.Invalid, "[%s] must not be blank", property) }
