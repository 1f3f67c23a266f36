package postgres_test

import (
	"io"
	"strings"
	"testing"

	"article41/postgres"
	"article41/postgrestest"
)

// Each row of a query is a line of JSON with its columns for members, whatever
// their types and texts; what is no question, or would write, is refused.
func TestRows(t *testing.T) {
	address := postgrestest.Database(t)
	ask := func(query string) (string, error) {
		r, err := postgres.Rows(t.Context(), address, query)
		if err != nil {
			return "", err
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		return string(b), err
	}
	for query, want := range map[string]string{
		`SELECT 7::bigint AS id, 'Ann' AS name, date '1962-03-04' AS birth_date, ARRAY['ml','fr'] AS country, NULL AS gender -- so;`: `{"id":7,"name":"Ann","birth_date":"1962-03-04","country":["ml","fr"],"gender":null}` + "\n",
		`SELECT 'a"b' AS id, E'two\nlines' AS name, json E'{"x":\n1}' AS note;`:                                                      `{"id":"a\"b","name":"two\nlines","note":{"x": 1}}` + "\n",
		`SELECT n AS id, 'Bob ' || n AS name FROM generate_series(1, 3) n ORDER BY n DESC`:                                           `{"id":3,"name":"Bob 3"}` + "\n" + `{"id":2,"name":"Bob 2"}` + "\n" + `{"id":1,"name":"Bob 1"}` + "\n",
		`SELECT 1 AS id WHERE false`: "",
	} {
		if got, err := ask(query); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", query, got, want, err)
		}
	}
	for query, want := range map[string]string{
		"":                                       "ask for the rows",
		"SELECT who FROM nobody":                 "nobody",
		"CREATE TABLE x (id int)":                "ask for the rows",
		"SELECT 1 AS id; DROP TABLE x":           "ask for the rows",
		"SELECT 1) y; CREATE TABLE x (a int) --": "ask for the rows",
		"SELECT nextval('article41_no')":         "article41_no",
	} {
		if got, err := ask(query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q (%v), want an error with %q", query, got, err, want)
		}
	}
	if got, err := ask("SELECT n AS id, 6 / (2000 - n) AS name FROM generate_series(1, 5000) n"); err == nil || !strings.Contains(err.Error(), "division by zero") {
		t.Errorf("an answer that breaks off ends as if it were whole: %d bytes (%v)", len(got), err)
	}
	if _, err := postgres.Rows(t.Context(), "postgres://127.0.0.1:1/x", "SELECT 1"); err == nil {
		t.Error("a database that is not there answers")
	}
	if !postgres.IsAddress(address) || postgres.IsAddress("rows.csv") {
		t.Error("what is an address")
	}
}
