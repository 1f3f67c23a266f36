package curated

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"article41/data"
	"article41/date"
	"article41/record"
)

var signedAt = time.Date(2026, 11, 23, 17, 0, 0, 999, time.UTC)

// testKey is a key made from one byte, thirty-two times.
func testKey(t testing.TB, b byte, name string) PrivateKey {
	t.Helper()
	k, err := NewKey(bytes.NewReader(bytes.Repeat([]byte{b}, 32)), name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// packOf packs entries as an edition.
func packOf(t testing.TB, number uint64, entries ...record.Entry) []byte {
	t.Helper()
	rec := Record{Edition: record.Edition{Number: number, Version: fmt.Sprintf("2027-01-%02d", number), Entries: len(entries)}, Entries: entries}
	for _, e := range entries {
		rec.Edition.Digest = record.Roll(rec.Edition.Digest, e.Digest())
	}
	var b bytes.Buffer
	if err := Pack(&b, rec); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func coverage(t testing.TB, chain, through string) record.Entry {
	t.Helper()
	e, err := record.State(record.FactID("coverage/"+chain), Source, date.MustDay("1946-01-17"),
		record.Coverage{Chain: chain, Through: date.MustDay(through), Cite: record.Cite{Source: "memory", Sure: record.Unverified}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func signed(t testing.TB, pack []byte, k PrivateKey, detached bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := WriteBundle(&b, pack, k, signedAt, detached); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// seal signs whatever a header says, as a publisher with a broken tool would.
func seal(t testing.TB, b Bundle, k PrivateKey) []byte {
	t.Helper()
	out, err := b.seal(k)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBundle(t *testing.T) {
	k := testKey(t, 1, "a publisher")
	keys := []PublicKey{testKey(t, 2, "another").Public(), k.Public()}
	for name, pack := range map[string][]byte{"small": packOf(t, 7, coverage(t, "mali", "2026-04-30")), "shipped": data.Pack} {
		want, err := Unpack(bytes.NewReader(pack))
		if err != nil {
			t.Fatal(err)
		}
		for _, detached := range []bool{false, true} {
			in, beside := signed(t, pack, k, detached), []byte(nil)
			if detached {
				beside = pack
				if bytes.Contains(in, pack) {
					t.Error("the pack is in the envelope that it should lie beside")
				}
			}
			if !IsBundle(in) || IsBundle(pack) {
				t.Error("a bundle and a pack are not told apart")
			}
			b, rec, err := ReadBundle(in, beside, keys)
			if err != nil {
				t.Fatalf("%s, detached %v: %v", name, detached, err)
			}
			if b.Format != Format || b.Edition != want.Edition || b.Key != k.Public().ID() || b.Size != int64(len(pack)) ||
				b.SHA256 != sha256.Sum256(pack) || !b.Created.Equal(signedAt.Truncate(time.Second)) {
				t.Errorf("%s: %+v", name, b)
			}
			if rec.Edition != want.Edition || len(rec.Entries) != len(want.Entries) || rec.Entries[0].Digest() != want.Entries[0].Digest() {
				t.Errorf("%s: the record is another one", name)
			}
		}
		if x, y := signed(t, pack, k, false), signed(t, pack, k, false); !bytes.Equal(x, y) {
			t.Errorf("%s: signed twice, the bytes differ", name)
		}
	}
}

// TestBadBundles: whatever is wrong is refused, with what and where.
func TestBadBundles(t *testing.T) {
	k, other := testKey(t, 1, "a publisher"), testKey(t, 2, "another")
	keys := []PublicKey{k.Public()}
	pack := packOf(t, 7, coverage(t, "mali", "2026-04-30"))
	good := signed(t, pack, k, false)
	lines := bytes.SplitN(good, []byte("\n"), 4)
	of := func(l ...[]byte) []byte { return bytes.Join(l, []byte("\n")) }
	changed := func(at int, from, to string) []byte {
		l := [][]byte{lines[0], lines[1], lines[2], lines[3]}
		if !bytes.Contains(l[at], []byte(from)) {
			t.Fatalf("line %d holds no %s", at+1, from)
		}
		l[at] = bytes.Replace(l[at], []byte(from), []byte(to), 1)
		return of(l...)
	}
	said := func(pack []byte, change func(*Bundle)) []byte {
		rec, err := unpackBounded(pack)
		b := Bundle{Format, rec.Edition, signedAt.Truncate(time.Second), k.Public().ID(), int64(len(pack)), sha256.Sum256(pack)}
		if err != nil {
			b.Edition = record.Edition{Number: 7, Version: "2027-01-07", Entries: 1}
		}
		change(&b)
		return append(seal(t, b, k), pack...)
	}
	nothing := func(*Bundle) {}
	unknownKind := coverage(t, "mali", "2026-04-30")
	unknownKind.Kind = "prophecy"
	unknownField := coverage(t, "mali", "2026-04-30")
	unknownField.Body = []byte(strings.Replace(string(unknownField.Body), "{", `{"until_further_notice":true,`, 1))
	notOurs := coverage(t, "mali", "2026-04-30")
	notOurs.Kind, notOurs.Body = record.KindEdition, []byte(`{"number":99,"version":"x","digest":"`+strings.Repeat("0", 64)+`","entries":0}`)
	badDay := coverage(t, "mali", "2026-04-30")
	badDay.Body = []byte(strings.Replace(string(badDay.Body), "2026-04-30", "2026-02-30", 1))
	flipped := bytes.Clone(good)
	flipped[len(flipped)-9] ^= 1

	for _, c := range []struct {
		why      string
		envelope []byte
		pack     []byte
		keys     []PublicKey
		kind     error
		says     string
	}{
		{"nothing", nil, nil, keys, record.ErrInvalid, "line 1"},
		{"a pack alone", pack, nil, keys, record.ErrInvalid, "line 1"},
		{"cut in the envelope", good[:60], nil, keys, record.ErrInvalid, "line 2 does not end"},
		{"cut in the signature", of(lines[0], lines[1], lines[2][:40]), nil, keys, record.ErrInvalid, "line 3 does not end"},
		{"cut in the pack", good[:len(good)-5], nil, keys, record.ErrInvalid, "were signed"},
		{"something behind the pack", append(bytes.Clone(good), "x"...), nil, keys, record.ErrInvalid, "were signed"},
		{"a byte of the pack changed", flipped, nil, keys, record.ErrInvalid, "SHA-256"},
		{"an envelope of the future", changed(0, "bundle 1", "bundle 2"), nil, keys, record.ErrInvalid, "use a newer article41"},
		{"no JSON", of([]byte("article41 bundle 1"), []byte("{"), lines[2], nil), nil, keys, record.ErrInvalid, "line 2"},
		{"a field nobody knows", changed(1, `"format":1`, `"format":1,"trust":"me"`), nil, keys, record.ErrInvalid, "line 2"},
		{"no signature", of(lines[0], lines[1], []byte("!"), lines[3]), nil, keys, record.ErrInvalid, "line 3"},
		{"a signature cut to the half", of(lines[0], lines[1], lines[2][:44], lines[3]), nil, keys, record.ErrInvalid, "line 3"},
		{"a wrong signature: of other bytes", of(lines[0], lines[1], bytes.SplitN(signed(t, packOf(t, 8), k, false), []byte("\n"), 4)[2], lines[3]), nil, keys, record.ErrInvalid, "the signature is not key"},
		{"a wrong signature: the number was raised", changed(1, `"number":7`, `"number":8`), nil, keys, record.ErrInvalid, "the signature is not key"},
		{"a wrong signature: another key's under the trusted name", underName(t, pack, k, other), nil, keys, record.ErrInvalid, "the signature is not key"},
		{"a key nobody trusts", signed(t, pack, other, false), nil, keys, record.ErrInvalid, "not trusted here; trusted: " + string(k.Public().ID()) + " a publisher"},
		{"no key at all", good, nil, nil, record.ErrInvalid, "trusted: none"},
		{"bodies of the future", said(pack, func(b *Bundle) { b.Format = Format + 1 }), nil, keys, record.ErrNewer, "use a newer article41"},
		{"no format", said(pack, func(b *Bundle) { b.Format = 0 }), nil, keys, record.ErrInvalid, "line 2"},
		{"no number", said(pack, func(b *Bundle) { b.Edition.Number = 0 }), nil, keys, record.ErrInvalid, "line 2"},
		{"no instant", said(pack, func(b *Bundle) { b.Created = time.Time{} }), nil, keys, record.ErrInvalid, "line 2"},
		{"the pack is another edition than signed", said(pack, func(b *Bundle) { b.Edition.Number = 8 }), nil, keys, record.ErrInvalid, "is edition 7"},
		{"a pack that does not add up to its own digest", said(tampered(t, pack), nothing), nil, keys, record.ErrInvalid, "does not add up to its own digest"},
		{"a pack that states more entries than it has", said(restated(t, pack, `"entries":1`, `"entries":2000000000`), nothing), nil, keys, record.ErrInvalid, "states 2000000000 entries"},
		{"or less than none", said(restated(t, pack, `"entries":1`, `"entries":-1`), nothing), nil, keys, record.ErrInvalid, "states -1 entries"},
		{"a pack that is no gzip", said([]byte("not a pack"), nothing), nil, keys, record.ErrInvalid, "the packed record"},
		{"a kind this program does not know", said(packOf(t, 7, unknownKind), nothing), nil, keys, record.ErrInvalid, `no kind "prophecy"`},
		{"a field this program would drop", said(packOf(t, 7, unknownField), nothing), nil, keys, record.ErrInvalid, "until_further_notice"},
		{"an edition's mark among the facts", said(packOf(t, 7, notOurs), nothing), nil, keys, record.ErrInvalid, `no kind "edition"`},
		{"a day that does not exist", said(packOf(t, 7, badDay), nothing), nil, keys, record.ErrInvalid, "entry 1 (coverage/mali)"},
		{"a fact twice", said(packOf(t, 7, coverage(t, "mali", "2026-04-30"), coverage(t, "mali", "2026-05-30")), nothing), nil, keys, record.ErrInvalid, "stands twice"},
		{"a pack beside an envelope that has one", good, pack, keys, record.ErrInvalid, "follow the envelope"},
		{"another pack beside the envelope", signed(t, pack, k, true), packOf(t, 9), keys, record.ErrInvalid, "were signed"},
		{"no pack beside the envelope", signed(t, pack, k, true), nil, keys, record.ErrInvalid, "the pack has 0 bytes"},
		{"too large", append(bytes.Clone(good), make([]byte, MaxBundle)...), nil, keys, record.ErrInvalid, "at most"},
		{"an endless first line", append([]byte("article41 bundle 1"), bytes.Repeat([]byte(" "), 1<<20)...), nil, keys, record.ErrInvalid, "line 1 does not end"},
	} {
		_, rec, err := ReadBundle(c.envelope, c.pack, c.keys)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %v with %q", c.why, err, c.kind, c.says)
		}
		if len(rec.Entries) > 0 {
			t.Errorf("%s: %d entries came with the error", c.why, len(rec.Entries))
		}
	}
}

// underName is a bundle that says it is one key's and is signed by another.
func underName(t testing.TB, pack []byte, says, signs PrivateKey) []byte {
	rec, err := Unpack(bytes.NewReader(pack))
	if err != nil {
		t.Fatal(err)
	}
	return append(seal(t, Bundle{Format, rec.Edition, signedAt, says.Public().ID(), int64(len(pack)), sha256.Sum256(pack)}, signs), pack...)
}

// tampered changes an entry and leaves the edition as it was.
func tampered(t testing.TB, pack []byte) []byte {
	return restated(t, pack, "2026-04-30", "2026-05-31")
}

// restated changes the text in a pack.
func restated(t testing.TB, pack []byte, from, to string) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(pack))
	if err != nil {
		t.Fatal(err)
	}
	var text, out bytes.Buffer
	if _, err := text.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), from) {
		t.Fatalf("the pack holds no %s", from)
	}
	w := gzip.NewWriter(&out)
	fmt.Fprint(w, strings.Replace(text.String(), from, to, 1))
	w.Close()
	return out.Bytes()
}

// TestBombs: what unpacks to more than is taken is not unpacked.
func TestBombs(t *testing.T) {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	w.Write([]byte(`{"number":7,"version":"x","digest":"` + strings.Repeat("0", 64) + `","entries":1}` + "\n"))
	block := make([]byte, 1<<20)
	for range maxUnpacked>>20 + 1 {
		w.Write(block)
	}
	w.Close()
	if _, err := unpackBounded(b.Bytes()); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), "unpacks to more than") {
		t.Errorf("%d bytes that unpack to %d: %v", b.Len(), maxUnpacked, err)
	}
}

func TestKeys(t *testing.T) {
	k := testKey(t, 1, "a publisher, 2027")
	file := "# keys\n\n" + k.Public().String() + "\r\n" + testKey(t, 2, "").Public().String()
	keys, err := ReadKeys("k", []byte(file))
	if err != nil || len(keys) != 2 || keys[0].ID() != k.Public().ID() || keys[0].Name != "a publisher, 2027" || keys[1].Name != "" {
		t.Errorf("%v, %v", keys, err)
	}
	back, err := ReadPrivateKey("s", []byte("# keep this\n"+k.Secret()+"\n"))
	if err != nil || back.Public().String() != k.Public().String() {
		t.Errorf("a private key came back as another: %v", err)
	}
	if _, err := NewKey(bytes.NewReader(make([]byte, 31)), ""); err == nil {
		t.Error("a key of 31 random bytes")
	}
	if _, err := NewKey(bytes.NewReader(make([]byte, 32)), "a\nb"); err == nil {
		t.Error("a name of two lines")
	}
	for why, c := range map[string]struct {
		file, says string
		private    bool
	}{
		"a private key where a public one belongs": {"\n" + k.Secret(), "f:2: want a line \"ed25519 <base64> <name>\", have ed25519-private", false},
		"a public key where the private one does":  {k.Public().String(), "have ed25519", true},
		"another sort of key":                      {"ssh-ed25519 AAAA", "f:1: want a line", false},
		"no key":                                   {"ed25519", "f:1: the key is missing", false},
		"no base64":                                {"ed25519 !!!", "f:1: want a key of 32 bytes", false},
		"too short":                                {"ed25519 AAAA", "f:1: want a key of 32 bytes", false},
		"none":                                     {"# nothing", "want one private key, have 0", true},
		"two":                                      {k.Secret() + "\n" + k.Secret(), "want one private key, have 2", true},
	} {
		var err error
		if c.private {
			_, err = ReadPrivateKey("f", []byte(c.file))
		} else {
			_, err = ReadKeys("f", []byte(c.file))
		}
		if !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", why, err)
		}
		if secret := strings.Fields(k.Secret())[1]; err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error shows the secret", why)
		}
	}
}

// FuzzBundle: no bytes from elsewhere make the reader panic, and none but signed
// ones are taken.
func FuzzBundle(f *testing.F) {
	k := testKey(f, 1, "a publisher")
	pack := packOf(f, 7, coverage(f, "mali", "2026-04-30"))
	good := signed(f, pack, k, false)
	f.Add(good)
	f.Add(signed(f, pack, k, true))
	f.Add(pack)
	f.Add([]byte("article41 bundle 1\n{}\n\n"))
	keys := []PublicKey{k.Public()}
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, _, err := ReadBundle(in, nil, keys); err == nil && !bytes.Equal(in, good) {
			t.Errorf("taken: %q", in)
		}
		if _, err := ReadKeys("f", in); err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Error(err)
		}
	})
}

// FuzzSignedPack: no pack makes the reader panic, not even one that a trusted
// publisher signed; what is taken can be packed again to the same record.
func FuzzSignedPack(f *testing.F) {
	k := testKey(f, 1, "a publisher")
	f.Add([]byte(`{"number":7,"version":"x","digest":"0000000000000000000000000000000000000000000000000000000000000000","entries":0}` + "\n"))
	e := coverage(f, "mali", "2026-04-30")
	line, err := json.Marshal(packLine{e.Kind, e.Fact, e.Known, e.Body})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"number":7,"version":"x","digest":"` + record.Roll(record.Digest{}, e.Digest()).String() + `","entries":1}` + "\n" + string(line) + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(text)
		w.Close()
		pack := b.Bytes()
		h := Bundle{Format: Format, Created: signedAt, Key: k.Public().ID(), Size: int64(len(pack)), SHA256: sha256.Sum256(pack)}
		if firstOf(pack, &h.Edition) != nil {
			h.Edition = record.Edition{Number: 1, Version: "x"}
		}
		_, rec, err := ReadBundle(append(seal(t, h, k), pack...), nil, []PublicKey{k.Public()})
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := Pack(&again, rec); err != nil {
			t.Fatal(err)
		}
		if back, err := Unpack(&again); err != nil || back.Edition != rec.Edition {
			t.Errorf("packed again: %v", err)
		}
	})
}
