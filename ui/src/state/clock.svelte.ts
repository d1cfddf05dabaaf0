// One clock for the whole window. It ticks on the second; what reads `clock.now` follows.

class Clock {
  /** Epoch milliseconds, at most a second old. */
  now = $state(Date.now());
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts ticking; the returned function stops it. */
  start(): () => void {
    const tick = () => {
      this.now = Date.now();
      this.#timer = setTimeout(tick, 1000 - (this.now % 1000));
    };
    tick();
    return () => clearTimeout(this.#timer);
  }
}

export const clock = new Clock();
