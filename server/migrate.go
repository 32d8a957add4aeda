package server

import (
	"github.com/flowexpr/flowexpr/engine/diag"
	"github.com/flowexpr/flowexpr/engine/syntax/legacy"
	"github.com/flowexpr/flowexpr/server/jsontext"
)

// migrate answers POST /v1/migrate: a legacy template in the current language, and a note on each place that has no
// exact equivalent there. The places of notes are in the template that was sent.
func (s *Server) migrate(r *request) error {
	body, err := r.body()
	if err != nil {
		return err
	}
	if err := body.only("template", "options"); err != nil {
		return err
	}
	template, err := body.text("template")
	if err != nil {
		return err
	}
	if !body.has("template") {
		return body.missing("template", `the legacy template's text, such as "Hi @flow.name"`)
	}
	options, err := migrateOptions(&body)
	if err != nil {
		return err
	}
	result := legacy.Migrate(template, options)
	answer := jsontext.Append([]byte(`{"template":`), result.Template)
	if answer, err = appendJSON(append(answer, `,"notes":`...), diag.JSON(template, result.Notes)); err != nil {
		return err
	}
	r.json(200, append(answer, '}'))
	return nil
}

// migrateOptions reads how the template is to be rewritten.
func migrateOptions(body *object) (legacy.Options, error) {
	var options legacy.Options
	given, ok, err := body.object("options")
	if err != nil || !ok {
		return options, err
	}
	if err := given.only("echo_on_error", "url_encode", "raw_dates"); err != nil {
		return options, err
	}
	if options.EchoOnError, err = given.boolean("echo_on_error"); err != nil {
		return options, err
	}
	if options.URLEncode, err = given.boolean("url_encode"); err != nil {
		return options, err
	}
	options.RawDates, err = given.boolean("raw_dates")
	return options, err
}
