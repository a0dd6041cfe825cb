import { FocusTrap, UnstyledButton } from '@mantine/core';
import { Phone, PhoneOff, Video } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { UserAvatar } from '@/components/UserAvatar';
import night from '@/components/media/night.module.css';
import { useCall, useCalls, useCallSession, usePeerName } from './context';
import classes from './ringing.module.css';

/** Somebody calls: full screen, or a card above the call that one is in. */
export function Ringing({ compact }: { compact: boolean }) {
  const { t } = useTranslation('call');
  const calls = useCalls();
  const session = useCallSession();
  const { user, media } = useCall();
  const name = usePeerName();
  useSystemNotice(t(media === 'video' ? 'ringing.video' : 'ringing.voice', { name }), session.id);
  const answer = (how: 'audio' | 'video') => calls?.accept(session, how);
  const video = media === 'video';
  return (
    <FocusTrap active>
      <section
        className={`${compact ? classes.card : classes.page} ${night.night}`}
        data-mantine-color-scheme="dark"
        role="alertdialog"
        aria-modal={!compact}
        aria-label={t(video ? 'ringing.video' : 'ringing.voice', { name })}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === 'Escape') session.decline();
        }}
      >
        <div className={classes.who}>
          <span className={classes.pulse}>
            <UserAvatar user={user} size={compact ? 48 : 128} />
          </span>
          <div className={classes.words}>
            <h2 className={classes.name}>{name}</h2>
            <p className={classes.kind}>{t(video ? 'ringing.videoKind' : 'ringing.voiceKind')}</p>
            {compact && <p className={classes.kind}>{t('ringing.waiting')}</p>}
          </div>
        </div>
        <div className={classes.choices}>
          {compact ? (
            <Choice tone="decline" label={t('ringing.busy')} icon={<PhoneOff size={24} aria-hidden />} onClick={() => session.decline('busy')} />
          ) : (
            <Choice tone="decline" label={t('ringing.decline')} icon={<PhoneOff size={24} aria-hidden />} onClick={() => session.decline()} />
          )}
          {video && <Choice tone="answer" label={t('ringing.answerVoice')} icon={<Phone size={24} aria-hidden />} onClick={() => answer('audio')} />}
          <Choice
            tone="answer"
            first
            label={t(video ? 'ringing.answerVideo' : 'ringing.answer')}
            icon={video ? <Video size={24} aria-hidden /> : <Phone size={24} aria-hidden />}
            onClick={() => answer(media)}
          />
        </div>
      </section>
    </FocusTrap>
  );
}

interface ChoiceProps {
  tone: 'answer' | 'decline';
  label: string;
  icon: ReactNode;
  first?: boolean;
  onClick: () => void;
}

function Choice({ tone, label, icon, first, onClick }: ChoiceProps) {
  return (
    <UnstyledButton className={classes.choice} data-tone={tone} data-autofocus={first || undefined} onClick={onClick}>
      <span className={classes.disc}>{icon}</span>
      <span>{label}</span>
    </UnstyledButton>
  );
}

/** Somebody who looks at something else is told by the system, where that was allowed. */
function useSystemNotice(title: string, id: string | null): void {
  useEffect(() => {
    if (!id || !('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return;
    const note = new Notification(title, { tag: `call ${id}`, requireInteraction: true });
    note.onclick = () => {
      window.focus();
      note.close();
    };
    return () => note.close();
  }, [title, id]);
}
