package browser

import (
	"context"
	"testing"
)

// Painted is what a browser saw while it showed a page.
type Painted struct {
	Shift   float64  // of the layout, all in all, in CLS's unit
	Moved   []string // what did
	Largest string   // what the largest element says
	Loaded  []string // the addresses of what was loaded
}

// Paint waits until the page's scripts have run and it was painted.
func Paint(tab context.Context, t *testing.T) Painted {
	t.Helper()
	return JS[Painted](tab, t, paint)
}

// paint tells what PerformanceObserver saw.
const paint = `new Promise((resolve) => {
	const seen = {Shift: 0, Moved: [], Largest: '', Loaded: performance.getEntriesByType('resource').map((one) => one.name)};
	new PerformanceObserver((list) => list.getEntries().forEach((one) => {
		seen.Shift += one.value;
		seen.Moved.push(...one.sources.map((source) => source.node?.className || source.node?.nodeName));
	})).observe({type: 'layout-shift', buffered: true});
	new PerformanceObserver((list) => list.getEntries().forEach((one) => {
		seen.Largest = (one.element?.textContent || '').trim().replace(/\s+/g, ' ');
	})).observe({type: 'largest-contentful-paint', buffered: true});
	const began = Date.now();
	const look = setInterval(() => {
		if (Date.now() < began + 500 || !seen.Largest && Date.now() < began + 10000) return;
		clearInterval(look);
		resolve(seen);
	}, 100);
})`
