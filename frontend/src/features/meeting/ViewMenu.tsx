import { Menu, UnstyledButton } from '@mantine/core';
import { Focus, Grid3x3, LayoutDashboard, Maximize, Minimize, PanelRight, PictureInPicture2 } from 'lucide-react';
import { useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useFullscreen } from '@/components/useFullscreen';
import { canFloat } from './floatingPicture';
import { layouts } from './floor';
import { useRoomView, useRoomViewPart } from './roomView';
import classes from './room.module.css';

const ICONS = { auto: LayoutDashboard, grid: Grid3x3, sidebar: PanelRight, spotlight: Focus };

/** How this window shows the room. */
export function ViewMenu() {
  const { t } = useTranslation('meeting');
  const layout = useRoomViewPart((view) => view.layout);
  const Icon = ICONS[layout];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={classes.view}>
          <Icon size={18} aria-hidden />
          {t('view.title')}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <ViewItems />
      </Menu.Dropdown>
    </Menu>
  );
}

export function ViewItems() {
  const { t } = useTranslation('meeting');
  const view = useRoomView();
  const layout = useRoomViewPart((state) => state.layout);
  const selfHidden = useRoomViewPart((state) => state.selfHidden);
  const page = useRef(document.documentElement);
  const fullscreen = useFullscreen(page);
  const { box, ready } = useSyncExternalStore(view.floating.subscribe, view.floating.snapshot);
  return (
    <>
      <Menu.Label>{t('view.layout')}</Menu.Label>
      <Menu.RadioGroup value={layout} onChange={(name) => view.setLayout(layouts.find((one) => one === name) ?? 'auto')}>
        {layouts.map((name) => {
          const Icon = ICONS[name];
          return (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick rightSection={<Icon size={16} aria-hidden />}>
              {t(`view.${name}`)}
            </Menu.RadioItem>
          );
        })}
      </Menu.RadioGroup>
      <Menu.Divider />
      <Menu.CheckboxItem checked={!selfHidden} onChange={(shown) => view.hideSelf(!shown)} closeMenuOnClick>
        {t('view.showSelf')}
      </Menu.CheckboxItem>
      {canFloat && (
        <Menu.Item leftSection={<PictureInPicture2 size={16} />} disabled={!ready && !box} onClick={view.floating.toggle}>
          {t(box ? 'view.exitFloating' : 'view.floating')}
        </Menu.Item>
      )}
      {fullscreen.possible && (
        <Menu.Item leftSection={fullscreen.on ? <Minimize size={16} /> : <Maximize size={16} />} onClick={fullscreen.toggle}>
          {t(fullscreen.on ? 'view.exitFullscreen' : 'view.fullscreen')}
        </Menu.Item>
      )}
    </>
  );
}
