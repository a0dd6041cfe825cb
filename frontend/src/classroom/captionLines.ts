import type { MeetingCaption } from '@/api/wire.gen';

/** How often a line that grows is sent. */
export const EVERY_MS = 300;
const LONGEST = 500;

/** Sends the lines of one speaker: what is final at once, what still grows now and then. */
export class LineSender {
  private waiting: MeetingCaption | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (caption: MeetingCaption) => void) {}

  send(caption: MeetingCaption): void {
    if (this.waiting && this.waiting.line !== caption.line) this.flush();
    this.waiting = { ...caption, text: ending(caption.text) };
    if (caption.final) this.flush();
    else if (this.timer === undefined) this.flush(true);
  }

  close(): void {
    clearTimeout(this.timer);
    this.waiting = null;
  }

  private flush(pause = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.waiting) return;
    this.tell(this.waiting);
    this.waiting = null;
    if (pause) this.timer = setTimeout(() => this.flush(this.waiting !== null), EVERY_MS);
  }
}

/** Of a long speech without a pause the end matters. */
function ending(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST ? characters.slice(-LONGEST).join('') : text;
}
