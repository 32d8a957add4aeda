package contactstore

import (
	"regexp"
	"slices"
	"strings"
)

// SchemeID numbers the schemes that this release knows; 0 is none of them. The numbers stand in stored records: they
// never change, and new schemes take new ones.
type SchemeID uint8

// The schemes. Source: section 11 of the language specification.
const (
	SchemeUnknown SchemeID = iota
	SchemeTel
	SchemeMailto
	SchemeTwitter
	SchemeTwitterID
	SchemeTelegram
	SchemeExt
	SchemeWhatsApp
	SchemeBSUID
	SchemeFacebook
	SchemeInstagram
	SchemeJioChat
	SchemeViber
	SchemeLine
	SchemeWebChat
	SchemeFreshChat
	SchemeFCM
	SchemeRocketChat
	SchemeSlack
	SchemeVK
	SchemeWeChat
	SchemeDiscord
)

// Scheme is a type of connection.
type Scheme struct {
	ID SchemeID
	// Name is the scheme in URNs, such as mailto.
	Name string
	// Title is the connection type as people read it, such as Email Address.
	Title string
	// ChannelTypes are the types of channel that serve such connections.
	ChannelTypes []string

	normalize func(path string) string
	valid     func(path string) bool
}

var aggregators = []string{"Twilio", "Plivo", "Nexmo", "Clickatell", "Africa's Talking", "Android"}

// schemes is sorted by name. Source: section 11 and 13 of the language specification.
var schemes = [...]Scheme{
	{ID: SchemeBSUID, Name: "bsuid", Title: "WhatsApp Business Identifier", ChannelTypes: []string{"WhatsApp"}, normalize: upperCountry, valid: isBSUID},
	{ID: SchemeDiscord, Name: "discord", Title: "Discord Identifier", ChannelTypes: []string{"Discord"}, valid: isDigits},
	{ID: SchemeExt, Name: "ext", Title: "External Identifier", ChannelTypes: []string{"External API"}},
	{ID: SchemeFacebook, Name: "facebook", Title: "Facebook Identifier", ChannelTypes: []string{"Facebook"}, valid: isFacebook},
	{ID: SchemeFCM, Name: "fcm", Title: "Firebase Cloud Messaging Identifier", ChannelTypes: []string{"Firebase Cloud Messaging"}},
	{ID: SchemeFreshChat, Name: "freshchat", Title: "Freshchat Identifier", ChannelTypes: []string{"Freshchat"}, valid: matches(`^` + uuidPattern + `/` + uuidPattern + `$`)},
	{ID: SchemeInstagram, Name: "instagram", Title: "Instagram Identifier", ChannelTypes: []string{"Instagram"}, valid: isDigits},
	{ID: SchemeJioChat, Name: "jiochat", Title: "JioChat Identifier", ChannelTypes: []string{"JioChat"}, valid: isDigits},
	{ID: SchemeLine, Name: "line", Title: "LINE Identifier", ChannelTypes: []string{"LINE"}, valid: matches(`^[a-zA-Z0-9_]{1,36}$`)},
	{ID: SchemeMailto, Name: "mailto", Title: "Email Address", ChannelTypes: []string{"Surveyor"}, normalize: strings.ToLower, valid: matches(`^[^\s@]+@[^\s@]+$`)},
	{ID: SchemeRocketChat, Name: "rocketchat", Title: "Rocket.Chat Identifier", ChannelTypes: []string{"Rocket.Chat"}},
	{ID: SchemeSlack, Name: "slack", Title: "Slack Identifier", ChannelTypes: []string{"Slack"}},
	{ID: SchemeTel, Name: "tel", Title: "Phone Number", ChannelTypes: aggregators, normalize: normalizePhone, valid: matches(`^(\+[0-9]{7,15}|[a-z0-9]{1,64})$`)},
	{ID: SchemeTelegram, Name: "telegram", Title: "Telegram Identifier", ChannelTypes: []string{"Telegram"}, valid: isDigits},
	{ID: SchemeTwitter, Name: "twitter", Title: "Twitter Handle", ChannelTypes: []string{"Twitter"}, normalize: normalizeHandle, valid: matches(`^[a-zA-Z0-9_]{1,15}$`)},
	{ID: SchemeTwitterID, Name: "twitterid", Title: "Twitter Identifier", ChannelTypes: []string{"Twitter"}, valid: isDigits},
	{ID: SchemeViber, Name: "viber", Title: "Viber Identifier", ChannelTypes: []string{"Viber"}, valid: matches(`^[a-zA-Z0-9_=/+]{1,24}$`)},
	{ID: SchemeVK, Name: "vk", Title: "VK Identifier", ChannelTypes: []string{"VK"}},
	{ID: SchemeWebChat, Name: "webchat", Title: "WebChat Identifier", ChannelTypes: []string{"WebChat"}, valid: matches(`^[a-zA-Z0-9]{24}(:[^\s@]+@[^\s@]+)?$`)},
	{ID: SchemeWeChat, Name: "wechat", Title: "WeChat Identifier", ChannelTypes: []string{"WeChat"}},
	{ID: SchemeWhatsApp, Name: "whatsapp", Title: "WhatsApp Identifier", ChannelTypes: []string{"WhatsApp"}, normalize: upperCountry, valid: func(path string) bool { return isDigits(path) || isBSUID(path) }},
}

// uuidPattern is of one UUID, its letters in either case.
const uuidPattern = `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`

// Schemes gives all schemes, sorted by name.
func Schemes() []Scheme { return slices.Clone(schemes[:]) }

// SchemeByName finds a scheme by its name, which is in lower case.
func SchemeByName(name string) (Scheme, bool) {
	s := schemeByName(name)
	if s == nil {
		return Scheme{}, false
	}
	return *s, true
}

func schemeByName(name string) *Scheme {
	for i := range schemes {
		if schemes[i].Name == name {
			return &schemes[i]
		}
	}
	return nil
}

// Name gives the scheme's name in URNs; empty for SchemeUnknown.
func (id SchemeID) Name() string {
	for i := range schemes {
		if schemes[i].ID == id {
			return schemes[i].Name
		}
	}
	return ""
}

func matches(pattern string) func(path string) bool { return regexp.MustCompile(pattern).MatchString }

var (
	isDigits   = matches(`^[0-9]+$`)
	isBSUID    = matches(`^[A-Z]{2}\.[a-zA-Z0-9]{1,128}$`)
	hasCountry = matches(`^[a-zA-Z]{2}\.`)
)

// isFacebook allows references, which are of no form, beside ids.
func isFacebook(path string) bool { return isDigits(path) || strings.HasPrefix(path, "ref:") }

// normalizeHandle lower-cases a handle and drops the @ that people write before it.
func normalizeHandle(path string) string { return strings.TrimPrefix(strings.ToLower(path), "@") }

// upperCountry upper-cases the country before the dot of a business identifier.
func upperCountry(path string) string {
	if hasCountry(path) {
		return strings.ToUpper(path[:2]) + path[2:]
	}
	return path
}
