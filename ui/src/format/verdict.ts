// One table from a verdict's tone to its class and glyph, shared by Compare and Run.
import type { IconName } from "../kit/icons";
import type { Outcome, Severity, VerdictTone } from "../wire/types";

export const TONES: Record<VerdictTone, { tone: string; icon: IconName | null }> = {
  same: { tone: "same", icon: "equal" },
  changed: { tone: "changed", icon: "differ" },
  narrowed: { tone: "narrowed", icon: "narrow" },
  widened: { tone: "widened", icon: "widen" },
  added: { tone: "added", icon: "add" },
  removed: { tone: "removed", icon: "minus" },
  outlives: { tone: "widened", icon: "warn" },
  none: { tone: "same", icon: null },
  unknown: { tone: "same", icon: "unverified" },
};

export const SEVERITIES: Record<Severity, { tone: string; icon: IconName; word: string }> = {
  note: { tone: "info", icon: "info", word: "note" },
  warning: { tone: "warning", icon: "warn", word: "warning" },
  error: { tone: "failed", icon: "stopsign", word: "error" },
};

export const OUTCOMES: Record<Outcome, { tone: string; icon: IconName; word: string }> = {
  success: { tone: "valid", icon: "check", word: "succeeded" },
  refused: { tone: "refused", icon: "stopsign", word: "refused" },
  failed: { tone: "refused", icon: "warn", word: "failed" },
  cancelled: { tone: "neutral", icon: "stop", word: "cancelled" },
  unknown: { tone: "neutral", icon: "unverified", word: "end unknown" },
};
