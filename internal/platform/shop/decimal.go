package shop

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Decimal is a number with two decimals, counted in hundredths: an amount of
// baht, or a weight in kg. Sums of it are exact, which those of floats are not.
type Decimal int64

var errDecimals = errors.New("more than 2 decimals")

// decimalMost is beyond every bound of the API; up to there floats tell
// hundredths apart.
const decimalMost = 1e11

// MarshalJSON writes the number without zeros that say nothing.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

func (d Decimal) String() string { return strconv.FormatFloat(float64(d)/100, 'f', -1, 64) }

// Money is the amount as a price tag has it: 1,234.50.
func (d Decimal) Money() string {
	whole := strconv.FormatInt(int64(d)/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest := int64(d) % 100; rest != 0 {
		whole += "." + strconv.FormatInt(100+rest, 10)[1:]
	}
	return whole
}

// UnmarshalJSON reads a number; null counts as absent, as everywhere.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64) // a JSON string has its quotes here, which no number has
	if err != nil {
		return errors.New("not a number")
	}
	return d.set(f)
}

// UnmarshalYAML reads a number of a world file.
func (d *Decimal) UnmarshalYAML(read func(any) error) error {
	var f float64
	if err := read(&f); err != nil {
		return err
	}
	if err := d.set(f); err != nil {
		return fmt.Errorf("%v: %w", f, err)
	}
	return nil
}

func (d *Decimal) set(f float64) error {
	hundredths := math.Round(f * 100)
	if !(math.Abs(f) <= decimalMost) { // so is NaN
		return errors.New("too large a number")
	}
	if math.Abs(f*100-hundredths) > 1e-4 {
		return errDecimals
	}
	*d = Decimal(hundredths)
	return nil
}

// times is the price of so many.
func (d Decimal) times(n int64) Decimal { return d * Decimal(n) }
