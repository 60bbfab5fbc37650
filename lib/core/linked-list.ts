/**
 * What joins and leaves with every request, in the order of joining. A Set would do the same, but
 * each time its table is full of what has left it gets a new one, and the old one points at the
 * new: as soon as one of them is old to V8, all that follow it, and every request in them, outlive
 * the collections of what is young.
 */
export class LinkedList<T> implements Iterable<T> {
  /** Stands before the first and behind the last. */
  private readonly ends: Link<T> = new Link<T>(null)

  add(value: T): ListEntry {
    const entry = new Link(value)
    entry.joinBefore(this.ends)
    return entry
  }

  /** Takes all out, so that whoever is called may add others. */
  takeAll(): T[] {
    const all = [...this]
    for (let { next } = this.ends; next !== this.ends; next = this.ends.next) next.remove()
    return all
  }

  /** One that leaves while it is looked at ends the look, so copy first where that may be. */
  *[Symbol.iterator](): Iterator<T> {
    for (let { next } = this.ends; next.value !== null; next = next.next) yield next.value
  }
}

/** A place in the list; `remove` does nothing the second time. */
export type ListEntry = { remove(): void }

class Link<T> implements ListEntry {
  next: Link<T> = this
  private previous: Link<T> = this

  constructor(public value: T | null) {}

  joinBefore(next: Link<T>): void {
    this.previous = next.previous
    this.next = next
    next.previous.next = this
    next.previous = this
  }

  /** Points at nothing afterwards: it may be old, and what it pointed at would live on. */
  remove(): void {
    this.previous.next = this.next
    this.next.previous = this.previous
    this.next = this
    this.previous = this
    this.value = null
  }
}
