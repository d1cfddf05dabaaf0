// Shortcuts are written once as `Mod+K`; people read `Ctrl+K`, or `⌘K` on a Mac.

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A shortcut as this machine's users write it. */
export function spoken(keys: string): string {
  if (MAC) return keys.replace("Mod+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥");
  return keys.replace("Mod", "Ctrl");
}
