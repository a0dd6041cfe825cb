import { Button, SegmentedControl } from '@mantine/core';
import { Phone, PhoneIncoming, PhoneMissed, PhoneOff, PhoneOutgoing } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallsInfiniteQuery } from '@/api/calls';
import { asProblem } from '@/api/problem';
import type { Call } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { EmptyState } from '@/components/EmptyState';
import { useMe } from '@/components/hooks';
import { PageLoader } from '@/components/PageLoader';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import { useTitle } from '@/components/useTitle';
import { useFormats } from '@/i18n/format';
import { CallButtons } from './CallButtons';
import classes from './history.module.css';
import { outcomeOf } from './outcome';

type Filter = 'all' | 'missed';

/** The calls that were, newest first, each to be made again in one click. */
export default function CallsPage() {
  const { t } = useTranslation('call');
  const [filter, setFilter] = useState<Filter>('all');
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useCallsInfiniteQuery({ missed: filter === 'missed' });
  useTitle(t('title'));
  const calls = data?.pages.flatMap(({ items }) => items);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{t('title')}</h1>
        <SegmentedControl
          aria-label={t('history.filter')}
          value={filter}
          onChange={(value) => setFilter(value === 'missed' ? 'missed' : 'all')}
          data={[
            { value: 'all', label: t('history.all') },
            { value: 'missed', label: t('history.missed') },
          ]}
        />
      </header>
      {error && <ProblemNote problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!calls && !error && <PageLoader />}
      {calls?.length === 0 && (
        <EmptyState
          icon={<Phone size={26} />}
          title={t(filter === 'all' ? 'history.emptyTitle' : 'history.noMissedTitle')}
          text={t(filter === 'all' ? 'history.emptyText' : 'history.noMissedText')}
        />
      )}
      {calls && calls.length > 0 && (
        <ul className={classes.list}>
          {calls.map((call) => (
            <CallRow key={call.id} call={call} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </div>
  );
}

const icons = { missed: PhoneMissed, failed: PhoneOff, incoming: PhoneIncoming, outgoing: PhoneOutgoing };

function CallRow({ call }: { call: Call }) {
  const { t } = useTranslation('call');
  const nameOf = useNameOf();
  const me = useMe();
  const { day, time, full } = useFormats();
  const outgoing = call.caller.id === me.id;
  const user = outgoing ? call.callee : call.caller;
  const { tone, word, seconds } = outcomeOf(call, outgoing);
  const Icon = icons[tone === 'answered' ? (outgoing ? 'outgoing' : 'incoming') : tone];
  const kind = t(call.media === 'video' ? 'history.video' : 'history.voice');
  const how = seconds === null ? t(`history.${word}`) : clockTime(seconds);
  return (
    <li className={classes.row} data-tone={tone}>
      <UserAvatar user={user} size={42} presence={user.presence} />
      <div className={classes.words}>
        <span className={classes.name}>{nameOf(user)}</span>
        <span className={classes.how}>
          <Icon size={15} aria-hidden />
          <span>{[t(outgoing ? 'history.outgoing' : 'history.incoming'), kind, how].join(' · ')}</span>
        </span>
      </div>
      <time className={classes.when} dateTime={call.created_at} title={full(call.created_at)}>
        {day(call.created_at)} {time(call.created_at)}
      </time>
      <span className={classes.actions}>
        <CallButtons user={user} />
      </span>
    </li>
  );
}
