// Select all, kept to one text: the whole interface, blue from edge to edge, is what nobody means by it.

/** What is selected as one: a request or an answer, a value, an exchange, an outcome, the claims. */
const TEXTS = ".code, .val, .events, .exchange, .outcome, .claims, .drawer";

/** Selects the text that has the focus or in which something was selected last; nothing where there is none. */
export function selectNear(event: KeyboardEvent): void {
  const selection = getSelection();
  if (selection === null) return;
  const focused = event.target instanceof Element ? event.target.closest(TEXTS) : null;
  const within = selection.anchorNode instanceof Element ? selection.anchorNode : (selection.anchorNode?.parentElement ?? null);
  const text = focused ?? within?.closest(TEXTS) ?? null;
  selection.removeAllRanges();
  if (text !== null) selection.selectAllChildren(text);
}
