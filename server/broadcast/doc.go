// Package broadcast evaluates templates for many contacts: on all processors, in order, in constant memory.
//
//	texts := broadcast.NewTexts(templates, scope, options)
//	everyone := broadcast.Everyone(store, workspace, contactstore.Filter{}, broadcast.Reading{})
//	run := broadcast.Start(ctx, everyone, texts, broadcast.Options{})
//	defer run.Close()
//	for chunk, err := run.Next(); err == nil; chunk, err = run.Next() { // io.EOF at the end
//		w.Write(chunk.Lines)
//	}
//	counts := texts.Counts()
//
// # How a run goes
//
//	Source.Next     one goroutine   cuts the contacts into batches, ahead of what is evaluated
//	Source.Load     many goroutines reads a batch's records
//	Worker.Append   the same        evaluates them, one after another, into the batch's buffers
//	Run.Next        the caller      takes the buffers, batch after batch, in the source's order
//
// A run has a fixed number of batches, and each goes round: when the caller does not come for what is ready, the workers
// wait for buffers and then the source for batches, so that a slow reader slows the store's reads down. Nothing is kept
// of a contact once its lines are taken, and once every batch has been used nothing is allocated for a contact but what
// the store and the template themselves make.
//
// # Two jobs
//
// Texts gives a line of JSON for each contact: what a broadcast sends. Survey gives none, and counts: what a dry run
// tells. Each worker has its own scope, buffers and counters; counters are added up when the run has ended.
//
// # What goes wrong
//
// A contact that is not there, or cannot be read, has its own Item.Err, and the run goes on. A store that is away is
// asked again after pauses. When it stays away the contacts of the batch fail, and after several such batches in a row,
// or where without the read nobody knows which contacts come next, the run ends with the error.
package broadcast
