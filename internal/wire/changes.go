package wire

// Change is a durable event as it is asked for again. A scope ("channel:{id}", "conversation:{id}", "user:{id}") counts its
// changes from 1 without a gap; the event on the socket carries the same scope and seq. Data is the thing as it is now: of
// one that was changed several times only the last change is listed, and of one that is gone only its deletion.
type Change struct {
	Seq  int64  `json:"seq"`
	Type string `json:"type"`
	Data any    `json:"data" tstype:"unknown"`
	At   Time   `json:"at" swaggertype:"string" format:"date-time"`
}

// Changes answers GET /changes?scope=&after=: what happened in a scope after a seq, oldest first. Seq is what to ask after
// next; More tells that there is more already. Reset: it is too long ago, ask for the things themselves and go on from Seq.
type Changes struct {
	Items []Change `json:"items"`
	Seq   int64    `json:"seq"`
	More  bool     `json:"more"`
	Reset bool     `json:"reset"`
}

// Heads answers GET /changes/heads: the newest seq of each scope that the actor may follow.
type Heads struct {
	Heads map[string]int64 `json:"heads"`
}
