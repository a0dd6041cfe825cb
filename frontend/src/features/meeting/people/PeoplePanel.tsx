import { ActionIcon, Button, CloseButton, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Hand, Mic, MicOff, MonitorUp, UserMinus, Video, VideoOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Participant } from '@/api/wire.gen';
import { useConfirm } from '@/components/confirm';
import { UserAvatar } from '@/components/UserAvatar';
import { Locks } from './Locks';
import classes from './people.module.css';
import { useMeetingState, useSession } from '../sessions';

interface PeoplePanelProps {
  teacher: boolean;
  onClose: () => void;
}

/** Who is here, raised hands first; teachers mute and remove from here. */
export function PeoplePanel({ teacher, onClose }: PeoplePanelProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { meeting: session } = useSession();
  const { participants, me, speakers } = useMeetingState();
  const { ask, dialog } = useConfirm();
  const failed = () => notifications.show({ color: 'red', message: t('panel.failed') });
  const hands = participants.filter((p) => p.hand_raised);
  const others = participants.filter((p) => !p.hand_raised);

  const remove = (person: Participant) =>
    ask({
      title: t('panel.removeTitle', { name: person.user.name }),
      text: t('panel.removeText'),
      action: t('panel.remove'),
      onConfirm: () => void session.remove(person.participant_id).catch(failed),
    });
  const row = (person: Participant) => (
    <PersonRow
      key={person.participant_id}
      person={person}
      self={person.participant_id === me}
      speaking={speakers.includes(person.participant_id)}
      teacher={teacher}
      onMute={() => void session.mute(person.participant_id).catch(failed)}
      onRemove={() => remove(person)}
    />
  );

  return (
    <section className={classes.panel} aria-label={t('panel.title')}>
      <header className={classes.head}>
        <h2>{t('panel.title')}</h2>
        <CloseButton aria-label={t('panel.close')} onClick={onClose} />
      </header>
      {teacher && (
        <Button
          variant="default"
          size="sm"
          className={classes.muteAll}
          leftSection={<MicOff size={16} aria-hidden />}
          onClick={() => void session.mute().then(() => notifications.show({ message: t('panel.mutedAll') }), failed)}
        >
          {t('panel.muteAll')}
        </Button>
      )}
      {teacher && <Locks onFailed={failed} />}
      <div className={classes.scroll}>
        {hands.length > 0 && (
          <>
            <h3 className={classes.group}>{t('panel.hands')}</h3>
            <ul className={classes.list}>{hands.map(row)}</ul>
          </>
        )}
        <h3 className={classes.group}>{t('panel.inMeeting')}</h3>
        <ul className={classes.list}>{others.map(row)}</ul>
      </div>
      {dialog}
    </section>
  );
}

interface PersonRowProps {
  person: Participant;
  self: boolean;
  speaking: boolean;
  teacher: boolean;
  onMute: () => void;
  onRemove: () => void;
}

function PersonRow({ person, self, speaking, teacher, onMute, onRemove }: PersonRowProps) {
  const { t } = useTranslation(['meeting', 'media']);
  const { user, role, muted, video_on: videoOn, screen_sharing: sharing, hand_raised: hand } = person;
  const acts = teacher && !self;
  return (
    <li className={classes.person} data-speaking={speaking || undefined}>
      <UserAvatar user={user} size={34} />
      <div className={classes.who}>
        <span className={classes.name}>{self ? t('youNamed', { name: user.name }) : user.name}</span>
        {role !== 'student' && <span className={classes.role}>{t(`panel.roles.${role}`)}</span>}
      </div>
      {hand && <Hand size={17} className={classes.hand} role="img" aria-label={t('tile.hand')} />}
      {sharing && <MonitorUp size={17} role="img" aria-label={t('tile.sharing')} />}
      {videoOn ? <Video size={17} aria-hidden /> : <VideoOff size={17} className={classes.off} aria-hidden />}
      {acts && !muted ? (
        <Tooltip label={t('panel.mutePerson', { name: user.name })}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('panel.mutePerson', { name: user.name })} onClick={onMute}>
            <Mic size={17} />
          </ActionIcon>
        </Tooltip>
      ) : muted ? (
        <MicOff size={17} className={classes.off} role="img" aria-label={t('media:state.muted')} />
      ) : (
        <Mic size={17} aria-hidden />
      )}
      {acts && (
        <Tooltip label={t('panel.removePerson', { name: user.name })}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('panel.removePerson', { name: user.name })} onClick={onRemove}>
            <UserMinus size={17} />
          </ActionIcon>
        </Tooltip>
      )}
    </li>
  );
}
