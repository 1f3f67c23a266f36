package watch

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"article41/record"
)

// Bounds of a workbook: a small file can unpack to a machine's whole memory.
const (
	maxUnzipped = 256 << 20
	maxSheetXML = 64 << 20 // larger sheets would be unpacked to a file on disk
)

// readXLSX reads the first sheet of a workbook.
func readXLSX(in io.Reader, o Options, yield func(Row) error) ([]string, error) {
	f, err := excelize.OpenReader(in, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxSheetXML, RawCellValue: false})
	if err != nil {
		return nil, fmt.Errorf("%w: this is no workbook that can be read: %w", record.ErrInvalid, err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("%w: the workbook has no sheet", record.ErrInvalid)
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return nil, fmt.Errorf("%w: sheet %q: %w", record.ErrInvalid, clip(sheets[0]), err)
	}
	defer rows.Close()
	var h header
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		switch {
		case n == 1 && err == nil:
			if h, err = readHeader(cells); err != nil {
				return nil, err
			}
			continue
		case err != nil:
			if err := yield(Row{Number: n, Err: fault("row", "%v", err)}); err != nil {
				return h.ignored, err
			}
			continue
		case blank(cells):
			continue
		}
		if err := yield(h.row(n, lists(cells), o.Numbered)); err != nil {
			return h.ignored, err
		}
	}
	if err := rows.Error(); err != nil {
		return h.ignored, fmt.Errorf("%w: %w", record.ErrInvalid, err)
	}
	if h.is == nil {
		return nil, fmt.Errorf("%w: the table is empty", record.ErrInvalid)
	}
	return h.ignored, nil
}

// readParquet reads a Parquet file whose columns are texts, or lists of texts,
// named as those of a CSV.
func readParquet(in io.ReaderAt, size int64, o Options, yield func(Row) error) (ignored []string, err error) {
	defer func() {
		if p := recover(); p != nil { // the library panics on some damaged files
			err = fmt.Errorf("%w: this Parquet file is damaged: %v", record.ErrInvalid, p)
		}
	}()
	f, err := parquet.OpenFile(in, size)
	if err != nil {
		return nil, fmt.Errorf("%w: this is no Parquet file that can be read: %w", record.ErrInvalid, err)
	}
	var names []string // of the columns, and for each leaf the column it belongs to
	var leaf []int
	for _, path := range f.Schema().Columns() {
		if len(names) == 0 || names[len(names)-1] != path[0] {
			names = append(names, path[0])
		}
		leaf = append(leaf, len(names)-1)
	}
	h, err := readHeader(names)
	if err != nil {
		return nil, err
	}
	n := 1
	for _, g := range f.RowGroups() {
		if err := readGroup(g, h, leaf, &n, o, yield); err != nil {
			return h.ignored, err
		}
	}
	return h.ignored, nil
}

func readGroup(g parquet.RowGroup, h header, leaf []int, n *int, o Options, yield func(Row) error) error {
	rows := g.Rows()
	defer rows.Close()
	buf := make([]parquet.Row, 256)
	for {
		k, err := rows.ReadRows(buf)
		for _, row := range buf[:k] {
			*n++
			cells := make([][]string, len(h.is))
			for _, v := range row {
				if i := v.Column(); !v.IsNull() && i >= 0 && i < len(leaf) {
					cells[leaf[i]] = append(cells[leaf[i]], v.String())
				}
			}
			if err := yield(h.row(*n, cells, o.Numbered)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: Parquet, after row %d: %w", record.ErrInvalid, *n, err)
		}
	}
}
