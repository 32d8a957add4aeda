// Package funcs is the function library of the expression language, as data: each function has its name, parameters,
// documentation, examples and implementation in one place, a file a family.
//
//	library := funcs.Standard()
//	f, ok := library.Lookup("upper")
//	v := rt.Invoke(f.Value, []value.Value{value.NewText("hello")})
//
// Documentation and completion are made from the same table, and its examples run as tests.
package funcs
