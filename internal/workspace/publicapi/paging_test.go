package publicapi_test

import (
	"time"
)

// stamp is a time of the tests' day, in milliseconds after its beginning.
func stamp(millis int64) string {
	return day.Add(time.Duration(millis) * time.Millisecond).Format(time.RFC3339Nano)
}
