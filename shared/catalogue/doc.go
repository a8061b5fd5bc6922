// Package catalogue holds what a catalogue of services is made of, Open Referral HSDS 3.1: which kinds of object there
// are (Tables), how one is told from another (KindOf), what is wrong with them (Checker), and, once they are sound, all
// of them together, ready to be looked up and shown (Catalogue).
//
// Objects stay as they came: an Object is a list of members whose values are not taken apart before somebody asks, so
// that unknown fields, the order of fields and the digits of numbers are given back.
//
//	file, folder, zip, HSDS API ─▶ feed, tabular ─▶ Record ─▶ Checker ─▶ Catalogue ─▶ function hsds, linked, tabular
package catalogue
