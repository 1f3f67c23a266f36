// Package payment answers: who and what is named in this payment message?
//
// Read takes a message as it travels (ISO 20022 XML such as pacs.008 or pain.001,
// or the text of a SWIFT MT103 or MT202) and gives its parties: who pays and who
// is paid, for whom, the banks between them, and ships named in the free text.
// Each Party keeps its Role, the transaction it stands in, and what a screening
// can use: names, a whole birth date, numbers, the country of its address.
//
// It screens nobody, checks no message against its schema, reads no amounts, and
// gives no account numbers. It reads every version of a message alike, because it
// follows the names of elements, which have been the same since 2009
// (docs/design/0008-payments.md says why no library is used).
//
//	m, err := payment.Read(file)
//	for _, p := range m.Parties { fmt.Println(p.Role, p.Names) }
package payment
