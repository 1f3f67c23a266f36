package client

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// serverAddress names the server that the tests ask; TestClient of cmd/article41
// starts one and runs them.
const serverAddress = "ARTICLE41_CLIENT_TEST_SERVER"

func asker(t *testing.T) *ClientWithResponses {
	t.Helper()
	at := os.Getenv(serverAddress)
	if at == "" {
		t.Skip("did not run: no server to ask; go test ./cmd/article41 -run TestClient starts one and runs this")
	}
	c, err := NewClientWithResponses(at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// asked are the parts of addresses that the walk fills in, by the method's words.
var asked = map[string][]string{
	"Regimes": {"mali"}, "Status": {"mali"}, "Votes": {"S/2023/638"}, "Members": {"RUS"}, "Listings": {"MLi.001"}, "Problems": {"not-found"},
	"Search": {"default"}, "Reconcile": {"default", "entity"}, "Datasets": {"default", "0"}, "Assembly": {"A/RES/76/262"},
}

// streams are read as they come, by the methods of Client, not as one value.
var streams = []string{"GetAlertsExportWithResponse", "GetDatasetsDatasetEntitiesWithResponse", "GetDatasetsDatasetDeltaVersionWithResponse", "GetOpenapiYamlWithResponse"}

// TestEveryRead asks every GET of the document that wants no more than a name, and
// reads the answer into its type: what comes is what the document says.
func TestEveryRead(t *testing.T) {
	c := reflect.ValueOf(asker(t))
	answered := 0
	for i := range c.NumMethod() {
		name := c.Type().Method(i).Name
		if !strings.HasPrefix(name, "Get") || !strings.HasSuffix(name, "WithResponse") || slices.Contains(streams, name) {
			continue
		}
		f := c.Method(i)
		in := []reflect.Value{reflect.ValueOf(context.Background())}
		var parts []string
		for words, with := range asked {
			if strings.HasPrefix(name, "Get"+words) {
				parts = with
			}
		}
		for k := 1; k < f.Type().NumIn()-1; k++ { // the last are editors
			p := f.Type().In(k)
			if p.Kind() != reflect.String {
				in = append(in, reflect.Zero(p))
				continue
			}
			v := "nothing-like-it"
			if len(parts) > 0 {
				v, parts = parts[0], parts[1:]
			}
			in = append(in, reflect.ValueOf(v).Convert(p))
		}
		out := f.Call(in)
		if err, _ := out[1].Interface().(error); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		resp := out[0].Elem().FieldByName("HTTPResponse").Interface().(*http.Response)
		if resp.StatusCode >= 500 {
			t.Errorf("%s: %s", name, resp.Status)
		}
		if resp.StatusCode == http.StatusOK {
			answered++
		}
	}
	if answered < 40 {
		t.Errorf("only %d were answered", answered)
	}
}

func TestWhatIsAskedWithABody(t *testing.T) {
	c, ctx := asker(t), context.Background()
	asOf := "2023-10-01"
	status, err := c.GetRegimesIdStatusWithResponse(ctx, "mali", &GetRegimesIdStatusParams{AsOf: &asOf})
	if err != nil || status.JSON200 == nil {
		t.Fatalf("%v %s", err, status.Body)
	}
	properties := map[string]any{"name": []string{"Kim Jong Un"}}
	var body MatchBody
	if err := json.Unmarshal([]byte(`{"queries":{"q":{"schema":"Person"}}}`), &body); err != nil {
		t.Fatal(err)
	}
	body.Queries["q"].Properties = &properties
	matched, err := c.PostMatchDatasetWithResponse(ctx, "default", nil, body)
	if err != nil || matched.JSON200 == nil {
		t.Fatalf("%v %s", err, matched.Body)
	}
	name := "Mohamed Ould Mataly"
	screened, err := c.PostScreenWithResponse(ctx, ScreenBody{Name: &name})
	if err != nil || screened.JSON200 == nil {
		t.Fatalf("%v %s", err, screened.Body)
	}
	supposed, err := c.PostWhatifWithResponse(ctx, WhatIfBody{Symbol: "S/2023/638", Votes: &map[string]string{"RUS": "abstain"}})
	if err != nil || supposed.JSON200 == nil {
		t.Fatalf("%v %s", err, supposed.Body)
	}
	wrong, err := c.GetRegimesIdStatusWithResponse(ctx, "atlantis", nil)
	if err != nil || wrong.StatusCode() != http.StatusNotFound || wrong.ApplicationproblemJSONDefault == nil {
		t.Errorf("no problem is read of %v %s", err, wrong.Body)
	}
}
