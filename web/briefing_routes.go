package web

import (
	"context"

	"article41/account"
	"article41/briefing"
	"article41/date"
	"article41/record"
)

type readerQuestions interface {
	Story(ctx context.Context, at record.At, text string, written date.Day) (briefing.Checked, error)
}

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
	{"GET /desk/briefings", account.ReadDrafts, (*site).desk},
	{"POST /desk/briefings", account.WriteDrafts, (*site).deskOffer},
	{"GET /desk/briefings/{slug}", account.ReadDrafts, (*site).editing},
	{"POST /desk/briefings/{slug}", account.WriteDrafts, (*site).editingDo},
	{"POST /desk/briefings/{slug}/picture", account.WriteDrafts, (*site).setPicture},
	{"GET /desk/comments", account.Moderate, (*site).queue},
	{"POST /desk/comments/{id}", account.Moderate, (*site).judge},
	{"POST /desk/notices/{id}", account.Moderate, (*site).settle},
	{"GET /desk/errata", account.ReadDrafts, (*site).errata},
	{"POST /desk/errata/{id}", account.WriteDrafts, (*site).conclude},
	{"GET /desk/log", account.Moderate, (*site).modLog},
	{"GET /check", account.ReadRecord, (*site).checkForm},
	{"POST /check", account.ReadRecord, (*site).checkAnswer},
}
