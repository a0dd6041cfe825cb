import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferencesQuery } from '@/api/preferences';
import type { Waiter } from '@/api/wire.gen';
import { knock } from '@/components/sounds';
import { UserAvatar } from '@/components/UserAvatar';
import { useFormats } from '@/i18n/format';
import { useClassroomState, useSession } from '../sessions';
import classes from './lobby.module.css';
import { useAct } from './useAct';

/** Teachers: somebody waits to be let in. It stays until that is decided; each who comes is heard. */
export function LobbyNotice({ onSee }: { onSee: () => void }) {
  const { t } = useTranslation('classroom');
  const { classroom } = useSession();
  const { lobby } = useClassroomState();
  const { list } = useFormats();
  const act = useAct();
  useKnocking(lobby);
  const [first] = lobby;
  return (
    <div className={classes.place} role="status">
      {first && (
        <div className={classes.notice}>
          <UserAvatar user={first.user} size={32} />
          <p className={classes.words}>
            <strong>{lobby.length === 1 ? t('lobby.knocks', { name: first.user.name }) : t('lobby.waiting', { count: lobby.length })}</strong>
            <span>{lobby.length === 1 ? (first.member ? t('lobby.member') : t('lobby.notMember')) : list(lobby.slice(0, 3).map(({ user }) => user.name))}</span>
          </p>
          {lobby.length === 1 ? (
            <Button variant="default" onClick={() => void act(classroom.deny(first.user.id))}>
              {t('lobby.deny')}
            </Button>
          ) : (
            <Button variant="default" onClick={onSee}>
              {t('lobby.see')}
            </Button>
          )}
          <Button onClick={() => void act(lobby.length === 1 ? classroom.admit(first.user.id) : classroom.admit())}>
            {t(lobby.length === 1 ? 'lobby.admit' : 'lobby.admitAll')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Sounds for whoever was not there before; those who knock together are heard once. */
function useKnocking(lobby: Waiter[]): void {
  const { data: preferences } = usePreferencesQuery();
  const known = useRef<ReadonlySet<string>>(new Set());
  const quiet = preferences?.sounds === false;
  useEffect(() => {
    const now = new Set(lobby.map(({ user }) => user.id));
    const fresh = [...now].some((id) => !known.current.has(id));
    known.current = now;
    if (fresh && !quiet) void knock();
  }, [lobby, quiet]);
}
