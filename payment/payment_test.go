package payment

import (
	"errors"
	"strings"
	"testing"
)

const pacs = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.10"><FIToFICstmrCdtTrf>
 <GrpHdr><MsgId>M1</MsgId><InstgAgt><FinInstnId><BICFI>AAAADEFF</BICFI></FinInstnId></InstgAgt></GrpHdr>
 <CdtTrfTxInf>
  <PmtId><InstrId>I1</InstrId><EndToEndId>E2E-1</EndToEndId></PmtId>
  <UltmtDbtr><Nm>Somebody Behind</Nm></UltmtDbtr>
  <Dbtr><Nm>Iyad &amp; Sons</Nm><PstlAdr><StrtNm>Rue 1</StrtNm><TwnNm>Kidal</TwnNm><Ctry>ML</Ctry></PstlAdr>
   <Id><PrvtId><DtAndPlcOfBirth><BirthDt>1958-01-02</BirthDt><CityOfBirth>Abeibara</CityOfBirth><CtryOfBirth>ML</CtryOfBirth></DtAndPlcOfBirth><Othr><Id>P-123456</Id></Othr></PrvtId></Id>
   <CtctDtls><Nm>Not A Party</Nm></CtctDtls></Dbtr>
  <DbtrAcct><Id><IBAN>DE00</IBAN></Id></DbtrAcct>
  <DbtrAgt><FinInstnId><BICFI>BBBBMLBA</BICFI><Nm>Banque Une</Nm><LEI>529900T8BM49AURSDO55</LEI></FinInstnId></DbtrAgt>
  <IntrmyAgt2><FinInstnId><BICFI>CCCCUS33</BICFI></FinInstnId></IntrmyAgt2>
  <Cdtr><Nm>Zvezda
     Maritime</Nm><Id><OrgId><AnyBIC>DDDDRUMM</AnyBIC></OrgId></Id></Cdtr>
  <RmtInf><Ustrd>Freight M/V BLUE HERON from Odesa</Ustrd><Ustrd>IMO No. 9074729, 500 MT WHEAT, ask MS JANE</Ustrd></RmtInf>
 </CdtTrfTxInf>
 <CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId><UETR>u-2</UETR></PmtId><Cdtr><Nm>Second</Nm></Cdtr></CdtTrfTxInf>
</FIToFICstmrCdtTrf></Document>`

const pain = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn><GrpHdr><MsgId>P1</MsgId><InitgPty><Nm>Sender Ltd</Nm></InitgPty></GrpHdr>
<PmtInf><Dbtr><Nm>Payer</Nm></Dbtr><DbtrAgt><FinInstnId><BIC>AAAADEFF</BIC></FinInstnId></DbtrAgt>
<CdtTrfTxInf><PmtId><EndToEndId>A</EndToEndId></PmtId><Cdtr><Nm>One</Nm></Cdtr></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>B</EndToEndId></PmtId><Cdtr><Nm>Two</Nm></Cdtr></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>`

const mt103 = "{1:F01AAAADEFFAXXX0000000000}{2:I103BBBBMLBAXXXXN}{4:\r\n:20:REF1\r\n:32A:260101EUR1,00\r\n" +
	":50F:/12345678\r\n1/IYAD AG\r\n1/GHALI\r\n2/RUE 1\r\n3/ML/KIDAL\r\n4/19580102\r\n7/ML/CCPT/P123456\r\n" +
	":52A:/C/1\r\nCCCCUS33\r\n:57D:BANQUE SANS CODE\r\nBAMAKO\r\n:59:/999\r\nZVEZDA MARITIME TRADING AND SHIPPIN\r\nG LLC\r\nODESA\r\n" +
	":70:FREIGHT VESSEL: BLUE HE\r\n//RON VOY 12\r\n:71A:SHA\r\n-}"

func find(t *testing.T, m Message, role Role, tx int) Party {
	t.Helper()
	for _, p := range m.Parties {
		if p.Role == role && p.Transaction == tx {
			return p
		}
	}
	t.Fatalf("no %s in transaction %d: %+v", role, tx, m.Parties)
	return Party{}
}

func TestXML(t *testing.T) {
	m, err := Read(strings.NewReader("\ufeff\n" + pacs))
	if err != nil {
		t.Fatal(err)
	}
	if m.Format != "pacs.008.001.10" || m.ID != "M1" || m.Transactions != 2 {
		t.Errorf("%+v", m)
	}
	d := find(t, m, "debtor", 1)
	if d.Names[0] != "Iyad & Sons" || len(d.Names) != 1 || d.Born != "1958-01-02" || d.Country != "ML" || d.Sort != Person ||
		d.Address != "Rue 1, Kidal, ML" || d.Identifiers[0] != "P-123456" || d.Reference != "E2E-1" {
		t.Errorf("%+v", d)
	}
	if b := find(t, m, "debtor-agent", 1); b.Sort != Bank || b.Names[0] != "Banque Une" || strings.Join(b.Identifiers, " ") != "BBBBMLBA 529900T8BM49AURSDO55" {
		t.Errorf("%+v", b)
	}
	if b := find(t, m, "instructing-agent", 0); b.Identifiers[0] != "AAAADEFF" || b.Reference != "" {
		t.Errorf("%+v", b)
	}
	if c := find(t, m, "creditor", 1); c.Names[0] != "Zvezda Maritime" || c.Sort != Body {
		t.Errorf("%+v", c)
	}
	find(t, m, "intermediary-agent", 1)
	find(t, m, "ultimate-debtor", 1)
	if c := find(t, m, "creditor", 2); c.Reference != "u-2" {
		t.Errorf("%+v", c)
	}
	var ships []Party
	for _, p := range m.Parties {
		if p.Sort == Vessel {
			ships = append(ships, p)
		}
	}
	if len(ships) != 2 || ships[0].Names[0] != "BLUE HERON" || ships[1].Identifiers[0] != "9074729" {
		t.Errorf("ships %+v", ships)
	}
	m, err = Read(strings.NewReader(pain))
	if err != nil || m.Format != "pain.001.001.03" || m.Transactions != 2 {
		t.Fatalf("%v %+v", err, m)
	}
	find(t, m, "initiating-party", 0)
	find(t, m, "debtor", 0)
	if find(t, m, "creditor", 2).Names[0] != "Two" {
		t.Error("the second payment's creditor")
	}
}

func TestMT(t *testing.T) {
	for why, text := range map[string]string{"whole": mt103, "the fields alone": mt103[strings.Index(mt103, ":20:") : len(mt103)-4]} {
		m, err := Read(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", why, err)
		}
		if m.Format != "MT103" || m.ID != "REF1" || m.Transactions != 1 {
			t.Errorf("%s: %+v", why, m)
		}
		d := find(t, m, "debtor", 1)
		if d.Names[0] != "IYAD AG GHALI" || d.Born != "1958-01-02" || d.Country != "ML" || d.Identifiers[0] != "P123456" || d.Sort != Person {
			t.Errorf("%s: %+v", why, d)
		}
		if a := find(t, m, "debtor-agent", 1); a.Identifiers[0] != "CCCCUS33" || len(a.Names) != 0 {
			t.Errorf("%s: %+v", why, a)
		}
		if a := find(t, m, "creditor-agent", 1); a.Names[0] != "BANQUE SANS CODE" || a.Address != "BAMAKO" {
			t.Errorf("%s: %+v", why, a)
		}
		// A line of 35 letters may go on in the next.
		if c := find(t, m, "creditor", 1); c.Names[1] != "ZVEZDA MARITIME TRADING AND SHIPPING LLC" || c.Reference != "REF1" {
			t.Errorf("%s: %+v", why, c)
		}
		if s := find(t, m, Ship, 1); s.Names[0] != "BLUE HE RON" {
			t.Errorf("%s: %+v", why, s)
		}
	}
	m, err := Read(strings.NewReader(mt103 + "\r\n" + strings.ReplaceAll(mt103, "REF1", "REF2")))
	if err != nil || m.Transactions != 2 || find(t, m, "debtor", 2).Reference != "REF2" {
		t.Errorf("two messages: %v %+v", err, m)
	}
	if s := find(t, m, Sender, 1); s.Identifiers[0] != "AAAADEFF" {
		t.Errorf("sender %+v", s)
	}
	if r := find(t, m, Receiver, 1); r.Identifiers[0] != "BBBBMLBA" {
		t.Errorf("receiver %+v", r)
	}
}

func TestShips(t *testing.T) {
	for text, want := range map[string]string{
		"MV Blue Heron":               "Blue Heron",
		"m/v \"BLUE HERON\" from X":   "BLUE HERON",
		"M.V. Nord-Star 7, ETA 3 May": "Nord-Star 7",
		"vessel name: Šķūnis":         "Šķūnis",
		"500 MT wheat":                "",
		"paid to Ms Jane Doe":         "",
		"shipment of goods":           "",
		"IMO 9074729":                 "9074729",
		"IMO 9074720":                 "", // its check digit is wrong
	} {
		got := ""
		if s := ships(text); len(s) > 0 {
			got = strings.Join(append(s[0].Names, s[0].Identifiers...), "|")
		}
		if got != want && !strings.HasPrefix(got, want+"|") {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestBad(t *testing.T) {
	for why, c := range map[string][2]string{
		"nothing":               {"", "empty"},
		"another text":          {"hello", "begins with"},
		"half XML":              {"<Document><CdtTrfTxInf>", "line 1"},
		"other XML":             {"<html></html>", "no pacs or pain"},
		"a document type":       {`<!DOCTYPE x [<!ENTITY a "b">]><Document/>`, "document type"},
		"an unknown entity":     {"<Document>&a;</Document>", "line 1"},
		"deep XML":              {strings.Repeat("<a>", 100), "deeper"},
		"too many parties":      {"<CdtTrfTxInf>" + strings.Repeat("<Dbtr><Nm>x</Nm></Dbtr>", MostParties+1) + "</CdtTrfTxInf>", "more than"},
		"an MT of another kind": {"{1:F01AAAADEFFAXXX0000000000}{2:I940BBBBMLBAXXXXN}{4:\n:20:x\n-}", "MT940"},
		"an MT without fields":  {"{4:\nhello\n-}", "no field"},
		"an MT cut short":       {"{1:F01AAAADEFFAXXX0000000000}{4:\n:20:x", "no block 4"},
	} {
		if _, err := Read(strings.NewReader(c[0])); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{pacs, pain, mt103, ":50K:x", "{4:\n:50F:1/\n-}", "<a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := Read(strings.NewReader(s))
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Errorf("another error: %v", err)
		}
		for _, p := range m.Parties {
			if p.Role == "" || p.Names == nil || len(p.Names) == 0 && len(p.Identifiers) == 0 || p.Transaction > m.Transactions && err == nil {
				t.Errorf("%+v", p)
			}
			for _, n := range p.Names {
				if len(n) > longestName || n != strings.TrimSpace(n) {
					t.Errorf("name %q", n)
				}
			}
		}
	})
}
