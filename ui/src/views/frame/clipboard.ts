// Pasting. The key brings the text along; the button has to ask the window for it, which may say no or nothing at all.
import { dialogs } from "../../state/dialogs.svelte";
import { session } from "../../state/session.svelte";

/** How long the window gets to hand over the clipboard, ms. */
const PATIENCE = 400;

/** The paste button. */
export async function fromClipboard(): Promise<void> {
  const text = await read();
  if (text === null) dialogs.open = "paste";
  else await session.paste(text);
}

async function read(): Promise<string | null> {
  try {
    const nothing = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE));
    return await Promise.race([navigator.clipboard.readText(), nothing]);
  } catch {
    return null;
  }
}
