import type { Comment, Marker } from '@/api/wire.gen';
import type { Mark } from './scrubbing';

/** What stands on the track of an item: the teacher's stop-points and everybody's questions. */
export function marksOf(key: string | undefined, markers: Marker[], comments: Comment[]): Mark[] {
  return [
    ...markers.filter((marker) => marker.key === key).map(({ id, t, question }): Mark => ({ id, at: t, kind: 'stop', text: question })),
    ...comments.flatMap(({ id, moment, body, author }): Mark[] =>
      moment && moment.key === key ? [{ id, at: moment.t, kind: 'question', text: `${author.name}: ${body}` }] : [],
    ),
  ];
}
