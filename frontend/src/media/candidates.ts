import type { Candidate } from '@/api/wire.gen';

/** Candidates may come before the description they belong to; they wait for it here. */
export class CandidateQueue {
  private waiting: Candidate[] | null = [];

  constructor(private readonly pc: RTCPeerConnection) {}

  add(candidate: Candidate): void {
    if (candidate.candidate === '') return;
    if (this.waiting) this.waiting.push(candidate);
    // A candidate for a description that was replaced meanwhile is refused; the others still connect.
    else this.pc.addIceCandidate(candidate).catch(() => undefined);
  }

  /** The remote description is there. */
  open(): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const candidate of waiting) this.add(candidate);
  }
}

/** Sends each own candidate as it is found. */
export function trickle(pc: RTCPeerConnection, send: (candidate: Candidate) => void): void {
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    send({
      candidate: candidate.candidate,
      sdpMid: candidate.sdpMid,
      sdpMLineIndex: candidate.sdpMLineIndex,
      ...(candidate.usernameFragment ? { usernameFragment: candidate.usernameFragment } : {}),
    });
  };
}
