import { Button } from '@mantine/core';
import { LifeBuoy, MessageCircleQuestion, Unlink } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWatchRoom } from './room';
import { useFailed } from './useFailed';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

/** How long the server counts no second tap. */
const AGAIN_MS = 5_000;

/** What a student may do about the video: ask, say that one is lost, look around. */
export function StudentTools({ asking, onAsk }: { asking: boolean; onAsk: () => void }) {
  const { t } = useTranslation('watch');
  const { session } = useWatchRoom();
  const { settings, free, timeline } = useWatch();
  if (!timeline?.item) return null;
  return (
    <div className={classes.tools}>
      <Button variant="default" size="sm" leftSection={<MessageCircleQuestion size={16} />} aria-expanded={asking} onClick={onAsk}>
        {t('ask.open')}
      </Button>
      <LostButton />
      {settings?.free_browsing && !free && (
        <Button variant="default" size="sm" leftSection={<Unlink size={16} />} title={t('browseText')} onClick={() => session.browse()}>
          {t('browse')}
        </Button>
      )}
    </div>
  );
}

/** Says so to the teacher without a name. */
function LostButton() {
  const { t } = useTranslation('watch');
  const { session, lesson } = useWatchRoom();
  const failed = useFailed();
  const [said, setSaid] = useState(false);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(false), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const say = () => {
    const key = session.snapshot().timeline?.item?.key;
    if (!key || said) return;
    setSaid(true);
    lesson.sayLost({ key, t: session.position() }).catch((error: unknown) => {
      setSaid(false);
      failed(error);
    });
  };
  return (
    <>
      <Button variant="default" size="sm" leftSection={<LifeBuoy size={16} />} title={t('lost.text')} aria-disabled={said || undefined} data-said={said || undefined} className={classes.lost} onClick={say}>
        {said ? t('lost.said') : t('lost.say')}
      </Button>
      <span className="visually-hidden" role="status">
        {said && t('lost.noted')}
      </span>
    </>
  );
}
