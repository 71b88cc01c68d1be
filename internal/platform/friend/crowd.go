package friend

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"

	"kaiwa/internal/kernel/store"
	"kaiwa/internal/platform/channel"
)

// crowdBase is where the numbers of crowd members begin, far above those of
// other people: crowd number and index follow in the lower bits.
const crowdBase = 1 << 40

// crowd is a block of synthetic friends of one channel. A member's user id is
// its index, enciphered: a million people need no row, and an id is turned back
// into its member by deciphering.
type crowd struct {
	no          int64
	channel     *channel.Channel
	size        int64
	seed        int64
	firstFriend int64
	since       int64
	block       cipher.Block
	// known is by attribute who of the crowd has it; sets makes it once.
	known *Attributes
	once  sync.Once
}

const crowdMark = "a crowd\x00" // what deciphers to anything else is no member

// AddCrowd gives a channel synthetic friends, since the transaction's instant.
func (r *Room) AddCrowd(tx *store.Tx, ch *channel.Channel, size, seed int64) error {
	first, err := r.nextFriendNo(tx, ch)
	if err != nil {
		return err
	}
	var no int64
	if err := tx.Row(`SELECT COALESCE(MAX(no), 0) + 1 FROM crowds`, nil, &no); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO crowds (no, channel_no, size, seed, first_friend, since) VALUES ($1, $2, $3, $4, $5, $6)`,
		no, ch.No, size, seed, first, tx.Millis())
	if err != nil {
		return err
	}
	if err := tx.Add(changes(ch), step()); err != nil {
		return err
	}
	return tx.Add(reach(ch), size)
}

// Load reads the crowds and forgets cached people.
func (r *Room) Load(ctx context.Context, channels *channel.Room) error {
	r.cache.clear()
	var list []*crowd
	err := r.db.View(ctx, func(tx *store.Tx) error {
		return tx.Each(`SELECT no, channel_no, size, seed, first_friend, since FROM crowds ORDER BY no`, nil, func(scan func(...any) error) error {
			var c crowd
			var channelNo int64
			if err := scan(&c.no, &channelNo, &c.size, &c.seed, &c.firstFriend, &c.since); err != nil {
				return err
			}
			if c.channel = channels.ByNo(channelNo); c.channel == nil {
				return fmt.Errorf("crowd %d: there is no channel %d", c.no, channelNo)
			}
			key := sha256.Sum256(fmt.Appendf(nil, "crowd %s %d %d", c.channel.ID, c.no, c.seed))
			block, err := aes.NewCipher(key[:16])
			c.block = block
			list = append(list, &c)
			return err
		})
	})
	if err == nil {
		r.crowds.Store(&list)
		r.forgetPopulations()
	}
	return err
}

func (r *Room) listCrowds() []*crowd {
	if list := r.crowds.Load(); list != nil {
		return *list
	}
	return nil
}

func (r *Room) crowdMember(userID string) *Person {
	crowds := r.listCrowds()
	if len(crowds) == 0 || !UserID.MatchString(userID) {
		return nil
	}
	var in, out [16]byte
	if _, err := hex.Decode(in[:], []byte(userID[1:])); err != nil {
		return nil
	}
	for _, c := range crowds {
		if index, ok := c.decipher(&in, &out); ok {
			return c.member(index)
		}
	}
	return nil
}

// decipher is the member whose user id spells in, if it is one of the crowd; out
// is room to work in, the caller's, so that a million leave no garbage.
func (c *crowd) decipher(in, out *[16]byte) (index int64, ok bool) {
	c.block.Decrypt(out[:], in[:])
	index = int64(binary.BigEndian.Uint64(out[8:]))
	return index, string(out[:8]) == crowdMark && index >= 0 && index < c.size
}

func (r *Room) crowdMemberNo(no int64) *Person {
	crowdNo, index := (no-crowdBase)>>32, no&(1<<32-1)
	for _, c := range r.listCrowds() {
		if c.no == crowdNo && index < c.size {
			return c.member(index)
		}
	}
	return nil
}

func (c *crowd) userID(index int64) string {
	var b [16]byte
	copy(b[:], crowdMark)
	binary.BigEndian.PutUint64(b[8:], uint64(index))
	c.block.Encrypt(b[:], b[:])
	return "U" + hex.EncodeToString(b[:])
}
