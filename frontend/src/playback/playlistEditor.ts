import { newId } from '@/api/ids';
import type { Playlist, PlaylistAck } from '@/api/wire.gen';
import { type Socket, SocketError } from '@/realtime/socket';
import { applyEdit, editCommand, type PlaylistEdit } from './playlistEdits';

/** How often somebody else may get in first before an edit is given up. */
const ATTEMPTS = 5;

/**
 * The channel's playlist with what this teacher changed and the server has not answered yet. Edits are sent one after the
 * other, each against the newest list; when another teacher was first, it is made anew in that teacher's list.
 */
export class PlaylistEditor {
  private confirmed: Playlist | null = null;
  private readonly pending: { id: string; edit: PlaylistEdit }[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly socket: Pick<Socket, 'send'>,
    private readonly onChange: (shown: Playlist | null) => void,
  ) {}

  /** Takes the server's list; events and answers may cross, so an older edit count is ignored. */
  receive(list: Playlist): void {
    if (this.confirmed && list.channel_id === this.confirmed.channel_id && list.v < this.confirmed.v) return;
    this.confirmed = list;
    this.show();
  }

  /** Shows the edit at once. Rejects, and takes it back, when the server refuses it for another reason than a newer list. */
  edit(edit: PlaylistEdit): Promise<void> {
    const waiting = { id: newId(), edit };
    this.pending.push(waiting);
    this.show();
    const done = this.turn
      .then(() => this.send(edit))
      .finally(() => this.pending.splice(this.pending.indexOf(waiting), 1))
      .then(
        (list) => (list ? this.receive(list) : this.show()),
        (error: unknown) => {
          this.show();
          throw error;
        },
      );
    this.turn = done.catch(() => {});
    return done;
  }

  /** The list after the edit, or null when somebody else's edit has left nothing to do. */
  private async send(edit: PlaylistEdit): Promise<Playlist | null> {
    for (let attempt = 1; ; attempt++) {
      if (!this.confirmed) throw new SocketError('connection_lost', 'There is no connection to the server.');
      const command = editCommand(this.confirmed, edit, newId());
      if (!command) return null;
      try {
        return (await this.socket.send<PlaylistAck>('playback.edit', command)).playlist;
      } catch (error) {
        const newer = error instanceof SocketError && error.code === 'conflict' ? (error.current as Playlist | undefined) : undefined;
        if (!newer || attempt === ATTEMPTS) throw error;
        this.receive(newer);
      }
    }
  }

  private show(): void {
    this.onChange(this.confirmed && this.pending.reduce((list, { id, edit }) => applyEdit(list, edit, id), this.confirmed));
  }
}
