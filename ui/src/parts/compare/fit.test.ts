import { describe, expect, it } from "vitest";
import { cellsWhole, Fit, FORMS } from "./fit.svelte";

/** A strip of as many cells as widths, in `room` px; each cell has so many rows of words. */
function strip(room: number, widths: number[], heights: number[] = [], tops: number[] = []): HTMLElement {
  const root = document.createElement("div");
  const sizes = (element: HTMLElement, all: Record<string, number>) =>
    Object.entries(all).forEach(([name, value]) => Object.defineProperty(element, name, { value }));
  sizes(root, {
    clientWidth: room,
    scrollWidth: Math.max(
      room,
      widths.reduce((sum, width) => sum + width, 0),
    ),
  });
  root.getBoundingClientRect = () => new DOMRect(0, 0, room, 60);
  widths.forEach((width, at) => {
    const cell = document.createElement("button");
    cell.className = "cell";
    cell.innerHTML = '<span class="say"></span>';
    sizes(cell, { clientWidth: width, scrollWidth: width, offsetTop: tops[at] ?? 0 });
    sizes(cell.firstElementChild as HTMLElement, { offsetHeight: heights[at] ?? 20 });
    root.append(cell);
  });
  return root;
}

describe("a strip of verdicts", () => {
  it("is whole with room for every cell, two lines each, in two rows", () => {
    expect(cellsWhole(strip(300, [100, 100, 100]))).toBe(true);
    expect(cellsWhole(strip(300, [100, 120, 100]))).toBe(false);
    expect(cellsWhole(strip(300, [100, 100], [40, 20]))).toBe(true);
    expect(cellsWhole(strip(300, [100, 100], [60, 20]))).toBe(false);
    expect(cellsWhole(strip(300, [100, 100, 100], [], [0, 40, 80]))).toBe(false);
    expect(cellsWhole(strip(300, [100, 100, 100], [], [0, 0, 40]))).toBe(true);
    expect(cellsWhole(strip(300, [100, 100, 100], [], [0, 40, 40]))).toBe(false);
  });

  it("takes the widest form that fits, and the last where none does", async () => {
    const root = document.createElement("div");
    const fit: Fit<number> = new Fit([1, 2, 3, 4], () => fit.form >= 3);
    await fit.measure(root);
    expect(fit.form).toBe(3);
    const none = new Fit([1, 2], () => false);
    await none.measure(root);
    expect(none.form).toBe(2);
  });

  it("shortens before it takes a second row", () => {
    const wraps = FORMS.map((form) => form.wrap === true);
    expect(wraps).toEqual([...wraps].sort((a, b) => Number(a) - Number(b)));
  });
});
