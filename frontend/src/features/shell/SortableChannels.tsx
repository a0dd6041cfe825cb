import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, MouseSensor, TouchSensor, useSensor, useSensors } from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useOrderChannelsMutation } from '@/api/preferences';
import type { Channel } from '@/api/wire.gen';
import { useReport } from '@/components/useReport';
import { orderAfter } from './sections';

interface SortableChannelsProps {
  channels: Channel[];
  /** The rows that can be moved among each other, from top to bottom. */
  section: Channel[];
  children: ReactNode;
}

/** Lets a section's channels be put into another order, by mouse, touch or keyboard. */
export function SortableChannels({ channels, section, children }: SortableChannelsProps) {
  const { t } = useTranslation('sidebar');
  const report = useReport();
  const [order] = useOrderChannelsMutation();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }), // before that a finger scrolls
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const place = (id: unknown) => section.findIndex((channel) => channel.id === id) + 1;
  const words = (id: unknown, at: unknown) => ({ name: section.find((one) => one.id === id)?.name ?? '', place: place(at), of: section.length });

  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (!over || over.id === active.id) return;
    void order({ channel_ids: orderAfter(channels, String(active.id), String(over.id)) }).then(report);
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={onDragEnd}
      accessibility={{
        screenReaderInstructions: { draggable: t('drag.how') },
        announcements: {
          onDragStart: ({ active }) => t('drag.lifted', words(active.id, active.id)),
          onDragOver: ({ active, over }) => (over ? t('drag.over', words(active.id, over.id)) : undefined),
          onDragEnd: ({ active, over }) => (over ? t('drag.dropped', words(active.id, over.id)) : undefined),
          onDragCancel: ({ active }) => t('drag.cancelled', words(active.id, active.id)),
        },
      }}
    >
      <SortableContext items={section.map((channel) => channel.id)} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}
