package server

// access tells a caller what it may do.
type access struct {
	Workspace string `json:"workspace"`
	Role      string `json:"role"` // read or write
	// Tokens tells that the service asks for a token.
	Tokens bool `json:"tokens"`
}

// getAccess answers GET /v1/access.
func (s *Server) getAccess(r *request) error {
	body, err := appendJSON(nil, access{Workspace: r.workspace.name, Role: r.granted.role.String(), Tokens: s.grants.Load().needed})
	if err != nil {
		return err
	}
	r.json(200, body)
	return nil
}
