import { ActionIcon, Popover, Tooltip, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReactMutation } from '@/api/reactions';
import type { ChannelEntry as Entry } from '@/api/entries';
import { asProblem } from '@/api/problem';
import { useMe } from '@/components/hooks';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import classes from './Reactions.module.css';
import { useMemberMap } from './useMemberMap';

const offered = ['👍', '❤️', '😂', '🎉', '🤔', '👀', '🙏', '✅', '❓', '👏', '🔥', '😮'];

function useToggle(entry: Entry) {
  const me = useMe();
  const { sentence } = useProblemWords();
  const [react] = useReactMutation();
  return async (emoji: string) => {
    const mine = entry.reactions.find((reaction) => reaction.emoji === emoji)?.user_ids.includes(me.id) ?? false;
    const { error } = await react({ entry, emoji, userId: me.id, on: !mine });
    if (error) notifications.show({ color: 'red', message: sentence(asProblem(error)) });
  };
}

/** The emoji under an entry; a press adds or takes away one's own. */
export function ReactionRow({ entry }: { entry: Entry }) {
  const { t } = useTranslation('chat');
  const me = useMe();
  const members = useMemberMap(entry.channel_id);
  const { list, number } = useFormats();
  const toggle = useToggle(entry);
  if (entry.reactions.length === 0) return null;
  return (
    <div className={classes.row}>
      {entry.reactions.map(({ emoji, user_ids }) => {
        const names = list(user_ids.map((id) => members.get(id)?.user.name ?? '…'));
        const label = t('entry.reactions', { emoji, names });
        return (
          <Tooltip key={emoji} label={names}>
            <UnstyledButton className={classes.chip} aria-pressed={user_ids.includes(me.id)} aria-label={label} onClick={() => void toggle(emoji)}>
              <span aria-hidden="true">{emoji}</span>
              <span className={classes.count}>{number(user_ids.length)}</span>
            </UnstyledButton>
          </Tooltip>
        );
      })}
    </div>
  );
}

export function ReactButton({ entry }: { entry: Entry }) {
  const { t } = useTranslation('chat');
  const [opened, setOpened] = useState(false);
  const toggle = useToggle(entry);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" onClick={() => setOpened(!opened)} aria-label={t('entry.react')}>
          <SmilePlus size={17} aria-hidden="true" />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={t('entry.react')}>
        <div className={classes.grid}>
          {offered.map((emoji) => (
            <UnstyledButton
              key={emoji}
              className={classes.emoji}
              aria-label={t('entry.reactWith', { emoji })}
              onClick={() => {
                setOpened(false);
                void toggle(emoji);
              }}
            >
              {emoji}
            </UnstyledButton>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
