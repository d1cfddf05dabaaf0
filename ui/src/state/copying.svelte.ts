// Copying goes through the backend, so that secrets never pass the window. Including them is asked for every time; that
// they stay out may be remembered.
import { call, faultOf } from "../host/host";
import type { CopySource, Draft, SnippetFormat } from "../wire/types";
import { dialogs } from "./dialogs.svelte";
import { toasts } from "./toasts.svelte";

class Copying {
  /** Whether "environment variables" was answered before; kept until the window closes or the user asks to be asked again. */
  secrets = $state<"ask" | "placeholders">("ask");

  /** Copies and says what was copied. */
  async copy(source: CopySource, action?: { label: string; run: () => void }): Promise<void> {
    try {
      const copied = await call("copy", { source });
      toasts.say(copied.message, { icon: "copy", tone: "info", action });
    } catch (error) {
      toasts.fault(faultOf(error));
    }
  }

  text(text: string): Promise<void> {
    return this.copy({ what: "text", text });
  }

  /** Copies a request; asks whether with secrets, when there are any. */
  async draft(draft: Draft, format: SnippetFormat, masked: boolean): Promise<void> {
    let include = false;
    if (masked && this.secrets === "ask") {
      const choice = await dialogs.ask({
        title: "Copy the request with secrets?",
        body: "With secrets, the text holds live tokens and client secrets that anyone who reads it can use. Environment variables keep them out; the copy names the ones to set.",
        yes: "Use environment variables",
        other: "Include secrets",
      });
      if (choice === "cancel") return;
      include = choice === "other";
      if (!include) this.secrets = "placeholders";
    }
    await this.copy(
      { what: "draft", draft, format, include_secrets: include },
      masked && !include ? { label: "Ask again next time", run: () => (this.secrets = "ask") } : undefined,
    );
  }

  /** Copies a whole token, after asking: it is a live credential. */
  async token(token: string, name: string): Promise<void> {
    const choice = await dialogs.ask({
      title: `Copy the token ${name}?`,
      body: "The clipboard will hold the whole token. Until it expires, anyone who reads it can use it.",
      yes: "Copy the token",
    });
    if (choice === "yes") await this.copy({ what: "token", token });
  }
}

export const copying = new Copying();
