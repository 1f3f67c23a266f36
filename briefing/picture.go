package briefing

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"article41/record"
)

// Limits of a picture.
const (
	maxPicture = 12 << 20 // bytes as uploaded
	maxPixels  = 40 << 20
	widest     = 1440 // pixels as shown
)

// Shrink decodes a PNG, JPEG or WebP picture and writes it anew, turned as it is to
// be looked at and at most 1440 pixels wide. What else lay in the file (EXIF, a place, a maker, a thumbnail)
// is not in the new one.
func Shrink(b []byte) (out []byte, kind string, err error) {
	if len(b) > maxPicture {
		return nil, "", fmt.Errorf("%w: a picture of %d bytes, at most %d", record.ErrInvalid, len(b), maxPicture)
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, "", fmt.Errorf("%w: the picture is no PNG, JPEG or WebP", record.ErrInvalid)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return nil, "", fmt.Errorf("%w: a picture of %d by %d pixels is too large", record.ErrInvalid, c.Width, c.Height)
	}
	m, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, "", fmt.Errorf("%w: the picture cannot be decoded", record.ErrInvalid)
	}
	o := orientation(b)
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if seen := map[bool]int{false: w, true: h}[o >= 5]; seen > widest { // as wide as it is seen
		small := image.NewRGBA(image.Rect(0, 0, max(1, w*widest/seen), max(1, h*widest/seen)))
		draw.CatmullRom.Scale(small, small.Bounds(), m, m.Bounds(), draw.Src, nil)
		m = small
	}
	m = turned(m, o)
	var file bytes.Buffer
	if format == "jpeg" {
		err = jpeg.Encode(&file, m, &jpeg.Options{Quality: 86})
		return file.Bytes(), "image/jpeg", err
	}
	err = png.Encode(&file, m)
	return file.Bytes(), "image/png", err
}
