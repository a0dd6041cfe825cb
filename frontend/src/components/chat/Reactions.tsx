import { ActionIcon, Loader, Popover, Tooltip, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Plus, SmilePlus } from 'lucide-react';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '@/api/entries';
import { asProblem } from '@/api/problem';
import { useReactMutation } from '@/api/reactions';
import { useFormats } from '@/i18n/format';
import { useProblemWords } from '@/i18n/problems';
import { useAudience } from '../audience';
import { useMe } from '../hooks';
import { useFirstPress } from '../useFirstPress';
import { recentEmoji, rememberEmoji } from './emoji/recent';
import classes from './Reactions.module.css';

const EmojiPicker = lazy(() => import('./emoji/EmojiPicker'));

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
  return entry.reactions.length === 0 ? null : <Chips entry={entry} />;
}

function Chips({ entry }: { entry: Entry }) {
  const { t } = useTranslation('chat');
  const me = useMe();
  const { people } = useAudience();
  const { list, number } = useFormats();
  const toggle = useToggle(entry);
  return (
    <div className={classes.row}>
      {entry.reactions.map(({ emoji, user_ids }) => {
        const names = list(user_ids.map((id) => (id === me.id ? me.name : (people.get(id)?.name ?? '…'))));
        const label = t('entry.reactions', { emoji, names });
        return (
          <Tooltip key={emoji} label={names} multiline maw={280}>
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

/** Offers the emoji used last, and behind a plus all of them. */
export function ReactButton({ entry }: { entry: Entry }) {
  const { t } = useTranslation('chat');
  const { made, opened, setOpened, onPress, target } = useFirstPress();
  if (!made) return <SmileButton onClick={onPress} aria-haspopup="dialog" aria-expanded={false} />;
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <SmileButton ref={target} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={t('entry.react')}>
        <Choice entry={entry} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function SmileButton(props: ComponentProps<typeof ActionIcon<'button'>>) {
  const { t } = useTranslation('chat');
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={t('entry.react')} {...props}>
      <SmilePlus size={17} aria-hidden="true" />
    </ActionIcon>
  );
}

function Choice({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const { t } = useTranslation('chat');
  const [all, setAll] = useState(false);
  const toggle = useToggle(entry);
  const choose = (emoji: string) => {
    onDone();
    rememberEmoji(emoji);
    void toggle(emoji);
  };
  if (all) {
    return (
      <Suspense fallback={<Loader size="sm" />}>
        <EmojiPicker onPick={choose} />
      </Suspense>
    );
  }
  return (
    <div className={classes.grid}>
      {recentEmoji()
        .slice(0, 11)
        .map((emoji) => (
          <UnstyledButton key={emoji} className={classes.emoji} aria-label={t('entry.reactWith', { emoji })} onClick={() => choose(emoji)}>
            {emoji}
          </UnstyledButton>
        ))}
      <UnstyledButton className={classes.emoji} aria-label={t('emoji.more')} onClick={() => setAll(true)}>
        <Plus size={19} aria-hidden="true" />
      </UnstyledButton>
    </div>
  );
}
