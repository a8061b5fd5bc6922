// Package eligibility decides whether a person may use a service, from what the person said and what the service
// asks for (design §8). It is pure: no clock, no I/O, no state. The answer has three values, because a person says
// only what they want to, and nobody is told that they qualify on a guess.
//
// A service's eligibility is an OR of clauses; a clause is an AND of constraints. Evaluate answers for one service;
// Compile and Prepare split the same work, for those who ask many services about one person.
package eligibility
