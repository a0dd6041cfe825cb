package ws

import (
	"sync"

	"github.com/gorilla/websocket"
)

// item is one frame waiting for its socket: shared and prepared, or made for this socket alone at the moment of writing.
type item struct {
	prepared *websocket.PreparedMessage
	encode   func() []byte
	state    string // not empty: a newer item of the same state takes its place
}

// queue holds what one socket has still to send: a bounded ring, and before it a lane for answers that must not wait. It asks
// for a writer when there is work and none is at it.
type queue struct {
	limit int
	start func()        // starts a writer, which pops until there is nothing
	eased chan struct{} // holds one token when the reader may go on

	mu        sync.Mutex // guards all below
	ring      []item
	head, n   int
	urgent    []item
	writing   bool // a writer is at work
	abandoned bool // nobody reads or writes any more
	closed    bool // nothing more is taken
	code      int  // of the close frame that ends the queue
	reason    string
}

func newQueue(limit int, start func()) *queue {
	return &queue{limit: limit, start: start, eased: make(chan struct{}, 1)}
}

// push adds an item; when the queue is full it is emptied and closed with CloseResync.
func (q *queue) push(it item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.abandoned || it.state != "" && q.replace(it) {
		return
	}
	if q.n == q.limit {
		q.overflow()
		return
	}
	if q.n == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.n)%len(q.ring)] = it
	q.n++
	q.signal()
}

func (q *queue) pushUrgent(it item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed || q.abandoned:
	case len(q.urgent) == q.limit:
		q.overflow()
	default:
		q.urgent = append(q.urgent, it)
		q.signal()
	}
}

// overflow gives the socket up: its client has to ask again for what it missed.
func (q *queue) overflow() {
	clear(q.ring)
	q.head, q.n, q.urgent = 0, 0, nil
	q.closed, q.code, q.reason = true, CloseResync, "resync"
	q.signal()
}

// replace puts the item where an older one of its state waits, so that a slow socket holds one of each.
func (q *queue) replace(it item) bool {
	for i := range q.n {
		slot := &q.ring[(q.head+i)%len(q.ring)]
		if slot.state == it.state {
			*slot = it
			return true
		}
	}
	return false
}

func (q *queue) grow() {
	ring := make([]item, min(max(8, 2*len(q.ring)), q.limit))
	for i := range q.n {
		ring[i] = q.ring[(q.head+i)%len(q.ring)]
	}
	q.ring, q.head = ring, 0
}

// close lets the queue run empty and then end with a close frame. The first call wins.
func (q *queue) close(code int, reason string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.closed, q.code, q.reason = true, code, reason
	q.signal()
}

// ending tells how the queue was closed.
func (q *queue) ending() (code int, reason string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.code, q.reason
}

func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// abandon drops what waits and takes nothing more: the connection is gone.
func (q *queue) abandon() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.abandoned = true
	q.ring, q.head, q.n, q.urgent = nil, 0, 0, nil
	offer(q.eased)
}

// pop takes the next item. When there is none the writer has to end; ended tells it to send the close frame before.
func (q *queue) pop() (it item, ok, ended bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.urgent) > 0 {
		it = q.urgent[0]
		q.urgent = append(q.urgent[:0], q.urgent[1:]...) // short, and keeps its memory
		return it, true, false
	}
	if q.n == 0 {
		q.writing = q.closed // a queue that has ended needs no other writer
		return item{}, false, q.closed && !q.abandoned
	}
	it, q.ring[q.head] = q.ring[q.head], item{}
	q.head = (q.head + 1) % len(q.ring)
	q.n--
	if q.n == q.limit/2 {
		offer(q.eased)
	}
	return it, true, false
}

// busy tells the reader to take no more commands for now: their answers alone could overflow the queue.
func (q *queue) busy() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.n > q.limit/2 && !q.closed && !q.abandoned
}

func (q *queue) signal() {
	if !q.writing && !q.abandoned {
		q.writing = true
		q.start()
	}
	if q.closed {
		offer(q.eased)
	}
}

func offer(token chan struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}
