import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Volume2 } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { WatchSession } from '@/playback/watchSession';
import { ClassLine } from './ClassLine';
import { FollowerBar } from './FollowerBar';
import { TeacherBar } from './TeacherBar';
import { useWatch } from './useWatch';
import classes from './watch.module.css';

export interface WatchStageProps {
  session: WatchSession;
  teacher: boolean;
  /** The teacher wants another video. */
  onChange: () => void;
}

/** The video that the class watches, with the teacher's controls or the student's bar below: nothing may lie over YouTube's player. */
export function WatchStage({ session, teacher, onChange }: WatchStageProps) {
  const { t } = useTranslation('watch');
  const { timeline, needsTap, problem, classState } = useWatch(session);
  const attach = useCallback(
    (host: HTMLDivElement | null) => {
      session.attach(host);
      return () => session.attach(null);
    },
    [session],
  );
  const onFailed = useCallback(() => notifications.show({ color: 'red', message: t('commandFailed') }), [t]);
  const item = timeline?.item;

  return (
    <section className={classes.stage} aria-label={t('region')}>
      <div className={classes.frame}>
        <div ref={attach} className={classes.host} data-kind={item?.kind} hidden={problem !== null} />
        {problem && (
          <p className={classes.problem} role="alert">
            {t(`problem.${problem}`)}
          </p>
        )}
      </div>
      <div className={classes.under}>
        <div className={classes.titleRow}>
          <h2 className={classes.title}>{item?.title || t('untitled')}</h2>
          {teacher && <ClassLine classState={classState} />}
          {needsTap && (
            <Button size="xs" leftSection={<Volume2 size={16} />} onClick={() => session.tap()} title={t('needsTapText')}>
              {t('needsTap')}
            </Button>
          )}
        </div>
        {teacher ? <TeacherBar session={session} onChange={onChange} onFailed={onFailed} /> : <FollowerBar session={session} />}
      </div>
    </section>
  );
}
