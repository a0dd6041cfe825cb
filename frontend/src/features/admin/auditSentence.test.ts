import { expect, test } from 'vitest';
import type { AuditEvent } from '@/api/wire.gen';
import { lin } from '@/testing/entries';
import { auditSentence, type AuditWords } from './auditSentence';

const words: AuditWords = {
  nameOf: (user) => (user.deleted ? 'Deleted user' : user.name),
  somebody: 'Somebody',
  role: (role) => `<${role}>`,
  say: (key, { actor, target, channel, from, to }) => [key, actor, target, channel, from, to].join('|'),
};

const event = (part: Partial<AuditEvent>): AuditEvent => ({
  id: 'e1',
  at: '2026-03-02T08:00:00.000Z',
  actor: lin,
  action: 'auth.login',
  target_kind: 'user',
  target_id: 'u-ada',
  ip: '',
  detail: {},
  ...part,
});

test('names who did what to whom', () => {
  const target = { ...lin, id: 'u-ada', name: '', deleted: true };
  expect(auditSentence(event({ action: 'user.role_changed', target, detail: { from: 'user', to: 'admin' } }), words)).toBe(
    'userRole|林怡君|Deleted user||<user>|<admin>',
  );
  expect(auditSentence(event({ action: 'channel.deleted', detail: { name: 'Algebra', members: 3 } }), words)).toContain('|Algebra|');
});

test('a stranger is somebody, an unknown action keeps its name', () => {
  expect(auditSentence(event({ action: 'auth.login_failed', actor: null }), words)).toBe('loginFailed|Somebody|Somebody||<undefined>|<undefined>');
  expect(auditSentence(event({ action: 'moon.landed' }), words)).toBe('林怡君: moon.landed');
});
