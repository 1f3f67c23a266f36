package briefing_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"article41/briefing"
	"article41/record"
)

// tiff is an EXIF block that holds one orientation.
func tiff(order binary.AppendByteOrder, o int) []byte {
	b := []byte("MM\x00*")
	if order == binary.LittleEndian {
		b = []byte("II*\x00")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(o))
	return append(b, 0, 0, 0, 0, 0, 0)
}

func pngChunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunk puts a chunk behind the header of a PNG.
func withChunk(raw []byte, name string, body []byte) []byte {
	return append(append(append([]byte{}, raw[:33]...), pngChunk(name, body)...), raw[33:]...)
}

// TestPicturesAreTurned: the four corners of a picture stand, for each orientation,
// where EXIF says that they are seen.
func TestPicturesAreTurned(t *testing.T) {
	// As the sensor lay: a b / c d, three wide and two high.
	m := image.NewGray(image.Rect(0, 0, 3, 2))
	a, b, c, d := color.Gray{10}, color.Gray{60}, color.Gray{120}, color.Gray{220}
	m.SetGray(0, 0, a)
	m.SetGray(2, 0, b)
	m.SetGray(0, 1, c)
	m.SetGray(2, 1, d)
	var raw bytes.Buffer
	if err := png.Encode(&raw, m); err != nil {
		t.Fatal(err)
	}
	for o, want := range map[int][4]color.Gray{ // top left, top right, bottom left, bottom right
		1: {a, b, c, d}, 2: {b, a, d, c}, 3: {d, c, b, a}, 4: {c, d, a, b},
		5: {a, c, b, d}, 6: {c, a, d, b}, 7: {d, b, c, a}, 8: {b, d, a, c}, 9: {a, b, c, d}} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			out, _, err := briefing.Shrink(withChunk(raw.Bytes(), "eXIf", tiff(order, o)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := png.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			x, y := got.Bounds().Dx()-1, got.Bounds().Dy()-1
			for i, at := range []image.Point{{0, 0}, {x, 0}, {0, y}, {x, y}} {
				if g := color.GrayModel.Convert(got.At(at.X, at.Y)); g != want[i] {
					t.Errorf("orientation %d: corner %d is %v, want %v", o, i, g, want[i])
				}
			}
			if bytes.Contains(out, []byte("eXIf")) {
				t.Errorf("orientation %d: EXIF is left", o)
			}
		}
	}
	t.Run("of a JPEG, wider than is shown", func(t *testing.T) {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 400, 3000)), nil); err != nil {
			t.Fatal(err)
		}
		block := append([]byte("Exif\x00\x00"), tiff(binary.LittleEndian, 6)...)
		segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(block)+2))
		file := append(append(append([]byte{}, b.Bytes()[:2]...), append(segment, block...)...), b.Bytes()[2:]...)
		out, kind, err := briefing.Shrink(file)
		if err != nil || kind != "image/jpeg" || bytes.Contains(out, []byte("Exif")) {
			t.Fatalf("%s %v", kind, err)
		}
		if c, _, err := image.DecodeConfig(bytes.NewReader(out)); err != nil || c.Width != 1440 || c.Height != 192 {
			t.Errorf("%d by %d (%v)", c.Width, c.Height, err)
		}
	})
}

// TestHostilePictures: what is no picture, lies about its size or breaks off is
// refused; what hides behind a picture is gone.
func TestHostilePictures(t *testing.T) {
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	declared := func(w, h uint32) []byte {
		b := bytes.Clone(small.Bytes())
		binary.BigEndian.PutUint32(b[16:], w)
		binary.BigEndian.PutUint32(b[20:], h)
		binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
		return b
	}
	for name, file := range map[string][]byte{
		"nothing":                        {},
		"SVG with a script":              []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"HTML":                           []byte("<!DOCTYPE html><img src=x onerror=alert(1)>"),
		"a GIF":                          []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
		"4 billion pixels declared":      declared(65535, 65535),
		"more than an int declared":      declared(0x7fffffff, 0x7fffffff),
		"no pixels declared":             declared(0, 8),
		"far more declared than is sent": declared(6000, 6000),
		"broken off":                     small.Bytes()[:40],
		"too many bytes":                 append(bytes.Clone(small.Bytes()), make([]byte, 13<<20)...),
	} {
		if _, _, err := briefing.Shrink(file); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, file := range map[string][]byte{
		"HTML behind a PNG":   append(bytes.Clone(small.Bytes()), "<script>alert(1)</script>"...),
		"a script in a chunk": withChunk(small.Bytes(), "tEXt", []byte("Comment\x00<script>alert(1)</script>")),
	} {
		if out, _, err := briefing.Shrink(file); err != nil || bytes.Contains(out, []byte("script")) {
			t.Errorf("%s: %v, %d bytes", name, err, len(out))
		}
	}
}

// TestAPictureIsPublishedWithItsText: an upload changes the draft and no page; what
// a picture needs is asked for, and a picture that is not there keeps a text from
// being published.
func TestAPictureIsPublishedWithItsText(t *testing.T) {
	d := desk(t)
	text := func(head string) string {
		return "---\ntitle: T\nlead: L\nby: us\n" + head + "---\nA claim. [@SCR]\n\n{{picture}}\n"
	}
	for _, field := range []string{"alt", "caption", "credit", "licence"} {
		head := "picture: {file: a.png, alt: A, caption: C, credit: D, licence: E}\n"
		head = strings.Replace(head, field+": "+map[string]string{"alt": "A", "caption": "C", "credit": "D", "licence": "E"}[field], field+": ''", 1)
		if _, err := briefing.Parse(text(head)); err == nil || !strings.Contains(err.Error(), "picture: "+field+" is missing") {
			t.Errorf("without %s: %v", field, err)
		}
	}
	if err := d.Save(t.Context(), "of-a-picture", 0, text("picture: {file: a.png, alt: A, caption: C, credit: D, licence: E}\n"), "ed", noon); err != nil {
		t.Fatal(err)
	}
	publish := func(note string) error {
		e, err := d.Editing("of-a-picture", noon)
		if err != nil {
			t.Fatal(err)
		}
		return d.Publish(t.Context(), "of-a-picture", e.Version, time.Time{}, note, "ed", noon)
	}
	if err := publish(""); !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), `no file "a.png"`) {
		t.Errorf("published without its picture: %v", err)
	}
	upload := func(side int) string {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
			t.Fatal(err)
		}
		name, err := d.SetPicture(t.Context(), "of-a-picture", b.Bytes(), "ed", noon)
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	first := upload(4)
	if err := publish(""); err != nil {
		t.Fatal(err)
	}
	second := upload(5)
	if p, err := d.Briefing("of-a-picture", noon); err != nil || p.Picture.File != first {
		t.Errorf("an upload changed the page: %v %v", p.Picture, err)
	}
	if err := publish("Another picture."); err != nil {
		t.Fatal(err)
	}
	if p, err := d.Briefing("of-a-picture", noon); err != nil || p.Picture.File != second || len(p.Corrections) != 1 {
		t.Errorf("%v %v %v", p.Picture, p.Corrections, err)
	}
	for _, name := range []string{first, second} {
		if b, kind, err := d.PictureOf(t.Context(), "of-a-picture", name); err != nil || kind != "image/png" || len(b) == 0 {
			t.Errorf("%s: %s %v", name, kind, err)
		}
	}
	if _, _, err := d.PictureOf(t.Context(), "of-a-picture", "../"+fmt.Sprint(first)); err == nil {
		t.Error("a path passes for a name")
	}
}
