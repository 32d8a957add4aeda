// Package peers measures other libraries with the templates and the contact of bench/corpus. It is a module of its
// own, so that what it compares with never reaches the product's dependencies.
package peers
