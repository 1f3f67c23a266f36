package article41_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"

	"github.com/goccy/go-yaml"
)

// The chart is rendered with its own values, and what comes out is held to what
// a careful cluster asks for.
func TestChart(t *testing.T) {
	const chart = "deploy/helm/article41"
	values := map[string]any{}
	readYAML(t, filepath.Join(chart, "values.yaml"), &values)
	files, err := filepath.Glob(filepath.Join(chart, "templates", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	for _, file := range files {
		tpl, err := template.New(filepath.Base(file)).Option("missingkey=error").Funcs(template.FuncMap{
			"quote": func(v any) string { return fmt.Sprintf("%q", fmt.Sprint(v)) },
		}).ParseFiles(file)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := tpl.Execute(&b, map[string]any{"Values": values, "Release": map[string]any{"Name": "a41"}}); err != nil {
			t.Fatal(err)
		}
		var object struct {
			APIVersion string `yaml:"apiVersion"`
			Kind       string
			Metadata   struct{ Name string }
			Spec       struct {
				Replicas int
				Template struct {
					Spec struct {
						AutomountServiceAccountToken *bool `yaml:"automountServiceAccountToken"`
						SecurityContext              struct {
							RunAsNonRoot bool `yaml:"runAsNonRoot"`
						} `yaml:"securityContext"`
						Containers []struct {
							Image, Name     string
							Args            []string
							SecurityContext struct {
								AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
								ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
								Capabilities             struct{ Drop []string }
							} `yaml:"securityContext"`
							Resources struct{ Requests, Limits map[string]string }
						}
					}
				}
			}
		}
		if err := yaml.Unmarshal([]byte(b.String()), &object); err != nil {
			t.Fatalf("%s: %v\n%s", file, err, &b)
		}
		if object.APIVersion == "" || object.Kind == "" || !strings.HasPrefix(object.Metadata.Name, "a41-") {
			t.Errorf("%s: %+v", file, object)
		}
		if object.Kind != "Deployment" {
			continue
		}
		pod := object.Spec.Template.Spec
		if !pod.SecurityContext.RunAsNonRoot || pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken || len(pod.Containers) == 0 {
			t.Errorf("%s: the pod: %+v", file, pod)
		}
		for _, c := range pod.Containers {
			s := c.SecurityContext
			if !s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || len(s.Capabilities.Drop) != 1 || s.Capabilities.Drop[0] != "ALL" {
				t.Errorf("%s: container %s may more than it needs: %+v", file, c.Name, s)
			}
			if c.Resources.Limits["memory"] == "" || c.Image == "" || len(c.Args) == 0 {
				t.Errorf("%s: container %s: %+v", file, c.Name, c)
			}
		}
	}
}

// Every program of the compose file runs without root, on a file system it cannot
// write to; every volume and secret that is used is declared.
func TestCompose(t *testing.T) {
	var c struct {
		Services map[string]struct {
			Image    string
			User     string
			ReadOnly bool `yaml:"read_only"`
			Secrets  []string
			Volumes  []string
		}
		Volumes map[string]any
		Secrets map[string]any
	}
	readYAML(t, "deploy/compose.yaml", &c)
	for _, name := range []string{"server", "worker", "postgres", "nats-1", "nats-2", "nats-3"} {
		if _, is := c.Services[name]; !is {
			t.Errorf("there is no service %s", name)
		}
	}
	for name, s := range c.Services {
		if s.Image == "article41" && (!s.ReadOnly || s.User == "" || strings.HasPrefix(s.User, "0")) {
			t.Errorf("%s: %+v", name, s)
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if strings.HasPrefix(from, "./") {
				if _, err := os.Stat(filepath.Join("deploy", from)); err != nil {
					t.Error(err)
				}
			} else if c.Volumes[from] == nil {
				t.Errorf("%s uses the volume %s, which nobody declares", name, from)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret] == nil {
				t.Errorf("%s uses the secret %s, which nobody declares", name, secret)
			}
		}
	}
}

// The unit and the container file keep what they promise.
func TestUnitAndContainer(t *testing.T) {
	for file, want := range map[string][]string{
		"deploy/article41.service": {`(?m)^DynamicUser=yes$`, `(?m)^ProtectSystem=strict$`, `(?m)^NoNewPrivileges=yes$`, `(?m)^CapabilityBoundingSet=$`,
			`(?m)^MemoryDenyWriteExecute=yes$`, `(?m)^ExecStart=/usr/local/bin/article41 serve `, `(?m)^LoadCredential=`},
		"deploy/Containerfile": {`(?m)^USER nonroot`, `(?m)^FROM distroless/static`, `(?m)^ENTRYPOINT \["/article41"\]$`},
	} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !regexp.MustCompile(w).Match(b) {
				t.Errorf("%s: nothing like %s", file, w)
			}
		}
	}
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// TestUnitIsHardened: systemd itself finds no fault in the unit and rates what a
// break-in could reach; 10 is everything, a unit without hardening has 9.6.
func TestUnitIsHardened(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("systemd-analyze is not here: make unit installs it")
		}
		t.Skip("did not run: systemd-analyze is not here")
	}
	const program = "/usr/local/bin/article41"
	unit := string(read(t, "deploy/article41.service"))
	if !strings.Contains(unit, "ExecStart="+program+" ") {
		t.Fatalf("the unit does not start %s", program)
	}
	// A program that is here stands for one that is not installed.
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "article41.service")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(unit, program, self)), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", file).CombinedOutput(); err != nil || strings.Contains(string(out), "article41.service") {
		t.Errorf("verify: %v\n%s", err, out)
	}
	out, err := exec.Command("systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", file).CombinedOutput()
	if err != nil {
		t.Errorf("exposed by more than 1.5: %v\n%s", err, out)
	}
	if !strings.Contains(string(out), "Overall exposure level") {
		t.Errorf("it was not rated: %s", out)
	}
}
