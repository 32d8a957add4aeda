package syntax

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
)

// advice is what to do about a mistake. Both are empty where nothing better than the message is known.
type advice struct {
	hint string
	fix  *diag.Fix
}

// edit is the advice to put replacement in the place of span.
func edit(hint string, span diag.Span, replacement string) advice {
	return advice{hint, &diag.Fix{Span: span, Replacement: replacement}}
}

// advise looks for a common slip at the token that cannot stand where it stands.
func (p *parser) advise() advice {
	t, before := p.token, p.previous
	if before.span.End == t.span.Start { // nothing between them
		if hint, replacement := adviseSymbol(p.written(before) + p.written(t)); hint != "" {
			return edit(hint, diag.Span{Start: before.span.Start, End: t.span.End}, replacement)
		}
	}
	switch {
	case t.kind == kindUnknown:
		return adviseUnknown(p.written(t), t.span)
	case strings.TrimLeft(p.source, " \t\r\n") == "":
		return advice{hint: "write an expression between the parentheses"}
	case endsOperand(before.kind):
		return p.adviseAfter()
	case before.kind == ".":
		return advice{hint: p.adviseLookup()}
	}
	return p.adviseMissing()
}

// adviseSymbol translates the symbols of other languages.
func adviseSymbol(symbol string) (hint, replacement string) {
	switch symbol {
	case "==":
		return "write = to compare", "="
	case "<>":
		return "write != to compare", "!="
	case "=<":
		return "write <= to compare", "<="
	case "**":
		return "write ^ for powers", "^"
	}
	return "", ""
}

// adviseUnknown is about a character that no token begins with.
func adviseUnknown(character string, span diag.Span) advice {
	switch character {
	case "'", "`", "‘", "’", "‚", "“", "”", "„", "«", "»", "＂":
		return advice{hint: `write texts in straight double quotes: "text"`}
	case `"`:
		return advice{hint: `the text has no closing "`}
	case "@":
		return edit("leave out the @ inside an expression", span, "")
	case "!":
		return advice{hint: "write != to compare, or if(x, false, true) for the opposite of x"}
	case "|":
		return advice{hint: "write or(a, b) where either will do"}
	case "%":
		return advice{hint: "write mod(a, b) for what a division leaves"}
	case "?", ":":
		return advice{hint: "write if(test, a, b) to choose"}
	case ";", "，", "、":
		return edit("separate arguments with ,", span, ",")
	case "{", "}":
		return advice{hint: `write object("key", value) or array(a, b)`}
	case "×":
		return edit("write * to multiply", span, "*")
	case "÷":
		return edit("write / to divide", span, "/")
	case "–", "—", "−":
		return edit("write - to subtract", span, "-")
	}
	return advice{}
}

// endsOperand tells whether a value may end in a token of this kind.
func endsOperand(k kind) bool {
	switch k {
	case kindName, kindInteger, kindDecimal, kindText, "true", "false", "null", ")", "]":
		return true
	}
	return false
}

func isClosing(k kind) bool { return k == ")" || k == "]" }

// adviseAfter is about what follows a value.
func (p *parser) adviseAfter() advice {
	t, before := p.token, p.previous
	switch t.kind {
	case kindEnd, ")", "]":
		return advice{hint: p.adviseBracket()}
	case ",":
		return advice{hint: "use , only between the arguments of a function"}
	case "=>":
		return advice{hint: "write >= to compare, or (x) => x for a function"}
	case ".", "(", "[":
		if t.kind == "." && before.kind == kindInteger {
			return advice{hint: "write digits after the point, or leave it out"}
		}
		return advice{hint: "put " + p.written(before) + " in parentheses to look something up in it or to call it"}
	}
	if hint := p.adviseWord(); hint != "" {
		return advice{hint: hint}
	}
	if before.kind == kindText || t.kind == kindText {
		return advice{hint: "write & to join texts"}
	}
	return advice{hint: "an operator or a comma is missing"}
}

// adviseBracket is about brackets that do not match.
func (p *parser) adviseBracket() string {
	switch {
	case len(p.open) == 0 && p.token.kind == kindEnd:
		return "write => and an expression after the parameters of a function"
	case len(p.open) == 0:
		return "leave out the " + p.written(p.token) + ": nothing is open here"
	case p.open[len(p.open)-1].kind == "[":
		return "a ] is missing"
	}
	return "a ) is missing"
}

// adviseWord is about words that are operators elsewhere, and words that begin with digits.
func (p *parser) adviseWord() string {
	t, before := p.token, p.previous
	word := p.written(t)
	switch strings.ToLower(word) {
	case "and":
		return "write and(a, b) where both are needed"
	case "or":
		return "write or(a, b) where either will do"
	}
	if strings.EqualFold(p.written(before), "not") {
		return "write if(x, false, true) for the opposite of x"
	}
	if t.kind != kindName || before.kind != kindInteger && before.kind != kindDecimal || before.span.End != t.span.Start {
		return ""
	}
	if before.span.Start > 0 && p.source[before.span.Start-1] == '.' {
		return `look up names that begin with a digit inside @( ), with ["` + p.written(before) + word + `"]`
	}
	if rest := strings.TrimLeft(word[1:], "0123456789"); (word[0] == 'e' || word[0] == 'E') && rest == "" {
		return "write the number without an exponent"
	}
	return "names cannot begin with a digit"
}

// adviseLookup is about what follows a dot.
func (p *parser) adviseLookup() string {
	switch word := p.written(p.token); p.token.kind {
	case kindDecimal:
		whole, fraction, _ := strings.Cut(word, ".")
		return "look up numbers inside @( ), with [" + whole + "][" + fraction + "]"
	case "true", "false", "null":
		return `look up this name inside @( ), with ["` + word + `"]`
	}
	return "a name is missing after the dot"
}

// adviseMissing is about a place where a value should stand.
func (p *parser) adviseMissing() advice {
	t, before := p.token, p.previous
	switch {
	case t.kind == "." && digits(p.source[t.span.End:]) > 0:
		return edit("write a digit before the point", diag.Span{Start: t.span.Start, End: t.span.Start}, "0")
	case t.kind == "+":
		return edit("leave out the +", t.span, "")
	case before.kind == "&" && t.kind == "&":
		return advice{hint: "write and(a, b) where both are needed, or one & to join texts"}
	case t.kind == kindEnd:
		return advice{hint: "a value is missing after " + p.written(before)}
	case before.kind == "(" && t.kind == ")" && p.isNext("=>"):
		return advice{hint: "a function needs at least one parameter"}
	case before.kind == "," && (t.kind == "(" || t.kind == "-" || endsOperand(t.kind) && !isClosing(t.kind)):
		return advice{hint: "write only names between the parentheses of a function"}
	case before.kind == "":
		return advice{hint: "a value is missing before " + p.written(t)}
	}
	return advice{hint: "a value is missing between " + p.written(before) + " and " + p.written(t)}
}

// isNext tells whether a token of this kind follows the one that is looked at.
func (p *parser) isNext(k kind) bool {
	ahead := p.lexer
	return ahead.next().kind == k
}
