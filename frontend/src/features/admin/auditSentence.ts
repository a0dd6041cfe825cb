import type { AuditEvent, Profile } from '@/api/wire.gen';

/** The actions that have a sentence of their own, with their keys in admin.json. */
const keys = {
  'auth.login': 'login',
  'auth.login_failed': 'loginFailed',
  'auth.password_changed': 'passwordChanged',
  'auth.password_reset': 'passwordReset',
  'auth.reset_issued': 'resetIssued',
  'auth.session_ended': 'sessionEnded',
  'user.deleted': 'userDeleted',
  'user.role_changed': 'userRole',
  'user.disabled': 'userDisabled',
  'user.enabled': 'userEnabled',
  'member.role_changed': 'memberRole',
  'member.removed': 'memberRemoved',
  'channel.deleted': 'channelDeleted',
  'invite.created': 'inviteCreated',
} as const;

export type AuditAction = keyof typeof keys;
export type AuditKey = (typeof keys)[AuditAction];

export const auditActions = Object.keys(keys) as AuditAction[];

export function auditKey(action: string): AuditKey | null {
  return Object.hasOwn(keys, action) ? keys[action as AuditAction] : null;
}

/** What a sentence may name. */
export interface Places {
  actor: string;
  target: string;
  channel: string;
  from: string;
  to: string;
}

export interface AuditWords {
  nameOf: (user: Pick<Profile, 'name' | 'deleted'>) => string;
  /** For an actor or target who is not known. */
  somebody: string;
  role: (role: string) => string;
  /** The sentence of a key with its places filled. */
  say: (key: AuditKey, places: Places) => string;
}

/** What happened, in one sentence; an action that this version does not know is named as it is. */
export function auditSentence(event: AuditEvent, { nameOf, somebody, role, say }: AuditWords): string {
  const key = auditKey(event.action);
  const actor = event.actor ? nameOf(event.actor) : somebody;
  if (!key) return `${actor}: ${event.action}`;
  const { name, from, to } = event.detail;
  return say(key, {
    actor,
    target: event.target ? nameOf(event.target) : somebody,
    channel: typeof name === 'string' ? name : '',
    from: role(String(from)),
    to: role(String(to)),
  });
}
