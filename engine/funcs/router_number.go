package funcs

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flowexpr/flowexpr/engine/value"
)

// numberTests gives the tests of the numbers in a text.
func numberTests() []entry {
	return []entry{
		{
			name: "has_number", params: "text: text", result: "object", ambient: true,
			doc: "Tests whether there is a number in the text, written with the workspace's symbols. The match is the first one.",
			examples: []Example{
				{Expression: `has_number("I need 1,200.50 of them").match`, Result: "1200.5"},
				{Expression: `has_number("العدد ٤٢").match`, Result: "42"},
				{Expression: `has_number("forty two")`, Result: "false"},
			},
			call: ofText(func(rt *value.Runtime, text string) value.Value {
				return firstNumber(rt, text, func(value.Decimal) bool { return true })
			}),
		},
		comparingNumbers("has_number_lt", "less than", func(sign int) bool { return sign < 0 }, "7", "false"),
		comparingNumbers("has_number_lte", "at most", func(sign int) bool { return sign <= 0 }, "7", "true"),
		comparingNumbers("has_number_eq", "equal to", func(sign int) bool { return sign == 0 }, "42", "true"),
		comparingNumbers("has_number_gte", "at least", func(sign int) bool { return sign >= 0 }, "42", "true"),
		comparingNumbers("has_number_gt", "greater than", func(sign int) bool { return sign > 0 }, "", "false"),
		{
			name: "has_number_between", params: "text: text, min: number, max: number", result: "object", ambient: true,
			doc: "Tests whether there is a number from min to max in the text, both included. The match is the first such number.",
			examples: []Example{
				{Expression: `has_number_between("7 or 42", 40, 44).match`, Result: "42"},
				{Expression: `has_number_between("7 or 42", 10, 20)`, Result: "false"},
				{Expression: `has_number_between("7 or 42", "few", 20)`, Error: `error calling has_number_between(...): unable to convert "few" to a number`},
			},
			call: hasNumberBetween,
		},
	}
}

// comparingNumbers makes the entry of a test against a limit; match and only are what its examples give.
func comparingNumbers(name, relation string, holds func(sign int) bool, match, only string) entry {
	return entry{
		name: name, params: "text: text, limit: number", result: "object", ambient: true,
		doc: "Tests whether there is a number in the text that is " + relation + " the limit. The match is the first such number.",
		examples: []Example{
			{Expression: name + `("7 or 42", 42).match`, Result: match},
			{Expression: name + `("only 42", 42)`, Result: only},
			{Expression: name + `("7 or 42", "few")`, Error: "error calling " + name + `(...): unable to convert "few" to a number`},
		},
		call: func(rt *value.Runtime, args []value.Value) value.Value {
			text, failure := value.ToText(args[0])
			if failure != nil {
				return failure
			}
			limit, failure := value.ToNumber(args[1])
			if failure != nil {
				return failure
			}
			return firstNumber(rt, text, func(n value.Decimal) bool { return holds(n.Cmp(limit)) })
		},
	}
}

func hasNumberBetween(rt *value.Runtime, args []value.Value) value.Value {
	text, failure := value.ToText(args[0])
	if failure != nil {
		return failure
	}
	least, failure := value.ToNumber(args[1])
	if failure != nil {
		return failure
	}
	most, failure := value.ToNumber(args[2])
	if failure != nil {
		return failure
	}
	return firstNumber(rt, text, func(n value.Decimal) bool { return n.Cmp(least) >= 0 && n.Cmp(most) <= 0 })
}

// firstNumber gives the test's result for the first number that passes.
func firstNumber(rt *value.Runtime, text string, passes func(n value.Decimal) bool) value.Value {
	for n := range numbersIn(text, rt.Env.NumberFormat.WithDefaults()) {
		if passes(n) {
			return matched(rt.Number(n))
		}
	}
	return noMatch
}

// numbersIn goes through the numbers of a text. A number is digits of any script, with grouping symbols anywhere
// between them, perhaps a fraction, and a minus directly before. Letters around it do no harm, so `12k` has 12. What the
// language has no room for is no number.
func numbersIn(text string, f value.NumberFormat) iter.Seq[value.Decimal] {
	return func(yield func(value.Decimal) bool) {
		var plain [64]byte
		for at := 0; at < len(text); {
			s := numberScan{text: text, at: at, plain: plain[:0]}
			if !s.number(f) {
				_, size := utf8.DecodeRuneInString(text[at:])
				at += size
				continue
			}
			if n, err := value.ParseDecimal(string(s.plain)); err == nil && n.InRange() && !yield(n) {
				return
			}
			at = s.at
		}
	}
}

// numberScan reads one number; plain is what it has so far, as ParseDecimal wants it.
type numberScan struct {
	text  string
	at    int
	plain []byte
}

// number reads the number that begins here, if one does.
func (s *numberScan) number(f value.NumberFormat) bool {
	start := s.at
	if start > 0 && s.text[start-1] == '-' {
		s.plain = append(s.plain, '-')
	}
	whole := s.digits()
	switch {
	case whole:
		for s.symbol(f.DigitGroupingSymbol) {
			s.digits()
		}
	case !strings.HasPrefix(s.text[start:], f.DecimalSymbol) || !mayOpenFraction(s.text[:start], f.DecimalSymbol):
		return false
	}
	if !s.symbol(f.DecimalSymbol) {
		return whole
	}
	s.plain = append(s.plain, '.')
	return s.digits()
}

// digits reads digits, as many as there are.
func (s *numberScan) digits() bool {
	start := s.at
	for s.at < len(s.text) {
		digit, size := digitAt(s.text, s.at)
		if digit < 0 {
			break
		}
		s.plain = append(s.plain, '0'+byte(digit))
		s.at += size
	}
	return s.at > start
}

// symbol moves past a symbol that a digit follows.
func (s *numberScan) symbol(symbol string) bool {
	if symbol == "" || !strings.HasPrefix(s.text[s.at:], symbol) {
		return false
	}
	if digit, _ := digitAt(s.text, s.at+len(symbol)); digit < 0 {
		return false
	}
	s.at += len(symbol)
	return true
}

// mayOpenFraction reports whether a decimal symbol behind that text may begin a number such as `.5`: it does not in
// `no.5` and in `wait...5`.
func mayOpenFraction(before, symbol string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return !unicode.IsLetter(last) && !unicode.IsNumber(last) && !strings.HasSuffix(before, symbol)
}

// digitAt gives the worth of the decimal digit at an offset, whatever its script, or -1.
func digitAt(text string, at int) (digit, size int) {
	if at < len(text) && text[at] < utf8.RuneSelf {
		if c := text[at]; c >= '0' && c <= '9' {
			return int(c - '0'), 1
		}
		return -1, 1
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	return digitOf(r), size
}

// digitOf gives the worth of a decimal digit, or -1. Unicode has the digits of a script in a row, from 0 to 9.
func digitOf(r rune) int {
	for _, run := range unicode.Nd.R16 {
		if r <= rune(run.Hi) {
			return digitIn(r, rune(run.Lo))
		}
	}
	for _, run := range unicode.Nd.R32 {
		if r <= rune(run.Hi) {
			return digitIn(r, rune(run.Lo))
		}
	}
	return -1
}

func digitIn(r, zero rune) int {
	if r < zero {
		return -1
	}
	return int(r-zero) % 10
}
