import { ActionIcon, Button, Popover, Stack, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '@/api/ids';
import { asProblem } from '@/api/problem';
import { useSchedulePostMutation } from '@/api/scheduled';
import type { Draft } from '@/components/chat/Composer';
import { ProblemNote } from '@/components/ProblemNote';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import { fromLocalInput, toLocalInput, tomorrowAt } from './localTime';

/** Sends what is written later, by itself. */
export function ScheduleButton({ channelId, draft }: { channelId: string; draft: Draft }) {
  const { t } = useTranslation('channels');
  const [opened, { close, toggle }] = useDisclosure(false);
  return (
    <Popover opened={opened && draft.ready} onChange={close} position="top-end" width={280} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('scheduled.later')} disabled={opened}>
          <ActionIcon variant="subtle" color="gray" size={36} disabled={!draft.ready} aria-label={t('scheduled.later')} onClick={toggle}>
            <CalendarClock size={18} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('scheduled.later')}>
        <ScheduleForm channelId={channelId} draft={draft} onDone={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function ScheduleForm({ channelId, draft, onDone }: { channelId: string; draft: Draft; onDone: () => void }) {
  const { t } = useTranslation('channels');
  const { day, time } = useFormats();
  const { field } = useProblemWords();
  const [schedule, { error, isLoading }] = useSchedulePostMutation();
  const [clientId] = useState(newId);
  const [when, setWhen] = useState(() => toLocalInput(tomorrowAt(8)));
  const problem = error ? asProblem(error) : undefined;

  const submit = async () => {
    const at = fromLocalInput(when)?.toISOString();
    if (!at) return;
    const file_ids = draft.files.map((file) => file.id);
    const { data } = await schedule({ channelId, body: draft.body, file_ids, publish_at: at, client_id: clientId });
    if (!data) return;
    draft.clear();
    onDone();
    notifications.show({ message: t('scheduled.done', { when: `${day(at)} ${time(at)}` }) });
  };
  return (
    <Stack gap="sm">
      {problem && !problem.errors.publish_at && <ProblemNote problem={problem} />}
      <TextInput
        type="datetime-local"
        label={t('scheduled.when')}
        value={when}
        min={toLocalInput(new Date())}
        onChange={(event) => setWhen(event.currentTarget.value)}
        error={field(problem, 'publish_at')}
        data-autofocus
      />
      <Button loading={isLoading} disabled={!fromLocalInput(when)} onClick={() => void submit()}>
        {t('scheduled.submit')}
      </Button>
    </Stack>
  );
}
