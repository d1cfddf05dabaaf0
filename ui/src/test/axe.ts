// Accessibility as an assertion. Colours are proven elsewhere: happy-dom computes none.
import axe from "axe-core";
import { expect } from "vitest";

export async function expectAccessible(element: Element = document.body): Promise<void> {
  const found = await axe.run(element, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(" | ")}`)).toEqual([]);
}
