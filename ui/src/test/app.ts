// Puts a fake backend under the session, as the window would find it after its start.
import { fakeHost, type FakeHost } from "../host/fake";
import { useHost } from "../host/host";
import { runs } from "../state/runs.svelte";
import { session } from "../state/session.svelte";

export async function boot(scenario = "lab"): Promise<FakeHost> {
  const host = fakeHost(scenario, 0);
  useHost(host);
  runs.ended = {};
  runs.current = null;
  await session.start();
  return host;
}
