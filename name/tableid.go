package name

// Table names the table that wrote a token in Latin letters.
type Table uint8

const (
	NoTable Table = iota
	Russian
	Ukrainian
	Belarusian
	Bulgarian
	Serbian
	GreekTable
	ArmenianTable
	GeorgianTable
	ArabicTable
	PersianTable
	HebrewTable
	KoreanTable // Hangul as a Korean's name
	HangulTable // Hangul by its sounds, for foreign words
	KoreanHan   // Han read as Korean
	Pinyin      // Han read as Mandarin
	KanaTable   //
	ThaiTable   //
	IndicTable  //
	LookAlike   // Cyrillic letters that only look Latin
	OtherTable  // no table: the letters as they are
)

var tableWords = [...]string{"", "Russian", "Ukrainian", "Belarusian", "Bulgarian", "Serbian", "Greek", "Armenian",
	"Georgian", "Arabic", "Persian", "Hebrew", "Korean", "Hangul sounds", "Korean reading of Han", "pinyin",
	"kana", "Thai", "Indic", "look-alike letters", "none"}

func (t Table) String() string { return tableWords[min(int(t), len(tableWords)-1)] }

// MarshalText writes the table's name.
func (t Table) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

var cyrillicTables = map[string]Table{"ru": Russian, "uk": Ukrainian, "be": Belarusian, "bg": Bulgarian, "sr": Serbian}
var arabicTables = map[string]Table{"ar": ArabicTable, "fa": PersianTable}
