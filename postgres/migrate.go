package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"article41/record"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

type pgconnParseError = pgconn.ParseConfigError

// The layout is numbered; a file that was released is never changed. An older
// program refuses a newer layout.
//
//go:embed migration/*.sql
var migrations embed.FS

// migrate brings the layout up to date, under a lock of the database's session:
// several programs may start at the same moment.
func migrate(ctx context.Context, conf *pgx.ConnConfig) error {
	files, err := fs.Sub(migrations, "migration")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*conf)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	now, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if now > newest {
		return fmt.Errorf("%w: its layout is number %d, this program knows %d", record.ErrNewer, now, newest)
	}
	if now == newest {
		return nil
	}
	_, err = p.Up(ctx)
	return err
}
