// Package lambda runs Lambda programs on this machine: it builds them, starts them as processes, and hands them
// invocations through the Lambda Runtime API, one at a time for each process, as AWS does.
//
// A process that crashes or runs over its time fails the invocation that it was handling and is replaced. The
// programs cannot tell the difference: they are the ones that are deployed.
package lambda
