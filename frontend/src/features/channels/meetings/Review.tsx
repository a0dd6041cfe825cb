import { Skeleton } from '@mantine/core';
import { ChartBar } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchAnswersTable, fetchPollsTable, useMeetingPlaybackQuery, useMeetingPollsQuery, usePlaylistQuery } from '@/api/meetings';
import { asProblem } from '@/api/problem';
import type { AskedPoll, AskedQuestion, PlaybackHistory } from '@/api/wire.gen';
import { clockTime } from '@/components/clockTime';
import { EmptyState } from '@/components/EmptyState';
import { ProblemNote } from '@/components/ProblemNote';
import { Choosers, ResultBoard } from '@/components/ResultBoard';
import { useNameOf } from '@/components/useNameOf';
import { useFormats } from '@/i18n/format';
import type { MeetingTimes } from './attendance';
import { DownloadButton, type DownloadButtonProps } from './DownloadButton';
import classes from './meetings.module.css';
import { lostMoments } from './review';

interface ReviewProps {
  meeting: MeetingTimes;
  channelId: string;
}

/** What a class was asked, in polls and at the stop-points of its videos, with the answers; and where students were lost. */
export function Review({ meeting, channelId }: ReviewProps) {
  const { t } = useTranslation('channels');
  const polls = useMeetingPollsQuery(meeting.id);
  const playback = useMeetingPlaybackQuery(meeting.id);
  const error = polls.error ?? playback.error;
  if (error) {
    const retry = () => {
      void polls.refetch();
      void playback.refetch();
    };
    return <ProblemNote problem={asProblem(error)} title={t('review.failed')} onRetry={retry} />;
  }
  if (!polls.data || !playback.data) return [1, 2].map((n) => <Skeleton key={n} height={120} radius="md" mb={12} />);
  const { items } = polls.data;
  if (items.length === 0 && playback.data.questions.length === 0 && playback.data.lost.length === 0) {
    return <EmptyState icon={<ChartBar size={24} />} title={t('review.empty')} text={t('review.emptyText')} />;
  }
  return (
    <>
      {items.length > 0 && (
        <Section title={t('review.polls')} table={{ filename: `polls-${meeting.started_at.slice(0, 10)}.csv`, fetch: () => fetchPollsTable(meeting.id) }}>
          {items.map((poll) => (
            <PollRow key={poll.id} poll={poll} />
          ))}
        </Section>
      )}
      <Watched meeting={meeting} channelId={channelId} history={playback.data} />
    </>
  );
}

interface SectionProps {
  title: string;
  /** Its table for a spreadsheet, if it has one. */
  table?: Pick<DownloadButtonProps, 'filename' | 'fetch'>;
  children: ReactNode;
}

function Section({ title, table, children }: SectionProps) {
  return (
    <section className={classes.section}>
      <header className={classes.tools}>
        <h3>{title}</h3>
        {table && <DownloadButton {...table} of={title} />}
      </header>
      <ul className={classes.asked}>{children}</ul>
    </section>
  );
}

function PollRow({ poll }: { poll: AskedPoll }) {
  const { t } = useTranslation('channels');
  const { time } = useFormats();
  return (
    <li>
      <h4>{poll.question}</h4>
      <p className={classes.soft}>
        {time(poll.created_at)} · {t('review.voted', { count: poll.voted })}
        {poll.anonymous && ` · ${t('review.anonymous')}`}
      </p>
      <ResultBoard options={poll.options} counts={poll.results} voted={poll.voted} />
      {poll.votes.length > 0 && <Choosers options={poll.options} votes={poll.votes} />}
    </li>
  );
}

/** What the videos of the lesson asked. */
function Watched({ meeting, channelId, history: { questions, lost } }: ReviewProps & { history: PlaybackHistory }) {
  const { t } = useTranslation('channels');
  const { data: playlist } = usePlaylistQuery(channelId);
  const titleOf = (key: string) => playlist?.entries.find(({ item }) => item.key === key)?.item.title;
  const place = (title: string | undefined, at: number) => [title, clockTime(at)].filter(Boolean).join(' · ');
  return (
    <>
      {questions.length > 0 && (
        <Section title={t('review.questions')} table={{ filename: `answers-${meeting.started_at.slice(0, 10)}.csv`, fetch: () => fetchAnswersTable(meeting.id) }}>
          {questions.map((question) => (
            <QuestionRow key={question.id} question={question} place={place(question.title, question.t)} />
          ))}
        </Section>
      )}
      {lost.length > 0 && (
        <Section title={t('review.lost')}>
          <li>
            <p className={classes.soft}>{t('review.lostText')}</p>
            <ol className={classes.moments}>
              {lostMoments(lost).map(({ key, at, taps }) => (
                <li key={`${key} ${at}`}>
                  <span>{place(titleOf(key), at)}</span> <span className={classes.soft}>{t('review.taps', { count: taps })}</span>
                </li>
              ))}
            </ol>
          </li>
        </Section>
      )}
    </>
  );
}

function QuestionRow({ question: { question, choices, counts, answers }, place }: { question: AskedQuestion; place: string }) {
  const { t } = useTranslation('channels');
  const nameOf = useNameOf();
  const marks = answers.map(({ user, choice }) => ({ user, choices: choice === undefined ? [] : [choice] }));
  return (
    <li>
      <h4>{question}</h4>
      <p className={classes.soft}>
        {place} · {t('review.answered', { count: answers.length })}
      </p>
      {choices.length > 0 ? (
        <>
          <ResultBoard options={choices} counts={counts} voted={answers.length} />
          {marks.length > 0 && <Choosers options={choices} votes={marks} />}
        </>
      ) : (
        answers.length > 0 && (
          <dl className={classes.answers}>
            {answers.map(({ user, text }) => (
              <div key={user.id}>
                <dt>{nameOf(user)}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        )
      )}
    </li>
  );
}
