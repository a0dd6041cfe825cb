import type { MeetingSession } from '@/media/meetingSession';

/** Marks whose element is of somebody who speaks, beside React: a class says a word every second, and nothing else has changed. */
export class SpeakingMarks {
  private readonly elements = new Map<HTMLElement, string>();
  private readonly off: () => void;
  private speakers: readonly string[] = [];

  constructor(private readonly session: Pick<MeetingSession, 'snapshot' | 'subscribe'>) {
    this.speakers = session.snapshot().speakers;
    this.off = session.subscribe(() => this.update());
  }

  observe(element: HTMLElement, participantId: string): () => void {
    this.elements.set(element, participantId);
    this.mark(element, participantId);
    return () => this.elements.delete(element);
  }

  close(): void {
    this.off();
    this.elements.clear();
  }

  private update(): void {
    const { speakers } = this.session.snapshot();
    if (speakers === this.speakers) return;
    this.speakers = speakers;
    for (const [element, id] of this.elements) this.mark(element, id);
  }

  private mark(element: HTMLElement, id: string): void {
    element.toggleAttribute('data-speaking', this.speakers.includes(id));
  }
}
