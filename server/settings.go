package server

import (
	"errors"

	"github.com/flowexpr/flowexpr/contactstore"
)

// getSettings gives the workspace's settings, read from the store itself.
func (s *Server) getSettings(r *request) error {
	data, version, err := s.store.Settings(r.context(), r.workspace.name)
	if err != nil {
		return err
	}
	settings, err := storedSettings(data)
	if err != nil {
		return err
	}
	return s.answerSettings(r, settings, version)
}

func (s *Server) answerSettings(r *request, settings contactstore.Settings, version uint64) error {
	if r.notModified(version) {
		return nil
	}
	body, err := appendJSON(nil, settings)
	if err != nil {
		return err
	}
	r.json(200, body)
	return nil
}

// settingsAttempts bounds how often a change of settings that lost a race is tried again.
const settingsAttempts = 10

// patchSettings merges a patch into the stored settings.
func (s *Server) patchSettings(r *request) error {
	body, err := r.body()
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		settings, version, err := s.mergeSettings(r, body.body)
		if err == nil {
			return s.answerSettings(r, settings, version)
		}
		if !errors.Is(err, contactstore.ErrVersion) || attempt == settingsAttempts {
			return err
		}
	}
}

// mergeSettings makes one attempt; the error matches ErrVersion when somebody else was faster.
func (s *Server) mergeSettings(r *request, patch []byte) (contactstore.Settings, uint64, error) {
	none := contactstore.Settings{}
	data, version, err := s.store.Settings(r.context(), r.workspace.name)
	if err != nil {
		return none, 0, err
	}
	if err := r.ifMatch(version); err != nil {
		return none, 0, err
	}
	before, err := storedSettings(data)
	if err != nil {
		return none, 0, err
	}
	settings, err := before.Merge(patch)
	if err != nil {
		return none, 0, err
	}
	stored, err := appendJSON(nil, settings)
	if err != nil {
		return none, 0, err
	}
	ready, err := compileSettings(stored) // from what is stored, as every other reader does
	if err != nil {
		return none, 0, err
	}
	settings = *ready.Settings()
	if data != nil && string(stored) == string(data) {
		return settings, version, nil
	}
	if err := s.store.PutSettings(r.context(), r.workspace.name, stored, version+1); err != nil {
		return none, 0, err
	}
	r.workspace.set(ready, version+1)
	return settings, version + 1, nil
}
