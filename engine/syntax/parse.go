package syntax

import (
	"strconv"

	"github.com/flowexpr/flowexpr/engine/diag"
)

const (
	maxNesting = 100    // brackets inside each other: the reference's limit
	maxNodes   = 15_000 // more than the 10,000 items of array(); the tree is walked several times
	maxDepth   = 1_000  // of `-` and functions, which nest without brackets; each level takes stack
)

// Parse makes the tree of an expression, or says what the first mistake in it is.
func Parse(expression string) (Node, *Mistake) {
	if at := tooDeep(expression); at >= 0 {
		return nil, &Mistake{
			Code: "nesting_too_deep", Message: "expression nesting too deep",
			Hint: "use at most " + strconv.Itoa(maxNesting) + " brackets inside each other",
			Span: diag.Span{Start: at, End: at + 1},
		}
	}
	p := parser{lexer: lexer{source: expression}}
	p.advance()
	node := p.expression()
	if p.token.kind != kindEnd {
		p.unexpected()
	}
	if p.mistake != nil {
		return nil, p.mistake
	}
	return node, nil
}

// tooDeep gives the place of the first bracket beyond the limit, -1 if there is none. As in the reference, brackets in
// quotes count too.
func tooDeep(source string) int {
	depth := 0
	for i := range len(source) {
		switch source[i] {
		case '(', '[', '{':
			if depth++; depth > maxNesting {
				return i
			}
		case ')', ']', '}':
			depth--
		}
	}
	return -1
}

// parser reads an expression by recursive descent. After the first mistake the source counts as ended, so that every
// method returns soon; what they return then is of no use, and may be nil.
type parser struct {
	lexer
	token    token // the one that is looked at
	previous token
	open     []token // the brackets around it
	mistake  *Mistake
	nodes    int
	depth    int
}

func (p *parser) advance() {
	p.previous, p.token = p.token, p.next()
}

// accept goes past a token of this kind if it is the next one.
func (p *parser) accept(k kind) bool {
	if p.token.kind != k {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(k kind) {
	if !p.accept(k) {
		p.unexpected()
	}
}

// written gives a token's text.
func (p *parser) written(t token) string { return p.source[t.span.Start:t.span.End] }

// from gives the place of a node that begins at start and ends before the next token.
func (p *parser) from(start int) place { return at(start, p.previous.span.End) }

// enter counts a level of recursion; leave ends it.
func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.tooComplex()
	}
}

func (p *parser) leave() { p.depth-- }

// count counts a node.
func (p *parser) count() {
	if p.nodes++; p.nodes > maxNodes {
		p.tooComplex()
	}
}

// expression reads what may stand between brackets and commas.
func (p *parser) expression() Node {
	p.enter()
	defer p.leave()
	return p.operation(lowest)
}

const lowest = 1

// level gives an operator's level: those of a higher one bind tighter. All of them associate to the left.
func level(op kind) int {
	switch op {
	case "&":
		return lowest
	case "=", "!=":
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
func (p *parser) operation(least int) Node {
	start := p.token.span.Start
	x := p.operand()
	for {
		op := p.token.kind
		opLevel := level(op)
		if opLevel < least {
			return x
		}
		p.advance()
		p.count()
		y := p.operation(opLevel + 1)
		x = &Binary{place: p.from(start), Op: string(op), X: x, Y: y}
	}
}

// operand reads an operand with the signs before it. A function can be one too, the last of its expression, since its
// body takes all that follows.
func (p *parser) operand() Node {
	start := p.token.span.Start
	if p.token.kind == "(" && p.beginsLambda() {
		return p.lambda()
	}
	if !p.accept("-") {
		return p.primary()
	}
	p.enter()
	defer p.leave()
	p.count()
	x := p.operand()
	return &Negate{place: p.from(start), X: x}
}

// primary reads a literal, a name or an expression in parentheses, with the lookups and calls after it.
func (p *parser) primary() Node {
	p.count()
	t := p.token
	here := place{t.span}
	switch t.kind {
	case kindName:
		p.advance()
		return p.suffixes(&Name{place: here, Name: p.written(t)})
	case "(":
		x := p.bracketed(")")
		return p.suffixes(&Paren{place: p.from(t.span.Start), X: x})
	case kindText:
		p.advance()
		return &Text{place: here, Value: decodeText(p.written(t))}
	case kindInteger, kindDecimal:
		p.advance()
		return &Number{place: here, Raw: p.written(t)}
	case "true", "false":
		p.advance()
		return &Boolean{place: here, Value: t.kind == "true"}
	case "null":
		p.advance()
		return &Null{here}
	}
	p.unexpected()
	return nil
}

// suffixes reads the lookups in x, and its calls.
func (p *parser) suffixes(x Node) Node {
	start := x.Span().Start
	for {
		switch p.token.kind {
		case ".":
			p.advance()
			name := p.written(p.token)
			if !p.accept(kindName) {
				p.expect(kindInteger)
			}
			x = &Dot{place: p.from(start), Of: x, Name: name}
		case "[":
			index := p.bracketed("]")
			x = &Index{place: p.from(start), Of: x, Index: index}
		case "(":
			args := p.arguments()
			x = &Call{place: p.from(start), Callee: x, Args: args}
		default:
			return x
		}
		p.count()
	}
}

// bracketed reads an expression in brackets.
func (p *parser) bracketed(closing kind) Node {
	p.openBracket()
	x := p.expression()
	p.closeBracket(closing)
	return x
}

// arguments reads the arguments of a call.
func (p *parser) arguments() []Node {
	p.openBracket()
	var args []Node
	if p.token.kind != ")" {
		args = append(args, p.expression())
		for p.accept(",") {
			args = append(args, p.expression())
		}
	}
	p.closeBracket(")")
	return args
}

func (p *parser) openBracket() {
	p.open = append(p.open, p.token)
	p.advance()
}

func (p *parser) closeBracket(closing kind) {
	p.expect(closing)
	p.open = p.open[:len(p.open)-1]
}

// beginsLambda reads ahead from a parenthesis: `(name,` and `(name) =>` begin functions, and so would `() =>`.
func (p *parser) beginsLambda() bool {
	ahead := p.lexer
	if ahead.next().kind != kindName {
		return false
	}
	switch ahead.next().kind {
	case ",":
		return true
	case ")":
		return ahead.next().kind == "=>"
	}
	return false
}

// lambda reads a function without a name. Its body reaches as far as an expression can.
func (p *parser) lambda() Node {
	start := p.token.span.Start
	p.count()
	p.openBracket()
	params := p.parameters()
	p.closeBracket(")")
	p.expect("=>")
	body := p.expression()
	return &Lambda{place: p.from(start), Params: params, Body: body}
}

func (p *parser) parameters() []string {
	var params []string
	for {
		p.count()
		params = append(params, p.written(p.token))
		p.expect(kindName)
		if !p.accept(",") {
			return params
		}
	}
}
