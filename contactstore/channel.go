package contactstore

import (
	"slices"
	"strings"
)

// RoleSend is the role of a channel that can send messages.
const RoleSend = "send"

// Channel is what messages travel through.
type Channel struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
	// Type is the kind of channel, such as Twilio; it is shown and decides nothing.
	Type    string   `json:"type,omitempty"`
	Address string   `json:"address,omitempty"`
	Schemes []string `json:"schemes"`
	// Roles are send, receive and others; none given means send and receive.
	Roles []string `json:"roles,omitempty"`
	// Country is an ISO 3166 code of two letters; empty means that it is not known.
	Country string `json:"country,omitempty"`
	// MatchPrefixes are the beginnings of the numbers that the channel is best for; none given means its address.
	MatchPrefixes []string `json:"match_prefixes,omitempty"`
	// AllowInternational lets the channel send to numbers of other countries.
	AllowInternational bool `json:"allow_international,omitempty"`
}

// sends reports whether the channel can send to a scheme.
func (c *Channel) sends(scheme string) bool {
	return (len(c.Roles) == 0 || slices.Contains(c.Roles, RoleSend)) && slices.Contains(c.Schemes, scheme)
}

// reaches reports whether the channel sends to a number of a country; unknown countries pass.
func (c *Channel) reaches(country string) bool {
	return c.AllowInternational || c.Country == "" || country == "" || c.Country == country
}

// overlap is how many leading digits of a number the channel's prefixes share with it.
func (c *Channel) overlap(number string) int {
	if len(c.MatchPrefixes) == 0 {
		return commonPrefix(strings.TrimPrefix(c.Address, "+"), number)
	}
	longest := 0
	for _, prefix := range c.MatchPrefixes {
		longest = max(longest, commonPrefix(prefix, number))
	}
	return longest
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// channelFor resolves the channel that sends to a URN, nil when none can: the one it was last used on, if that still
// serves it; for phone numbers the one whose prefix fits best, the later of equals; else the first.
// Source: section 9.16 of the language specification.
func channelFor(scheme, path, country, lastChannel string, channels []Channel) *Channel {
	if lastChannel != "" {
		for i := range channels {
			if channels[i].UUID == lastChannel && channels[i].sends(scheme) {
				return &channels[i]
			}
		}
	}
	var best *Channel
	longest := -1
	for i := range channels {
		c := &channels[i]
		if !c.sends(scheme) {
			continue
		}
		if scheme != "tel" {
			return c
		}
		if !c.reaches(country) {
			continue
		}
		if overlap := c.overlap(strings.TrimPrefix(path, "+")); overlap >= longest {
			best, longest = c, overlap
		}
	}
	return best
}

// Destination is where a message to a contact goes.
type Destination struct {
	URN URN
	// Place is the connection's place in the contact's order, 1-based.
	Place  int
	Scheme Scheme
	// Channel is nil in a workspace that declares no channels.
	Channel *Channel
	Reason  string
}
