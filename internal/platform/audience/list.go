package audience

import (
	"fmt"
	"slices"
	"strings"

	"kaiwa/internal/kernel/api"
	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
	"kaiwa/internal/platform/friend"
)

type listAnswer struct {
	AudienceGroups                   []groupAnswer `json:"audienceGroups"`
	HasNextPage                      bool          `json:"hasNextPage"`
	TotalCount                       int64         `json:"totalCount"`
	ReadWriteAudienceGroupTotalCount int64         `json:"readWriteAudienceGroupTotalCount"`
	Size                             int64         `json:"size"`
	Page                             int64         `json:"page"`
}

const (
	sizeUsual = 20
	sizeMost  = 40
)

var (
	statuses = []string{InProgress, Ready, Failed, Expired, "INACTIVE", "ACTIVATING"}
	routes   = []string{"OA_MANAGER", "MESSAGING_API", "POINT_AD", "AD_MANAGER"}
	// sharedRoutes are those of audiences that come by way of the Business Manager.
	sharedRoutes = append(slices.Clone(routes), "BUSINESS_MANAGER", "YAHOO_DISPLAY_ADS")
)

// filter is what a list is asked for.
type filter struct {
	page, size       int64
	name             string
	statuses, routes []string
}

// list pages through the account's own audiences, the newest first.
// https://developers.line.biz/en/reference/messaging-api/#get-audience-groups
func (r *Room) list(c *api.Call) (any, error) {
	f, err := readFilter(c, routes)
	if err != nil {
		return nil, err
	}
	if _, err := queryFlag(c, "includesExternalPublicGroups"); err != nil {
		return nil, err // an account has one channel here, so that either value means the same
	}
	return r.pageOf(c, f, ownedSQL)
}

// pageOf reads all that a statement finds, at most some thousand, and picks the
// page: the engines do not agree on which letters are the same but for their
// case. The statement's parameters are the instant of clearing and the account.
func (r *Room) pageOf(c *api.Call, f filter, query string) (any, error) {
	ch := channel.Caller(c)
	answer := listAnswer{AudienceGroups: []groupAnswer{}, Size: f.size, Page: f.page}
	err := r.db.View(c, func(tx *store.Tx) error {
		from, now := (f.page-1)*f.size, tx.Millis()
		err := tx.Each(query, []any{cleared(tx), ch.No}, func(scan func(...any) error) error {
			a, err := scanAudience(scan)
			if err != nil || !f.passes(a, now) {
				return err
			}
			if n := answer.TotalCount; n >= from && n < from+f.size {
				g := a.answer(ch.No, now)
				g.WebTraffic, err = brief(g.WebTraffic)
				answer.AudienceGroups = append(answer.AudienceGroups, g)
			}
			answer.TotalCount++
			if a.ChannelNo == ch.No {
				answer.ReadWriteAudienceGroupTotalCount++
			}
			return err
		})
		answer.HasNextPage = answer.TotalCount > from+f.size
		return err
	})
	return answer, err
}

func (f filter) passes(a *audience, now int64) bool {
	return (f.name == "" || strings.Contains(strings.ToLower(a.Description), f.name)) &&
		(len(f.statuses) == 0 || slices.Contains(f.statuses, a.statusAt(now))) &&
		(len(f.routes) == 0 || slices.Contains(f.routes, a.Route))
}

const (
	newestFirst = ` ORDER BY created_at DESC, id DESC`
	ownedSQL    = `SELECT ` + columns + ` FROM audiences WHERE ` + alive + ` AND channel_no = $2` + newestFirst
)

// readFilter reads the query. What is empty, and zero, is as if it were left
// out: the Go SDK sends status=, createRoute=, size=0 and page=0. Of a name that
// is there more than once any value will do.
func readFilter(c *api.Call, routes []string) (f filter, err error) {
	if f.page, err = queryNumber(c, "page", 1, 1<<31); err != nil {
		return f, err
	}
	if f.size, err = queryNumber(c, "size", sizeUsual, sizeMost); err != nil {
		return f, err
	}
	f.name = strings.ToLower(c.Query().Get("description"))
	if f.statuses, err = queryWords(c, "status", statuses); err != nil {
		return f, err
	}
	f.routes, err = queryWords(c, "createRoute", routes)
	return f, err
}

func queryNumber(c *api.Call, name string, usual, most int64) (int64, error) {
	n, ok := c.QueryInt(name)
	switch {
	case !ok:
		return 0, friend.InvalidParameter(name)
	case n == 0:
		return usual, nil
	case n < 0:
		return 0, worded(name+": must be greater than or equal to 1", "TOO_LOW", "")
	case n > most:
		return 0, worded(fmt.Sprintf("%s: must be less than or equal to %d", name, most), "TOO_HIGH", "")
	}
	return n, nil
}

func queryWords(c *api.Call, name string, of []string) (words []string, err error) {
	for _, w := range c.Query()[name] {
		if w == "" {
			continue
		}
		if !slices.Contains(of, w) {
			return nil, friend.InvalidParameter(name)
		}
		words = append(words, w)
	}
	return words, nil
}

func queryFlag(c *api.Call, name string) (bool, error) {
	v, ok := parseFlag(c.Query().Get(name))
	if !ok {
		return false, friend.InvalidParameter(name)
	}
	return v, nil
}
