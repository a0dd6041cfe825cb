import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useUpdateMemberMutation } from '@/api/members';
import type { Participant } from '@/api/wire.gen';
import type { useConfirm } from '@/components/confirm';
import { useReport } from '@/components/useReport';
import { useSession } from '../sessions';
import { useAct } from './useAct';
import { useScreenNotice } from './useScreenNotice';

export interface RowActions {
  mute: (person: Participant) => void;
  callOn: (person: Participant) => void;
  lowerHand: (person: Participant) => void;
  /** Shows somebody to everybody; null ends it. */
  spotlight: (person: Participant | null) => void;
  setRole: (person: Participant, role: 'assistant' | 'student') => void;
  remove: (person: Participant) => void;
}

/** What a teacher does with one person. The same object for as long as the room shows, so that rows are not drawn again. */
export function useRowActions(channelId: string, ask: ReturnType<typeof useConfirm>['ask']): RowActions {
  const { t } = useTranslation(['classroom', 'common']);
  const { meeting, classroom } = useSession();
  const act = useAct();
  const report = useReport();
  const stillHeard = useScreenNotice();
  const [updateMember] = useUpdateMemberMutation();
  return useMemo(
    () => ({
      mute: ({ participant_id: id }) => void act(meeting.mute(id)).then((done) => done && stillHeard(id)),
      callOn: (person) => void act(classroom.callOn(person.participant_id)),
      lowerHand: (person) => void act(classroom.lowerHand(person.participant_id)),
      spotlight: (person) => void act(classroom.spotlight(person?.participant_id ?? null)),
      setRole: ({ user }, role) => {
        const change = () => void updateMember({ channelId, userId: user.id, role }).then(report);
        if (role === 'student') return change();
        ask({
          title: t('person.makeAssistantTitle', { name: user.name }),
          text: t('person.makeAssistantText'),
          action: t('person.makeAssistant'),
          onConfirm: change,
        });
      },
      remove: (person) =>
        ask({
          title: t('person.removeTitle', { name: person.user.name }),
          text: t('person.removeText'),
          action: t('common:remove'),
          onConfirm: () => void act(meeting.remove(person.participant_id)),
        }),
    }),
    [meeting, classroom, channelId, ask, act, report, stillHeard, updateMember, t],
  );
}
