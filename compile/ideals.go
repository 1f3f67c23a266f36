package compile

import (
	"bytes"
	"fmt"
	"os"

	"article41/align"
	"article41/source/voeten"
)

// Ideals writes the shipped table of ideal points from the published file.
func Ideals(published, out string) (rows int, err error) {
	f, err := os.Open(published)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	points, err := voeten.ReadIdeals(f, voeten.Options{})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", published, err)
	}
	var b bytes.Buffer
	if err := align.WriteTable(&b, points); err != nil {
		return 0, err
	}
	return bytes.Count(b.Bytes(), []byte("\n")) - 1, os.WriteFile(out, b.Bytes(), 0o644)
}
