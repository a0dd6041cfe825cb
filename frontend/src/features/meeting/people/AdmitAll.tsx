import { Button, type ButtonProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Waiter } from '@/api/wire.gen';
import { useSession } from '../sessions';
import { useAct } from './useAct';

/** Lets in all members who wait. Strangers become students of the channel: each of them is decided on by name. */
export function AdmitAll({ waiting, ...props }: ButtonProps & { waiting: Waiter[] }) {
  const { t } = useTranslation('classroom');
  const { classroom } = useSession();
  const act = useAct();
  if (!waiting.some(({ member }) => member)) return null;
  return (
    <Button {...props} onClick={() => void act(classroom.admit())}>
      {t(waiting.every(({ member }) => member) ? 'lobby.admitAll' : 'lobby.admitMembers')}
    </Button>
  );
}
