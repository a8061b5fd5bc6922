package publish

import (
	"bytes"
	"encoding/json"

	"github.com/miict/immerse/shared/hsds"
)

// News gives the ids of the services that may be for somebody in one catalogue for whom they were not in the one before, in
// the order of the later one: that are new or offered again, that ask for something else or are elsewhere, that have more
// places than before or don't count them any more. Somebody may wait though there were places in the catalogue: they were
// held. Too many do no harm: whoever looks for people finds only those whom a service is for and who don't have it.
func News(before, after []hsds.Service) []string {
	known := make(map[string]*hsds.Service, len(before))
	for i := range before {
		known[before[i].ID] = &before[i]
	}
	var news []string
	for i := range after {
		if now := &after[i]; now.Immerse != nil && now.Status == hsds.StatusActive && isNews(known[now.ID], now) {
			news = append(news, now.ID)
		}
	}
	return news
}

func isNews(before, now *hsds.Service) bool {
	if before == nil || before.Immerse == nil || before.Status != hsds.StatusActive || before.AssuredDate != now.AssuredDate {
		return true
	}
	return morePlaces(before, now) || !same(before.Immerse, now.Immerse)
}

// morePlaces tells whether somebody who found no place may find one now.
func morePlaces(before, now *hsds.Service) bool {
	had, counted := before.Places()
	has, counts := now.Places()
	return counted && !counts || counts && has > had
}

func same(before, now *hsds.ServiceExtension) bool {
	a, errA := json.Marshal(before)
	b, errB := json.Marshal(now)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}
