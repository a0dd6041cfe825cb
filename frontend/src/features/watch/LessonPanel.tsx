import { CloseButton, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WatchRoom } from '@/playback/watchRoom';
import { ClassTab } from './ClassTab';
import { DeviceSound } from './DeviceSound';
import classes from './panel.module.css';
import { PlaylistTab } from './PlaylistTab';
import { QuestionsTab } from './QuestionsTab';
import { useLesson, WatchRoomProvider } from './room';
import { StopsTab } from './StopsTab';

interface LessonPanelProps {
  room: WatchRoom;
  onClose: () => void;
}

/** Beside the video: the list, the stop-points, the questions and how the class follows. */
export function LessonPanel({ room, onClose }: LessonPanelProps) {
  const { t } = useTranslation('lesson');
  return (
    <WatchRoomProvider value={room}>
      <section className={classes.panel} aria-label={t('title')}>
        <Tabs defaultValue="list" className={classes.tabs} classNames={{ panel: classes.body ?? '', tab: classes.tab ?? '' }} keepMounted={false}>
          <header className={classes.head}>
            <Tabs.List className={classes.list}>
              <Tabs.Tab value="list">{t('tab.list')}</Tabs.Tab>
              {room.teacher && <Tabs.Tab value="stops">{t('tab.stops')}</Tabs.Tab>}
              <Tabs.Tab value="questions">
                {t('tab.questions')}
                <QuestionCount />
              </Tabs.Tab>
              {room.teacher ? <Tabs.Tab value="class">{t('tab.class')}</Tabs.Tab> : <Tabs.Tab value="sound">{t('tab.sound')}</Tabs.Tab>}
            </Tabs.List>
            <CloseButton aria-label={t('close')} onClick={onClose} />
          </header>
          <Tabs.Panel value="list">
            <PlaylistTab />
          </Tabs.Panel>
          <Tabs.Panel value="stops">
            <StopsTab />
          </Tabs.Panel>
          <Tabs.Panel value="questions">
            <QuestionsTab />
          </Tabs.Panel>
          <Tabs.Panel value="class">
            <ClassTab />
          </Tabs.Panel>
          <Tabs.Panel value="sound">
            <DeviceSound />
          </Tabs.Panel>
        </Tabs>
      </section>
    </WatchRoomProvider>
  );
}

function QuestionCount() {
  const { comments } = useLesson();
  return comments.length > 0 ? <span className={classes.count}>{comments.length}</span> : null;
}
