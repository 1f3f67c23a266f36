package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"article41/queue"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Kafka takes rows in from a topic and puts answers on another, for those who
// have it. Its part of the promise is the same: an offset is committed after the
// rows up to it are, and a row that cannot be taken in goes to the topic
// OUT.refused with its reason before that.
type Kafka struct {
	Brokers []string
	Group   string
	In, Out string // topics
	Options []kgo.Opt
}

func (k Kafka) client(o ...kgo.Opt) (*kgo.Client, error) {
	c, err := kgo.NewClient(append(append([]kgo.Opt{kgo.SeedBrokers(k.Brokers...), kgo.ClientID("article41")}, k.Options...), o...)...)
	if err != nil {
		return nil, fmt.Errorf("reach Kafka: %w", err)
	}
	return c, nil
}

// Consume takes rows in from the topic until the context ends.
func (k Kafka) Consume(ctx context.Context, l *Line) error {
	c, err := k.client(kgo.ConsumeTopics(k.In), kgo.ConsumerGroup(k.Group), kgo.DisableAutoCommit(), kgo.BlockRebalanceOnPoll())
	if err != nil {
		return err
	}
	defer c.Close()
	for ctx.Err() == nil {
		fetched := c.PollRecords(ctx, Intake)
		if err := fetched.Err0(); err != nil && ctx.Err() == nil {
			l.failed(fmt.Errorf("read topic %s: %w", k.In, err))
			pause(ctx, time.Second)
		}
		records := fetched.Records()
		for len(records) > 0 && ctx.Err() == nil { // again until all are in: the offset waits
			if records, err = k.take(ctx, l, c, records); err != nil {
				l.failed(fmt.Errorf("take in rows of topic %s: %w", k.In, err))
				pause(ctx, time.Second)
			} else if len(records) > 0 { // no room
				pause(ctx, 200*time.Millisecond)
			}
		}
		if ctx.Err() == nil {
			if err := c.CommitUncommittedOffsets(ctx); err != nil {
				l.failed(fmt.Errorf("commit the offsets of topic %s: %w", k.In, err)) // the rows come again and are known
			}
		}
		c.AllowRebalance()
	}
	return nil
}

// take hands records to the line and answers those for which there was no room.
func (k Kafka) take(ctx context.Context, l *Line, c *kgo.Client, records []*kgo.Record) ([]*kgo.Record, error) {
	rows := make([][]byte, len(records))
	for i, r := range records {
		rows[i] = r.Value
	}
	acks, err := l.Take(ctx, rows)
	if err != nil {
		return records, err
	}
	var left []*kgo.Record
	for i, a := range acks {
		switch a.State {
		case busy:
			left = append(left, records[i])
		case refused:
			dead, err := json.Marshal(map[string]any{"partition": records[i].Partition, "offset": records[i].Offset, "reason": a.Error, "text": string(records[i].Value)})
			if err != nil {
				return records, err
			}
			if err := c.ProduceSync(ctx, &kgo.Record{Topic: k.Out + ".refused", Value: dead}).FirstErr(); err != nil {
				return records, err // rows already in are known when they come again
			}
		}
	}
	return left, nil
}

// settledHeader carries an answer's place among the answers of its queue.
const settledHeader = "article41-settled"

// Produce puts the queue's answers on the topic, in order, all in partition 0,
// with the row's id as key. Its place is read from the last record there, so a
// restart goes on after it; a consumer that must not see one twice, after a
// broker's failure, compares the header article41-settled.
func (k Kafka) Produce(ctx context.Context, l *Line) error {
	c, err := k.client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.AllowAutoTopicCreation())
	if err != nil {
		return err
	}
	defer c.Close()
	sent := int64(-1)
	for ctx.Err() == nil {
		n := 0
		if sent < 0 {
			sent, err = k.sent(ctx)
		}
		if err == nil {
			n, err = k.produce(ctx, l, c, sent)
			sent += int64(n)
		}
		if err != nil {
			l.failed(fmt.Errorf("put answers on topic %s: %w", k.Out, err))
			sent, err = -1, nil
			pause(ctx, time.Second)
		} else if n == 0 {
			pause(ctx, wait)
		}
	}
	return nil
}

func (k Kafka) produce(ctx context.Context, l *Line, c *kgo.Client, sent int64) (int, error) {
	all, err := l.Store.Answers(ctx, l.Queue, sent, queue.MaxRows)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	records := make([]*kgo.Record, len(all))
	for i, a := range all {
		var row struct {
			ID ID `json:"id"`
		}
		if err := json.Unmarshal(a.Body, &row); err != nil {
			return 0, fmt.Errorf("answer %d: %w", a.Settled, err)
		}
		records[i] = &kgo.Record{Topic: k.Out, Partition: 0, Key: []byte(row.ID), Value: bytes.TrimRight(a.Body, "\n"),
			Headers: []kgo.RecordHeader{{Key: settledHeader, Value: strconv.AppendInt(nil, a.Settled, 10)}}}
	}
	return len(all), c.ProduceSync(ctx, records...).FirstErr()
}

// sent is the place of the last answer on the topic, 0 if there is none.
func (k Kafka) sent(ctx context.Context) (int64, error) {
	end := kgo.NewOffset().AtEnd().Relative(-1)
	c, err := k.client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{k.Out: {0: end}}), kgo.FetchMaxWait(200*time.Millisecond))
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if last, err := k.end(ctx, c); err != nil || last == 0 {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	fetched := c.PollRecords(ctx, 1)
	for _, r := range fetched.Records() {
		for _, h := range r.Headers {
			if h.Key == settledHeader {
				return strconv.ParseInt(string(h.Value), 10, 64)
			}
		}
	}
	return 0, errors.Join(fmt.Errorf("the last record of topic %s could not be read, or is no answer of this program", k.Out), fetched.Err0())
}

// end is the offset after the topic's last record: 0 for one that is new.
func (k Kafka) end(ctx context.Context, c *kgo.Client) (int64, error) {
	q := kmsg.NewPtrListOffsetsRequest()
	q.ReplicaID = -1
	t := kmsg.NewListOffsetsRequestTopic()
	t.Topic = k.Out
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Timestamp = -1 // the end
	t.Partitions = append(t.Partitions, p)
	q.Topics = append(q.Topics, t)
	r, err := q.RequestWith(ctx, c)
	if err != nil {
		return 0, err
	}
	if len(r.Topics) != 1 || len(r.Topics[0].Partitions) != 1 {
		return 0, fmt.Errorf("topic %s: no answer about its end", k.Out)
	}
	one := r.Topics[0].Partitions[0]
	err = kerr.ErrorForCode(one.ErrorCode)
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return 0, nil // made by the first record
	}
	return one.Offset, err
}
