import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeetingCalled } from '@/api/wire.gen';
import { ToastWithAction } from '@/components/media/ToastWithAction';
import { useClassroomState, useMeetingPart, useSession } from '../sessions';

const TOAST = 'word';

/** Says whom a teacher has given the word; to that one with the button to take it. Renders nothing. */
export function WordNotice() {
  const { t } = useTranslation(['classroom', 'media']);
  const { meeting } = useSession();
  const { called } = useClassroomState();
  const silent = useMeetingPart((room) => room.muted);
  const told = useRef<MeetingCalled | null>(null);

  useEffect(() => {
    if (!called || told.current === called) return;
    told.current = called;
    const { participants, me, muted } = meeting.snapshot();
    const by = participants.find((person) => person.user.id === called.by_user_id)?.user.name ?? '';
    const person = participants.find(({ participant_id }) => participant_id === called.participant_id);
    if (!person || participants.some(({ participant_id, user }) => participant_id === me && user.id === called.by_user_id)) return;
    notifications.hide(TOAST);
    if (person.participant_id !== me) {
      notifications.show({ id: TOAST, message: t('word.other', { name: person.user.name }), withBorder: true, autoClose: 3_000, role: 'status' });
      return;
    }
    const text = t('word.mine', { name: by });
    notifications.show({
      id: TOAST,
      withBorder: true,
      autoClose: muted ? 30_000 : 6_000,
      message: muted ? <ToastWithAction text={text} action={t('media:controls.unmute')} onAction={() => void meeting.setMuted(false)} /> : text,
    });
  }, [called, meeting, t]);

  // Whoever speaks has understood.
  useEffect(() => {
    if (!silent) notifications.hide(TOAST);
  }, [silent]);
  return null;
}
