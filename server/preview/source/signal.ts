/** A value that others watch. Setting it tells them, unless it is the same. */
export class Signal<T> {
  private listeners = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(next: T): void {
    if (Object.is(next, this.current)) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener(next);
  }

  /** Calls the listener now and after each change. */
  watch(listener: (value: T) => void): () => void {
    listener(this.current);
    return this.changed(listener);
  }

  /** Calls the listener after each change. */
  changed(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
