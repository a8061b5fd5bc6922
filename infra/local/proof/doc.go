// Package proof holds the tests of the whole system: the real programs as processes, handed real requests, killed for
// real. What they prove is what design §10 promises and what README says.
package proof
