import { Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useAudience } from '../audience';
import { UserAvatar } from '../UserAvatar';
import classes from './completion.module.css';
import type { Completion, Suggestion } from './useCompletion';

/** What may be meant, above the field; arrows choose, Enter or Tab takes. */
export function CompletionList({ completion }: { completion: Completion }) {
  const { t } = useTranslation('chat');
  const { suggestions, active, listId, optionId, pick, highlight } = completion;
  return (
    <>
      <span className="visually-hidden" role="status">
        {suggestions.length > 0 && t('composer.suggestions', { count: suggestions.length })}
      </span>
      {suggestions.length > 0 && (
        <ul className={classes.list} id={listId} role="listbox" aria-label={t(suggestions[0]?.kind === 'mention' ? 'mention.list' : 'emoji.button')}>
          {suggestions.map((suggestion, index) => (
            <li
              key={suggestion.key}
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              className={classes.option}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => highlight(index)}
              onClick={() => pick(suggestion)}
            >
              <Face suggestion={suggestion} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Face({ suggestion: { kind, id, label } }: { suggestion: Suggestion }) {
  const { t } = useTranslation('chat');
  const { people } = useAudience();
  const person = people.get(id);
  if (kind === 'emoji') {
    return (
      <>
        <span className={classes.emoji}>{id}</span>
        <span className={classes.name}>{label}</span>
      </>
    );
  }
  return (
    <>
      {person ? <UserAvatar user={person} size={26} presence={person.presence} /> : <Users size={22} aria-hidden="true" />}
      <span className={classes.name}>{label}</span>
      {id === 'all' && <span className={classes.hint}>{t('mention.allHint')}</span>}
    </>
  );
}
