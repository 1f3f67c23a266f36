package api

// assembly answers for one recorded vote of the General Assembly.
func (s *server) assembly(a *ask) (any, error) {
	id, err := symbolOf("symbol", a.PathValue("symbol"))
	if err != nil {
		return nil, err
	}
	return s.AssemblyVote(a.Context(), a.at, id)
}
