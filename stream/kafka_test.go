package stream

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Rows of a topic in, answers on another; a restart neither repeats nor loses one.
func TestKafka(t *testing.T) {
	brokers, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "rows"), kfake.SeedTopics(1, "answers", "answers.refused"))
	if err != nil {
		t.Fatal(err)
	}
	defer brokers.Close()
	k := Kafka{Brokers: brokers.ListenAddrs(), Group: "article41", In: "rows", Out: "answers"}
	producer, err := k.client()
	if err != nil {
		t.Fatal(err)
	}
	defer producer.Close()
	send := func(rows ...string) {
		for _, r := range rows {
			if err := producer.ProduceSync(t.Context(), &kgo.Record{Topic: "rows", Value: []byte(r)}).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
	l := &Line{Queue: "q", Store: open(t), Bus: embedded(t, ""), Cover: plain{}, Failed: func(err error) { t.Log(err) }}
	run(t, l, echo)
	want := 0
	for round := range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 2)
		go func() { done <- k.Consume(ctx, l) }()
		go func() { done <- k.Produce(ctx, l) }()
		for i := range 120 {
			send(fmt.Sprintf(`{"id":"%d-%d","name":"Ann"}`, round, i))
			want++
		}
		send(`{"name":"no id"}`, fmt.Sprintf(`{"id":"%d-0","name":"Ann"}`, round))
		have := read(t, k, "answers", want)
		seen := map[string]bool{}
		for i, r := range have {
			if seen[string(r.Key)] || string(r.Headers[0].Value) != fmt.Sprint(i+1) {
				t.Fatalf("round %d, record %d: key %s, header %s", round, i, r.Key, r.Headers[0].Value)
			}
			seen[string(r.Key)] = true
		}
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	if dead := read(t, k, "answers.refused", 2); !strings.Contains(string(dead[0].Value), "id: missing") {
		t.Errorf("%s", dead[0].Value)
	}
}

// read is all of a topic, once it has n records and no more come.
func read(t *testing.T, k Kafka, topic string, n int) (out []*kgo.Record) {
	t.Helper()
	c, err := k.client(kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for len(out) < n && ctx.Err() == nil {
		out = append(out, c.PollFetches(ctx).Records()...)
	}
	more, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	if out = append(out, c.PollFetches(more).Records()...); len(out) != n {
		t.Fatalf("topic %s has %d records, want %d", topic, len(out), n)
	}
	return out
}
