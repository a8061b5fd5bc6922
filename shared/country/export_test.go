package country

// CheckEmbedded is CheckFS of an embedded pack.
func CheckEmbedded(code string) error { return CheckFS(embedded, code) }
