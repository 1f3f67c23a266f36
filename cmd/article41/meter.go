package main

import (
	"fmt"
	"io"
	"os"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// meter shows how far a download is: a bar on a terminal, a plain line every ten
// megabytes elsewhere. A nil meter shows nothing.
type meter struct {
	w    io.Writer
	bars *mpb.Progress // nil: no terminal
	bar  *mpb.Bar
}

func newMeter(w io.Writer) *meter {
	m := &meter{w: w}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			m.bars = mpb.New(mpb.WithOutput(w), mpb.WithWidth(40))
		}
	}
	return m
}

// plainStep is how many bytes lie between two plain lines.
const plainStep = 10 << 20

func (m *meter) progress(name string) func(string, int64, int64) {
	if m == nil {
		return nil
	}
	said := int64(-1)
	return func(_ string, got, whole int64) {
		if m.bars == nil {
			if got/plainStep > said {
				said = got / plainStep
				fmt.Fprintf(m.w, "%s: %d of %s\n", name, got, wholeText(whole))
			}
			return
		}
		if m.bar == nil || got == 0 {
			m.done()
			m.bar = m.bars.AddBar(whole, mpb.PrependDecorators(decor.Name(name+" ")), mpb.AppendDecorators(decor.CountersKibiByte("% .1f / % .1f")), mpb.BarRemoveOnComplete())
		}
		m.bar.SetCurrent(got)
	}
}

func wholeText(n int64) string {
	if n < 0 {
		return "an unknown number of bytes"
	}
	return fmt.Sprintf("%d bytes", n)
}

// done takes the bar away.
func (m *meter) done() {
	if m == nil || m.bar == nil {
		return
	}
	m.bar.Abort(true)
	m.bar.Wait()
	m.bar = nil
}
