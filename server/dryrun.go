package server

import (
	"strconv"

	"github.com/flowexpr/flowexpr/server/broadcast"
	"github.com/flowexpr/flowexpr/vars"
)

// Examples of each finding of a dry run.
const (
	defaultExamples = 3
	maxExamples     = 20
)

// dryRun answers POST /v1/dryrun: lines of progress, and the summary.
func (s *Server) dryRun(r *request) error {
	o, err := r.body()
	if err != nil {
		return err
	}
	if err := o.only(append([]string{"template", "context", "settings", "dialect", "examples"}, audienceMembers...)...); err != nil {
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
	examples, err := readExamples(&o)
	if err != nil {
		return err
	}
	source, err := s.audience(r, &o, true)
	if err != nil {
		return err
	}
	answer := s.newStream(r)
	answer.tells = true
	job := broadcast.NewSurvey(templates[0].Template, &scope, broadcast.SurveyOptions{
		Warnings: s.engine.Limits().Warnings, Examples: examples, Describe: answer.describe, Found: s.limits.warnings,
	})
	return answer.send(r, source, job, func(dst []byte) []byte {
		return append(appendFindings(dst, job.Findings()), migrated...)
	})
}

func readExamples(o *object) (int, error) {
	if !o.has("examples") {
		return defaultExamples, nil
	}
	n, err := o.integer("examples")
	if err == nil && (n < 0 || n > maxExamples) {
		err = o.wrong("examples", "a number from 0 to "+strconv.Itoa(maxExamples))
	}
	return int(n), err
}

// appendFindings appends the members of the findings. They can always be marshalled.
func appendFindings(dst []byte, findings broadcast.Findings) []byte {
	text, err := appendJSON(nil, findings)
	if err != nil {
		return dst
	}
	return append(dst, text[1:len(text)-1]...)
}
