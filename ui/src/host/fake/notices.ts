// What the fake has to say at its start when there is trouble.
import type { Notice } from "../../wire/types";

export const NOTICES: Notice[] = [
  {
    id: "profiles-recovered",
    message: "The profiles file was damaged.",
    advice: "The last good copy from 13:40 is in use; the damaged file is kept beside it.",
    standing: false,
  },
  {
    id: "journal-locked",
    message: "The journal is locked by another program.",
    advice: "The steps of this session are kept in memory only. Close the other program and start Claimscope again.",
    standing: true,
  },
];
