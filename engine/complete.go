package engine

import "github.com/flowexpr/flowexpr/engine/value"

// complete gives a standard root the properties that it always has, where the caller's plain JSON leaves them out: a
// message without attachments has a list of none.
func complete(root string, v value.Value) value.Value {
	object, ok := v.(*value.Object)
	if !ok {
		return v
	}
	var missing []value.Property
	for _, p := range alwaysThere(root) {
		if _, ok := object.Get(p.Key); !ok {
			missing = append(missing, p)
		}
	}
	if missing == nil {
		return v
	}
	return rebuild(object, append(missing, object.Properties()...))
}

// alwaysThere gives the properties that a root has in every session, and what they are where there is nothing to tell.
// Source: sections 9.5 to 9.11 of the language specification.
func alwaysThere(root string) []value.Property {
	none, list, empty := value.NewText(""), value.NewArray(nil), value.NewObject(nil)
	switch root {
	case "input":
		return []value.Property{
			{Key: "attachments", Value: list}, {Key: "channel"}, {Key: "created_on"}, {Key: "external_id", Value: none},
			{Key: "payload", Value: empty}, {Key: "text", Value: none}, {Key: "type", Value: none}, {Key: "urn"}, {Key: "uuid", Value: none},
		}
	case "run":
		return []value.Property{
			{Key: "created_on"}, {Key: "exited_on"}, {Key: "locals", Value: empty}, {Key: "path", Value: list},
			{Key: "results", Value: noResults()}, {Key: "status", Value: none}, {Key: "uuid", Value: none},
		}
	case "parent", "child":
		return []value.Property{{Key: "results", Value: noResults()}, {Key: "status", Value: none}, {Key: "uuid", Value: none}}
	case "trigger":
		return []value.Property{
			{Key: "campaign"}, {Key: "keyword", Value: none}, {Key: "origin", Value: none}, {Key: "params", Value: empty},
			{Key: "ticket"}, {Key: "type", Value: none}, {Key: "user"},
		}
	case "resume":
		return []value.Property{{Key: "dial"}, {Key: "type", Value: none}}
	case "ticket":
		return []value.Property{{Key: "assignee"}, {Key: "topic"}, {Key: "uuid", Value: none}}
	case "user":
		return []value.Property{{Key: "email", Value: none}, {Key: "first_name", Value: none}, {Key: "name", Value: none}}
	case "webhook":
		return []value.Property{{Key: "headers", Value: empty}, {Key: "json"}, {Key: "status"}}
	case "node":
		return []value.Property{{Key: "categories", Value: list}, {Key: "uuid", Value: none}, {Key: "visit_count"}}
	}
	return nil
}

// absentRoot gives a standard root of the caller's context that the caller did not give: a session always has results
// and locals, even none of them; the other roots are null.
func absentRoot(root string) value.Value {
	switch root {
	case "results":
		return noResults()
	case "locals":
		return value.NewObject(nil)
	}
	return nil
}

func noResults() *value.Object { return value.NewObjectWithDefault(value.NewText(""), nil) }
