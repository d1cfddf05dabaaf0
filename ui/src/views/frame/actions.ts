// What bar, palette and first start all do, with their faults said in one way.
import { runs } from "../../state/runs.svelte";
import { session } from "../../state/session.svelte";
import { toasts } from "../../state/toasts.svelte";
import { faultFrom } from "../../state/faults";
import { spanMs } from "../../format/duration";

/** Does it, and says the fault if it fails. */
export async function tell(doing: Promise<unknown>): Promise<boolean> {
  try {
    await doing;
    return true;
  } catch (error) {
    toasts.fault(faultFrom(error));
    return false;
  }
}

export async function chooseProfile(id: string): Promise<void> {
  const simulated = session.profiles.find((profile) => profile.id === id)?.simulated ?? false;
  if (simulated && !session.lab.running && !(await tell(session.startLab()))) return;
  await tell(session.choose(id));
}

export async function startLab(): Promise<void> {
  if (!(await tell(session.startLab()))) return;
  const elsewhere = session.profile !== null && !session.profile.simulated;
  const lab = session.profiles.find((profile) => profile.simulated);
  const action = elsewhere && lab ? { label: `Use ${lab.name}`, run: () => void chooseProfile(lab.id) } : undefined;
  toasts.say(`The lab runs on 127.0.0.1, up in ${spanMs(session.lab.started_in_ms)}.`, { icon: "server", ...(action ? { action } : {}) });
}

export async function stopLab(): Promise<void> {
  if (runs.current) await runs.cancel();
  if (await tell(session.stopLab())) toasts.say("The lab is stopped. Its tokens can be compared, not sent.", { icon: "stop", tone: "info" });
}

/** The lab anew, its provider with the legacy exchange on or off: a real server needs a restart for that, too. */
export async function restartLab(legacy: boolean): Promise<void> {
  if (runs.current) await runs.cancel();
  if (!(await tell(session.stopLab())) || !(await tell(session.startLab(legacy)))) return;
  toasts.say(legacy ? "The lab runs anew; its provider takes the legacy exchange (V1)." : "The lab runs anew, without the legacy exchange.", { icon: "server" });
}
