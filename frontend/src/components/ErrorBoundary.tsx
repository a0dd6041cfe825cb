import { Button } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from './EmptyState';

interface Props {
  children: ReactNode;
  /** A change of it gives the children another chance. */
  resetKey?: string;
}

/** Keeps a failure in one part of the screen from taking the rest with it. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(previous: Props) {
    if (previous.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return <Crash onRetry={() => this.setState({ error: null })} />;
  }
}

function Crash({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" style={{ display: 'grid', minHeight: '60%' }}>
      <EmptyState icon={<CircleAlert size={26} />} title={t('crash.title')} text={t('crash.text')}>
        <Button onClick={onRetry}>{t('retry')}</Button>
        <Button variant="default" onClick={() => location.reload()}>
          {t('reload')}
        </Button>
      </EmptyState>
    </div>
  );
}
