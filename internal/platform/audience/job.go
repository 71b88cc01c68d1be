package audience

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"kaiwa/internal/kernel/outbox"
	"kaiwa/internal/kernel/store"
)

// The statuses of jobs.
const (
	queued   = "QUEUED"
	working  = "WORKING"
	finished = "FINISHED"
)

const (
	// jobsMost is how many jobs of an audience may be under way at once.
	// https://developers.line.biz/en/reference/messaging-api/#limit-on-the-number-of-concurrent-operations
	jobsMost = 10
	// A job waits and works for some seconds each, so that a client meets all its statuses.
	waiting = 3 * time.Second
	toiling = 5 * time.Second
	// least is how many people an audience needs that is not of user ids.
	least = 50
)

// kindUpload is the outbox's kind of jobs; the payload is the job's id.
const kindUpload = "audience-upload"

// job is an upload on its way into an audience.
type job struct {
	ID         int64
	AudienceID int64
	Note       string
	Status     string
	FailedType string
	People     int64
	CreatedAt  int64
}

// jobs counts all jobs there ever were: an id must not come again while the
// outbox still holds a deleted audience's job.
var jobs = store.Counter{Name: "audience jobs"}

// firstJob gives ids eight digits, as on the platform.
const firstJob = 40_000_000

// enqueue promises that these people will be in the audience.
func (r *Room) enqueue(tx *store.Tx, a *audience, note string, people *roaring64.Bitmap) error {
	n, err := tx.Total(jobs)
	if err != nil {
		return err
	}
	id := firstJob + n
	if err := tx.Add(jobs, 1); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO audience_jobs (id, audience_id, description, status, failed_type, people, created_at)
		VALUES ($1, $2, $3, $4, '', 0, $5)`, id, a.ID, note, queued, tx.Millis())
	if err != nil {
		return err
	}
	if err := writeSet(tx, a.ID, id, people); err != nil {
		return err
	}
	return r.queue.Put(tx, outbox.Item{Kind: kindUpload, Lane: strconv.FormatInt(a.ID, 10), Payload: strconv.FormatInt(id, 10), Due: tx.Now.Add(waiting)})
}

// underWay counts the jobs of an audience that are not done.
func underWay(tx *store.Tx, audienceID int64) (n int64, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM audience_jobs WHERE audience_id = $1 AND status IN ($2, $3)`, []any{audienceID, queued, working}, &n)
	return n, err
}

// runJob brings a job one status further. All of it is done in the transaction
// that records the outcome: to join two bitmaps takes milliseconds.
func (r *Room) runJob(_ context.Context, item outbox.Item) func(*store.Tx) (outbox.Outcome, error) {
	return func(tx *store.Tx) (outbox.Outcome, error) {
		id, err := strconv.ParseInt(item.Payload, 10, 64)
		if err != nil {
			return outbox.Outcome{Bury: err.Error()}, nil
		}
		j, err := readJob(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return outbox.Outcome{}, nil // its audience was deleted
		}
		if err != nil {
			return outbox.Outcome{}, err
		}
		switch j.Status {
		case queued:
			_, err := tx.Exec(`UPDATE audience_jobs SET status = $2 WHERE id = $1`, id, working)
			return outbox.Outcome{Retry: time.UnixMilli(j.CreatedAt).Add(waiting + toiling)}, err
		case working:
			return outbox.Outcome{}, j.finish(tx)
		}
		return outbox.Outcome{}, nil
	}
}

// finish puts the job's people into the audience, which is READY when there is anybody in it.
func (j *job) finish(tx *store.Tx) error {
	a, err := read(tx, j.AudienceID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // it expired long ago
	}
	if err != nil {
		return err
	}
	people, err1 := readSet(tx, a.ID, own)
	more, err2 := readSet(tx, a.ID, j.ID)
	if err := errors.Join(err1, err2); errors.Is(err, errBroken) {
		_, err = tx.Exec(`UPDATE audience_jobs SET status = $2, failed_type = 'INTERNAL_ERROR' WHERE id = $1`, j.ID, Failed)
		return err
	} else if err != nil {
		return err
	}
	people.Or(more)
	n := int64(people.GetCardinality())
	status, failed := finished, ""
	if a.IFA && n < least {
		status, failed = Failed, insufficient
	} else if n > 0 {
		a.Status = Ready
	}
	_, err1 = tx.Exec(`UPDATE audience_jobs SET status = $2, failed_type = $3, people = $4 WHERE id = $1`, j.ID, status, failed, n-a.People)
	_, err2 = tx.Exec(`UPDATE audiences SET status = $2, people = $3 WHERE id = $1`, a.ID, a.Status, n)
	return errors.Join(err1, err2, removeSet(tx, a.ID, j.ID), writeSet(tx, a.ID, own, people))
}

const jobColumns = `id, audience_id, description, status, failed_type, people, created_at`

func scanJob(scan func(...any) error) (j job, err error) {
	err = scan(&j.ID, &j.AudienceID, &j.Note, &j.Status, &j.FailedType, &j.People, &j.CreatedAt)
	return j, err
}

func readJob(tx *store.Tx, id int64) (j job, err error) {
	err = tx.Row(`SELECT `+jobColumns+` FROM audience_jobs WHERE id = $1`, []any{id},
		&j.ID, &j.AudienceID, &j.Note, &j.Status, &j.FailedType, &j.People, &j.CreatedAt)
	return j, err
}

// jobsShown is how many jobs are told of an audience, the newest ones.
const jobsShown = 50

func listJobs(tx *store.Tx, audienceID int64) ([]job, error) {
	list := []job{}
	err := tx.Each(`SELECT `+jobColumns+` FROM audience_jobs WHERE audience_id = $1 ORDER BY id DESC LIMIT $2`, []any{audienceID, jobsShown},
		func(scan func(...any) error) error {
			j, err := scanJob(scan)
			list = append(list, j)
			return err
		})
	return list, err
}
