// Package protocol is what the local AWS services have in common on the wire: JSON bodies in and out, errors in
// the form that the AWS SDKs turn into typed errors, and the description of a call that hooks look at.
package protocol
