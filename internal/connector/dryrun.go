package connector

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Forecast is what a dry run tells: what would be sent, whether the API would
// take it, who would receive it and what of the month's quota it would cost.
type Forecast struct {
	DryRun bool   `json:"dry_run"`
	Action string `json:"action"`
	Method string `json:"method"`
	Path   string `json:"path"`
	// Valid is null when the platform has no operation that validates it, or did not.
	Valid      *bool       `json:"valid"`
	Validation *Result     `json:"validation,omitzero"`
	Recipients *Recipients `json:"recipients,omitzero"`
	Quota      *Quota      `json:"quota,omitzero"`
}

// Recipients are who would receive a send.
type Recipients struct {
	// Count is null when the API does not tell.
	Count *int64 `json:"count"`
	// Exact is false when Count is the most that it can be, or a figure of another day.
	Exact bool     `json:"exact"`
	Chats []string `json:"chats,omitzero"`
	Note  string   `json:"note,omitzero"`
}

// Quota is what a send would cost. A message counts once for each person who
// receives it, however many message objects it has; replies cost nothing.
type Quota struct {
	Cost *int64 `json:"cost"`
	// Limit and Remaining are null when the account has no limit.
	Limit     *int64 `json:"limit"`
	Used      int64  `json:"used"`
	Remaining *int64 `json:"remaining"`
	// Enough is null when the cost is not known.
	Enough *bool `json:"enough"`
}

// DryRun tells what Run would do, by operations that change nothing.
func (c *Client) DryRun(ctx context.Context, name string, input []byte) (*Forecast, error) {
	p, err := prepare(name, input)
	if err != nil {
		return nil, err
	}
	action, in, r := p.action, p.in, p.request
	f := &Forecast{DryRun: true, Action: action.Name, Method: r.method, Path: r.path}
	if action.Check != "" {
		if err := c.validate(ctx, f, action, in, r); err != nil {
			return nil, err
		}
	}
	if action.Sends == "" {
		return f, nil
	}
	if f.Recipients, err = c.recipients(ctx, action.Sends, in); err != nil {
		return nil, err
	}
	f.Quota, err = c.quota(ctx, action.Sends, f.Recipients.Count)
	return f, err
}

// validate asks the operation that looks at the same without doing it.
func (c *Client) validate(ctx context.Context, f *Forecast, action *Action, in Values, r *request) (err error) {
	body := r.body
	if action.Sends != "" { // it looks at the messages only
		body = JSON(Values{"messages": in["messages"]})
	}
	check := &Action{Name: action.Name, Method: "POST", Path: action.Check}
	f.Validation, err = c.send(ctx, &request{action: check, method: "POST", path: action.Check, header: map[string][]string{"Content-Type": {"application/json"}}, body: body})
	if err == nil && (f.Validation.StatusCode == 200 || f.Validation.StatusCode == 400) { // other refusals say nothing of the input
		valid := f.Validation.StatusCode == 200
		f.Valid = &valid
	}
	return err
}

// ask reads something of the API into v; false when it does not tell.
func (c *Client) ask(ctx context.Context, path string, v any) (bool, error) {
	result, err := c.look(ctx, path)
	if err != nil || result.StatusCode != 200 {
		return false, err
	}
	return json.Unmarshal(result.JSONBody, v) == nil, nil
}

// look reads something of the API.
func (c *Client) look(ctx context.Context, path string) (*Result, error) {
	return c.send(ctx, &request{action: &Action{Name: path}, method: "GET", path: path, header: map[string][]string{}})
}

// recipients says who would receive a send.
func (c *Client) recipients(ctx context.Context, kind Send, in Values) (*Recipients, error) {
	switch kind {
	case Reply:
		return &Recipients{Count: number(1), Exact: true, Note: "the chat of the reply token"}, nil
	case Phone:
		return &Recipients{Count: number(1), Note: "the person of that phone number, if there is one who takes such messages"}, nil
	case Push:
		return c.chat(ctx, plain(in["to"]))
	case Multicast:
		return several(in["to"]), nil
	}
	return c.friends(ctx, kind, in)
}

func number(n int64) *int64 { return &n }

// chat is the recipients of a push.
func (c *Client) chat(ctx context.Context, to string) (*Recipients, error) {
	path, note := "/v2/bot/profile/"+url.PathEscape(to), "no person whom the account may send to"
	switch {
	case strings.HasPrefix(to, "C"):
		path, note = "/v2/bot/group/"+url.PathEscape(to)+"/members/count", "no group that the account is in"
	case strings.HasPrefix(to, "R"):
		path, note = "/v2/bot/room/"+url.PathEscape(to)+"/members/count", "no room that the account is in"
	}
	of := struct {
		Count int64 `json:"count"`
	}{1} // a profile has no count: it is one person
	result, err := c.look(ctx, path)
	switch {
	case err != nil:
		return nil, err
	case result.StatusCode == 404 || result.StatusCode == 400:
		return &Recipients{Count: number(0), Exact: true, Chats: []string{to}, Note: note}, nil
	case result.StatusCode != 200 || json.Unmarshal(result.JSONBody, &of) != nil:
		return &Recipients{Chats: []string{to}, Note: "the API does not tell"}, nil
	}
	return &Recipients{Count: number(of.Count), Exact: true, Chats: []string{to}}, nil
}

// several is the recipients of a multicast: nobody gets it twice.
func several(to jsontext.Value) *Recipients {
	var list []string
	if to.Kind() == '"' {
		list = []string{plain(to)}
	} else if json.Unmarshal(to, &list) == nil {
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return &Recipients{Count: number(int64(len(list))), Chats: list, Note: "of them those who are friends"}
}

// followersPages is how many pages of friends are counted before the statistics are asked.
const followersPages = 5

// friends is the recipients of a broadcast, and the most of a narrowcast.
func (c *Client) friends(ctx context.Context, kind Send, in Values) (*Recipients, error) {
	r := &Recipients{Exact: kind == Broadcast, Note: "all friends"}
	count, known, err := c.followers(ctx)
	if err == nil && !known {
		r.Exact, r.Note = false, "friends who can be reached, as of yesterday"
		count, known, err = c.reach(ctx)
	}
	if err != nil {
		return nil, err
	}
	var limit struct {
		Max *int64 `json:"max"`
	}
	if kind == Narrowcast {
		r.Exact, r.Note = false, "at most all friends: who fits recipient and filter is known when it is sent"
		if v, ok := in["limit"]; ok && json.Unmarshal(v, &limit) == nil && limit.Max != nil && (!known || *limit.Max < count) {
			count, known = *limit.Max, true
		}
	}
	if known {
		r.Count = &count
	} else {
		r.Note += "; the API does not tell how many they are"
	}
	return r, nil
}

// followers counts the friends, where the account may list them and they are few.
func (c *Client) followers(ctx context.Context) (count int64, known bool, err error) {
	query := "?limit=1000"
	for range followersPages {
		var page struct {
			UserIDs []string `json:"userIds"`
			Next    string   `json:"next"`
		}
		if known, err = c.ask(ctx, "/v2/bot/followers/ids"+query, &page); err != nil || !known {
			return 0, false, err
		}
		count += int64(len(page.UserIDs))
		if page.Next == "" {
			return count, true, nil
		}
		query = "?limit=1000&start=" + url.QueryEscape(page.Next)
	}
	return 0, false, nil
}

// reach is how many friends could be reached on the latest day that is counted.
func (c *Client) reach(ctx context.Context) (int64, bool, error) {
	var of struct {
		Status          string `json:"status"`
		TargetedReaches int64  `json:"targetedReaches"`
	}
	tokyo := time.FixedZone("", 9*60*60)
	day := c.connection.Now().In(tokyo).AddDate(0, 0, -1).Format("20060102")
	known, err := c.ask(ctx, "/v2/bot/insight/followers?date="+day, &of)
	return of.TargetedReaches, known && of.Status == "ready", err
}

// quota is what sending to that many people would cost.
func (c *Client) quota(ctx context.Context, kind Send, recipients *int64) (*Quota, error) {
	var limit struct {
		Type  string `json:"type"`
		Value int64  `json:"value"`
	}
	var used struct {
		TotalUsage int64 `json:"totalUsage"`
	}
	told, err := c.ask(ctx, "/v2/bot/message/quota", &limit)
	if err == nil && told {
		told, err = c.ask(ctx, "/v2/bot/message/quota/consumption", &used)
	}
	if err != nil || !told {
		return nil, err
	}
	q := &Quota{Cost: recipients, Used: used.TotalUsage}
	if kind == Reply {
		q.Cost = number(0)
	}
	if limit.Type == "limited" {
		q.Limit, q.Remaining = number(limit.Value), number(max(0, limit.Value-used.TotalUsage))
	}
	if q.Cost != nil {
		enough := q.Remaining == nil || *q.Cost <= *q.Remaining
		q.Enough = &enough
	}
	return q, nil
}
