// Short words that pass: what was copied, what can be undone. Faults that need reading stay longer.
import type { Fault } from "../wire/types";
import type { IconName } from "../kit/icons";

export interface ToastItem {
  id: number;
  message: string;
  tone: string;
  icon: IconName;
  action?: { label: string; run: () => void };
}

class Toasts {
  list = $state.raw<ToastItem[]>([]);
  #next = 1;

  /** Shows a message; gives its id. */
  say(
    message: string,
    options: { tone?: string; icon?: IconName; action?: { label: string; run: () => void }; ms?: number } = {},
  ): number {
    const id = this.#next++;
    const { tone = "valid", icon = "check", action, ms = action ? 10_000 : 5_000 } = options;
    // Said again, it is still one thing to read.
    const others = this.list.filter((toast) => toast.message !== message || toast.action !== undefined);
    // Of more than fit, those go first that offer nothing to do.
    const leaving = others.length > 2 ? (others.find((toast) => toast.action === undefined) ?? others[0]) : undefined;
    this.list = [...others.filter((toast) => toast !== leaving), { id, message, tone, icon, action }];
    setTimeout(() => this.close(id), ms);
    return id;
  }

  /** Says a fault: what happened and what to do. */
  fault(fault: Fault): void {
    if (fault.kind === "cancelled") return;
    this.say(`${fault.message} ${fault.advice}`.trim(), { tone: "failed", icon: "stopsign", ms: 12_000 });
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
