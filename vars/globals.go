package vars

import "strings"

func (v *Variable) globalText(s *Scope) (string, Status) {
	globals := s.workspace().settings.Globals
	for i := range globals {
		if strings.EqualFold(globals[i].Key, v.key) {
			return globals[i].Value, Present
		}
	}
	return "", Unknown
}

// globalsObject has a property for each global; its default is a line for each, in the order of definition.
func (s *Scope) globalsObject() *Object {
	object := &Object{HasDefault: true}
	var lines Lines
	for _, global := range s.workspace().settings.Globals {
		object.Properties = append(object.Properties, Property{Key: global.Key, Value: global.Value})
		lines.Lines = append(lines.Lines, Line{Name: global.Name, Value: global.Value})
	}
	object.Default = lines
	return object
}

// GlobalKeys gives the keys of the workspace's globals, in order of definition: for nearest names and completion.
func (s *Scope) GlobalKeys() []string {
	globals := s.workspace().settings.Globals
	keys := make([]string, len(globals))
	for i := range globals {
		keys[i] = globals[i].Key
	}
	return keys
}
