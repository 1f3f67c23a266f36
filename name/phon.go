package name

// A word's sound is a string of one byte a sound, so that "sh", "sch" and "š"
// are one step from "s" and not two. Capital letters are the digraphs:
//
//	S sh  C ch  X kh  G gh  T th  D dh  Z zh  J j  Q ts  N ng  W ou, oo
//
// Vowels stay as they are; an apostrophe is the ayn or hamza of a script that
// writes it.
func appendSound(b, fold []byte) []byte {
	from := len(b)
	put := func(c byte) {
		if len(b) == from || b[len(b)-1] != c {
			b = append(b, c)
		}
	}
	at := func(i int) byte {
		if i < len(fold) {
			return fold[i]
		}
		return 0
	}
	for i := 0; i < len(fold) && len(b)-from < maxFold; {
		c, d, e := fold[i], at(i+1), at(i+2)
		n := 1
		switch {
		case c == 's' && d == 'h' && e == 'c' && at(i+3) == 'h':
			put('S')
			n = 4
		case c == 't' && d == 's' && e == 'c' && at(i+3) == 'h':
			put('C')
			n = 4
		case c == 's' && d == 'c' && e == 'h':
			put('S')
			n = 3
		case c == 't' && d == 'c' && e == 'h':
			put('C')
			n = 3
		case c == 's' && (d == 'h' || d == 'z'):
			put('S')
			n = 2
		case c == 'c' && (d == 'h' || d == 'z'):
			put('C')
			n = 2
		case c == 'k' && d == 'h':
			put('X')
			n = 2
		case c == 'g' && d == 'h':
			put('G')
			n = 2
		case c == 't' && d == 'h':
			put('T')
			n = 2
		case c == 'd' && d == 'h':
			put('D')
			n = 2
		case c == 'd' && d == 'z' && e == 'h':
			put('J')
			n = 3
		case c == 'd' && (d == 'j' || d == 'z'):
			put('J')
			n = 2
		case c == 'n' && d == 'g' && (e == 0 || !isVowel(e)):
			put('N')
			n = 2
		case c == 'o' && d == 'u':
			put('W')
			n = 2
		case c == 'e' && d == 'a' && e == 'u' && i > 0:
			put('o')
			n = 3
		case c == 'x' && e == 0 && d == 0 && i > 1 && fold[i-1] == 'u' && isVowel(fold[i-2]):
			// the x of Grumiaux is silent
		case c == 'z' && d == 'h':
			put('Z')
			n = 2
		case c == 'p' && d == 'h':
			put('f')
			n = 2
		case c == 't' && d == 's' && e == 'h':
			put('C')
			n = 3
		case c == 't' && (d == 's' || d == 'z'):
			put('Q')
			n = 2
		case c == 'c' && d == 'k':
			put('k')
			n = 2
		case c == 'c' && (d == 'e' || d == 'i' || d == 'y'):
			put('c')
		case c == 'c' && d == 0 && i > 1 && fold[i-1] == 'i' && (fold[i-2] == 'v' || fold[i-2] == 'c' || fold[i-2] == 'z' || fold[i-2] == 'j'):
			put('C') // Marković written without its mark
		case c == 'c':
			put('k')
		case c == 'q' && d == 'u':
			put('k')
			n = 2
		case c == 'x' && i == 0:
			put('S') // Xi, Xavier
		case c == 'x':
			put('k')
			put('s')
		case c == 'j':
			put('J')
		case c == 'w' && d == 'h':
			put('w')
			n = 2
		default:
			put(c)
		}
		i += n
	}
	return b
}

// class is the consonant class of a sound for the skeleton; 0 for vowels and
// what is dropped like them. The classes are wide on purpose: they only have to
// find candidates, how near two words are is measured on their sounds.
func class(c byte) byte {
	switch c {
	case 'k', 'g', 'q', 'X', 'G', 'h':
		return 'K'
	case 't', 'd', 'T', 'D':
		return 'T'
	case 'p', 'b', 'f', 'v':
		return 'P'
	case 's', 'z', 'S', 'C', 'Z', 'J', 'Q', 'c':
		return 'S'
	case 'm':
		return 'M'
	case 'n', 'N':
		return 'N'
	case 'l', 'r':
		return 'R'
	case 'a', 'e', 'i', 'o', 'u', 'y', 'w', 'W', '\'':
		return 0
	}
	return c
}

// appendSkeleton keeps the consonant classes of a sound. A final h is silent.
func appendSkeleton(b, sound []byte) []byte {
	from := len(b)
	for i, c := range sound {
		if c == 'h' && i == len(sound)-1 && i > 0 && (len(b)-from > 1 || isVowel(sound[i-1])) {
			continue
		}
		if k := class(c); k != 0 && len(b)-from < maxFold {
			b = append(b, k)
		}
	}
	return b
}

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'W':
		return true
	}
	return false
}
