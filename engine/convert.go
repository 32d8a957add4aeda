package engine

import (
	"slices"
	"strings"
	"time"

	"github.com/flowexpr/flowexpr/engine/value"
	"github.com/flowexpr/flowexpr/vars"
)

// typed reads a variable that is not plain text.
func (r *run) typed(variable *vars.Variable) value.Value {
	plain, _ := variable.Value(r.scope)
	return r.convert(plain)
}

// number gives a number from its text; a text that is none, or is out of range, gives null as an unset field does.
func (r *run) number(text string) value.Value {
	d, err := value.ParseDecimal(text)
	if err != nil || !d.InRange() {
		return nil
	}
	return r.rt.Number(d)
}

// convert gives a plain value of package vars the language's type.
func (r *run) convert(plain vars.Value) value.Value {
	switch plain := plain.(type) {
	case string:
		return r.rt.Text(plain)
	case vars.Number:
		return r.number(string(plain))
	case bool:
		return value.Boolean(plain)
	case time.Time:
		return value.NewDateTime(plain)
	case vars.JSON:
		v, err := value.FromJSON([]byte(plain))
		if err != nil {
			return nil
		}
		return v
	case vars.Lines:
		return r.rt.Text(r.lines(plain))
	case []vars.Value:
		items := make([]value.Value, len(plain))
		for i := range plain {
			items[i] = r.convert(plain[i])
		}
		return value.NewArray(items)
	case *vars.Object:
		return r.object(plain)
	}
	return nil
}

func (r *run) object(plain *vars.Object) value.Value {
	properties := make([]value.Property, len(plain.Properties))
	for i, p := range plain.Properties {
		properties[i] = value.Property{Key: p.Key, Value: r.convert(p.Value), Deprecated: p.Deprecated}
	}
	if plain.HasDefault {
		return value.NewObjectWithDefault(r.convert(plain.Default), properties)
	}
	return value.NewObject(properties)
}

// lines writes `Name: value` lines, none for a value that turns out to be null: a number field whose text is no number.
func (r *run) lines(plain vars.Lines) string {
	lines := make([]string, 0, len(plain.Lines))
	for _, line := range plain.Lines {
		v := r.convert(line.Value)
		if v == nil {
			continue
		}
		text, _ := value.ToText(v)
		lines = append(lines, line.Name+": "+text)
	}
	if plain.Sorted {
		slices.Sort(lines)
	}
	return strings.Join(lines, "\n")
}
