package sqlite

import "context"

// OnWriter runs a statement, such as a PRAGMA, on the connection that writes.
func (s *Store) OnWriter(ctx context.Context, query string) error {
	_, err := s.file.writers.ExecContext(ctx, query)
	return err
}
