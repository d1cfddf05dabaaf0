// Taking in a profile or another program's configuration: the text, what the backend reads in it, and the import itself.
// Closing the dialog loses nothing: the text is kept until it is imported or cleared, in the memory of the window alone.
import { call, faultOf } from "../host/host";
import type { Fault, ImportPreview, OpenProfile } from "../wire/types";
import { session } from "./session.svelte";

/** Larger files are not even read into the window; the backend's own limit is lower. */
export const LARGEST_FILE = 64 * 1024 * 1024;
/** How long typing rests before the text is read. */
const REST_MS = 250;

class Importing {
  open = $state(false);
  text = $state("");
  /** Address of the server, for exports that name none. */
  server = $state("");
  preview = $state.raw<ImportPreview | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state<"read" | "save" | null>(null);
  /** Called with the profile that was made. */
  #made: (open: OpenProfile) => void | Promise<void> = () => undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** Opens the dialog, with a text that was dropped or read from a file. */
  begin(text: string, made: (open: OpenProfile) => void | Promise<void>): void {
    this.#made = made;
    this.open = true;
    // What stood there when it was closed is still there, unless another text was brought.
    if (text !== "") this.setText(text, 0);
    else if (this.text.trim() !== "" && this.preview === null && this.fault === null) this.#later(0);
  }

  setText(text: string, rest = REST_MS): void {
    this.text = text;
    this.#later(rest);
  }

  setServer(server: string): void {
    this.server = server;
    this.#later(REST_MS);
  }

  /** Takes a chosen or dropped file. */
  async takeFile(file: File): Promise<void> {
    if (file.size > LARGEST_FILE) {
      this.fault = {
        kind: "input",
        id: "too-large",
        message: `${file.name} has ${String(Math.round(file.size / 1024 / 1024))} MiB; at most 16 are read.`,
        advice: "Export the realm without its users.",
        field: "text",
        step: null,
      };
      return;
    }
    this.setText(await file.text(), 0);
  }

  #later(rest: number): void {
    clearTimeout(this.#wait);
    this.#asked += 1;
    if (this.text.trim() === "") {
      this.preview = null;
      this.fault = null;
      return;
    }
    this.#wait = setTimeout(() => void this.#read(), rest);
  }

  async #read(): Promise<void> {
    const asked = ++this.#asked;
    this.busy = "read";
    try {
      const preview = await call("read_import", { text: this.text, server: this.server.trim() });
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.fault = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.fault = faultOf(error);
      // A wrong address beside a good text leaves the text's reading standing.
      if (this.fault.field !== "server") this.preview = null;
    } finally {
      if (asked === this.#asked) this.busy = null;
    }
  }

  /** Saves the profile and its secrets. */
  async save(): Promise<void> {
    if (this.preview === null || this.busy === "save") return;
    this.busy = "save";
    try {
      const made = await call("import_profile", { text: this.text, server: this.server.trim() });
      const done = this.#made;
      this.clear();
      this.open = false;
      await session.refreshProfiles();
      await done(made);
    } catch (error) {
      this.fault = faultOf(error);
    } finally {
      this.busy = null;
    }
  }

  /** Closes the dialog; what was put in stays. */
  close(): void {
    this.open = false;
  }

  /** Forgets the text, its reading and the server. */
  clear(): void {
    clearTimeout(this.#wait);
    this.#asked += 1;
    Object.assign(this, { text: "", server: "", preview: null, fault: null, busy: null });
  }
}

export const importing = new Importing();
