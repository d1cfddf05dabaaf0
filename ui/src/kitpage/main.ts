// Every kit part in every state and both themes, for eyes. Development only.
import "../style/fonts.css";
import "../style/tokens.css";
import "../style/kit.css";
import "../style/parts.css";
import "../style/frame.css";
import "../style/environments.css";
import "../style/profiles.css";
import "./kitpage.css";
import { mount } from "svelte";
import KitPage from "./KitPage.svelte";

const target = document.getElementById("kit");
if (target) mount(KitPage, { target });
