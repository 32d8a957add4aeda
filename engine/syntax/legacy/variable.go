package legacy

import "strings"

// variable rewrites a variable.
func (r *rewriter) variable(n *node) fragment {
	path := strings.Split(strings.ToLower(n.text), ".")
	top, rest := path[0], path[1:]
	if isContactPrefix(top, rest) {
		top, rest = "contact", rest[1:]
	}
	switch top {
	case "contact":
		return r.contact(n, "", rest)
	case "parent", "child":
		if first(rest) == "contact" {
			return r.contact(n, top+".", rest[1:])
		}
		return r.results(top+".", rest)
	case "flow":
		return r.results("", rest)
	case "step":
		return r.step(rest)
	case "channel":
		return r.channel(rest)
	case "extra":
		if first(rest) == "flow" {
			return r.results("parent.", rest[1:])
		}
		return r.path("legacy_extra", rest...)
	case "date":
		if f, ok := r.moment(rest); ok {
			return f
		}
	}
	return r.unknown(n)
}

// first gives the first segment of a path, "" if there is none.
func first(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[0]
}

// isContactPrefix tells whether a variable names the contact by way of the flow or the step.
func isContactPrefix(top string, rest []string) bool {
	return first(rest) == "contact" && (top == "step" || top == "flow")
}

func (r *rewriter) unknown(n *node) fragment {
	r.noteAs("unknown_variable", n, n.text+" is not a legacy variable: it is left as it is", "")
	segments := strings.Split(n.text, ".")
	return r.path(segments[0], segments[1:]...)
}

// contact rewrites what is behind `contact`. The prefix is empty, `parent.` or `child.`.
func (r *rewriter) contact(n *node, prefix string, rest []string) fragment {
	key := first(rest)
	switch key {
	case "", "uuid", "id", "name", "first_name", "language":
		return r.path(prefix+"contact", rest...)
	case "created_on":
		f := r.path(prefix+"contact", rest...)
		f.kind = dateTimeKind
		return f
	case "groups":
		return r.call("join", r.path(prefix+"contact", rest...), r.text(","))
	case "tel_e164":
		return r.urnPath(r.path(prefix+"urns", "tel"))
	}
	if isScheme(key) {
		return r.urn(n, prefix, key, rest[1:])
	}
	return r.path(prefix+"fields", rest...)
}

// urn rewrites what is behind a scheme.
func (r *rewriter) urn(n *node, prefix, scheme string, rest []string) fragment {
	urn := r.path(prefix+"urns", scheme)
	switch strings.Join(rest, ".") {
	case "":
		if scheme == "tel" {
			return r.call("format_urn", urn)
		}
		return r.urnPath(urn)
	case "display":
		return r.call("format_urn", urn)
	case "path", "scheme":
		return r.path(r.call("urn_parts", urn).text, rest...).inExpression()
	case "urn":
		return urn
	}
	r.note(n, n.text+" is not a part of a connection", "write .display, .path, .scheme or .urn")
	return r.path(urn.text, rest...)
}

// urnPath gives the path of a URN, or nothing if the contact has none.
func (r *rewriter) urnPath(urn fragment) fragment {
	return r.call("default", r.path(r.call("urn_parts", urn).text, "path"), r.text(""))
}

// inExpression says that a path, since it begins with a call, needs parentheses in a template.
func (f fragment) inExpression() fragment {
	f.plain = false
	return f
}

// results rewrites what is behind `flow`.
func (r *rewriter) results(prefix string, rest []string) fragment {
	if len(rest) < 2 {
		return r.path(prefix+"results", rest...)
	}
	path := append([]string(nil), rest...)
	if property := resultProperty(path[1]); property != "" {
		path[1] = property
	}
	f := r.path(prefix+"results", path...)
	if len(path) == 2 && rest[1] == "time" {
		f.kind = dateTimeKind
	}
	return f
}

func resultProperty(name string) string {
	switch name {
	case "value":
		return "value"
	case "category":
		return "category_localized"
	case "text":
		return "input"
	case "time":
		return "created_on"
	}
	return ""
}

func (r *rewriter) step(rest []string) fragment {
	switch property := strings.Join(rest, "."); property {
	case "", "value":
		return r.path("input")
	case "time":
		f := r.path("input", "created_on")
		f.kind = dateTimeKind
		return f
	case "attachments":
		parts := r.call("foreach", r.path("input", "attachments"), atom("attachment_parts", unknownKind))
		return r.call("foreach", parts, atom("extract", unknownKind), r.text("url"))
	}
	if len(rest) == 2 && rest[0] == "attachments" && isInteger(rest[1]) {
		attachment := atom(r.join("input.attachments[", rest[1], "]"), unknownKind)
		return r.path(r.call("attachment_parts", attachment).text, "url").inExpression()
	}
	return r.path("input", rest...)
}

func (r *rewriter) channel(rest []string) fragment {
	switch strings.Join(rest, ".") {
	case "", "tel", "tel_e164":
		return r.path("contact.channel", "address")
	}
	return r.path("contact.channel", rest...)
}

// moment rewrites what is behind `date`.
func (r *rewriter) moment(rest []string) (f fragment, ok bool) {
	now := r.typed(dateTimeKind, "now")
	days := func(n string) fragment {
		return r.date(r.call("datetime_add", now, atom(n, numberKind), r.text("D")))
	}
	switch strings.Join(rest, ".") {
	case "", "now":
		return now, true
	case "today":
		return r.date(r.call("today")), true
	case "tomorrow":
		return days("1"), true
	case "yesterday":
		return days("-1"), true
	}
	return fragment{}, false
}

// isScheme knows the kinds of connections; a contact's field cannot have such a name.
func isScheme(name string) bool {
	switch name {
	case "bsuid", "ext", "facebook", "fcm", "freshchat", "instagram", "jiochat", "line", "mailto", "rocketchat", "slack",
		"tel", "telegram", "twitter", "twitterid", "viber", "vk", "webchat", "wechat", "whatsapp":
		return true
	}
	return false
}
