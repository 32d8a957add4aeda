package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax"
	"github.com/flowexpr/flowexpr/vars"
)

const (
	// minWord is the length of the words without a dot that are compared with variables: shorter ones resemble any.
	minWord = 5
	// maxApart is by how many characters a word without a dot may be longer or shorter than the variable it resembles.
	maxApart = 2
	// maxCall bounds the source in which the end of a call that stays text is sought, in bytes.
	maxCall = 1000
)

// words looks for names after an `@` that stay text, as they are no variables, but look as if they were meant to be.
func (c *checker) words() {
	everything := func(string) bool { return true }
	for _, block := range syntax.Scan(c.template, everything) {
		if block.Kind != syntax.IdentifierBlock {
			continue
		}
		if c.full() {
			c.found.More = true
			return
		}
		name, rest, dotted := strings.Cut(strings.ToLower(block.Text), ".")
		if c.options.Roots.Allows(name) || c.afterName(block.Span.Start) {
			continue
		}
		if !c.functionAsText(&block, name, dotted) {
			c.unknownWord(&block, name, rest, dotted)
		}
	}
}

// afterName reports whether what stands before a place of the template is part of a word, as in an e-mail address.
func (c *checker) afterName(place int) bool {
	before, _ := utf8.DecodeLastRuneInString(c.template[:place])
	return place > 0 && isWordChar(before)
}

func isWordChar(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// unknownWord warns of a word that resembles a variable.
func (c *checker) unknownWord(block *syntax.Block, name, rest string, dotted bool) {
	root := c.nearest(name, c.options.Roots.Names())
	if !dotted && (len(name) < minWord || abs(len(name)-len(root)) > maxApart) {
		root = ""
	}
	top := diag.Span{Start: block.Inner.Start, End: block.Inner.Start + len(name)}
	replacement := root
	if root == "" && !dotted {
		top, replacement = block.Inner, c.homeOf(name)
	}
	if replacement == "" {
		return
	}
	meant := replacement
	if dotted && root != "" {
		meant += "." + rest
	}
	c.report(diag.Diagnostic{
		Severity: diag.Warning, Code: "unknown_word", Expression: "@" + block.Text, Span: block.Inner,
		Message: "@" + block.Text + " stays text: there is no variable " + name,
		Hint:    "did you mean @" + meant + "? write @@" + block.Text + " for the text",
		Fix:     &diag.Fix{Span: top, Replacement: replacement},
	})
}

func abs(n int) int { return max(n, -n) }

// homeOf gives the variable that has a name as its last part: name is contact.name, age may be fields.age. Names of
// connection types are words of their own, such as @twitter.
func (c *checker) homeOf(name string) string {
	switch {
	case containsFold(vars.Properties("urns"), name):
		return ""
	case containsFold(vars.Properties("contact"), name):
		return "contact." + name
	case containsFold(c.fields(), name):
		return "fields." + name
	}
	return ""
}

// functionAsText warns of a call without the parentheses that make it an expression: `@upper(contact.name)`.
func (c *checker) functionAsText(block *syntax.Block, name string, dotted bool) bool {
	rest := c.template[block.Span.End:]
	if _, ok := c.engine.library.Lookup(name); !ok || dotted || !strings.HasPrefix(rest, "(") {
		return false
	}
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: "unknown_word", Expression: "@" + block.Text, Span: block.Inner,
		Message: "@" + block.Text + "(…) stays text: functions are called inside @( )",
	}
	call := syntax.Scan("@"+rest[:min(len(rest), maxCall)], func(string) bool { return false })
	if len(call) > 0 && call[0].Kind == syntax.ExpressionBlock {
		end := block.Span.End + call[0].Span.End - len("@")
		source := c.template[block.Inner.Start:end]
		d.Hint = "write @(" + shorten(source) + ")"
		d.Fix = &diag.Fix{Span: diag.Span{Start: block.Inner.Start, End: end}, Replacement: "(" + source + ")"}
	}
	c.report(d)
	return true
}

// maxMissing is how many parentheses are added to mend a block that does not end.
const maxMissing = 10

// unterminated warns of an `@(` whose end never comes, so that all the rest is text.
func (c *checker) unterminated(block *syntax.Block) {
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: "unterminated", Expression: "@(",
		Span:    diag.Span{Start: block.Span.Start, End: block.Span.Start + len("@(")},
		Message: "this @( is never closed: it and all that follows stays text",
		Hint:    "close it with ), or write @@( for the text",
	}
	inside := c.template[d.Span.End:block.Span.End]
	if strings.Contains(inside, `\\"`) {
		d.Hint = `a text cannot end in a backslash: \\" does not close it`
	}
	if end, missing := closing(inside); missing > 0 {
		place := d.Span.End + end
		d.Fix = &diag.Fix{Span: diag.Span{Start: place, End: place}, Replacement: strings.Repeat(")", missing)}
	}
	c.report(d)
}

// closing finds where an expression that is not closed may have been meant to end: at the end of its first line, or
// after the longest run of it without white space. missing is how many parentheses it takes, 0 when nothing helps.
func closing(inside string) (end, missing int) {
	line, _, _ := strings.Cut(inside, "\n")
	if len(line) > maxCall {
		return 0, 0
	}
	line = strings.TrimRight(line, " \t\r")
	word, _, _ := strings.Cut(line, " ")
	for _, source := range []string{line, strings.TrimRight(word, ".,;:!?")} {
		for n := 1; n <= maxMissing && source != ""; n++ {
			if _, mistake := syntax.Parse(source + strings.Repeat(")", n-1)); mistake == nil {
				return len(source), n
			}
		}
	}
	return 0, 0
}

// email recognizes an address whose domain is read as a variable: `bob@contact.com`. It reports whether the block is
// part of one; then nothing else need be said of it.
func (c *checker) email(n syntax.Node) bool {
	if c.block.Kind != syntax.IdentifierBlock || !c.afterName(c.block.Span.Start) {
		return false
	}
	after := c.template[c.block.Span.End:]
	domain := c.block.Text + after[:domainLength(after)]
	names, _ := c.names(n)
	severity, ok := c.domain(domain, names)
	if !ok {
		return false
	}
	at := c.block.Span.Start
	start := at
	for start > 0 {
		before, size := utf8.DecodeLastRuneInString(c.template[:start])
		if !isWordChar(before) && !strings.ContainsRune(".+-%", before) {
			break
		}
		start -= size
	}
	local := c.template[start:at]
	c.report(diag.Diagnostic{
		Severity: severity, Code: "email_evaluated", Span: diag.Span{Start: start, End: at + 1 + len(domain)},
		Message: "in this address @" + c.block.Text + " is a variable, and is replaced",
		Hint:    "write " + local + "@@" + domain + " for the address",
		Fix:     &diag.Fix{Span: diag.Span{Start: at, End: at + 1}, Replacement: "@@"},
	})
	return true
}

// domainLength measures what of a domain name follows its first part: `-center.com`.
func domainLength(text string) int {
	if !strings.HasPrefix(text, "-") {
		return 0
	}
	end := strings.IndexFunc(text, func(r rune) bool { return !isWordChar(r) && r != '-' && r != '.' })
	if end < 0 {
		end = len(text)
	}
	return len(strings.TrimRight(text[:end], "-."))
}

// topDomains are the commonest last parts of addresses that are no country's; those have two letters.
var topDomains = []string{"app", "biz", "com", "dev", "edu", "gov", "info", "int", "mil", "net", "ngo", "org"}

// domain tells whether a name is the domain of an address rather than a variable, and how bad it is that it is
// evaluated: an error when there is no such variable.
func (c *checker) domain(domain string, names []dottedName) (diag.Severity, bool) {
	dot := strings.LastIndexByte(domain, '.')
	last := strings.ToLower(domain[dot+1:])
	if dot < 0 || len(names) == 0 {
		return diag.Warning, false
	}
	common := len(last) == 2 || containsFold(topDomains, last)
	if _, source := c.options.Roots.Find(names[0].name); source != vars.FromRecord || domain != c.block.Text {
		return diag.Warning, common
	}
	written := make([]string, len(names))
	for i := range names {
		written[i] = names[i].name
	}
	variable, _ := vars.Resolve(written)
	if c.unknownProperty(variable) != "" {
		return diag.Error, true
	}
	return diag.Warning, common && !c.defined(variable)
}

// defined reports whether a variable is known to exist, not only not to be missing.
func (c *checker) defined(variable vars.Variable) bool {
	root, _ := rootAndKey(variable)
	return c.options.Workspace != nil || root == "contact" || root == "urns"
}
