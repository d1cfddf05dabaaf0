// What is taken away or turned off loses the focus to the page, and the keyboard begins at the top again.
import { tick } from "svelte";

/** Gives a lost focus to the button that runs the form; one that is somewhere stays there. */
export async function refocus(): Promise<void> {
  await tick();
  if (document.activeElement === null || document.activeElement === document.body)
    document.getElementById("run-button")?.focus({ preventScroll: true });
}
