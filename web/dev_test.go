package web_test

import ("testing";"os";"net/http";"fmt")

func TestDev(t *testing.T) {
	addr := os.Getenv("WEB_DEV")
	if addr == "" { t.Skip("no WEB_DEV") }
	fmt.Println(http.ListenAndServe(addr, site(t)))
}
