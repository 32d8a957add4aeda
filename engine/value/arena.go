package value

// arenaChunk is how many cells an arena adds at a time: most blocks make fewer values.
const arenaChunk = 32

// maxArenaChunks bounds what an arena keeps over a reset: a block that made more gives the rest to the collector.
const maxArenaChunks = 64

// arena hands out cells that live until reset, which uses them again. Chunks never move, so pointers stay good.
type arena[T any] struct {
	chunks [][]T
	chunk  int // index of the chunk in use
	used   int // cells used in it
	dirty  int // cells of the first chunk that hold on to something
}

func (a *arena[T]) next() *T {
	if a.chunk < len(a.chunks) && a.used < len(a.chunks[a.chunk]) {
		cell := &a.chunks[a.chunk][a.used]
		a.used++
		return cell
	}
	return a.grow()
}

// grow is the slow path of next: the chunk in use is full, or there is none.
func (a *arena[T]) grow() *T {
	if a.chunk < len(a.chunks) {
		a.chunk++
	}
	if a.chunk == len(a.chunks) {
		a.chunks = append(a.chunks, make([]T, arenaChunk))
	}
	a.used = 1
	return &a.chunks[a.chunk][0]
}

// reset takes all cells back. The first chunk keeps what it holds until clear: most blocks need no other.
func (a *arena[T]) reset() {
	if a.chunk == 0 {
		a.dirty, a.used = max(a.dirty, a.used), 0
		return
	}
	a.dirty = arenaChunk
	a.clear()
}

// clear empties all cells, so that they hold on to nothing, and takes them back.
func (a *arena[T]) clear() {
	if len(a.chunks) > 0 {
		clear(a.chunks[0][:max(a.dirty, a.used)])
	}
	for i := 1; i < len(a.chunks) && i <= a.chunk; i++ {
		clear(a.chunks[i])
	}
	if len(a.chunks) > maxArenaChunks {
		clear(a.chunks[maxArenaChunks:])
		a.chunks = a.chunks[:maxArenaChunks]
	}
	a.chunk, a.used, a.dirty = 0, 0, 0
}
