package screen

import (
	"encoding/binary"
	"math"
	"strings"

	"article41/name"
)

// tokens holds the tokens of a dictionary packed: sixteen bytes each and their
// letters, and not the hundred and twelve of a name.Token. The letters of one lie
// together, so that reading it touches two places.
type tokens struct {
	heads   []uint32 // headSize each
	letters string   // of each token in turn: fold, skeleton, native spelling, and its groups if it has any
	sounds  string
}

// A head holds where the token's letters begin, where its sounds begin, how long
// its fold, sounds, skeleton (six bits each) and native spelling (13 bits) are and
// whether its two groups (16 bits each) follow its letters (1); its class (3 bits),
// script (4), vowels (2), table (6), whether it is soft (1) and its weight in
// thousandths (16).
const (
	headSize   = 4
	mostFold   = 1<<6 - 1
	mostNative = 1<<13 - 1
	grouped    = 1 << 31
	groupSize  = 4 // bytes of both groups
)

// packTokens packs tokens in an order. What is longer than a head can say is cut:
// no fold, sound or skeleton of package name is.
func packTokens(ts []name.Token, order []uint32) tokens {
	p := tokens{heads: make([]uint32, 0, headSize*len(ts))}
	n, m := 0, 0
	for i := range ts {
		n += len(ts[i].Fold) + len(ts[i].Skel) + len(ts[i].Native)
		if ts[i].Group != [2]int16{} {
			n += groupSize
		}
		m += len(ts[i].Sound)
	}
	var letters, sounds strings.Builder
	letters.Grow(n)
	sounds.Grow(m)
	for _, i := range order {
		t := &ts[i]
		fold, sound, skel, native := t.Fold[:min(len(t.Fold), mostFold)], t.Sound[:min(len(t.Sound), mostFold)], t.Skel[:min(len(t.Skel), mostFold)], t.Native[:min(len(t.Native), mostNative)]
		soft, groups := uint32(0), uint32(0)
		if t.Soft {
			soft = 1
		}
		if t.Group != [2]int16{} {
			groups = grouped
		}
		p.heads = append(p.heads, uint32(letters.Len()), uint32(sounds.Len()),
			uint32(len(fold))|uint32(len(sound))<<6|uint32(len(skel))<<12|uint32(len(native))<<18|groups,
			uint32(t.Class)&7|uint32(t.Script)&15<<3|uint32(t.Vowels)&3<<7|uint32(t.Table)&63<<9|soft<<15|uint32(math.Round(float64(t.Weight)*1000))<<16)
		letters.WriteString(fold)
		letters.WriteString(skel)
		letters.WriteString(native)
		if groups != 0 {
			var g [groupSize]byte
			binary.LittleEndian.PutUint16(g[:], uint16(t.Group[0]))
			binary.LittleEndian.PutUint16(g[2:], uint16(t.Group[1]))
			letters.Write(g[:])
		}
		sounds.WriteString(sound)
	}
	p.letters, p.sounds = letters.String(), sounds.String()
	return p
}

func (p *tokens) len() int { return len(p.heads) / headSize }

func (p *tokens) head(id uint32) []uint32 {
	return p.heads[headSize*int(id) : headSize*int(id)+headSize]
}

// fold gives a token's fold.
func (p *tokens) fold(id uint32) string {
	h := p.head(id)
	return p.letters[h[0] : h[0]+h[2]&63]
}

// skel gives a token's skeleton.
func (p *tokens) skel(id uint32) string {
	h := p.head(id)
	from := h[0] + h[2]&63
	return p.letters[from : from+h[2]>>12&63]
}

// sound gives a token's sounds.
func (p *tokens) sound(id uint32) string {
	h := p.head(id)
	return p.sounds[h[1] : h[1]+h[2]>>6&63]
}

func (p *tokens) class(id uint32) name.Class   { return name.Class(p.head(id)[3] & 7) }
func (p *tokens) script(id uint32) name.Script { return name.Script(p.head(id)[3] >> 3 & 15) }
func (p *tokens) vowels(id uint32) name.Vowels { return name.Vowels(p.head(id)[3] >> 7 & 3) }

// read unpacks a token.
func (p *tokens) read(t *name.Token, id uint32) {
	h := p.head(id)
	n := h[2]
	fold, sound, skel, native := n&63, n>>6&63, n>>12&63, n>>18&mostNative
	all := p.letters[h[0] : h[0]+fold+skel+native]
	t.Fold, t.Skel, t.Native = all[:fold], all[fold:fold+skel], all[fold+skel:]
	t.Sound = p.sounds[h[1] : h[1]+sound]
	f := h[3]
	t.Class, t.Script, t.Vowels, t.Table = name.Class(f&7), name.Script(f>>3&15), name.Vowels(f>>7&3), name.Table(f>>9&63)
	t.Soft = f>>15&1 != 0
	t.Weight = float32(float64(f>>16) / 1000)
	t.Group = [2]int16{}
	if n&grouped != 0 {
		g := p.letters[h[0]+fold+skel+native:][:groupSize]
		t.Group = [2]int16{int16(g[0]) | int16(g[1])<<8, int16(g[2]) | int16(g[3])<<8}
	}
}

// inside says whether every head points inside the letters and sounds.
func (p *tokens) inside() bool {
	if len(p.heads)%headSize != 0 {
		return false
	}
	for h := p.heads; len(h) > 0; h = h[headSize:] {
		n := uint64(h[2])
		if uint64(h[0])+n&63+n>>12&63+n>>18&mostNative+n>>31*groupSize > uint64(len(p.letters)) || uint64(h[1])+n>>6&63 > uint64(len(p.sounds)) {
			return false
		}
	}
	return true
}
