import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** An SMTP server on this machine that keeps what it is sent. */
export class Letterbox {
  private readonly letters: { to: string; text: string }[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = decodeQuotedPrintable(Buffer.concat(chunks).toString());
        for (const { address } of session.envelope.rcptTo) this.letters.push({ to: address, text });
        done();
        for (const look of this.waiting) look();
      });
    },
  });

  static async open(): Promise<Letterbox> {
    const box = new Letterbox();
    await new Promise<void>((ready) => box.smtp.listen(0, '127.0.0.1', ready));
    return box;
  }

  /** The settings with which Lectern sends its letters here. */
  get settings(): NodeJS.ProcessEnv {
    const { port } = this.smtp.server.address() as AddressInfo;
    return {
      LECTERN_SMTP_HOST: '127.0.0.1',
      LECTERN_SMTP_PORT: String(port),
      LECTERN_SMTP_TLS: 'none',
      LECTERN_SMTP_FROM: 'Lectern <lectern@school.test>',
    };
  }

  /** Takes the oldest letter to an address out of the box, waiting for it, and gives the link in it to a page of Lectern. */
  async link(to: string, page: 'verify' | 'reset'): Promise<string> {
    const pattern = new RegExp(`https?://\\S+/${page}\\?token=[\\w-]+`);
    const take = () => {
      const at = this.letters.findIndex((letter) => letter.to === to && pattern.test(letter.text));
      return at < 0 ? undefined : pattern.exec(this.letters.splice(at, 1)[0]?.text ?? '')?.[0];
    };
    return await new Promise((resolve, reject) => {
      const deadline = setTimeout(() => finish(() => reject(new Error(`no letter to ${to} about ${page}`))), 15_000);
      const finish = (then: () => void) => {
        clearTimeout(deadline);
        this.waiting.delete(look);
        then();
      };
      const look = () => {
        const link = take();
        if (link) finish(() => resolve(link));
      };
      this.waiting.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((closed) => this.smtp.close(closed));
  }
}

/** Only ASCII matters here: the links. */
function decodeQuotedPrintable(text: string): string {
  return text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
