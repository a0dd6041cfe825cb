import type { Page } from '@playwright/test';
import type { Person } from './people';

/** People who only send: a small moving picture and a voice that a story switches on and off. All live in one page, so a class is cheap. */
export class Senders {
  private constructor(
    private readonly page: Page,
    readonly ids: string[],
  ) {}

  static async join(people: Person[], meetingId: string, { cameras = true } = {}): Promise<Senders> {
    const [first] = people;
    if (!first) throw new Error('nobody to send');
    const page = await first.open('/login');
    const tokens = people.map(({ token }) => token);
    return new Senders(page, await page.evaluate(enter, { tokens, meetingId, cameras }));
  }

  /** Lets the n-th of them talk, or be silent. */
  async talk(n: number, on: boolean): Promise<void> {
    await this.page.evaluate(([n, on]) => window.senders[n]?.talk(on), [n, on] as const);
  }

  /** Sends a command as the n-th of them. */
  async command(n: number, type: string, data: object): Promise<unknown> {
    return await this.page.evaluate(([n, type, data]) => window.senders[n]?.command(type, data), [n, type, data] as const);
  }
}

interface Sender {
  talk(on: boolean): void;
  command(type: string, data: object): Promise<unknown>;
}

declare global {
  interface Window {
    senders: Sender[];
  }
}

/** Runs in the page. */
async function enter({ tokens, meetingId, cameras }: { tokens: string[]; meetingId: string; cameras: boolean }): Promise<string[]> {
  const sound = new AudioContext();
  const ids: string[] = [];
  const sender = async (token: string, n: number): Promise<Sender> => {
    const pc = new RTCPeerConnection();
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
    const pending = new Map<string, { done: (data: never) => void; fail: (reason: Error) => void }>();
    let count = 0;
    const command = <T>(type: string, data: object) =>
      new Promise<T>((done, fail) => {
        const id = String(++count);
        pending.set(id, { done, fail });
        socket.send(JSON.stringify({ type, id, data }));
      });
    socket.onmessage = ({ data: text }) => {
      const frame = JSON.parse(String(text)) as { type: string; id?: string; data?: never; error?: { message: string } };
      const waiting = frame.id === undefined ? undefined : pending.get(frame.id);
      if (frame.type === 'ack') waiting?.done(frame.data as never);
      else if (frame.type === 'error') waiting?.fail(new Error(frame.error?.message));
      else if (frame.type === 'meeting.candidate') {
        const { target, candidate } = frame.data as unknown as { target: string; candidate: RTCIceCandidateInit };
        if (target === 'publisher') void pc.addIceCandidate(candidate).catch(() => undefined);
      }
    };
    await new Promise((open, fail) => {
      socket.onopen = open;
      socket.onerror = () => fail(new Error('the socket failed'));
    });
    await command('auth', { access_token: token });
    const joined = await command<{ participant_id: string }>('meeting.join', { meeting_id: meetingId, muted: false, video_on: cameras });
    ids[n] = joined.participant_id;

    const tone = new OscillatorNode(sound, { frequency: 180 + 20 * n });
    const voice = new GainNode(sound, { gain: 0 });
    const microphone = new MediaStreamAudioDestinationNode(sound);
    tone.connect(voice).connect(microphone);
    tone.start();
    const tracks = [{ source: 'microphone', track: microphone.stream.getAudioTracks()[0] }];
    if (cameras) tracks.push({ source: 'camera', track: picture(n) });
    const lines = tracks.flatMap(({ source, track }) => (track ? [{ source, line: pc.addTransceiver(track, { direction: 'sendonly' }) }] : []));
    pc.onicecandidate = ({ candidate }) => void command('meeting.candidate', { target: 'publisher', candidate: candidate?.toJSON() ?? { candidate: '', sdpMid: null, sdpMLineIndex: null } });
    await pc.setLocalDescription();
    await command('meeting.tracks', { tracks: lines.map(({ source, line }) => ({ mid: line.mid, source })) });
    const { sdp } = await command<{ sdp: string }>('meeting.offer', { sdp: pc.localDescription?.sdp });
    await pc.setRemoteDescription({ type: 'answer', sdp });
    return { command, talk: (on) => voice.gain.setValueAtTime(on ? 0.5 : 0, sound.currentTime) };
  };
  /** A face of its own colour that moves a little. */
  const picture = (n: number): MediaStreamTrack | undefined => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const paint = canvas.getContext('2d');
    let frame = 0;
    setInterval(() => {
      if (!paint) return;
      paint.fillStyle = `hsl(${n * 47} 35% 38%)`;
      paint.fillRect(0, 0, 320, 180);
      paint.fillStyle = `hsl(${n * 47} 45% 68%)`;
      paint.beginPath();
      paint.ellipse(160 + 6 * Math.sin(frame++ / 5), 90, 40, 52, 0, 0, 7);
      paint.fill();
    }, 100);
    return canvas.captureStream(10).getVideoTracks()[0];
  };
  window.senders = await Promise.all(tokens.map(sender));
  return ids;
}
