package site

// What tests build from other texts.
var (
	BuildFrom = build
	DueFrom   = due
)
