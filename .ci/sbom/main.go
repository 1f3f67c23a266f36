// Command sbom writes what is linked into Go programs as a CycloneDX document.
//
//	go run ./.ci/sbom dist/article41_* > dist/article41.cdx.json
//
// It reads what the linker wrote into the programs, so it tells of these and not of
// a list beside them. It holds neither a time nor a serial number: the same programs
// give the same bytes.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type component struct {
	Ref     string `json:"bom-ref"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	PURL    string `json:"purl,omitempty"`
	Hashes  []hash `json:"hashes,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

func main() {
	if err := write(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(w io.Writer, programs []string) error {
	if len(programs) == 0 {
		return fmt.Errorf("name the programs")
	}
	main := component{Ref: "article41", Type: "application", Name: "article41"}
	modules := map[string]component{}
	var files []component
	var needs []dependency
	for _, path := range slices.Sorted(slices.Values(programs)) {
		info, err := buildinfo.ReadFile(path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		name := filepath.Base(path)
		files = append(files, component{Ref: "file:" + name, Type: "file", Name: name, Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}}})
		purl := "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go")
		modules[purl] = component{Ref: purl, Type: "library", Name: "std", Version: info.GoVersion, PURL: purl}
		on := []string{purl}
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			purl := "pkg:golang/" + m.Path + "@" + m.Version
			modules[purl] = component{Ref: purl, Type: "library", Name: m.Path, Version: m.Version, PURL: purl}
			on = append(on, purl)
		}
		slices.Sort(on)
		needs = append(needs, dependency{"file:" + name, on})
	}
	all := files
	var refs []string
	for _, f := range files {
		refs = append(refs, f.Ref)
	}
	needs = append(needs, dependency{main.Ref, refs})
	for _, purl := range sorted(modules) {
		all = append(all, modules[purl])
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(map[string]any{
		"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": map[string]any{"component": main}, "components": all, "dependencies": needs,
	})
}

func sorted(m map[string]component) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
