package web

import (
	"net/http"

	"article41/account"
)

// errDenied says that whoever asked may not do it, by the table of roles.
type errDenied struct{ action account.Action }

func (e errDenied) Error() string { return "not allowed: " + string(e.action) }

// admits is the one place where a page's action is checked. A page that serves
// several calls it again with the narrower one.
func admits(a *ask, action account.Action) error {
	if account.Of(a.Context()).May(action) {
		return nil
	}
	return errDenied{action}
}

// keeps reports whether the page may be kept and shown again: what is public, as
// those see it who have no name here.
func keeps(r *http.Request, action account.Action) bool {
	id := account.Of(r.Context()).ID
	return action == account.ReadRecord && (id == account.Anyone().ID || id == account.Local().ID)
}

// signInFirst sends whoever may not, and is nobody yet, to sign in. A posted form
// is not sent again by itself.
func (s *site) signInFirst(a *ask) (page, bool) {
	if s.o.Sign == nil || account.Of(a.Context()).ID != account.Anyone().ID || a.Method != http.MethodGet && a.Method != http.MethodHead {
		return page{}, false
	}
	return page{Moved: address("/sign-in", queries([]string{"next", a.link(a.URL.Path, a.others()...)}))}, true
}

// denied is the page for whoever may not.
func (s *site) denied(a *ask, err error) page {
	if p, ok := s.signInFirst(a); ok {
		return p
	}
	f := failure{Status: http.StatusForbidden, Title: "Your account may not do this",
		Says: "It is kept to other roles (" + err.Error() + "). Whoever runs this site can give you one."}
	if account.Of(a.Context()).ID == account.Anyone().ID {
		f = failure{Status: http.StatusUnauthorized, Title: "Sign in to do this",
			Says: "This is for people with an account here (" + err.Error() + "). The public record stays open to everybody."}
	}
	return page{Title: f.Title, Body: failurePage(a, f), Status: f.Status, NoIndex: true, Private: true, Twin: "-"}
}

// Actions are what each address asks for, pages and files, by its pattern.
func Actions() map[string]account.Action { return (&site{}).addresses().actions }
