package sqs

import "github.com/miict/immerse/infra/local/protocol"

// fail makes an error of SQS's own model. Since SQS moved to JSON, the code of the old query protocol travels in a
// header, and SDKs give that one to callers.
func fail(shape, query, message string) error {
	return &protocol.Error{Type: "com.amazonaws.sqs#" + shape, Query: query, Message: message}
}

func noQueue() error {
	return fail("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.")
}

func badHandle(handle string) error {
	return fail("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", `The input receipt handle "`+handle+`" is not a valid receipt handle.`)
}

func badBatch(shape, message string) error {
	return fail(shape, "AWS.SimpleQueueService."+shape, message)
}

func badValue(message string) error {
	return &protocol.Error{Type: "com.amazon.coral.service#InvalidParameterValueException", Query: "InvalidParameterValue", Message: message}
}

func missing(parameter string) error {
	return &protocol.Error{
		Type: "com.amazon.coral.service#MissingRequiredParameterException", Query: "MissingParameter",
		Message: "The request must contain the parameter " + parameter + ".",
	}
}

func badAttribute(name string) error {
	return fail("InvalidAttributeName", "InvalidAttributeName", "Unknown Attribute "+name+".")
}

func badAttributeValue(name string) error {
	return fail("InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter "+name+".")
}
