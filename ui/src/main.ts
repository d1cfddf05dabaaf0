import { mount } from "svelte";
// Before the components, whose sheets refine these.
import "./style/fonts.css";
import "./style/tokens.css";
import "./style/kit.css";
import "./style/parts.css";
import "./style/frame.css";
import "./style/environments.css";
import App from "./App.svelte";
import { useHost } from "./host/host";

// In development a plain browser has no backend: `?fake` (or its absence of Tauri) brings the fake one. Builds drop this.
if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
  const { fakeHost } = await import("./host/fake");
  const wanted = new URLSearchParams(location.search);
  const theme = wanted.get("theme");
  useHost(fakeHost(wanted.get("fake") ?? "lab", 700, theme === "light" || theme === "dark" ? theme : "system"));
}

const target = document.getElementById("app");
if (target) mount(App, { target });
