// Package client is a client of the API, with the types of its bodies and answers,
// generated from the API's own document (api/openapi.json).
//
//	c, err := client.NewClientWithResponses("http://127.0.0.1:8041")
//	got, err := c.GetRegimesIdStatusWithResponse(ctx, "mali", nil)
//	// got.JSON200 is the answer, got.ApplicationproblemJSONDefault what was wrong
//
// It is a module of its own, so that neither the program nor who imports it takes in
// more than it needs. A field that may be null and one that may be absent are both a
// nil pointer here; who must tell them apart reads Body.
package client

//go:generate go tool oapi-codegen -config oapi.yaml ../api/openapi.json
