// Package api answers in JSON over HTTP.
//
// It has two faces over one [Questions]. The own API under /api/v1/ tells the
// law: regimes, votes, what-if, listings, lists, screening; every read takes the
// coordinates as_of, known_at and position, and carries an ETag. The other speaks
// yente's contract (/match/{dataset}, /entities/{id}, /catalog …), so that a
// client written for that server works unchanged; its results are entities of
// FollowTheMoney with one key more, law.
//
// Each face has an error form of its own: problem+json (RFC 9457) in problem.go,
// {"detail": …} in detail.go. The package decides nothing: it reads a request,
// asks, and prints. It knows no store and no page, and keeps nothing but entities
// already printed (shelf.go). docs/api.md documents every shape.
//
//	mux.Handle("/api/", api.New(archive, api.Options{Today: today, Version: "1.0"}))
package api
