package audience

import (
	"bytes"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/store"
)

// partSize is how a set lies in the store: pieces that both engines take.
const partSize = 1 << 20

// own is the job id under which an audience's own set stands.
const own = 0

// writeSet puts a set in the place of the one that was there.
func writeSet(tx *store.Tx, audienceID, jobID int64, people *roaring64.Bitmap) error {
	if err := removeSet(tx, audienceID, jobID); err != nil {
		return err
	}
	people.RunOptimize()
	data, err := people.ToBytes()
	for n := 0; err == nil && n*partSize < len(data); n++ {
		part := data[n*partSize : min(len(data), (n+1)*partSize)]
		_, err = tx.Exec(`INSERT INTO audience_parts (audience_id, job_id, n, data) VALUES ($1, $2, $3, $4)`, audienceID, jobID, n, part)
	}
	return err
}

// readSet reads a set; one that was never written is empty.
func readSet(tx *store.Tx, audienceID, jobID int64) (*roaring64.Bitmap, error) {
	people := roaring64.New()
	var data []byte
	err := tx.Each(`SELECT data FROM audience_parts WHERE audience_id = $1 AND job_id = $2 ORDER BY n`, []any{audienceID, jobID},
		func(scan func(...any) error) error {
			var part []byte
			err := scan(&part)
			data = append(data, part...)
			return err
		})
	if err != nil || len(data) == 0 {
		return people, err
	}
	_, err = people.ReadFrom(bytes.NewReader(data))
	return people, err
}

func removeSet(tx *store.Tx, audienceID, jobID int64) error {
	_, err := tx.Exec(`DELETE FROM audience_parts WHERE audience_id = $1 AND job_id = $2`, audienceID, jobID)
	return err
}
