package legacy

import (
	"strings"

	"github.com/flowexpr/flowexpr/engine/diag"
)

const (
	maxNesting = 100   // calls, parentheses and signs inside each other
	maxTokens  = 2_000 // of one expression; a hundred times a long one
)

// nodeKind is the kind of a node.
type nodeKind uint8

const (
	numberNode   nodeKind = iota // text: as written
	textNode                     // text: what it stands for
	booleanNode                  // text: true or false
	variableNode                 // text: as written
	callNode                     // text: the function in lower case; args
	negateNode                   // one arg
	binaryNode                   // text: the operator; two args
	parenNode                    // one arg
)

// node is a part of an expression. Its place is in the template.
type node struct {
	kind nodeKind
	text string
	args []*node
	span diag.Span
}

// inside gives what is in the parentheses, if there are any.
func (n *node) inside() *node {
	for n.kind == parenNode {
		n = n.args[0]
	}
	return n
}

// tree parses a block, or says what the first mistake in it is.
func (b *block) tree(template string) (*node, *diag.Diagnostic) {
	source := template[b.inner.Start:b.inner.End]
	if b.kind == identifierBlock {
		return filtered(&node{kind: variableNode, text: source, span: b.inner}, b.filters), nil
	}
	p := parser{lexer: lexer{source: source}, offset: b.inner.Start}
	p.advance()
	tree := p.operation(lowest)
	if p.token.kind != tokenEnd {
		p.unexpected("an operator")
	}
	if p.mistake != nil {
		return nil, p.mistake
	}
	return tree, nil
}

// parser reads an expression by recursive descent. After the first mistake the source counts as ended, so that every
// method returns soon; the tree is of no use then.
type parser struct {
	lexer
	offset   int // of the source in the template
	token    token
	previous token
	tokens   int
	depth    int
	mistake  *diag.Diagnostic
}

func (p *parser) advance() {
	p.previous, p.token = p.token, p.next()
	if p.tokens++; p.tokens > maxTokens {
		p.fail("too_complex", "expression is too long to be rewritten", "split the expression")
	}
}

func (p *parser) accept(kind tokenKind) bool {
	if p.token.kind != kind {
		return false
	}
	p.advance()
	return true
}

func (p *parser) written() string { return p.source[p.token.start:p.token.end] }

// make gives a node that begins at start and ends before the next token.
func (p *parser) make(kind nodeKind, start int, text string, args ...*node) *node {
	span := diag.Span{Start: start, End: p.previous.end}
	return &node{kind: kind, text: text, args: args, span: span.Shift(p.offset)}
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.fail("nesting_too_deep", "expression nesting too deep", "split the expression")
	}
}

func (p *parser) leave() { p.depth-- }

const lowest = 1

// level gives an operator's level: those of a higher one bind tighter. All of them associate to the left.
func level(operator tokenKind) int {
	switch operator {
	case "&":
		return lowest
	case "=", "<>", "!=":
		return 2
	case "<", "<=", ">", ">=":
		return 3
	case "+", "-":
		return 4
	case "*", "/":
		return 5
	case "^":
		return 6
	}
	return 0
}

// operation reads operands joined by operators of a level or a higher one.
func (p *parser) operation(least int) *node {
	start := p.token.start
	x := p.operand()
	for {
		operator := p.token.kind
		operatorLevel := level(operator)
		if operatorLevel < least {
			return x
		}
		p.advance()
		y := p.operation(operatorLevel + 1)
		x = p.make(binaryNode, start, string(operator), x, y)
	}
}

func (p *parser) operand() *node {
	p.enter()
	defer p.leave()
	start := p.token.start
	if p.accept("-") {
		x := p.operand()
		return p.make(negateNode, start, "", x)
	}
	return p.primary()
}

func (p *parser) primary() *node {
	start, written := p.token.start, p.written()
	switch {
	case p.accept(tokenNumber):
		return p.make(numberNode, start, written)
	case p.accept(tokenText):
		return p.make(textNode, start, decodeText(written))
	case p.accept("("):
		x := p.operation(lowest)
		p.expect(")")
		return p.make(parenNode, start, "", x)
	case p.accept(tokenName):
		return p.named(start, written)
	}
	p.unexpected("a value")
	return p.make(textNode, start, "")
}

// named reads what begins with a name: a call, a boolean or a variable.
func (p *parser) named(start int, name string) *node {
	lower := strings.ToLower(name)
	switch {
	case p.token.kind == "(" && !strings.Contains(name, "."):
		args := p.arguments()
		return p.make(callNode, start, lower, args...)
	case lower == "true" || lower == "false":
		return p.make(booleanNode, start, lower)
	}
	return p.make(variableNode, start, name)
}

func (p *parser) arguments() []*node {
	p.advance()
	var args []*node
	if !p.accept(")") {
		args = append(args, p.operation(lowest))
		for p.accept(",") {
			args = append(args, p.operation(lowest))
		}
		p.expect(")")
	}
	return args
}

func (p *parser) expect(kind tokenKind) {
	if !p.accept(kind) {
		p.unexpected("`" + string(kind) + "`")
	}
}

// unexpected records that the next token cannot stand where it stands.
func (p *parser) unexpected(want string) {
	got := "`" + p.written() + "`"
	if p.token.kind == tokenEnd {
		got = "the end"
	}
	hint := ""
	if p.written() == `"` {
		hint = `close the text, and double the quotes inside it: ""`
	}
	p.fail("syntax_error", "got "+got+", want "+want, hint)
}

// fail records the first mistake, and makes everything after it the end.
func (p *parser) fail(code, message, hint string) {
	if p.mistake == nil {
		span := diag.Span{Start: p.token.start, End: p.token.end}
		p.mistake = &diag.Diagnostic{Code: code, Message: message, Hint: hint, Span: span.Shift(p.offset)}
	}
	p.pos = len(p.source)
	p.token = token{kind: tokenEnd, start: p.pos, end: p.pos}
}
