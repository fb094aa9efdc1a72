/** What somebody wrote that has not been sent yet. */
export interface Kept {
  /** The key of the press by which the server knows a second sending for what it is. */
  once: string;
  /** Who wrote it: it is sent in nobody else's name. */
  viewer: string;
  action: string;
  /** Where its form stands. */
  page: string;
  title: string;
  /** When it was written, in milliseconds. */
  at: number;
  /** All fields but the key above and the form's token, in their order. */
  fields: [string, string][];
  /** The longer texts among them, to be read or copied. */
  words: string;
  /** When it was first on its way over a line that seemed to be there. From then on it may have arrived. */
  tried?: number;
  /** Why the server did not take it, in its own words. */
  refused?: string;
}

/** Keeps it, or what is new about it. When this ends well, it is on the device's disk. */
export async function keep(entry: Kept): Promise<void> {
  await inStore("readwrite", (store) => store.put(entry));
}

/** What is kept for this person, the oldest first. */
export async function keptFor(viewer: string): Promise<Kept[]> {
  const found = await inStore<Kept[]>("readonly", (store) => store.index("viewer").getAll(viewer));
  return found.sort((a, b) => a.at - b.at);
}

export function keptAs(once: string): Promise<Kept | undefined> {
  return inStore<Kept | undefined>("readonly", (store) => store.get(once));
}

export async function forget(once: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(once));
  tabs?.postMessage("forgotten");
}

/** Another tab has sent or discarded something. */
export function whenForgotten(heard: () => void): void {
  tabs?.addEventListener("message", heard);
}

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("commonweal-kept") : undefined;

/** Opened anew each time: phones close what lies open in a page that sleeps. */
function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("commonweal", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept", { keyPath: "once" }).createIndex("viewer", "viewer");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const change = database.transaction("kept", mode, { durability: "strict" });
      const asked = work(change.objectStore("kept"));
      change.oncomplete = () => (database.close(), done(asked.result));
      change.onabort = () => (database.close(), failed(change.error));
    };
  });
}
