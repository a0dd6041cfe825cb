import { Button, Popover } from '@mantine/core';
import { MessageCircle } from 'lucide-react';
import { type ComponentProps, type ReactNode, use } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useOpenConversationMutation } from '@/api/conversations';
import { useProfileQuery } from '@/api/members';
import { asProblem } from '@/api/problem';
import type { Profile } from '@/api/wire.gen';
import { useMe } from '@/components/hooks';
import { useFirstPress } from '@/components/useFirstPress';
import { ProblemNote } from '@/components/ProblemNote';
import { UserAvatar } from '@/components/UserAvatar';
import { useNameOf } from '@/components/useNameOf';
import classes from './ProfileCard.module.css';
import { ProfileSlots } from './slots';

type Person = Pick<Profile, 'id' | 'name' | 'avatar_url' | 'deleted'>;

interface ProfileCardProps {
  user: Person;
  /** A name or an avatar: it becomes the button that opens the card. */
  children: ReactNode;
  className?: string;
  /** What the person is here, such as a role in a channel. */
  note?: string;
}

/** Somebody's name or picture that shows who they are, and the ways to reach them, when pressed. */
export function ProfileCard({ user, children, className, note }: ProfileCardProps) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const { made, opened, setOpened, onPress, target } = useFirstPress();
  if (user.deleted) return <span className={className}>{children}</span>;
  const trigger: ComponentProps<'button'> = { className: `${classes.trigger} ${className ?? ''}`, 'aria-label': t('profileOf', { name: nameOf(user) }), children };
  if (!made) return <button type="button" {...trigger} onClick={onPress} aria-haspopup="dialog" aria-expanded={false} />;
  const close = () => setOpened(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="right-start" width={264} shadow="md" radius="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" {...trigger} ref={target} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown className={classes.card} aria-label={nameOf(user)}>
        <Details user={user} note={note} onDone={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Details({ user, note, onDone }: { user: Person; note: string | undefined; onDone: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { CallButtons } = use(ProfileSlots);
  const { data: profile } = useProfileQuery(user.id, { refetchOnMountOrArgChange: true });
  const [open, { error, isLoading }] = useOpenConversationMutation();
  const write = async () => {
    const { data } = await open({ user_id: user.id });
    if (!data) return;
    onDone();
    void navigate(`/conversations/${data.id}`);
  };
  return (
    <>
      <div className={classes.head}>
        <UserAvatar user={profile ?? user} size={56} {...(profile && { presence: profile.presence })} />
        <div className={classes.words}>
          <div className={classes.name}>{user.name}</div>
          <div className={classes.note}>{[note, profile && t(profile.presence)].filter(Boolean).join(' · ')}</div>
        </div>
      </div>
      <ProblemNote problem={error ? asProblem(error) : null} />
      <div className={classes.actions}>
        <Button data-autofocus variant="light" leftSection={<MessageCircle size={17} aria-hidden="true" />} loading={isLoading} onClick={() => void write()}>
          {t(user.id === me.id ? 'noteToSelf' : 'message')}
        </Button>
        {profile && user.id !== me.id && CallButtons && <CallButtons user={profile} onCall={onDone} />}
      </div>
    </>
  );
}
