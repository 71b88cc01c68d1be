package app

import "testing"

func TestIdlenessBeginsOnce(t *testing.T) {
	var idle idleness
	for i, step := range []struct {
		served int64
		began  bool
	}{{0, true}, {0, false}, {5, false}, {9, false}, {9, true}, {9, false}, {10, false}, {10, true}} {
		if idle.began(step.served) != step.began {
			t.Errorf("look %d, %d served: began %t", i, step.served, !step.began)
		}
	}
}
