// Package contactstore says what a contact is, and where contacts are kept.
//
//	contact, err := contactstore.ParseContact(data)      // the public JSON form
//	record, err := contactstore.Encode(contact)          // the stored form
//	err = store.Put(ctx, record)                         // memstore, embedded, redisstore
//	record, err = store.Get(ctx, workspace, contact.UUID)
//	uri := record.Printed(record.First(contactstore.SchemeTel))
//
// # Vocabulary
//
// A contact has an ordered list of connections, highest priority first. A connection is one URN, such as
// tel:+13233754866, with when and on which channel it was last used. A URN has a scheme (tel), a path
// (+13233754866) and perhaps a display (a handle that people know); scheme and path together are its identity, which
// belongs to at most one contact of a workspace. A channel is what messages travel through, such as a Twilio number.
// A workspace is one customer's contacts and settings; nothing crosses it.
//
// # Sharing
//
// A Record and a URN are immutable strings: pass and keep them freely. A Contact is the form to edit and belongs to
// whoever made it. Writers compare and set on a contact's version; Update repeats a change that lost a race.
package contactstore
