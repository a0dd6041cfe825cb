import { Button, CloseButton } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PathStatistics, StreamStatistics } from '@/media/statistics';
import classes from './statistics.module.css';
import { bitrateText, lossText, pathText, statisticsText, streamText } from './statisticsText';
import { type Measured, useStatistics } from './useStatistics';

/** Small to large. */
const LAYERS = ['q', 'h', 'f'];

export type SourceWord = (source: NonNullable<StreamStatistics['source']>) => string;

interface StatisticsPanelProps {
  session: Measured;
  /** Whose stream it is, and of what. */
  nameOf: (stream: StreamStatistics, word: SourceWord) => string;
  onClose: () => void;
}

/** What goes over the wire, in numbers, for the curious and for whoever helps them. */
export function StatisticsPanel({ session, nameOf, onClose }: StatisticsPanelProps) {
  const { t } = useTranslation('media');
  const statistics = useStatistics(session);
  const clipboard = useClipboard();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);

  const copy = () => {
    if (statistics) clipboard.copy(statisticsText(statistics, (stream) => nameOf(stream, (source) => source), navigator.userAgent));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
  };
  const title = (stream: StreamStatistics) => nameOf(stream, (source) => t(`stats.source.${source}`));
  const streams = (sent: boolean) =>
    (statistics?.streams ?? [])
      .filter((stream) => stream.sent === sent)
      .sort((a, b) => title(a).localeCompare(title(b)) || LAYERS.indexOf(a.rid ?? '') - LAYERS.indexOf(b.rid ?? ''));

  return (
    <section ref={panel} className={classes.panel} aria-label={t('stats.title')} tabIndex={-1} onKeyDown={onKeyDown}>
      <header className={classes.head}>
        <h2>{t('stats.title')}</h2>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={clipboard.copied ? <Check size={14} /> : <Copy size={14} />}
          disabled={!statistics}
          onClick={copy}
        >
          {clipboard.copied ? t('stats.copied') : t('stats.copy')}
        </Button>
        <CloseButton aria-label={t('stats.close')} onClick={onClose} />
      </header>
      <div className={classes.scroll}>
        <h3>{t('stats.sent')}</h3>
        {statistics && <Path path={statistics.publisher} />}
        <Streams streams={streams(true)} title={title} />
        <h3>{t('stats.received')}</h3>
        {statistics && <Path path={statistics.subscriber} />}
        <Streams streams={streams(false)} title={title} />
      </div>
    </section>
  );
}

function Path({ path }: { path: PathStatistics }) {
  const { t } = useTranslation('media');
  const numbers = pathText(path);
  return (
    <p className={classes.path}>
      {t(`stats.state.${path.state}`)}
      {numbers && ` · ${numbers}`}
      {path.available !== null && ` · ${t('stats.available', { rate: bitrateText(path.available) })}`}
    </p>
  );
}

function Streams({ streams, title }: { streams: StreamStatistics[]; title: (stream: StreamStatistics) => string }) {
  const { t } = useTranslation('media');
  if (streams.length === 0) return <p className={classes.path}>{t('stats.nothing')}</p>;
  return (
    <ul className={classes.streams}>
      {streams.map((stream) => (
        <li key={stream.id} data-off={!stream.active || undefined}>
          <span>
            {title(stream)}
            {stream.rid && ` · ${t('stats.layer', { rid: stream.rid })}`}
          </span>
          <span className={classes.numbers}>
            {stream.active ? streamText(stream) : t('stats.off')}
            {stream.active && stream.loss !== null && ` · ${t('stats.loss', { share: lossText(stream.loss) })}`}
            {stream.active && stream.limitedBy && ` · ${t('stats.limited', { by: stream.limitedBy })}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
