import { ActionIcon, CloseButton } from '@mantine/core';
import { Settings2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MeetingCaptionShown } from '@/api/wire.gen';
import { useCaptionsState, useMeetingPart, useSession } from '../sessions';
import { CaptionsOffer } from './CaptionsOffer';
import classes from './captions.module.css';
import { useWritingNotice } from './useWritingNotice';

/** The last lines of what is said, over the room's lower edge. */
export function CaptionsLayer({ onSettings }: { onSettings: () => void }) {
  const { t } = useTranslation('groups');
  const { captions } = useSession();
  const { read, lines } = useCaptionsState();
  const written = useWritten();
  useWritingNotice();
  return (
    <>
      <CaptionsOffer />
      {read && (
        <section className={classes.layer} aria-label={t('captions.region')}>
          <div className={classes.lines} data-idle={(lines.length === 0 && !written) || undefined}>
            {bySpeaker(lines).map((said) => (
              <Said key={said[0]?.participant_id} lines={said} />
            ))}
            {lines.length === 0 && <p className={classes.waiting}>{written ? t('captions.listening') : t('captions.nobody')}</p>}
          </div>
          <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('captions.menu')} onClick={onSettings}>
            <Settings2 size={18} />
          </ActionIcon>
          <CloseButton size={40} iconSize={18} aria-label={t('captions.hide')} onClick={() => captions.show(false)} />
        </section>
      )}
    </>
  );
}

/** What one person says, after their name. */
function Said({ lines }: { lines: MeetingCaptionShown[] }) {
  const speaker = lines[0]?.participant_id;
  const name = useMeetingPart((room) => room.participants.find(({ participant_id }) => participant_id === speaker)?.user.name);
  return (
    <p className={classes.said}>
      <strong>{name}</strong>{' '}
      <span className={classes.words}>
        <span>
          {lines.map(({ line, text, lang }) => (
            <span key={line} lang={lang}>
              {text}{' '}
            </span>
          ))}
        </span>
      </span>
    </p>
  );
}

/** Somebody's browser in this room writes down what they say. */
function useWritten(): boolean {
  return useMeetingPart((room) => {
    const own = room.participants.find(({ participant_id }) => participant_id === room.me);
    return room.participants.some((person) => person.captioned && person.room_id === own?.room_id);
  });
}

/** The last two who spoke, each with the lines that are still shown; whoever began first comes first. */
function bySpeaker(lines: MeetingCaptionShown[]): MeetingCaptionShown[][] {
  const groups = new Map<string, MeetingCaptionShown[]>();
  for (const line of lines) groups.set(line.participant_id, [...(groups.get(line.participant_id) ?? []), line]);
  return [...groups.values()].slice(-2);
}
