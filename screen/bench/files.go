package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// writeFiles writes subjects for an import, and questions by turns as listed,
// misspelt and unlisted.
func writeFiles(m *maker, size, entities, questions string) error {
	n, err := strconv.Atoi(size)
	if err != nil {
		return fmt.Errorf("-n %s: want one number with -entities", size)
	}
	subjects := m.subjects(n)
	qs := m.queries(subjects, 1000)
	err = write(entities, func(w *bufio.Writer) error {
		out := json.NewEncoder(w)
		for _, s := range subjects {
			names := make([]string, len(s.Names))
			for i, one := range s.Names {
				names[i] = one.Text
			}
			e := map[string]any{"id": string(s.ID), "schema": "Person", "caption": names[0], "datasets": []string{"synthetic"}, "target": true,
				"properties": map[string][]string{"name": names[:1], "alias": names[1:], "topics": {"sanction"}}}
			if err := out.Encode(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || questions == "" {
		return err
	}
	return write(questions, func(w *bufio.Writer) error {
		for i := range qs["listed"] {
			fmt.Fprintf(w, "%s\n%s\n%s\n", qs["listed"][i], qs["typo"][i], qs["unlisted"][i])
		}
		return nil
	})
}

func write(path string, fill func(*bufio.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	if err := fill(w); err != nil {
		f.Close()
		return err
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
