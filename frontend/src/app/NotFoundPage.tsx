import { Button } from '@mantine/core';
import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '@/components/EmptyState';
import { useTitle } from '@/components/useTitle';

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <EmptyState level={1} icon={<Compass size={26} />} title={t('notFound.title')} text={t('notFound.text')}>
      <Button component={Link} to="/">
        {t('goHome')}
      </Button>
    </EmptyState>
  );
}
