import type { IconName } from "../../kit/icons";
import type { ViewName } from "../../wire/types";

/** The places of the rail, in order; the order is also their shortcut. */
export const PLACES: { place: ViewName; label: string; icon: IconName; keys: string }[] = [
  { place: "run", label: "Run", icon: "run", keys: "Mod+1" },
  { place: "compare", label: "Compare", icon: "compare", keys: "Mod+2" },
  { place: "audit", label: "Audit", icon: "audit", keys: "Mod+3" },
  { place: "profiles", label: "Profiles", icon: "profiles", keys: "Mod+4" },
  { place: "portal", label: "Portal", icon: "server", keys: "Mod+5" },
];
