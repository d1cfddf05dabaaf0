// Which of the frame's dialogs is open; one at a time, so that Esc always means the one in front.
import type { Offered } from "../wire/types";

export interface Question {
  title: string;
  body: string;
  /** Verb of the safe or usual answer. */
  yes: string;
  /** Verb of the other answer; left out when there is none. */
  other?: string;
  /** The other answer destroys something; the first one keeps it, so there is no third. */
  danger?: boolean;
  /** Neither answer is the usual one: Cancel has the focus. */
  cautious?: boolean;
  answer: (choice: "yes" | "other" | "cancel") => void;
}

export interface Choice {
  offered: Offered[];
  /** Places in what was offered; none when it was called off. */
  answer: (chosen: number[] | null) => void;
}

class Dialogs {
  open = $state<"palette" | "keyboard" | "secrets" | "paste" | "lab" | null>(null);
  question = $state.raw<Question | null>(null);
  choice = $state.raw<Choice | null>(null);

  /** Offers the tokens of a pasted text and waits for which of them are wanted. */
  choose(offered: Offered[]): Promise<number[] | null> {
    this.choice?.answer(null);
    return new Promise((resolve) => {
      this.choice = {
        offered,
        answer: (chosen) => {
          this.choice = null;
          resolve(chosen);
        },
      };
    });
  }

  /** Asks and waits. */
  ask(question: Omit<Question, "answer">): Promise<"yes" | "other" | "cancel"> {
    this.question?.answer("cancel");
    return new Promise((resolve) => {
      this.question = {
        ...question,
        answer: (choice) => {
          this.question = null;
          resolve(choice);
        },
      };
    });
  }
}

export const dialogs = new Dialogs();
