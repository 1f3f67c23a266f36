package web

import "article41/account"

// briefingRoutes are the addresses of briefings: what readers see, what authors of
// comments do, and the desks of editors and moderators.
var briefingRoutes = []route{
	{"GET /briefings", account.ReadRecord, (*site).briefings},
	{"GET /briefings/{slug}", account.ReadRecord, (*site).briefing},
	{"POST /briefings/{slug}/comments", account.ReadRecord, (*site).comment},
	{"GET /briefings/{slug}/comments/{id}/report", account.ReadRecord, (*site).reportForm},
	{"POST /briefings/{slug}/comments/{id}/report", account.ReadRecord, (*site).report},
	{"GET /comments/{token}", account.ReadRecord, (*site).mine},
	{"POST /comments/{token}", account.ReadRecord, (*site).mineDo},
	{"GET /notices/{token}", account.ReadRecord, (*site).noticed},
}
