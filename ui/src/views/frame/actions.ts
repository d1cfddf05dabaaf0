// What bar, palette and first start all do, with their faults said in one way.
import { runs } from "../../state/runs.svelte";
import { session } from "../../state/session.svelte";
import { toasts } from "../../state/toasts.svelte";
import { faultFrom } from "../../state/faults";
import { spanMs } from "../../format/duration";
import type { LabRelease } from "../../wire/types";

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
  toasts.say(`The lab runs on 127.0.0.1, up in ${spanMs(session.lab.started_in_ms)}.`, {
    icon: "server",
    ...(action ? { action } : {}),
  });
}

export async function stopLab(): Promise<void> {
  if (runs.current) await runs.cancel();
  if (await tell(session.stopLab()))
    toasts.say("The lab is stopped. Its tokens can be compared, not sent.", { icon: "stop", tone: "info" });
}

/** The lab anew, one thing changed and the other as it was: its provider's legacy exchange, or the release its gateway plays. A real
 * server needs a restart for either, too. */
async function restartLab(legacy: boolean, release: LabRelease, said: string): Promise<void> {
  if (runs.current) await runs.cancel();
  if (!(await tell(session.stopLab())) || !(await tell(session.startLab(legacy, release)))) return;
  toasts.say(said, { icon: "server" });
}

/** What a running lab can be started anew as. */
export function labRestarts(): { id: string; title: string; note: string; run: () => void }[] {
  const { running, legacy, release } = session.lab;
  if (!running) return [];
  const other: LabRelease = release === "4.7" ? "4.6" : "4.7";
  const gateway = other === "4.6" ? "one secret, regenerated; opaque refresh tokens" : "several secrets; refresh tokens are JWTs";
  return [
    {
      id: "lab-legacy",
      title: `Restart the lab ${legacy ? "without" : "with"} the legacy exchange`,
      note: "token-exchange:v1",
      run: () =>
        void restartLab(
          !legacy,
          release,
          legacy
            ? "The lab runs anew, without the legacy exchange."
            : "The lab runs anew; its provider takes the legacy exchange (V1).",
        ),
    },
    {
      id: "lab-release",
      title: `Restart the lab with gateway ${other}`,
      note: gateway,
      run: () => void restartLab(legacy, other, `The lab runs anew; its gateway is release ${other}.`),
    },
  ];
}
