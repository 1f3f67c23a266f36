package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"article41"
	"article41/date"
	"article41/record"
)

const watchedCustomers = `id,kind,name,birth_date,country,shoe
c-1,person,Houka Houka Ag Alhousseini,,ML,44
c-2,person,Iyad Ag Ghali,,,
c-3,person,Wilhelmina Quackenbush,,,
c-4,person,X Y,31/12/1980,,
`

// on runs a command on a day.
func on(t *testing.T, day string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e strings.Builder
	now := date.MustDay(day).At(12, 0)
	code = run(context.Background(), world{strings.NewReader(""), &o, &e, func(string) string { return "" }, func() time.Time { return now }}, args)
	return o.String(), e.String(), code
}

// alertsOf are the alerts of a database, by customer and entry.
func alertsOf(t *testing.T, day, db string) map[string]map[string]any {
	t.Helper()
	out, errs, code := on(t, day, "alerts", "--all", "--json", "--db", db)
	if code != 0 {
		t.Fatalf("alerts: exit %d: %s", code, errs)
	}
	var all struct{ Alerts []map[string]any }
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatal(err)
	}
	by := map[string]map[string]any{}
	for _, a := range all.Alerts {
		who := "erased"
		if c, ok := a["compared"].(map[string]any); ok {
			who = c["customer_id"].(string)
		}
		by[who+" "+a["entry"].(string)] = a
	}
	return by
}

// TestWatch keeps customers from the day the Mali measures were in force over the
// day they lapsed, with a decision, a proof, a whitelist and an erasure.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	db := filepath.Join(dir, "w.db")
	file := func(name, text string) string {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	ask := func(day string, want int, args ...string) string {
		t.Helper()
		out, errs, code := on(t, day, append(args, "--db", db)...)
		if code != want {
			t.Fatalf("%v: exit %d, want %d: %s%s", args, code, want, out, errs)
		}
		return out
	}
	out := ask("2023-08-15", exitNothing, "watch", "add", file("c.csv", watchedCustomers))
	for _, want := range []string{"3 customers new", "1 row refused", `column "shoe"`, "row 5: birth_date: want"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in %s", want, out)
		}
	}
	ask("2023-08-15", exitAnswered, "watch", "run")
	first := alertsOf(t, "2023-08-15", db)
	mali := first["c-1 un:MLi.005"]
	if len(first) != 2 || mali == nil || !strings.HasPrefix(mali["stands"].(string), "listed since") {
		t.Fatalf("%v", first)
	}
	ask("2023-08-15", exitAnswered, "alerts", "decide", mali["id"].(string), "--verdict", "true-hit", "--reason", "passport seen", "--evidence", mali["evidence"].(string))
	ask("2023-08-15", exitUse, "alerts", "decide", mali["id"].(string), "--verdict", "cleared", "--reason", "x")
	ask("2023-08-15", exitNothing, "alerts", "decide", "nobody", "--verdict", "not-same", "--reason", "x")

	// The law changes, not the list: the alert says so and keeps its decision.
	ask("2023-09-02", exitAnswered, "watch", "run")
	mali = alertsOf(t, "2023-09-02", db)["c-1 un:MLi.005"]
	if mali["stands"] != "lapsed since 1 September 2023" || mali["state"] != "true-hit" {
		t.Errorf("after the lapse: %v, %v", mali["stands"], mali["state"])
	}
	if out := ask("2023-09-02", exitAnswered, "alerts", "show", mali["id"].(string)); !strings.Contains(out, "passport seen") || !strings.Contains(out, "lapsed") {
		t.Errorf("%s", out)
	}
	if out := ask("2023-09-02", exitAnswered, "watch", "whitelist", file("w.csv", "customer id,list,entry id,reason,who,when\nc-2,un,QDi.316,another birth place,O. Officer,2020-01-02\nc-3,un,QDi.316,x,y,2020-01-02\n")); !strings.Contains(out, "taken") || !strings.Contains(out, "do not meet today") {
		t.Errorf("%s", out)
	}
	if got := alertsOf(t, "2023-09-02", db)["c-2 un:QDi.316"]["state"]; got != "not-same" {
		t.Errorf("whitelisted: %v", got)
	}
	var proof struct {
		Proof   struct{ Customers int }
		Receipt json.RawMessage
	}
	if err := json.Unmarshal([]byte(ask("2023-09-05", exitAnswered, "watch", "proof", "--json")), &proof); err != nil || proof.Proof.Customers != 3 {
		t.Fatalf("%v %+v", err, proof)
	}
	if out := ask("2023-09-02", exitAnswered, "verify", file("p.json", string(proof.Receipt))); !strings.Contains(out, "Sound") || !strings.Contains(out, "Logged: it is in the issuer's log") {
		t.Errorf("%s", out)
	}
	if out := ask("2023-09-06", exitAnswered, "watch", "proof", "--list", "--json"); !strings.Contains(out, `"kind": "watch-proof"`) {
		t.Errorf("no proof of its place in the log: %s", out)
	}
	if out := ask("2023-09-06", exitAnswered, "audit", "--db", db); !strings.Contains(out, "1 proof of the watch among them") {
		t.Errorf("%s", out)
	}
	ask("2023-09-02", exitAnswered, "alerts", "export", "a.csv")
	if b, _ := os.ReadFile("a.csv"); !strings.Contains(string(b), "passport seen") || strings.Count(string(b), "\n") != 3 {
		t.Errorf("%s", b)
	}
	if out := ask("2023-09-02", exitAnswered, "alerts", "export", "-", "--format", "ftm", "--state", "true-hit"); !strings.Contains(out, `"schema":"Note"`) || strings.Count(out, "\n") != 1 {
		t.Errorf("%s", out)
	}
	ask("2023-09-02", exitUse, "alerts", "export", "a.pdf")
	if out := ask("2023-09-02", exitAnswered, "watch", "list"); !strings.Contains(out, "Wilhelmina Quackenbush") {
		t.Errorf("%s", out)
	}
	ask("2023-09-02", exitAnswered, "watch", "remove", "c-1", "--erase")
	ask("2023-09-02", exitAnswered, "watch", "run")
	if a := alertsOf(t, "2023-09-02", db)["erased un:MLi.005"]; a == nil || a["meets"] != false || a["compared"] != nil {
		t.Errorf("erased: %v", a)
	}
	ours := "name: ours\nversion: \"2\"\nthreshold: 0.9\nfour_eyes: true\nrules:\n  - {name: all, do: stop}\n"
	if err := os.WriteFile("ours.yaml", []byte(ours), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := ask("2023-09-02", exitAnswered, "watch", "policy", "ours.yaml"); !strings.Contains(out, "ours, version 2") {
		t.Errorf("%s", out)
	}
	// A name that is asked, the customers and the proof are screened by the same.
	var asked struct {
		Policy struct{ Name, Version, Digest string } `json:"policy"`
	}
	if err := json.Unmarshal([]byte(ask("2023-09-02", exitAnswered, "screen", "Houka Houka Ag Alhousseini", "--json")), &asked); err != nil {
		t.Fatal(err)
	}
	if asked.Policy.Name != "ours" || asked.Policy.Version != "2" {
		t.Errorf("%+v", asked)
	}
	if out := ask("2023-09-06", exitAnswered, "watch", "proof", "--json"); !strings.Contains(out, `"ours/2"`) || !strings.Contains(out, asked.Policy.Digest) {
		t.Errorf("%s", out)
	}
}

// TestKilledWatch kills the program at random moments of a full screening, and of the
// round after a list changed. Whatever the moment, the next run goes on, and in the
// end there are the alerts of a run that nobody killed: none lost, none doubled.
func TestKilledWatch(t *testing.T) {
	exe := program(t)
	k := killing{t: t, exe: exe, dir: t.TempDir(), kills: 20}
	if os.Getenv("ARTICLE41_SOAK") != "" {
		k.kills = 200
	}
	k.db = filepath.Join(k.dir, "k.db")
	makeDB(t, k.db)
	file := func(name, text string) string {
		path := filepath.Join(k.dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	customers := manyCustomers(t, 2000)
	k.do(k.db, "watch", "add", file("c.csv", customers))
	full := k.run("a full screening", 300, "--full")

	// A list of the house comes in that bears the names of three hundred customers.
	k.do(k.db, "watch", "run")
	var list strings.Builder
	list.WriteString("id,name\n")
	for n, row := range strings.Split(customers, "\n")[1:] {
		if id, name, ok := strings.Cut(row, ","); ok && n%5 != 0 && n < 400 {
			fmt.Fprintf(&list, "h-%s,%s\n", id, name)
		}
	}
	k.do(k.db, "import", "house", file("h.csv", list.String()))
	k.run("a list's change", full+100)
}

// killing is a database whose runs of watch are killed.
type killing struct {
	t       *testing.T
	exe     string
	dir, db string
	kills   int
}

func (k killing) do(db string, args ...string) {
	k.t.Helper()
	if out, err := exec.Command(k.exe, append(args, "--db", db)...).CombinedOutput(); err != nil {
		k.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// alerts are those of a database, as their commitments are: the same key makes the
// same.
func (k killing) alerts(db string) []string {
	k.t.Helper()
	out, err := exec.Command(k.exe, "alerts", "export", "-", "--db", db).Output()
	if err != nil {
		k.t.Fatal(err)
	}
	var all []string
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var a struct {
			ID, State, Evidence string
			Compared            struct {
				ID string `json:"customer_id"`
			}
		}
		if err := dec.Decode(&a); err != nil {
			k.t.Fatal(err)
		}
		all = append(all, a.ID+" "+a.State+" "+a.Evidence+" "+a.Compared.ID)
	}
	slices.Sort(all)
	return all
}

// fork copies the database with its keys.
func (k killing) fork(name string) string {
	to := filepath.Join(k.dir, name)
	for _, tail := range []string{"", ".keys", ".keys.master"} {
		b, err := os.ReadFile(k.db + tail)
		if err != nil {
			k.t.Fatal(err)
		}
		if err := os.WriteFile(to+tail, b, 0o600); err != nil {
			k.t.Fatal(err)
		}
	}
	return to
}

// run runs watch on copies of the database and kills it; now and then more words
// are given to a further run, which must leave all as it was. It answers how many
// alerts there are in the end.
func (k killing) run(what string, least int, again ...string) int {
	t := k.t
	whole := k.fork("whole.db")
	start := time.Now()
	k.do(whole, "watch", "run")
	took := time.Since(start)
	want := k.alerts(whole)
	if len(want) < least {
		t.Fatalf("%s: %d alerts: too few to lose any", what, len(want))
	}
	random := rand.New(rand.NewSource(41))
	unfinished := 0
	for i := range k.kills {
		killed := k.fork(fmt.Sprintf("killed-%d.db", i))
		c := exec.Command(k.exe, "watch", "run", "--db", killed)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int63n(int64(took))))
		c.Process.Kill()
		if c.Wait() != nil {
			unfinished++
		}
		k.do(killed, "watch", "run")
		if have := k.alerts(killed); !slices.Equal(have, want) {
			t.Errorf("%s, kill %d: %d alerts, want %d", what, i, len(have), len(want))
		}
		if i%4 == 0 && len(again) > 0 { // and once more over all: nothing is left to change
			k.do(killed, append([]string{"watch", "run"}, again...)...)
			if have := k.alerts(killed); !slices.Equal(have, want) {
				t.Errorf("%s, kill %d, screened anew: %d alerts, want %d", what, i, len(have), len(want))
			}
		}
		for _, tail := range []string{"", ".keys", ".keys.master"} {
			os.Remove(killed + tail)
		}
	}
	if unfinished == 0 {
		t.Errorf("%s: no run was killed before its end: this tested nothing", what)
	}
	t.Logf("%s: %d runs, %d killed before their end; %d alerts", what, k.kills, unfinished, len(want))
	return len(want)
}

// manyCustomers is a table of which each fifth bears a listed name.
func manyCustomers(t *testing.T, n int) string {
	t.Helper()
	rec, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	arc, err := article41.Open(context.Background(), nil, rec, noon)
	if err != nil {
		t.Fatal(err)
	}
	day := date.DayOf(noon)
	reg, err := arc.Register(context.Background(), record.At{AsOf: day, KnownAt: day})
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, id := range reg.Subjects() {
		if s, ok := reg.Subject(id); ok && s.Alive {
			listed = append(listed, s.Caption)
		}
	}
	random := rand.New(rand.NewSource(41))
	var b strings.Builder
	b.WriteString("id,name\n")
	for i := range n {
		name := fmt.Sprintf("Customer %c%c %c%c", 'a'+random.Intn(26), 'a'+random.Intn(26), 'a'+random.Intn(26), 'a'+random.Intn(26))
		if i%5 == 0 {
			name = listed[random.Intn(len(listed))]
		}
		fmt.Fprintf(&b, "c-%d,%q\n", i, strings.ReplaceAll(name, `"`, ""))
	}
	return b.String()
}

// TestMergedIDsKeepTheDecision imports a collection in which two ids become one: the
// decision goes on under the new id, and opens again only once the entry says more.
func TestMergedIDsKeepTheDecision(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "m.db")
	ask := func(day string, args ...string) {
		t.Helper()
		if out, errs, code := on(t, day, append(args, "--db", db)...); code != exitAnswered && code != exitNothing {
			t.Fatalf("%v: exit %d: %s%s", args, code, out, errs)
		}
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	person := func(id, name, more, also string) string {
		return fmt.Sprintf(`{"id":%q,"schema":"Person","target":true,"properties":{"name":[%q]%s},"datasets":["test"],"referents":[%s]}`+"\n", id, name, more, also)
	}
	other := person("o-1", "Brunhilde Testwoman", "", "")
	round := func(day, text string) map[string]map[string]any {
		t.Helper()
		ask(day, "import", "ftm", file(day+".jsonl", text+other), "--list-date", day)
		ask(day, "watch", "run")
		return alertsOf(t, day, db)
	}
	ask("2026-01-04", "watch", "add", file("c.csv", "id,kind,name,birth_date\nc-1,person,Ivan Petrovich Kuznetsov,1961-03-04\n"))
	const name = "Ivan Petrovich Kuznetsov"
	a := round("2026-01-05", person("a-1", name, "", ""))["c-1 ftm:a-1"]
	if a == nil || a["state"] != "open" {
		t.Fatalf("the first alert: %v", a)
	}
	ask("2026-01-05", "alerts", "decide", a["id"].(string), "--verdict", "not-same", "--reason", "another man", "--evidence", a["evidence"].(string))
	merged := round("2026-01-06", person("NK-9", name, "", `"a-1"`))
	b, old := merged["c-1 ftm:NK-9"], merged["c-1 ftm:a-1"]
	if len(merged) != 2 || b == nil || b["state"] != "not-same" || old["state"] != "merged" {
		t.Errorf("after the merger: %v", merged)
	}
	if b := round("2026-01-07", person("NK-9", name, "", `"a-1"`))["c-1 ftm:NK-9"]; b["state"] != "not-same" {
		t.Errorf("a version that changed nothing: %v", b)
	}
	all := round("2026-01-08", person("NK-9", name, `,"birthDate":["1961-03-04"]`, `"a-1"`))
	if b := all["c-1 ftm:NK-9"]; len(all) != 2 || b["state"] != "open" {
		t.Errorf("the entry says more: %v", all)
	}
}
