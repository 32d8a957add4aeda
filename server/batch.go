package server

import (
	"strconv"

	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/server/jsontext"
	"github.com/flowexpr/flowexpr/vars"
)

// batch answers POST /v1/evaluate/batch: a line for each contact, and the summary.
func (s *Server) batch(r *request) error {
	o, err := r.body()
	if err != nil {
		return err
	}
	if err := o.only(append([]string{"template", "templates", "context", "settings", "strict", "dialect"}, audienceMembers...)...); err != nil {
		return err
	}
	strict, err := o.boolean("strict")
	if err != nil {
		return err
	}
	var scope vars.Scope
	templates, migrated, err := s.readTemplates(&o, &scope)
	if err != nil {
		return err
	}
	if err := s.readScope(r, &o, &scope); err != nil {
		return err
	}
	source, err := s.audience(r, &o, false)
	if err != nil {
		return err
	}
	answer := s.newStream(r)
	job := broadcast.NewTexts(templates, &scope, broadcast.TextOptions{
		Warnings: s.engine.Limits().Warnings, Strict: strict, Describe: answer.describe, Found: s.limits.warnings,
	})
	return answer.send(r, source, job, func(dst []byte) []byte {
		return append(appendCounts(dst, job.Counts()), migrated...)
	})
}

func appendCounts(dst []byte, counts broadcast.Counts) []byte {
	dst = strconv.AppendInt(append(dst, `"contacts":`...), counts.Contacts, 10)
	dst = strconv.AppendInt(append(dst, `,"ok":`...), counts.OK, 10)
	dst = strconv.AppendInt(append(dst, `,"warnings":`...), counts.Warnings, 10)
	return strconv.AppendInt(append(dst, `,"errors":`...), counts.Errors, 10)
}

// readTemplates reads template, or templates by name, and the context that they are compiled for. migrated is the
// member of the summary that has legacy templates in the language that places in warnings are about.
func (s *Server) readTemplates(o *object, scope *vars.Scope) (templates []broadcast.Named, migrated []byte, err error) {
	roots, err := readContext(o, scope)
	if err != nil {
		return nil, nil, err
	}
	isLegacy, err := readDialect(o)
	if err != nil {
		return nil, nil, err
	}
	sources, err := s.readSources(o)
	if err != nil {
		return nil, nil, err
	}
	for i := range sources {
		if isLegacy {
			sources[i].text = legacy.Migrate(sources[i].text, legacy.Options{}).Template
		}
		compiled, err := s.engine.Template(sources[i].text, roots)
		if err != nil {
			return nil, nil, templateProblem(err)
		}
		templates = append(templates, broadcast.Named{Name: sources[i].name, Template: compiled})
	}
	if isLegacy {
		migrated = appendMigrated(migrated, templates)
	}
	return templates, migrated, nil
}

func appendMigrated(dst []byte, templates []broadcast.Named) []byte {
	dst = append(dst, `,"migrated":`...)
	if templates[0].Name == "" {
		return jsontext.Append(dst, templates[0].Template.Source())
	}
	for i, named := range templates {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		dst = append(jsontext.Append(append(dst, separator), named.Name), ':')
		dst = jsontext.Append(dst, named.Template.Source())
	}
	return append(dst, '}')
}

// source is a template as the caller sent it.
type source struct{ name, text string }

// maxTemplateName bounds the name of a template, in bytes: each line repeats it.
const maxTemplateName = 64

// readSources reads template, or templates by name.
func (s *Server) readSources(o *object) ([]source, error) {
	several, ok, err := o.object("templates")
	switch {
	case err != nil:
		return nil, err
	case ok && o.has("template"):
		m, _ := o.find("templates")
		return nil, bodyProblem(o.body, m.nameAt, "member_conflict", "templates stands beside template", "give one of them")
	case !ok:
		text, err := o.text("template")
		if err == nil && !o.has("template") {
			err = o.missing("template", `the template's text, such as "Hi @contact.first_name", or templates by name`)
		}
		return []source{{text: text}}, err
	}
	return s.readNamed(o, &several)
}

func (s *Server) readNamed(o, several *object) ([]source, error) {
	if n := len(several.members); n == 0 || n > s.options.MaxBatchTemplates {
		code := "invalid_member"
		if n > 0 {
			code = "too_many_templates"
		}
		p := bodyProblem(o.body, several.at, code, "templates: got "+strconv.Itoa(n)+", want 1 to "+strconv.Itoa(s.options.MaxBatchTemplates), "")
		return nil, p
	}
	sources := make([]source, 0, len(several.members))
	for _, m := range several.members {
		name := string(m.name)
		if name == "" || len(name) > maxTemplateName {
			return nil, bodyProblem(o.body, m.nameAt, "invalid_member", "templates: got a name of "+strconv.Itoa(len(name))+" bytes, want 1 to "+strconv.Itoa(maxTemplateName), "")
		}
		text, err := several.text(name)
		if err != nil {
			return nil, err
		}
		if !several.has(name) {
			return nil, several.wrong(name, "a text in quotes")
		}
		sources = append(sources, source{name: name, text: text})
	}
	return sources, nil
}
