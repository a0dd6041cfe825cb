import { DeviceError } from '@/media/devices';
import { type Input, openInput } from '@/media/inputs';
import { meter } from '@/media/meter';
import { rememberedSound } from '@/media/soundSettings';

/** The longest voice note. */
export const MAX_SECONDS = 600;
/** The longest that a recorder may take to begin, in milliseconds. */
const START_MS = 15_000;

/** The first that the browser writes. Firefox, alone, writes Ogg: its WebM marks no key frames, and Chromium plays none without them. */
const forms = [
  { type: 'audio/ogg;codecs=opus', ending: 'ogg' },
  { type: 'audio/webm;codecs=opus', ending: 'webm' },
  { type: 'audio/mp4', ending: 'm4a' },
];

/** A voice note in the making. The microphone is open from `start` until `stop` or `cancel`, and no longer. */
export class VoiceRecording {
  private readonly chunks: Blob[] = [];
  private readonly recorder: MediaRecorder;
  private readonly endMeter: () => void;
  private readonly form = forms.find(({ type }) => MediaRecorder.isTypeSupported(type)) ?? { type: '', ending: 'webm' };
  private startedAt = 0;

  /** Opens the microphone, and answers when what is said counts. Throws a DeviceError. */
  static async start(onLevel: (level: number) => void): Promise<VoiceRecording> {
    const recording = new VoiceRecording(await openInput('microphone', { sound: rememberedSound() }), onLevel);
    try {
      await recording.begun();
      return recording;
    } catch (error) {
      recording.cancel();
      throw new DeviceError('failed', error);
    }
  }

  private constructor(
    private readonly input: Input,
    onLevel: (level: number) => void,
  ) {
    const { track } = input;
    this.recorder = new MediaRecorder(new MediaStream([track]), { ...(this.form.type && { mimeType: this.form.type }), audioBitsPerSecond: 48_000 });
    this.recorder.ondataavailable = ({ data }) => void (data.size > 0 && this.chunks.push(data));
    this.endMeter = meter(track, onLevel);
    this.recorder.start(1000);
  }

  /** Resolves when the recorder takes what is said: Firefox on a busy computer does so seconds after it was asked to. */
  private async begun(): Promise<void> {
    await new Promise((done, fail) => {
      this.recorder.onstart = done;
      this.recorder.onerror = fail;
      setTimeout(() => fail(new Error('the recorder does not start')), START_MS);
    });
    this.startedAt = performance.now();
  }

  get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** Ends it and answers what was said. */
  async stop(): Promise<File> {
    const ended = new Promise<void>((done) => this.recorder.addEventListener('stop', () => done(), { once: true }));
    if (this.recorder.state === 'inactive') this.close();
    else {
      this.recorder.stop();
      await ended;
      this.close();
    }
    const type = (this.form.type || this.recorder.mimeType).split(';')[0] ?? '';
    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    return new File(this.chunks, `voice-${stamp}.${this.form.ending}`, { type });
  }

  /** Throws it away. Doing it twice is fine. */
  cancel(): void {
    if (this.recorder.state !== 'inactive') this.recorder.stop();
    this.close();
  }

  private close(): void {
    this.endMeter();
    this.input.close();
  }
}
