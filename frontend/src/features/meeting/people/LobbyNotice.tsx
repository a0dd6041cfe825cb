import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferencesQuery } from '@/api/preferences';
import type { Waiter } from '@/api/wire.gen';
import { knock } from '@/components/sounds';
import { UserAvatar } from '@/components/UserAvatar';
import { useFormats } from '@/i18n/format';
import { useClassroomState, useSession } from '../sessions';
import { AdmitAll } from './AdmitAll';
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
          {lobby.length === 1 ? <Button onClick={() => void act(classroom.admit(first.user.id))}>{t('lobby.admit')}</Button> : <AdmitAll waiting={lobby} />}
        </div>
      )}
    </div>
  );
}

/** Sounds for whoever was not there before; those who knock together are heard once, and who comes and goes only the first time. */
function useKnocking(lobby: Waiter[]): void {
  const { data: preferences } = usePreferencesQuery();
  const known = useRef(new Set<string>());
  const quiet = preferences?.sounds === false;
  useEffect(() => {
    const fresh = lobby.filter(({ user }) => !known.current.has(user.id));
    for (const { user } of fresh) known.current.add(user.id);
    if (fresh.length > 0 && !quiet) void knock();
  }, [lobby, quiet]);
}
