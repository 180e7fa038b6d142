/** Whether axe-core finds anything wrong with a page: WCAG 2.2 A and AA, and its best practices. */
import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Finding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axe.source);
  // Without `preload`: it would load the style sheets once more, which the policies of these pages forbid.
  const findings = await page.evaluate<Finding[]>(
    'axe.run(document, { preload: false }).then(({ violations }) => violations)',
  );
  const said = findings.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join('\n')}`,
  );
  assert.deepEqual(said, [], where);
}
