package un

import (
	"fmt"
	"strings"
	"testing"

	"article41/record"
)

func TestNamesInOneAlias(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"one name", "Yoro Ould Daha ", "Yoro Ould Daha"},
		{"several, by semicolon", "Abas Rashidi; Abbas Rashedi; ", "Abas Rashidi|Abbas Rashedi"},
		{"lettered inside a field", "Mohammad Sabet b) M. Javad Kareemi", "Mohammad Sabet|M. Javad Kareemi"},
		{"an abbreviation stays", "Hay’at Tahrir al-Sham (HTS)", "Hay’at Tahrir al-Sham (HTS)"},
		{"the other script in parentheses", "El Harrachi (الحراشي)", "El Harrachi|الحراشي*"},
		{"with stray punctuation", "Akhter Mohmad (اختر محمد ),", "Akhter Mohmad|اختر محمد*"},
		{"behind a marker", "Amir Khazmat (original script: Амир Хазмат)", "Amir Khazmat|Амир Хазмат*"},
		{"beside it without a sign", "Agha Jan Alizai اغا جان عالیزی", "Agha Jan Alizai|اغا جان عالیزی*"},
		{"the other script alone", "أبو دعاء", "أبو دعاء*"},
		{"transliterations in parentheses", "حسن غول (Hassan Ghul; Hassan Gul)", "حسن غول*|Hassan Ghul|Hassan Gul"},
		{"one with an abbreviation", "أنصار بليبيا (Ansar al Charia in Libya (ASL))", "أنصار بليبيا*|Ansar al Charia in Libya (ASL)"},
		{"both", "Hay’at (HTS) (هيئة (original script); Hayat; Tahrir)", "Hay’at (HTS)|هيئة*|Hayat|Tahrir"},
		{"parentheses of the same script", "華信船務(香港)有限公司", "華信船務(香港)有限公司*"},
		{"what is said of it", "شبكة (Ansar Network - sub-unit name)", "شبكة*|Ansar Network [sub-unit name]"},
		{"a birth behind the name", "Khirullah Khairkhwa, born in Kandahar on 01 Jan.1967", "Khirullah Khairkhwa [born in Kandahar on 01 Jan.1967]"},
		{"a passport behind the name", "Abdel Sabri (false identity, passport number 4)", "Abdel Sabri [false identity, passport number 4]"},
		{"nothing", "  ", ""},
	} {
		var got []string
		for _, n := range namesIn(strings.TrimSpace(c.in)) {
			s := n.Text
			if n.Quality == record.Original {
				s += "*"
			}
			if n.Note != "" {
				s += " [" + n.Note + "]"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: %q, want %q", c.reason, s, c.want)
		}
	}
}

func TestAliases(t *testing.T) {
	_, e := readOne(t, xmlList(person("QDi.001", `
		<NAME_ORIGINAL_SCRIPT>ኤርሚኣስ (Tigrinya)</NAME_ORIGINAL_SCRIPT>
		<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Jan
			N. ; J. Novak</ALIAS_NAME><DATE_OF_BIRTH>1966 - 1968</DATE_OF_BIRTH><COUNTRY_OF_BIRTH>Mali</COUNTRY_OF_BIRTH><NOTE>previously listed as; in Arabic: سيف</NOTE></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Jo</ALIAS_NAME><DATE_OF_BIRTH>null</DATE_OF_BIRTH></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME>Jay</ALIAS_NAME></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY>Superb</QUALITY><ALIAS_NAME>Jan the Good</ALIAS_NAME></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/><DATE_OF_BIRTH>1960-02-03</DATE_OF_BIRTH></INDIVIDUAL_ALIAS>
		<INDIVIDUAL_ALIAS/>`)))
	var got []string
	for _, n := range e.Names {
		got = append(got, fmt.Sprintf("%s:%s", n.Quality, n.Text))
	}
	want := "primary:Jan Novak original:ኤርሚኣስ good:Jan N. good:J. Novak original:سيف low:Jo unrated:Jay unrated:Jan the Good"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("names %s\nwant  %s", s, want)
	}
	if len(e.Births) != 2 || e.Births[0].On.String() != "1966/1968" || e.Births[0].Note != "as Jan N." || e.Births[0].Country != "Mali" || e.Births[0].Type != "alias" ||
		e.Births[1].On.String() != "1960-02-03" || e.Births[1].Type != "" {
		t.Errorf("births %+v", e.Births)
	}
	doc := strings.ReplaceAll(xmlList(`<ENTITY><FIRST_NAME>THE FIRM</FIRST_NAME><REFERENCE_NUMBER>KPe.001 </REFERENCE_NUMBER><ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>Firm</ALIAS_NAME></ENTITY_ALIAS><ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Old Firm</ALIAS_NAME></ENTITY_ALIAS></ENTITY>`), "NOTHING", "")
	_, firm := readOne(t, doc)
	if firm.Sort != "entity" || firm.Ref != "KPe.001" || fmt.Sprint(firm.Names) != "[{THE FIRM [] primary  } {Firm [] aka  } {Old Firm [] fka  }]" {
		t.Errorf("%s %s %v", firm.Sort, firm.Ref, firm.Names)
	}
}
