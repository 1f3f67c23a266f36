package briefing

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// A camera writes its pixels as its sensor lay and says in EXIF how to turn them.
// As EXIF is dropped, they are turned before.

// orientation is the EXIF tag 0x0112 of a JPEG, PNG or WebP file: 1 to 8, 1 where
// there is none (EXIF 2.32, 4.6.4).
func orientation(file []byte) int {
	b := exif(file)
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(b, []byte("II*\x00")) {
		order = binary.LittleEndian
	} else if !bytes.HasPrefix(b, []byte("MM\x00*")) {
		return 1
	}
	if len(b) < 8 {
		return 1
	}
	at := uint64(order.Uint32(b[4:]))
	if at+2 > uint64(len(b)) {
		return 1
	}
	b = b[at:]
	for i, n := 0, int(order.Uint16(b)); i < n && 2+12*i+12 <= len(b); i++ {
		tag := b[2+12*i:]
		if order.Uint16(tag) == 0x0112 && order.Uint16(tag[2:]) == 3 { // SHORT
			if o := int(order.Uint16(tag[8:])); o >= 1 && o <= 8 {
				return o
			}
		}
	}
	return 1
}

// exif is the TIFF block in which a file keeps its EXIF; nil: it has none.
func exif(file []byte) []byte {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8")): // JPEG: segments of marker and length
		for b := file[2:]; len(b) >= 4 && b[0] == 0xff && b[1] != 0xda; {
			n := int(binary.BigEndian.Uint16(b[2:]))
			if n < 2 || 2+n > len(b) {
				return nil
			}
			if body, ok := bytes.CutPrefix(b[4:2+n], []byte("Exif\x00\x00")); ok && b[1] == 0xe1 {
				return body
			}
			b = b[2+n:]
		}
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")): // chunks of length, name, body, sum
		for b := file[8:]; len(b) >= 12; {
			n := uint64(binary.BigEndian.Uint32(b))
			if 12+n > uint64(len(b)) {
				return nil
			}
			if string(b[4:8]) == "eXIf" {
				return b[8 : 8+n]
			}
			b = b[12+n:]
		}
	case bytes.HasPrefix(file, []byte("RIFF")) && len(file) > 12: // WebP: chunks of name, length, body, padded
		for b := file[12:]; len(b) >= 8; {
			n := uint64(binary.LittleEndian.Uint32(b[4:]))
			if 8+n > uint64(len(b)) {
				return nil
			}
			if string(b[:4]) == "EXIF" {
				return bytes.TrimPrefix(b[8:8+n], []byte("Exif\x00\x00"))
			}
			b = b[min(uint64(len(b)), 8+n+n%2):]
		}
	}
	return nil
}

// turned is the picture as it is to be looked at.
func turned(m image.Image, o int) image.Image {
	if o == 1 {
		return m
	}
	from := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(from, from.Bounds(), m, m.Bounds().Min, draw.Src)
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if o >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	to := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := x, y
			if o >= 5 { // rows are columns
				sx, sy = y, x
			}
			if o == 2 || o == 3 || o == 7 || o == 8 {
				sx = w - 1 - sx
			}
			if o == 3 || o == 4 || o == 6 || o == 7 {
				sy = h - 1 - sy
			}
			copy(to.Pix[to.PixOffset(x, y):][:4], from.Pix[from.PixOffset(sx, sy):][:4])
		}
	}
	return to
}
