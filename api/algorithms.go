package api

import "net/http"

// bestAlgorithm is the name under which clients ask for whatever is best.
const bestAlgorithm = "best"

type featureDoc struct {
	Description string  `json:"description"`
	Coefficient float64 `json:"coefficient"`
	URL         *string `json:"url"`
}

// algorithmText is what is told of an algorithm.
type algorithmText struct {
	Name        string                `json:"name"`
	Description string                `json:"description"`
	Config      map[string]any        `json:"config"`
	Features    map[string]featureDoc `json:"features"`
}

type algorithmDoc struct {
	Name        string                `json:"name"`
	Description string                `json:"description"`
	Features    map[string]featureDoc `json:"features"`
	Docs        algorithmText         `json:"docs"`
}

type algorithmsDocument struct {
	Algorithms []algorithmDoc `json:"algorithms"`
	Default    string         `json:"default"`
	Best       string         `json:"best"`
}

func (s *server) algorithms(w http.ResponseWriter, r *http.Request) {
	features := map[string]featureDoc{}
	for _, f := range s.terms.features {
		features[f.name] = featureDoc{Description: f.description, Coefficient: f.coefficient}
	}
	out := algorithmsDocument{Default: bestAlgorithm, Best: s.terms.algorithms[0].name}
	for _, a := range s.terms.algorithms {
		out.Algorithms = append(out.Algorithms, algorithmDoc{a.name, a.description, features, algorithmText{a.name, a.description, map[string]any{}, features}})
	}
	writeJSON(w, http.StatusOK, out)
}
