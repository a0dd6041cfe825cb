package app

import (
	"time"

	"lectern/internal/wire"
	"lectern/sfu"
)

// Stats tells of everybody in a room, without their names.
func (r rooms) Stats(roomID string) []wire.ParticipantStats {
	list := []wire.ParticipantStats{}
	for _, p := range r.sfu.Stats(roomID) {
		one := wire.ParticipantStats{
			ParticipantID: p.Participant, Connected: p.Connected, Quality: string(p.Quality), EstimateBPS: p.Estimate,
			Publishing: []wire.PublishedTrack{}, Receiving: []wire.ReceivedTrack{},
		}
		for _, t := range p.Publishing {
			one.Publishing = append(one.Publishing, publishedTrack(t))
		}
		for _, t := range p.Receiving {
			one.Receiving = append(one.Receiving, wire.ReceivedTrack{
				From: t.Participant, Source: string(t.Source), RID: t.Layer, Paused: t.Paused, Packets: t.Packets, Bytes: t.Bytes,
				LossPercent: 100 * t.Loss, Lost: t.Lost, RTTMS: milliseconds(t.RoundTrip), JitterMS: milliseconds(t.Jitter),
				Resent: t.Resent, Dropped: t.Dropped,
			})
		}
		list = append(list, one)
	}
	return list
}

func publishedTrack(t sfu.PublishedStats) wire.PublishedTrack {
	track := wire.PublishedTrack{MID: t.MID, Source: string(t.Source), Allowed: t.Allowed, Heard: t.Heard, Layers: []wire.PublishedLayer{}}
	for _, l := range t.Layers {
		track.Layers = append(track.Layers, wire.PublishedLayer{
			RID: l.RID, Codec: l.Codec, Width: l.Width, Height: l.Height, BPS: l.Rate, Packets: l.Packets, Lost: l.Lost,
		})
	}
	return track
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
