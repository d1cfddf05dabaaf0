// "Require what this one has": from a token to the expectations of a resource. Nothing is saved before the user has read it.
import { call, faultOf } from "../host/host";
import type { Fault, Profile, Required } from "../wire/types";
import { LAB } from "./editing.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

class Requiring {
  required = $state.raw<Required | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  async open(token: string): Promise<void> {
    this.fault = null;
    try {
      this.required = await call("require_from", { token });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  close(): void {
    this.required = null;
    this.fault = null;
  }

  /** Saves it as the expectations of a resource; true when it is saved. */
  async save(resource: string): Promise<boolean> {
    const [required, current] = [this.required, session.profile];
    if (required === null || current === null || this.busy) return false;
    this.busy = true;
    this.fault = null;
    try {
      const base =
        current.id === LAB
          ? (await call("duplicate_profile", { id: LAB, name: `${current.name} with my expectations`, take_along: true })).profile
          : current;
      const saved = await call("save_profile", { profile: withResource(base, resource, required) });
      if (saved.profile.id === current.id) await session.profileSaved(saved.profile);
      else await session.choose(saved.profile.id);
      this.close();
      toasts.say(`${resource} now expects what this token has.`, { icon: "shield", tone: "info" });
      return true;
    } catch (error) {
      this.fault = faultOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

function withResource(profile: Profile, name: string, required: Required): Profile {
  const { expectations } = required;
  const known = profile.resources.some((resource) => resource.name === name);
  const resources = known
    ? profile.resources.map((resource) => (resource.name === name ? { ...resource, expectations } : resource))
    : [...profile.resources, { name, url: "", through_gateway: false, expectations }];
  return { ...profile, resources };
}

export const requiring = new Requiring();
