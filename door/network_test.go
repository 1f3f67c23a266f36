package door

import "testing"

func TestNetworkOfTheLimits(t *testing.T) {
	for remote, want := range map[string]string{
		"203.0.113.9:1":           "203.0.113.9",
		"[::ffff:203.0.113.9]:1":  "203.0.113.9", // the same host
		"[2001:db8:1:2::7]:1":     "2001:db8:1:2::/64",
		"[2001:db8:1:2:9::8]:443": "2001:db8:1:2::/64", // one host may take any of its 2^64
		"[2001:db8:1:3::7]:1":     "2001:db8:1:3::/64",
		"[fe80::1%eth0]:1":        "fe80::/64",
	} {
		if got := network(remote); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}
