package payment

import (
	"slices"
	"strings"
	"testing"
)

// want is what must be found of one party.
type want struct {
	role        Role
	transaction int
	name        string
	identifier  string
	country     string
	address     string // a part of it
	born        string
}

const (
	gpi = "{1:F01BANKDEFFAXXX0000000000}{2:I103BANKUS33XXXXN}{3:{108:REF1}{121:eb6305c9-1f7f-49de-aed0-16487c27b42d}}{4:\n"

	// Names, numbers and banks are made up.
	pacs008 = `<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="urn:swift:xsd:envelope"><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr><FIId><FinInstnId><BICFI>BANKDEFFXXX</BICFI></FinInstnId></FIId></Fr></AppHdr>
<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><p:FIToFICstmrCdtTrf>
<p:GrpHdr><p:MsgId>M-1</p:MsgId><p:NbOfTxs>2</p:NbOfTxs></p:GrpHdr>
<p:CdtTrfTxInf><p:PmtId><p:EndToEndId>E-1</p:EndToEndId></p:PmtId>
 <p:UltmtDbtr><p:Nm>Parent Holding AG</p:Nm><p:Id><p:OrgId><p:LEI>529900T8BM49AURSDO55</p:LEI></p:OrgId></p:Id></p:UltmtDbtr>
 <p:Dbtr><p:Nm>Daughter GmbH</p:Nm><p:PstlAdr><p:StrtNm>Hauptstrasse</p:StrtNm><p:BldgNb>5</p:BldgNb><p:PstCd>60311</p:PstCd><p:TwnNm>Frankfurt</p:TwnNm><p:Ctry>DE</p:Ctry></p:PstlAdr></p:Dbtr>
 <p:DbtrAgt><p:FinInstnId><p:BICFI>BANKDEFFXXX</p:BICFI></p:FinInstnId></p:DbtrAgt>
 <p:CdtrAgt><p:FinInstnId><p:ClrSysMmbId><p:MmbId>021000089</p:MmbId></p:ClrSysMmbId><p:Nm>First Made Up Bank</p:Nm></p:FinInstnId></p:CdtrAgt>
 <p:Cdtr><p:Nm>Ocean &amp; Sons</p:Nm><p:PstlAdr><p:TwnNm>Bamako</p:TwnNm><p:Ctry>ML</p:Ctry><p:AdrLine>Rue 12, Porte 5</p:AdrLine></p:PstlAdr></p:Cdtr>
 <p:RmtInf><p:Ustrd>Freight M/V BLUE HERON voyage 12</p:Ustrd></p:RmtInf></p:CdtTrfTxInf>
<p:CdtTrfTxInf><p:PmtId><p:EndToEndId>E-2</p:EndToEndId></p:PmtId>
 <p:Dbtr><p:Nm>Anna Made-Up</p:Nm><p:Id><p:PrvtId><p:DtAndPlcOfBirth><p:BirthDt>1970-02-03</p:BirthDt><p:CityOfBirth>Gao</p:CityOfBirth><p:CtryOfBirth>ML</p:CtryOfBirth></p:DtAndPlcOfBirth><p:Othr><p:Id>P123456</p:Id></p:Othr></p:PrvtId></p:Id></p:Dbtr>
 <p:Cdtr><p:Nm>Second Creditor</p:Nm></p:Cdtr><p:UltmtCdtr><p:Nm>Behind Ltd</p:Nm></p:UltmtCdtr>
 <p:RmtInf><p:Strd><p:Invcr><p:Nm>Invoice Writer SA</p:Nm></p:Invcr><p:AddtlRmtInf>VESSEL GREY HERON IMO 9074729</p:AddtlRmtInf></p:Strd></p:RmtInf></p:CdtTrfTxInf>
</p:FIToFICstmrCdtTrf></p:Document></Envelope>`

	pain001 = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn><GrpHdr><MsgId>B-7</MsgId><InitgPty><Nm>Payroll Service</Nm></InitgPty></GrpHdr>
<PmtInf><Dbtr><Nm>Employer SA</Nm></Dbtr><DbtrAgt><FinInstnId><BIC>BANKFRPP</BIC></FinInstnId></DbtrAgt>
<CdtTrfTxInf><PmtId><EndToEndId>S-1</EndToEndId></PmtId><Cdtr><Nm>Worker One</Nm></Cdtr></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>S-2</EndToEndId></PmtId><Cdtr><Nm>Worker Two</Nm><CtryOfRes>ML</CtryOfRes></Cdtr></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>`

	pacs004 = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"><PmtRtr><GrpHdr><MsgId>R-1</MsgId></GrpHdr><TxInf><OrgnlEndToEndId>E-1</OrgnlEndToEndId>
<RtrChain><Dbtr><Pty><Nm>Ocean and Sons</Nm></Pty></Dbtr><Cdtr><Pty><Nm>Daughter GmbH</Nm></Pty></Cdtr></RtrChain></TxInf></PmtRtr></Document>`

	pacs009 = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08"><FICdtTrf><GrpHdr><MsgId>F-1</MsgId></GrpHdr><CdtTrfTxInf><PmtId><EndToEndId>F-E</EndToEndId></PmtId>
<Dbtr><FinInstnId><BICFI>BANKDEFF</BICFI></FinInstnId></Dbtr><Cdtr><FinInstnId><Nm>Made Up Bank of Bamako</Nm></FinInstnId></Cdtr></CdtTrfTxInf></FICdtTrf></Document>`
)

// TestRealLooking reads messages as banks send them, with names that nobody has.
func TestRealLooking(t *testing.T) {
	for _, c := range []struct {
		why, text    string
		transactions int
		wants        []want
	}{
		{"50F by passport, 59F", gpi + ":20:T1\n:32A:230801EUR1,\n:50F:CCPT/ML/P7654321\n1/MADE-UP ANNA\n2/RUE 12\n3/ML/BAMAKO\n4/19700203\n5/ML/GAO\n:57A:BANKUS33\n:59F:/123456\n1/OCEAN AND SONS\n2/PIER 4\n3/US/NEW YORK\n:70:INVOICE 7\n:71A:SHA\n-}", 1, []want{
			{role: "debtor", transaction: 1, name: "MADE-UP ANNA", identifier: "P7654321", country: "ML", address: "BAMAKO", born: "1970-02-03"},
			{role: "creditor", transaction: 1, name: "OCEAN AND SONS", country: "US", address: "NEW YORK"},
			{role: "creditor-agent", transaction: 1, identifier: "BANKUS33"}}},
		{"50F by account, an identity number", ":20:T1\n:50F:/DE89370400440532013000\n1/DAUGHTER GMBH\n2/HAUPTSTR 5\n3/DE/FRANKFURT\n7/DE/HRB 4711\n:59:OTHER\n", 1, []want{
			{role: "debtor", transaction: 1, name: "DAUGHTER GMBH", identifier: "HRB 4711", country: "DE"}}},
		{"50F by a customer's number", ":20:T1\n:50F:CUST/DE/BANKDEFF/C-99\n1/DAUGHTER GMBH\n3/DE/FRANKFURT\n:59:OTHER\n", 1, []want{
			{role: "debtor", transaction: 1, name: "DAUGHTER GMBH", identifier: "C-99"}}},
		{"50K and a plain 59", ":20:T1\r\n:50K:/1234\r\nDAUGHTER GMBH\r\nHAUPTSTR 5\r\n60311 FRANKFURT\r\n:59:/ML1\r\nOCEAN AND SONS\r\nBAMAKO\r\n", 1, []want{
			{role: "debtor", transaction: 1, name: "DAUGHTER GMBH", address: "60311 FRANKFURT"}, {role: "creditor", transaction: 1, name: "OCEAN AND SONS", address: "BAMAKO"}}},
		{"50A and 59A by BIC", ":20:T1\n:50A:/1234\nCORPDEFF\n:59A:/99\nCORPUS33XXX\n", 1, []want{
			{role: "debtor", transaction: 1, identifier: "CORPDEFF"}, {role: "creditor", transaction: 1, identifier: "CORPUS33XXX"}}},
		{"a bank by clearing code and name", ":20:T1\n:50K:A B\n:57D://FW021000089\nFIRST MADE UP BANK\nNEW YORK\n:59:C D\n", 1, []want{
			{role: "creditor-agent", transaction: 1, name: "FIRST MADE UP BANK", address: "NEW YORK"}}},
		{"two messages one after another, a ship", gpi + ":20:T1\n:50K:FIRST PAYER\n:59:FIRST PAYEE\n-}\n" + gpi + ":20:T2\n:50K:SECOND PAYER\n:59:SECOND PAYEE\n:70:DEMURRAGE MT\n//GREY HERON IMO 9074729\n-}", 2, []want{
			{role: "debtor", transaction: 1, name: "FIRST PAYER"}, {role: "creditor", transaction: 2, name: "SECOND PAYEE"}, {role: "vessel", transaction: 2, identifier: "IMO 9074729"}}},
		{"pacs.008 in an envelope, with a prefix, two transactions", pacs008, 2, []want{
			{role: "ultimate-debtor", transaction: 1, name: "Parent Holding AG", identifier: "529900T8BM49AURSDO55"},
			{role: "debtor", transaction: 1, name: "Daughter GmbH", country: "DE", address: "Frankfurt"},
			{role: "creditor", transaction: 1, name: "Ocean & Sons", country: "ML", address: "Rue 12, Porte 5"},
			{role: "creditor-agent", transaction: 1, name: "First Made Up Bank"},
			{role: "vessel", transaction: 1, name: "BLUE HERON"},
			{role: "debtor", transaction: 2, name: "Anna Made-Up", identifier: "P123456", born: "1970-02-03"},
			{role: "ultimate-creditor", transaction: 2, name: "Behind Ltd"},
			{role: "invoicer", transaction: 2, name: "Invoice Writer SA"}}},
		{"pain.001 with one debtor above two", pain001, 2, []want{
			{role: "initiating-party", name: "Payroll Service"}, {role: "debtor", name: "Employer SA"}, {role: "debtor-agent", identifier: "BANKFRPP"},
			{role: "creditor", transaction: 1, name: "Worker One"}, {role: "creditor", transaction: 2, name: "Worker Two", country: "ML"}}},
		{"pacs.004, a return", pacs004, 1, []want{{role: "debtor", transaction: 1, name: "Ocean and Sons"}, {role: "creditor", transaction: 1, name: "Daughter GmbH"}}},
		{"pacs.009, between banks", pacs009, 1, []want{{role: "debtor", transaction: 1, identifier: "BANKDEFF"}, {role: "creditor", transaction: 1, name: "Made Up Bank of Bamako"}}},
	} {
		m, err := Read(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if m.Transactions != c.transactions {
			t.Errorf("%s: %d transactions", c.why, m.Transactions)
		}
		for _, w := range c.wants {
			if !slices.ContainsFunc(m.Parties, func(p Party) bool {
				return p.Role == w.role && p.Transaction == w.transaction && (w.name == "" || slices.Contains(p.Names, w.name)) &&
					(w.identifier == "" || slices.Contains(p.Identifiers, w.identifier)) && (w.country == "" || p.Country == w.country) &&
					strings.Contains(p.Address, w.address) && (w.born == "" || p.Born == w.born)
			}) {
				t.Errorf("%s: want %+v\nin %+v", c.why, w, m.Parties)
			}
		}
	}
}

// TestPlaceOfFault: a message that cannot be read says what is wrong and where.
func TestPlaceOfFault(t *testing.T) {
	for why, c := range map[string]struct{ text, says string }{
		"the second of two is another kind": {gpi + ":20:T1\n:50K:A\n:59:B\n-}\n" + strings.Replace(gpi, "I103", "I940", 1) + ":20:T2\n-}", "message 2 of 2, line 6"},
		"a block that does not close":       {"{1:F01BANKDEFFAXXX0000000000}{4:\n:50K:A\n", "no block 4"},
		"XML that ends early":               {strings.TrimSuffix(pain001, "</Document>"), "line 4"},
		"XML crossed":                       {strings.Replace(pain001, "</PmtInf>", "</PmtInfo>", 1), "line 4"},
		"no payment":                        {`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>`, "no pacs or pain"},
		"nothing":                           {"", ""},
	} {
		_, err := Read(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", why, err)
		}
	}
}
