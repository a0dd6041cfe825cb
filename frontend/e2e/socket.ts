import type { Person } from './people';

/** Speaks to the socket by hand, as somebody who goes around the app: signs in, sends one command and returns its answer. */
export async function command(person: Person, type: string, data: object): Promise<unknown> {
  return await person.page.evaluate(
    ([token, type, data]) =>
      new Promise((answer, fail) => {
        const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws');
        socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', id: 'a', data: { access_token: token } }));
        socket.onerror = () => fail(new Error('the socket failed'));
        socket.onmessage = (event) => {
          const frame = JSON.parse(String(event.data)) as { id?: string };
          if (frame.id === 'a') socket.send(JSON.stringify({ type, id: 'b', data }));
          if (frame.id !== 'b') return;
          socket.close();
          answer(frame);
        };
      }),
    [person.token, type, data] as const,
  );
}
