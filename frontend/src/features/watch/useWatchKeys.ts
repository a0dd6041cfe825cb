import { type RefObject, useEffect, useRef } from 'react';
import { isPlainKey, isPressing } from '@/components/keys';
import { actionOf, type WatchAction } from './watchKeys';

interface WatchKeys {
  stage: RefObject<HTMLElement | null>;
  enabled: boolean;
  drives: boolean;
  spaceTalks: boolean;
  onAction: (action: WatchAction) => void;
}

/** Keys as video players have them. They are heard before the room's, so that on the video M means its sound. */
export function useWatchKeys({ stage, enabled, drives, spaceTalks, onAction }: WatchKeys): void {
  const act = useRef(onAction);
  useEffect(() => {
    act.current = onAction;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (!isPlainKey(event) || inDialog(event)) return;
      const near = event.target instanceof Node && stage.current?.contains(event.target) === true;
      const action = actionOf(event.key, { near, drives, spaceTalks });
      if (!action || (event.key === ' ' && isPressing(event)) || ownKeys(event)) return;
      if (event.repeat && action.kind !== 'volume' && action.kind !== 'frame') return;
      event.preventDefault();
      event.stopPropagation();
      act.current(action);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [stage, enabled, drives, spaceTalks]);
}

function inDialog(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && event.target.closest('[role="dialog"]') !== null;
}

/** Arrows, Home and End inside a slider, a list or a row of tabs are that control's own. */
function ownKeys(event: KeyboardEvent): boolean {
  if (!/^(Arrow|Home|End|Page)/.test(event.key)) return false;
  return event.target instanceof HTMLElement && event.target.closest('input, [role="slider"], [role="tab"], [data-moves]') !== null;
}
