package sqlite_test

import "testing"

// BenchmarkRow is the cost of reading one row of nine columns, as a history has them.
func BenchmarkRow(b *testing.B) {
	c := open(b)
	exec(b, c, `CREATE TABLE m (a INTEGER PRIMARY KEY, b BIGINT, c BIGINT, d BIGINT, e BIGINT, f BIGINT, g TEXT, h TEXT, i TEXT)`)
	exec(b, c, `INSERT INTO m WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)
		SELECT i, 1, 2, -3, 4, 1700000000000, 'text', '6f1e2a3b-0000-4000-8000-000000000000', '{"type":"text","text":"Your order is ready."}' FROM n`)
	st := prepare(b, c, `SELECT a, b, c, d, e, f, g, h, i FROM m`)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; {
		r, err := st.Query(nil)
		if err != nil {
			b.Fatal(err)
		}
		for ; r.Next() && n < b.N; n++ {
			var ints [6]int64
			var texts [3]string
			if err := r.Scan(&ints[0], &ints[1], &ints[2], &ints[3], &ints[4], &ints[5], &texts[0], &texts[1], &texts[2]); err != nil {
				b.Fatal(err)
			}
		}
		r.Close()
	}
}

// BenchmarkInsert is the cost of one row of eleven values, without its commit.
func BenchmarkInsert(b *testing.B) {
	c := open(b)
	exec(b, c, `CREATE TABLE m (a INTEGER PRIMARY KEY, b BIGINT, c BIGINT, d BIGINT, e BIGINT, f BIGINT, g TEXT, h TEXT, i TEXT, j BIGINT, k TEXT)`)
	exec(b, c, `BEGIN`)
	st := prepare(b, c, `INSERT INTO m VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`)
	b.ReportAllocs()
	for n := range b.N {
		args := []any{int64(n), int64(1), int64(2), int64(-3), int64(4), int64(1700000000000), "text", "6f1e2a3b-0000-4000-8000-000000000000", `{"type":"text","text":"Your order is ready."}`, 0, ""}
		if _, err := st.Exec(args); err != nil {
			b.Fatal(err)
		}
	}
}
