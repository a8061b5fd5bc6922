// Package tabular reads and writes HSDS's tabular form: a Frictionless data package, which is a datapackage.json and a CSV
// file for each kind of object.
//
// A row is an object; its empty cells are absent members. What HSDS nests in JSON, tables join by id: reading puts phones,
// schedules, languages and the like into the object that they belong to and keeps the joining column, so that writing
// gives the same rows again. Organizations, services, locations, programs, taxonomies and what joins them stay apart, as a
// location may have many services.
//
// Columns that HSDS doesn't know are kept. A value that a cell can't hold as it is (a list, an object, a text in a column of
// numbers) is written as JSON, and datapackage.json says so of its column.
package tabular
