package main

import (
	"slices"
	"strings"
	"testing"
)

// checkUrgent: whoever can't wait has room of their own, however much waits of the others (decision 2002).
func checkUrgent(t reporter, made template) {
	feeds := made.of("AWS::Lambda::EventSourceMapping")
	total := map[string]float64{} // of a function: the batches that its queues may start at once
	feedOf := map[string]*resource{}
	for _, feed := range feeds {
		total[target(feed.at("FunctionName"))] += number(feed.at("ScalingConfig.MaximumConcurrency"))
		feedOf[target(feed.at("EventSourceArn"))] = feed
	}
	for id, most := range total {
		if reserved := number(made.Resources[id].at("ReservedConcurrentExecutions")); most > reserved {
			t.wrong("the queues of %s start %v batches at once, and it has %v: one queue can take another's room", id, most, reserved)
		}
	}
	queues, lanes := made.of("AWS::SQS::Queue"), 0
	for id, urgent := range queues {
		name, isUrgent := strings.CutSuffix(urgent.at("QueueName").(string), urgentSuffix)
		if !isUrgent {
			continue
		}
		lanes++
		other := queueNamed(queues, name)
		mine, others := feedOf[id], feedOf[other]
		switch {
		case mine == nil || others == nil || target(mine.at("FunctionName")) != target(others.at("FunctionName")):
			t.wrong("%s and %s are not the same function's", id, name)
			continue
		case target(urgent.at("RedrivePolicy.deadLetterTargetArn")) == target(queues[other].at("RedrivePolicy.deadLetterTargetArn")):
			t.wrong("the dead letters of %s lie among those of %s", id, other)
		case number(mine.at("BatchSize")) != 1 || mine.at("MaximumBatchingWindowInSeconds") != nil:
			t.wrong("in %s one waits for another", id)
		}
		if slow, quick := oldestOf(made, other), oldestOf(made, id); quick == 0 || quick >= slow {
			t.wrong("somebody is woken when a message in %s is %v s old, in %s %v", id, quick, other, slow)
		}
	}
	if lanes == 0 {
		t.wrong("nobody is urgent")
	}
}

func queueNamed(queues map[string]*resource, name string) string {
	i := slices.IndexFunc(keysOf(queues), func(id string) bool { return queues[id].at("QueueName") == name })
	if i < 0 {
		return ""
	}
	return keysOf(queues)[i]
}

// TestTheUrgentsRoomIsHeld breaks a template in each way that would make the urgent wait.
func TestTheUrgentsRoomIsHeld(t *testing.T) {
	feed := func(made template, queue string) *resource {
		for _, feed := range made.of("AWS::Lambda::EventSourceMapping") {
			if made.Resources[target(feed.at("EventSourceArn"))].at("QueueName") == queue {
				return feed
			}
		}
		t.Fatalf("nothing feeds %s", queue)
		return nil
	}
	for name, c := range map[string]struct {
		breaks func(template)
		says   string
	}{
		"the others may take all": {func(made template) {
			feed(made, "immerse-es-matching").Properties["ScalingConfig"] = map[string]any{"MaximumConcurrency": 4.0}
		}, "take another's room"},
		"batches": {func(made template) { feed(made, "immerse-es-notification-urgent").Properties["BatchSize"] = 5.0 }, "one waits for another"},
		"a window": {func(made template) {
			feed(made, "immerse-es-notification-urgent").Properties["MaximumBatchingWindowInSeconds"] = 1.0
		}, "one waits for another"},
		"dead letters together": {func(made template) {
			queues := made.of("AWS::SQS::Queue")
			queues[queueNamed(queues, "immerse-es-matching-urgent")].Properties["RedrivePolicy"] = queues[queueNamed(queues, "immerse-es-matching")].Properties["RedrivePolicy"]
		}, "lie among those of"},
		"nobody woken": {func(made template) {
			for _, id := range keysOf(made.of("AWS::CloudWatch::Alarm")) {
				if strings.HasPrefix(id, "MatchingUrgentWaiting") {
					delete(made.Resources, id)
				}
			}
		}, "somebody is woken when a message in MatchingUrgentQueue"},
		"no lane": {func(made template) {
			for _, q := range made.of("AWS::SQS::Queue") {
				q.Properties["QueueName"] = strings.TrimSuffix(q.at("QueueName").(string), "-urgent")
			}
		}, "nobody is urgent"},
	} {
		made := readTemplate("testdata/Immerse-ES.template.json")
		c.breaks(made)
		if found := strings.Join(broken("Immerse-ES", made), "\n"); !strings.Contains(found, c.says) {
			t.Errorf("%s: nothing says %q:\n%s", name, c.says, found)
		}
	}
}
