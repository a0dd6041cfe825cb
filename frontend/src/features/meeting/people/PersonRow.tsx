import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { Hand, Mic, MicOff, MonitorUp, Star, Video, VideoOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Participant } from '@/api/wire.gen';
import type { Role } from '@/components/roles';
import { UserAvatar } from '@/components/UserAvatar';
import type { SpeakingMarks } from '../speakingMarks';
import classes from './people.module.css';
import { deedsFor } from './peopleList';
import { PersonMenu } from './PersonMenu';
import { Since } from './Since';
import type { RowActions } from './useRowActions';

interface PersonRowProps {
  person: Participant;
  /** In the queue of hands, from 1; 0: not in it. */
  turn: number;
  self: boolean;
  myRole: Role;
  myRoom: string;
  spotlighted: boolean;
  /** The breakout that the person is in. */
  roomName: string | undefined;
  /** Who speaks is marked beside React. */
  marks: SpeakingMarks | null;
  actions: RowActions;
}

/** One person in the meeting: who, how, and what may be done about it. */
export function PersonRow({ person, turn, self, myRole, myRoom, spotlighted, roomName, marks, actions }: PersonRowProps) {
  const { t } = useTranslation(['classroom', 'meeting', 'channels']);
  const { participant_id: id, user, role, video_on: videoOn, screen_sharing: sharing, may_speak: word } = person;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (row.current) return marks?.observe(row.current, id);
  }, [marks, id]);
  const deeds = deedsFor(person, myRole, myRoom, self);
  const notes = [roomName, role === 'student' ? undefined : t(`channels:peoplePanel.roles.${role}`), word ? t('person.hasWord') : undefined].filter(Boolean);
  return (
    <div ref={row} className={classes.person} data-participant={id}>
      {turn > 0 && (
        <span className={classes.turn}>
          <span className="visually-hidden">{t('hands.turn', { n: turn })}</span>
          <span aria-hidden>{turn}</span>
        </span>
      )}
      <UserAvatar user={user} size={34} />
      <div className={classes.who}>
        <span className={classes.name} title={user.name}>
          {self ? t('meeting:youNamed', { name: user.name }) : user.name}
        </span>
        {notes.length > 0 && <span className={classes.role}>{notes.join(' · ')}</span>}
        {person.hand_raised_at && <Since at={person.hand_raised_at} />}
      </div>
      {spotlighted && <Star size={17} className={classes.star} role="img" aria-label={t('person.spotlighted')} />}
      {person.hand_raised && !deeds.callOn && <Hand size={17} className={classes.hand} role="img" aria-label={t('meeting:tile.hand')} />}
      {sharing && <MonitorUp size={17} role="img" aria-label={t('meeting:tile.sharing')} />}
      {person.hand_raised && deeds.callOn ? (
        <Button size="compact-md" variant="default" onClick={() => actions.callOn(person)} aria-label={t('person.callOnNamed', { name: user.name })}>
          {t('person.callOn')}
        </Button>
      ) : (
        <>
          {videoOn ? <Video size={17} aria-hidden /> : <VideoOff size={17} className={classes.off} aria-hidden />}
          <Microphone person={person} onMute={deeds.mute ? () => actions.mute(person) : null} />
        </>
      )}
      <PersonMenu person={person} deeds={deeds} spotlighted={spotlighted} actions={actions} />
    </div>
  );
}

function Microphone({ person: { user, muted }, onMute }: { person: Participant; onMute: (() => void) | null }) {
  const { t } = useTranslation(['classroom', 'media']);
  if (onMute) {
    return (
      <Tooltip label={t('person.muteNamed', { name: user.name })}>
        <ActionIcon size={36} variant="subtle" color="gray" aria-label={t('person.muteNamed', { name: user.name })} onClick={onMute}>
          <Mic size={17} />
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <span className={classes.slot}>
      {muted ? <MicOff size={17} className={classes.off} role="img" aria-label={t('media:state.muted')} /> : <Mic size={17} aria-hidden />}
    </span>
  );
}
