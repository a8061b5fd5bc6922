package country

import "embed"

// embedded holds every pack. The patterns name no country: a further folder is found without a change here.
//
//go:embed */pack.json */areas.json */organizations.json */services/*.json
var embedded embed.FS
