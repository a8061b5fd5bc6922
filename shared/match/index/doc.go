// Package index compiles a catalogue into one flat file of bytes, and finds in those bytes what a person is eligible for,
// at a cost that grows with what is found and hardly with the catalogue.
//
// Compile and Open are the seam: what Compile gives is stored, shipped and mapped as it is; the same source gives the
// same bytes, always. What the bytes hold is nobody else's business and changes with Format.
//
//	 need   area                     tiers: like services, the better first
//	┌────────┬───────┐  ┌──────────────────────────────────┬──────────────────────┬ ─ ─
//	│ health │ ES    │─▶│ "es", checked, best 64           │ "es", checked, next  │
//	│        │ ES-AN │  └──┬───────────────────────────────┴──────────────────────┴ ─ ─
//	│        │ ES-GR │     │ entries: the rules that occur, a word of 64 at a time
//	│        │ online│     ▼
//	├────────┼───────┤  ┌──────┬──────────────────┐   may   ┌──────────────────┐ 64 rules, judged for this person
//	│ legal  │  …    │  │word 0│ 1 0 0 1 1 0 … 0 1│ ── & ── │ 1 1 0 0 1 1 … 0 1│ once: which may hold, which hold,
//	                    │word 7│ 0 0 1 0 0 0 … 0 0│   is    │ 0 1 0 0 1 0 … 0 1│ and which fail in one thing only
//	                    └──────┴─┬────────────────┘   near   └────────▲─────────┘
//	                             │ a bit that is left                 │ lane j: clause j of each rule
//	                             ▼                        ┌───────────┴────────────────────┐
//	          group: services of this rule in this tier   │ age ≥ 18        1 1 0 1 0 … 0 1│ constraint and mask
//	          postings: ordinal, quality, date, languages │ status refugee… 0 1 1 0 0 … 1 0│
//	                                                      └────────────────────────────────┘
//
// Equal eligibility is stored once, as one rule, and judged once for each person, however many services have it; equal
// constraints of different rules are asked once (the shared subexpressions of the A-Tree, Ji and Jacobsen, SIGMOD 2021).
// Rules are a disjunction of clauses, clauses a conjunction of constraints (the DNF of Whang and others, VLDB 2009; clause
// j of 64 rules is a lane, and a lane is judged by bit operations for all 64). Three values need two words: a rule may
// hold unless a constraint is false, and does hold unless one is false or unknown. A need and an area partition the
// services as in a BE-Tree (Sadoghi and Jacobsen, SIGMOD 2011): somebody looks only in the cells of their needs, under
// their region and the few around it, and under "online". In a cell the words that its rules and the person's have in
// common lead to the services; all that is not in common costs a 64th of an operation.
//
// Top reads the tiers of a need in the order of the most that a service in them can score for this person (closeness of
// the cell, its language, freshness on that day), and stops when no tier that is left can better what it has.
//
// Judging and explaining a single rule is eligibility's business, arithmetic of scores package rank's: the index decides
// what is looked at, never what the answer is. Which figures led to this, and what was tried and left: decision 1101.
package index
