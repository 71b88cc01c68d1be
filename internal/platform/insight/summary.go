package insight

import (
	"kaiwa/internal/platform/interaction"
)

// overview is by how many people; nil, a null, where they were too few to tell.
type overview struct {
	UniqueImpression            *int64 `json:"uniqueImpression"`
	UniqueClick                 *int64 `json:"uniqueClick"`
	UniqueMediaPlayed           *int64 `json:"uniqueMediaPlayed"`
	UniqueMediaPlayed100Percent *int64 `json:"uniqueMediaPlayed100Percent"`
}

// played is what is told of one message of a request.
type played struct {
	Seq        int64  `json:"seq"`
	Impression *int64 `json:"impression"`
	media      `json:",inline"`
}

type media struct {
	MediaPlayed                 *int64 `json:"mediaPlayed"`
	MediaPlayed25Percent        *int64 `json:"mediaPlayed25Percent"`
	MediaPlayed50Percent        *int64 `json:"mediaPlayed50Percent"`
	MediaPlayed75Percent        *int64 `json:"mediaPlayed75Percent"`
	MediaPlayed100Percent       *int64 `json:"mediaPlayed100Percent"`
	UniqueMediaPlayed           *int64 `json:"uniqueMediaPlayed"`
	UniqueMediaPlayed25Percent  *int64 `json:"uniqueMediaPlayed25Percent"`
	UniqueMediaPlayed50Percent  *int64 `json:"uniqueMediaPlayed50Percent"`
	UniqueMediaPlayed75Percent  *int64 `json:"uniqueMediaPlayed75Percent"`
	UniqueMediaPlayed100Percent *int64 `json:"uniqueMediaPlayed100Percent"`
}

// clicks is what is told of one link.
type clicks struct {
	Seq         int64  `json:"seq"`
	URL         string `json:"url"`
	Click       *int64 `json:"click"`
	UniqueClick *int64 `json:"uniqueClick"`
	// UniqueClickOfRequest counts who opened the URL by any message of the request.
	UniqueClickOfRequest *int64 `json:"uniqueClickOfRequest"`
}

// bubble is a message of which something can be told.
type bubble struct {
	played
	uniqueImpression *int64
}

type summary struct {
	overview overview
	messages []bubble
	clicks   []clicks
}

// summarise sorts what was done, in the order of messages, into the form of the
// platform. What fewer than 20 people did is not told, however often they did it.
func summarise(list []interaction.Tally) summary {
	s := summary{clicks: []clicks{}}
	ofRequest := map[string]*int64{}
	for _, t := range list { // those of any message come first
		if t.People < least {
			continue
		}
		switch {
		case t.Seq == interaction.All && t.URL != "":
			ofRequest[t.URL] = &t.People
		case t.Seq == interaction.All:
			s.overview.set(t)
		case t.Kind == interaction.Click:
			s.clicks = append(s.clicks, clicks{t.Seq, t.URL, &t.Times, &t.People, ofRequest[t.URL]})
		default:
			if n := len(s.messages); n == 0 || s.messages[n-1].Seq != t.Seq {
				s.messages = append(s.messages, bubble{played: played{Seq: t.Seq}})
			}
			s.messages[len(s.messages)-1].set(t)
		}
	}
	return s
}

func (o *overview) set(t interaction.Tally) {
	switch t.Kind {
	case interaction.Impression:
		o.UniqueImpression = &t.People
	case interaction.Click:
		o.UniqueClick = &t.People
	case interaction.Played:
		o.UniqueMediaPlayed = &t.People
	case interaction.Played100:
		o.UniqueMediaPlayed100Percent = &t.People
	}
}

func (b *bubble) set(t interaction.Tally) {
	switch t.Kind {
	case interaction.Impression:
		b.Impression, b.uniqueImpression = &t.Times, &t.People
	case interaction.Played:
		b.MediaPlayed, b.UniqueMediaPlayed = &t.Times, &t.People
	case interaction.Played25:
		b.MediaPlayed25Percent, b.UniqueMediaPlayed25Percent = &t.Times, &t.People
	case interaction.Played50:
		b.MediaPlayed50Percent, b.UniqueMediaPlayed50Percent = &t.Times, &t.People
	case interaction.Played75:
		b.MediaPlayed75Percent, b.UniqueMediaPlayed75Percent = &t.Times, &t.People
	case interaction.Played100:
		b.MediaPlayed100Percent, b.UniqueMediaPlayed100Percent = &t.Times, &t.People
	}
}
