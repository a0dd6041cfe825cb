import { type Input, openInput } from '@/media/inputs';
import { meter } from '@/media/meter';
import { rememberedSound } from '@/media/soundSettings';

/** The longest voice note. */
export const MAX_SECONDS = 600;

const forms = [
  { type: 'audio/webm;codecs=opus', ending: 'webm' },
  { type: 'audio/mp4', ending: 'm4a' },
  { type: 'audio/ogg;codecs=opus', ending: 'ogg' },
];

/** A voice note in the making. The microphone is open from `start` until `stop` or `cancel`, and no longer. */
export class VoiceRecording {
  private readonly chunks: Blob[] = [];
  private readonly recorder: MediaRecorder;
  private readonly endMeter: () => void;
  private readonly form = forms.find(({ type }) => MediaRecorder.isTypeSupported(type)) ?? { type: '', ending: 'webm' };
  readonly startedAt = performance.now();

  /** Opens the microphone. Throws a DeviceError. */
  static async start(onLevel: (level: number) => void): Promise<VoiceRecording> {
    return new VoiceRecording(await openInput('microphone', { sound: rememberedSound() }), onLevel);
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
