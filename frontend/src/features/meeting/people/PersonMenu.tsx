import { ActionIcon, Menu } from '@mantine/core';
import { EllipsisVertical, GraduationCap, Hand, MessageSquareQuote, MicOff, Star, StarOff, UserMinus } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import type { Participant } from '@/api/wire.gen';
import { useFirstPress } from '@/components/useFirstPress';
import type { deedsFor } from './peopleList';
import type { RowActions } from './useRowActions';

interface PersonMenuProps {
  person: Participant;
  deeds: ReturnType<typeof deedsFor>;
  spotlighted: boolean;
  actions: RowActions;
}

/** What one may do with a person; what one may not is not there. */
export function PersonMenu({ person, deeds, spotlighted, actions }: PersonMenuProps) {
  const { t } = useTranslation(['classroom', 'common']);
  const { made, opened, setOpened, onPress, target } = useFirstPress();
  if (!Object.values(deeds).some(Boolean)) return null;
  const label = t('person.actions', { name: person.user.name });
  if (!made) return <MoreButton aria-label={label} onClick={onPress} aria-haspopup="menu" aria-expanded={false} />;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end">
      <Menu.Target>
        <MoreButton ref={target} aria-label={label} />
      </Menu.Target>
      <Menu.Dropdown>
        {deeds.callOn && (
          <Menu.Item leftSection={<MessageSquareQuote size={16} aria-hidden />} onClick={() => actions.callOn(person)}>
            {t('person.callOn')}
          </Menu.Item>
        )}
        {deeds.lowerHand && (
          <Menu.Item leftSection={<Hand size={16} aria-hidden />} onClick={() => actions.lowerHand(person)}>
            {t('person.lowerHand')}
          </Menu.Item>
        )}
        {deeds.mute && (
          <Menu.Item leftSection={<MicOff size={16} aria-hidden />} onClick={() => actions.mute(person)}>
            {t('person.mute')}
          </Menu.Item>
        )}
        {deeds.spotlight && (
          <Menu.Item
            leftSection={spotlighted ? <StarOff size={16} aria-hidden /> : <Star size={16} aria-hidden />}
            onClick={() => actions.spotlight(spotlighted ? null : person)}
          >
            {t(spotlighted ? 'person.endSpotlight' : 'person.spotlight')}
          </Menu.Item>
        )}
        {deeds.makeAssistant && (
          <Menu.Item leftSection={<GraduationCap size={16} aria-hidden />} onClick={() => actions.setRole(person, 'assistant')}>
            {t('person.makeAssistant')}
          </Menu.Item>
        )}
        {deeds.makeStudent && (
          <Menu.Item leftSection={<GraduationCap size={16} aria-hidden />} onClick={() => actions.setRole(person, 'student')}>
            {t('person.makeStudent')}
          </Menu.Item>
        )}
        {deeds.remove && (
          <Menu.Item color="red" leftSection={<UserMinus size={16} aria-hidden />} onClick={() => actions.remove(person)}>
            {t('person.remove')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function MoreButton(props: ComponentProps<typeof ActionIcon<'button'>>) {
  return (
    <ActionIcon size={36} variant="subtle" color="gray" {...props}>
      <EllipsisVertical size={17} aria-hidden />
    </ActionIcon>
  );
}
