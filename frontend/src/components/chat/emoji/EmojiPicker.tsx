import { Loader, UnstyledButton } from '@mantine/core';
import { EmojiPicker as Picker } from 'frimousse';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '@/i18n';
import { loadEmoji } from './data';
import classes from './EmojiPicker.module.css';
import { recentEmoji, rememberEmoji } from './recent';

/** All emoji with a search, and above them those used last. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation('chat');
  const language = i18n.language as Language;
  const [recent] = useState(recentEmoji);
  const pick = (emoji: string) => {
    rememberEmoji(emoji);
    onPick(emoji);
  };
  return (
    <Picker.Root
      className={classes.picker}
      columns={8}
      locale={language === 'en' ? 'en' : 'zh-hant'}
      resolveEmojiData={async () => (await loadEmoji(language)).picker}
      onEmojiSelect={({ emoji }) => pick(emoji)}
    >
      <div className={classes.top}>
        <Picker.Search className={classes.search} placeholder={t('emoji.search')} aria-label={t('emoji.search')} data-autofocus autoFocus />
        <Picker.SkinToneSelector className={classes.tone} aria-label={t('emoji.tone')} />
      </div>
      <div className={classes.recent} role="group" aria-label={t('emoji.recent')}>
        {recent.slice(0, 8).map((emoji) => (
          <UnstyledButton key={emoji} className={classes.emoji} aria-label={emoji} onClick={() => pick(emoji)}>
            {emoji}
          </UnstyledButton>
        ))}
      </div>
      <Picker.Viewport className={classes.viewport}>
        <Picker.Loading className={classes.middle}>
          <Loader size="sm" />
        </Picker.Loading>
        <Picker.Empty className={classes.middle}>{t('emoji.none')}</Picker.Empty>
        <Picker.List
          className={classes.list}
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={classes.category}>
                {category.label}
              </div>
            ),
            Row: (props) => <div {...props} className={classes.rowOf} />,
            Emoji: ({ emoji, ...props }) => (
              <button {...props} type="button" className={classes.emoji} data-active={emoji.isActive || undefined}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </Picker.Viewport>
      <Picker.ActiveEmoji>{({ emoji }) => <div className={classes.active}>{emoji ? `${emoji.emoji} ${emoji.label}` : ' '}</div>}</Picker.ActiveEmoji>
    </Picker.Root>
  );
}
