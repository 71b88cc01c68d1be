package sqlite

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"

	lib "modernc.org/sqlite/lib"
)

// bind gives the placeholders their values.
func (s *Stmt) bind(args []any) error {
	if s.busy {
		return errors.New("sqlite: the statement's rows are still open")
	}
	if len(args) != s.params {
		return fmt.Errorf("sqlite: %d arguments for %d placeholders", len(args), s.params)
	}
	need := 0
	for _, a := range args {
		need += room(a)
	}
	if need > s.size {
		s.conn.free(s.memory)
		s.size = max(256, need)
		s.memory = s.conn.malloc(s.size)
	}
	s.used = 0
	for i, a := range args {
		if err := s.set(int32(i)+1, a); err != nil {
			return err
		}
	}
	return nil
}

// room is how many bytes a value takes in the statement's memory: at least one
// where SQLite wants an address.
func room(v any) int {
	switch v := v.(type) {
	case int64, int, bool, nil:
		return 0
	case string:
		return len(v) + 1
	case []byte:
		return len(v) + 1
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String || r.Kind() == reflect.Slice {
		return r.Len() + 1
	}
	return 0
}

// set binds one value: a whole number, a string, bytes, a boolean, nil, or a
// type made of one of those. Bytes that are nil are NULL.
func (s *Stmt) set(i int32, v any) error {
	switch v := v.(type) {
	case int64:
		return s.number(i, v)
	case int:
		return s.number(i, int64(v))
	case string:
		return s.conn.check(lib.Xsqlite3_bind_text(s.conn.tls, s.handle, i, place(s, v), int32(len(v)), 0))
	case []byte:
		if v == nil {
			return s.conn.check(lib.Xsqlite3_bind_null(s.conn.tls, s.handle, i))
		}
		return s.conn.check(lib.Xsqlite3_bind_blob(s.conn.tls, s.handle, i, place(s, v), int32(len(v)), 0))
	case bool:
		if v {
			return s.number(i, 1)
		}
		return s.number(i, 0)
	case float64:
		return s.conn.check(lib.Xsqlite3_bind_double(s.conn.tls, s.handle, i, v))
	case nil:
		return s.conn.check(lib.Xsqlite3_bind_null(s.conn.tls, s.handle, i))
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return s.number(i, r.Int())
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return s.number(i, int64(r.Uint()))
	case reflect.Bool:
		return s.set(i, r.Bool())
	case reflect.String:
		return s.set(i, r.String())
	case reflect.Slice:
		if r.Type().Elem().Kind() == reflect.Uint8 {
			return s.set(i, r.Bytes())
		}
	}
	return fmt.Errorf("sqlite: a value of type %T cannot be bound", v)
}

func (s *Stmt) number(i int32, v int64) error {
	return s.conn.check(lib.Xsqlite3_bind_int64(s.conn.tls, s.handle, i, v))
}

// place copies a text to where SQLite may read it, and gives its address.
func place[T string | []byte](s *Stmt, v T) uintptr {
	p := s.memory + uintptr(s.used)
	s.used += copy(at(p, len(v)), v) + 1
	return p
}

var errNull = errors.New("it is NULL")

// value is one column of a row. Asking it is cheaper than asking the statement
// for the column again and again.
type value struct {
	conn   *Conn
	handle uintptr
}

func (s *Stmt) value(i int32) value {
	return value{s.conn, lib.Xsqlite3_column_value(s.conn.tls, s.handle, i)}
}

// into reads the value.
func (v value) into(dest any) error {
	switch d := dest.(type) {
	case *int64:
		return v.integer(d)
	case *string:
		if v.kind() == lib.SQLITE_NULL {
			return errNull
		}
		*d = string(v.bytes())
		return nil
	case *[]byte:
		*d = v.blob()
		return nil
	case *int:
		var n int64
		err := v.integer(&n)
		*d = int(n)
		return err
	case *bool:
		var n int64
		err := v.integer(&n)
		*d = n != 0
		return err
	}
	r := reflect.ValueOf(dest)
	if r.Kind() != reflect.Pointer || r.IsNil() {
		return fmt.Errorf("%T is no pointer", dest)
	}
	return v.kindred(r.Elem())
}

// kindred reads the value into a type made of a simpler one.
func (v value) kindred(d reflect.Value) error {
	switch d.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		var n int64
		if err := v.integer(&n); err != nil {
			return err
		}
		if d.OverflowInt(n) {
			return fmt.Errorf("%d is too large for %s", n, d.Type())
		}
		d.SetInt(n)
		return nil
	case reflect.Bool:
		var b bool
		err := v.into(&b)
		d.SetBool(b)
		return err
	case reflect.Float64:
		if v.kind() == lib.SQLITE_NULL {
			return errNull
		}
		d.SetFloat(lib.Xsqlite3_value_double(v.conn.tls, v.handle))
		return nil
	case reflect.String:
		var t string
		err := v.into(&t)
		d.SetString(t)
		return err
	case reflect.Slice:
		if d.Type().Elem().Kind() == reflect.Uint8 {
			d.SetBytes(v.blob())
			return nil
		}
	}
	return fmt.Errorf("nothing can be read into a %s", d.Type())
}

func (v value) kind() int32 { return lib.Xsqlite3_value_type(v.conn.tls, v.handle) }

// integer reads a whole number and refuses all else, where SQLite would make
// one up.
func (v value) integer(d *int64) error {
	switch v.kind() {
	case lib.SQLITE_INTEGER:
		*d = lib.Xsqlite3_value_int64(v.conn.tls, v.handle)
		return nil
	case lib.SQLITE_NULL:
		return errNull
	case lib.SQLITE_FLOAT:
		f := lib.Xsqlite3_value_double(v.conn.tls, v.handle)
		*d = int64(f)
		if f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
			return fmt.Errorf("%g is no whole number", f)
		}
		return nil
	}
	n, err := strconv.ParseInt(string(v.bytes()), 10, 64)
	*d = n
	return err
}

// blob is a copy of the value; nil when it is NULL.
func (v value) blob() []byte {
	if v.kind() == lib.SQLITE_NULL {
		return nil
	}
	return append([]byte{}, v.bytes()...)
}

// bytes shows the value's text or bytes, until the next step.
func (v value) bytes() []byte {
	p := lib.Xsqlite3_value_blob(v.conn.tls, v.handle)
	n := lib.Xsqlite3_value_bytes(v.conn.tls, v.handle)
	if p == 0 || n == 0 {
		return nil
	}
	return at(p, int(n))
}
