import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { Provider } from 'react-redux';
import { expect, test } from 'vitest';
import { makeStore } from '@/app/store';
import { setLanguage } from '@/i18n';
import { lin } from '@/testing/entries';
import { AudienceContext } from '../audience';
import RichText from './RichText';

setLanguage('en');

function show(text: string): HTMLElement {
  render(
    <Provider store={makeStore()}>
      <MantineProvider>
        <AudienceContext value={{ people: new Map([[lin.id, lin]]), all: false }}>
          <div data-testid="text">
            <RichText text={text} />
          </div>
        </AudienceContext>
      </MantineProvider>
    </Provider>,
  );
  return screen.getByTestId('text');
}

test('tables, task lists, struck text, bare links and line breaks are read; HTML stays text', () => {
  const container = show('| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n\n~~old~~ new\nhttps://example.org <b>bold</b>');
  expect(screen.getByRole('table')).toHaveTextContent('ab12');
  expect(screen.getByRole('checkbox')).toBeChecked();
  expect(screen.getByText('old').tagName).toBe('DEL');
  expect(screen.getByRole('link')).toHaveAttribute('href', 'https://example.org');
  expect(container.querySelector('br')).not.toBeNull();
  expect(container.querySelector('b')).toBeNull();
});

test.each(['It costs $5 and $10.', 'From $ 5 to 6 $.', 'US$100、NT$3,000', '$', '$$', '5$ or 6$'])('%s is about money', (text) => {
  const container = show(text);
  expect(container.textContent).toBe(text);
  expect(container.querySelector('code')).toBeNull();
});

test('formulas are set, in the line and below it', async () => {
  const container = show('面積是 $\\pi r^2$。\n\n$$\n\\int_0^1 x\\,dx\n$$');
  await expect.poll(() => container.querySelectorAll('.katex-html').length, { timeout: 5000 }).toBe(2);
  expect(container.querySelectorAll('math')).toHaveLength(2);
});

test('a formula that is wrong shows its source', async () => {
  show('$\\frac{1$');
  expect(await screen.findByTitle(/cannot be set/, {}, { timeout: 5000 })).toHaveTextContent('\\frac{1');
});

test('as many formulas as a page bears are set; the rest is source', async () => {
  const container = show('$x$ '.repeat(400));
  await expect.poll(() => container.querySelectorAll('.katex-html').length, { timeout: 5000 }).toBe(150);
  expect(container.querySelectorAll('code')).toHaveLength(250);
});

test('code takes the colours of its language', async () => {
  const container = show('```go\nfunc main() {}\n```\n\n```nosuch\nx\n```');
  await expect.poll(() => container.querySelector('.hljs-keyword')?.textContent, { timeout: 5000 }).toBe('func');
  expect(screen.getByLabelText('Code nosuch')).toHaveTextContent('x');
});

test('a mention shows the name that the person has now; of strangers only a word is left', () => {
  const container = show(`@[Old name](user:${lin.id}) and @[Gone](user:u-none) and @[all](all), not [x](user:1) or \`@[x](all)\``);
  expect(container).toHaveTextContent('@林怡君 and @Gone and @everyone, not x or @[x](all)');
  expect(container.querySelector('a[href]')).toBeNull();
});
